"""The words for who was let in and who was not; `gateway.narration` takes them into its tables."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

from inspector.gateway.identity_words import to_send
from inspector.gateway.trace import Fact

Facts = Mapping[str, Fact]
Word = Callable[[Facts], str]

_PARTS = {
    "principal": "it names other principals",
    "action": "it is about other actions",
    "resource": "its Resource does not cover this ARN",
    "condition": "its condition is not met",
}
#: What a client did, by the name of the attempt that gave his signature.
MISTAKES: Mapping[str, str] = {
    "path-encoded-once": "It encoded the path once; execute-api wants it encoded a second time.",
    "path-not-encoded": "It signed the path as it is; execute-api wants it encoded once more.",
    "path-encoded-too-often": "It encoded the path three times.",
    "stage-left-out": "It left the stage out of the path that it signed.",
    "stage-added": "It put the stage into the path that it signed.",
    "base-path-left-out": "It left the domain's base path out of the path that it signed.",
    "path-not-normalized": "It signed the path with its empty or dot segments.",
    "trailing-slash": "It signed the path with another ending: a slash more, or less.",
    "query-unsorted": "It did not sort the query by name.",
    "query-left-out": "It signed without the query.",
    "query-as-sent": "It signed the query as it is, neither encoded anew nor sorted.",
    "plus-in-query": "It took the plus in the query for a plus, not for a blank.",
    "query-encoded-twice": "It encoded the query twice.",
    "other-host": "It signed for another host name than it sent.",
    "host-not-signed": "It listed the Host header as signed, and signed without it.",
    "host-not-listed": "It signed the Host header and did not list it.",
    "header-changed": "A signed header was changed after signing, by a proxy perhaps.",
    "headers-unsorted": "It did not sort the signed headers.",
    "token-signed": "It signed the session token's header and did not list it.",
    "other-body": "It signed another body than it sent.",
    "wrong-method": "It signed another method.",
    "wrong-service": "It made its key for another service than it says.",
    "wrong-region": "It made its key for another region than it says.",
    "other-key": "It signed with the secret of another access key.",
    "other-day": "It made its key for another day than it says.",
    "path-reserved-left": "It left reserved characters of the path, such as *, as they are.",
    "path-lower-hex": "It wrote the path's percent escapes in lower case.",
    "path-plus": "It signed a blank in the path as a plus.",
    "path-latin-1": "It encoded the path's umlauts as Latin-1, not as UTF-8.",
    "path-normal-form": "It signed the path's umlauts in another Unicode normal form than it sent.",
    "query-reserved-left": "It left reserved characters of the query, such as *, as they are.",
    "query-lower-hex": "It wrote the query's percent escapes in lower case.",
    "query-plus": "It signed a blank in the query as a plus.",
    "query-latin-1": "It encoded the query's umlauts as Latin-1, not as UTF-8.",
    "query-normal-form": "It signed the query's umlauts in another Unicode normal form.",
    "query-not-encoded": "It signed the query's names and values without encoding them.",
    "query-empty-value": "It left out the = of an empty value.",
    "query-one-value": "It signed a repeated parameter as one.",
    "token-added-later": "It added the session token to the query after signing.",
}


def _by_resource(facts: Facts) -> bool:
    return facts.get("decided_by") == "resource-policy"


def _statements(facts: Facts) -> list[dict[str, object]]:
    """Those of the policy that decided: the caller's own, or the API's."""
    listed = facts.get("resource_policy" if _by_resource(facts) else "statements")
    return [json.loads(each) for each in listed] if isinstance(listed, list) else []


def _which(facts: Facts) -> str:
    return "resource policy" if _by_resource(facts) else "policy"


def _deciding(facts: Facts) -> str:
    index = facts.get("resource_deciding" if _by_resource(facts) else "deciding")
    policy = 0 if _by_resource(facts) else facts.get("deciding_policy", 0)
    for each in _statements(facts):
        if each["index"] == index and each.get("policy", 0) == policy:
            name = f" ({each['sid']})" if each.get("sid") else ""
            return f"Statement {index}{name} is an explicit {each['effect']} that covers this call."
    return ""


def _near_miss(facts: Facts) -> str:
    """Why no Allow covered the call: each Allow with the part that does not fit."""
    reasons = [
        f"statement {each['index']}: {_misfit(each)}"
        for each in _statements(facts)
        if each["effect"] == "Allow"
    ]
    return f" ({'; '.join(reasons)})" if reasons else " (it has no Allow at all)"


def _misfit(row: Mapping[str, object]) -> str:
    reason = _PARTS.get(str(row["part"]), "it does not fit")
    if row["part"] != "condition":
        return reason
    actual, expected = row.get("actual"), row.get("expected")
    found = " ".join(map(str, actual)) if isinstance(actual, list) else "absent"
    wanted = " or ".join(map(str, expected)) if isinstance(expected, list) else ""
    return f"{reason}: {row['condition']} {wanted}, here {found}"


def _mismatch(facts: Facts) -> str:
    mistake = facts.get("mistake")
    if mistake is None:
        return "The signature is not that of this request, and no known mistake gives it."
    detail = facts.get("mistake_detail")
    proven = MISTAKES.get(str(mistake), str(mistake))
    return f"The signature is not that of this request. Proven: {proven}" + (
        f" ({detail})" if detail else ""
    )


def _source_list(fact: Fact) -> str:
    return ", ".join(fact) if isinstance(fact, list) else str(fact)


#: What is wrong with a client's certificate.
_CERTIFICATES = {
    "syntax": "cannot be read",
    "untrusted": "is not trusted",
    "expired": "or an authority of it is expired",
    "not-yet": "or an authority of it is not valid yet",
    "weak": "or an authority of it is too weak",
    "too-long": "has too long a chain",
}


def _certificate(words: str) -> Word:
    return lambda f: f"The client's certificate {words}: {f['detail']}."


def _let_allow(facts: Facts) -> str:
    """Of an authorizer's policy, which may be cached, or of the caller's own."""
    resource = str(facts["resource"])
    if "caller" in facts:
        action = "ManageConnections" if "/@connections/" in resource else "Invoke"
        return (
            f"Let a policy of {facts['caller']} allow execute-api:{action} on {resource}, or "
            "call as somebody who has one."
        )
    if resource.endswith("/$connect"):
        return (
            f"Let the policy allow {resource}: one that is made for methods and paths, such as "
            "…/STAGE/GET/*, does not cover it."
        )
    return (
        f"Let the policy allow {facts['resource']}. A cached policy is judged for every method: "
        f"return one that covers all methods of the API, such as …/STAGE/*.{_cached(facts)}"
    )


SENTENCES: Mapping[str, Word] = {
    "mutual-tls.trusted": lambda f: f"The truststore of {f['domain']} trusts {f['subject']}.",
    "mutual-tls.not-checked": lambda f: (
        f"{f['domain']} asks for client certificates and nobody said what it trusts: not checked."
    ),
    "mutual-tls.missing": lambda f: f"{f['domain']} asks for a client certificate; none was shown.",
    **{f"mutual-tls.{fault}": _certificate(words) for fault, words in _CERTIFICATES.items()},
    "admit.allow": lambda f: f"The resource policy allows {f['resource']}.",
    "admit.silent": lambda _: "The resource policy says nothing of this call.",
    "admit.denied": lambda f: f"The resource policy denies the call. {_deciding(f)}",
    "admit.not-allowed": lambda f: f"No statement of the resource policy allows it{_near_miss(f)}.",
    "authorize.allowed": lambda f: (
        f"Authorizer {f['authorizer']} lets {repr(f['principal']) if f['principal'] else 'the caller'} in"
        + (f", from its cache ({f['age_ms']} ms old)." if f.get("cache") == "hit" else ".")
    ),
    "authorize.signed": lambda f: f"Signed by {f['caller']}, who may.",
    "admit.private": lambda _: "The API is private and has no resource policy: nobody may call it.",
    "authorize.denied": lambda f: f"The {_which(f)} denies the call. {_deciding(f)}",
    "authorize.not-allowed": lambda f: (
        f"No statement of the {_which(f)} allows it{_near_miss(f)}."
    ),
    "authorize.identity-missing": lambda f: (
        f"{_source_list(f['missing'])} is missing or empty, so authorizer {f['authorizer']} was "
        "not asked."
    ),
    "authorize.identity-invalid": lambda f: (
        f"The token does not fit '{f['expression']}', so authorizer {f['authorizer']} was not asked."
    ),
    "authorize.said-unauthorized": lambda f: f"Authorizer {f['authorizer']} said Unauthorized.",
    "authorize.function-error": lambda f: f"Authorizer {f['authorizer']} failed: {f['error']}.",
    "authorize.timeout": lambda f: f"Authorizer {f['authorizer']} gave no answer in time.",
    "authorize.unreachable": lambda f: (
        f"Authorizer {f['authorizer']} cannot be called: {f['detail']}."
    ),
    "authorize.no-function": lambda f: f"The authorizer's URI names no function: {f['uri']}.",
    "authorize.invalid-answer": lambda f: (
        f"Authorizer {f['authorizer']} gave an answer that cannot be used: {f['reason']}."
    ),
    "meter.passed": lambda f: (
        f"Key {f['key']} of plan {f['plan']} may call." if f.get("plan") else "Within the limits."
    ),
    "meter.no-key": lambda _: "An API key is asked for, and no x-api-key header came.",
    "meter.no-usage-key": lambda _: (
        "The method asks for an API key, and its authorizer gave no usageIdentifierKey; the "
        "x-api-key header does not count here."
    ),
    "meter.unknown-key": lambda _: "Nobody has the API key that was sent.",
    "meter.disabled-key": lambda f: f"API key {f['key']} is disabled.",
    "meter.no-plan": lambda f: f"API key {f['key']} is in no usage plan of this stage.",
    "meter.quota": lambda f: f"The quota of plan {f['plan']} is used up: {f['quota']}.",
    "meter.throttled": lambda f: (
        f"Too many requests: bucket {f['bucket']} is empty for {f['wait_ms']} ms more."
    ),
    "authorize.signature-missing-token": lambda _: "The request is not signed.",
    "authorize.signature-algorithm": lambda _: (
        "It is signed by another scheme than AWS4-HMAC-SHA256, which counts as no signature."
    ),
    "authorize.signature-mismatch": _mismatch,
    **{
        f"authorize.signature-{code}": lambda f: str(f["sentence"])
        for code in (
            "no-equal-sign", "lacks-parts", "no-algorithm", "sigv4a", "credential-parts",
            "terminator", "scope", "date-form", "scope-date", "expired", "not-yet",
            "host-not-signed", "unknown-key", "wrong-token", "expired-token",
        )
    },
}  # fmt: skip

_SIGN = "Sign it for service execute-api and the API's region: `inspector sign` shows how."

REMEDIES: Mapping[str, Word] = {
    "mutual-tls.not-checked": lambda f: (
        f"Name a file for {f['truststore']}: --truststore {f['domain']}=FILE."
    ),
    "mutual-tls.missing": lambda f: (
        f"Call https://{f['domain']} with a certificate (curl --cert, --key), or simulate one: "
        "--caller FILE with certificate: client.pem."
    ),
    "mutual-tls.untrusted": lambda f: (
        f"Add the issuing authority to the truststore of {f['domain']}, or use a certificate of one in it."
    ),
    "mutual-tls.expired": lambda _: "Renew the certificate, or its authority in the truststore.",
    "mutual-tls.weak": lambda _: "Use SHA-256, RSA-2048 or ECDSA-256 at least.",
    "mutual-tls.too-long": lambda _: "Use a chain of at most four certificates.",
    "admit.denied": lambda f: (
        f"Change that statement, or call as somebody it does not cover (--caller).{_plain_http(f)} "
        f"ARN: {f['resource']}"
    ),
    "admit.private": lambda _: (
        "Give the API a resource policy that allows its VPC endpoints (x-amazon-apigateway-policy)."
    ),
    "admit.not-allowed": lambda f: (
        f"Add an Allow for execute-api:Invoke on {f['resource']} to the resource policy, or call as "
        "somebody whom a statement covers (--caller)."
    ),
    "authorize.denied": lambda f: (
        "Change that statement in what the authorizer answers, or in the caller's policies."
        + _cached(f)
    ),
    "authorize.not-allowed": _let_allow,
    "authorize.identity-missing": lambda f: f"Send {to_send(f['missing'])}.",
    "authorize.identity-invalid": lambda _: (
        "Send a token of that form, or change identityValidationExpression."
    ),
    "authorize.said-unauthorized": lambda _: (
        "See what the function printed; it answers so when it raises Exception('Unauthorized')."
    ),
    "authorize.function-error": lambda _: (
        "Mend the function. Only the message 'Unauthorized' becomes a 401; all others are 500."
    ),
    "authorize.timeout": lambda _: "Make the function faster, or its timeout longer.",
    "authorize.unreachable": lambda _: (
        "Give its code (AWS::Lambda::Function, functions/NAME/, --function NAME=…). At Amazon: let "
        "API Gateway invoke it (lambda add-permission)."
    ),
    "authorize.no-function": lambda _: "Name a function in authorizerUri.",
    "authorize.invalid-answer": lambda _: (
        "Answer {principalId, policyDocument: {Version, Statement}, context?: {text, numbers, "
        "booleans}, usageIdentifierKey?} and nothing else."
    ),
    "meter.no-key": lambda _: "Send the key's value as x-api-key.",
    "meter.no-usage-key": lambda _: (
        "Let the authorizer answer usageIdentifierKey with a key's value, or take the key from the "
        "header (apiKeySource: HEADER)."
    ),
    "meter.unknown-key": lambda _: "Send the value of a declared key, not its id or name.",
    "meter.disabled-key": lambda _: "Enable the key (AWS::ApiGateway::ApiKey, Enabled: true).",
    "meter.no-plan": lambda _: (
        "Join the key to a usage plan (AWS::ApiGateway::UsagePlanKey) that names this stage."
    ),
    "meter.quota": lambda _: "Wait for the next period, or raise the plan's quota.",
    "meter.throttled": lambda _: "Send fewer requests a second, or raise rate and burst.",
    "authorize.signature-missing-token": lambda _: _SIGN,
    "authorize.signature-mismatch": lambda f: (
        "Compare the client's canonical request with the one here, line by line."
        if f.get("mistake") is None
        else "Mend that in the client. " + _SIGN
    ),
    "authorize.signature-scope": lambda _: _SIGN,
    "authorize.signature-expired": lambda _: "Sign anew, or set the client's clock.",
    "authorize.signature-not-yet": lambda _: "Set the client's clock.",
    "authorize.signature-unknown-key": lambda f: (
        f"Add {f['access_key']} to the file of keys (--keys FILE), or export it in this shell."
    ),
    "authorize.signature-wrong-token": lambda _: (
        "Send the session token that belongs to the key in X-Amz-Security-Token."
    ),
    "authorize.signature-expired-token": lambda _: "Get new temporary credentials.",
}


def _plain_http(facts: Facts) -> str:
    """Amazon speaks TLS only; a local call over plain http is what such a policy forbids."""
    rows = [each for each in _statements(facts) if each["index"] == facts.get("deciding")]
    if "aws:securetransport" in str([each.get("conditions") for each in rows]).lower():
        return " Here it came over plain http, which Amazon never serves: call over https."
    return ""


def _cached(facts: Facts) -> str:
    if facts.get("cache") != "hit":
        return ""
    return (
        f" It is a cached policy, {facts['age_ms']} ms old, filled by request {facts['filled_by']}."
    )
