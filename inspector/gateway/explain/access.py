"""Who was not let in, and why: policies, Lambda authorizers, signatures (pains 13 to 36)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from inspector.gateway import narration
from inspector.gateway.authorizer_results import cache_of
from inspector.gateway.explain import policies, signatures
from inspector.gateway.explain.case import Case
from inspector.gateway.explain.demands import demanded, part_of, policy_source, renamed_scheme
from inspector.gateway.explain.explanation import Cause, Check, Try
from inspector.gateway.explain.near import nearest
from inspector.gateway.explain.preparing import function_lines, function_of, handler_line
from inspector.gateway.explain.wiring import crossed_authorizer, function_hint
from inspector.gateway.narration import Evidence
from inspector.gateway.policy.document import PolicyError, read
from inspector.gateway.trace import Step
from inspector.message import Headers, Request
from inspector.model import (
    HttpRequestAuthorizer,
    RequestAuthorizer,
    RestApi,
    Source,
    TokenAuthorizer,
)

#: Headers that people send tokens in.
_TOKENS = frozenset(("authorization", "x-token", "token", "x-auth-token", "x-authorization"))

#: What comes of asking another authorizer, or another function, than was meant.
_ODD_ANSWERS = frozenset(
    ("identity-missing", "identity-absent", "invalid-answer", "invalid-http-answer")
)

#: What an authorizer makes of the token that it is given, its own failures included.
_OF_THE_TOKEN = frozenset(
    ("said-unauthorized", "said-no", "denied", "not-allowed", "function-error", "invalid-answer",
     "invalid-http-answer")
)  # fmt: skip


def resource_policy(case: Case, step: Step) -> Cause:
    """The API's own policy kept the caller out."""
    cause = _told(step)
    statements = policies.judged(step.facts)
    cause.checks = policies.checks(statements, "admit")
    policy = policy_source(case)
    cause.line(*_opened(case), *_unread_policy(case, policy))
    cause.line(*policies.lines(case, policy, statements, step.facts))
    open_to_all = case.method is not None and case.method.authorization_type == "NONE"
    if open_to_all and step.code == "admit.not-allowed":
        cause.add("The method itself asks for no authorization: the policy alone decides.")
        cause.line(case.method_source)
    cause.evidence.append(Evidence("ARN of the call", str(step.facts["resource"])))
    _caller_to_try(cause, statements)
    return cause


def _opened(case: Case) -> Iterator[Source]:
    """What made the method an open one though it names a scheme: a name that nobody declares."""
    source = case.method_source
    for hint in case.hints:
        inside = source is not None and hint.source.pointer.startswith(f"{source.pointer}/")
        if not inside or hint.code not in ("missing-scheme", "open-scheme", "open-header"):
            continue
        yield from renamed_scheme(case, hint)
        yield hint.source


def _unread_policy(case: Case, policy: Source | None) -> Iterator[Source]:
    """The place in a policy that cannot be read: such a policy allows nothing."""
    api = case.api
    if not isinstance(api, RestApi) or api.policy is None:
        return
    try:
        read(api.policy.document)
    except PolicyError as error:
        keys = [int(each) if each.isdigit() else each for each in error.at.split("/")[1:]]
        while keys:
            place = case.places.at(policy, *keys)
            if place is not None:
                yield place
                return
            keys.pop()


def _caller_to_try(cause: Cause, statements: list[policies.Judged]) -> None:
    for each in statements:
        key = str(each.get("condition") or "").partition(" ")[2].lower()
        wanted = each.get("expected") or ["…"]
        option = {
            "aws:sourceip": "source_ip",
            "aws:sourcevpce": "vpc_endpoint",
            "aws:sourcevpc": "vpc_id",
        }.get(key)
        if option and each["effect"] == "Allow":
            text = (
                f"call as somebody with {option}: {wanted[0]} (--caller FILE, or c on the screen)"
            )
            cause.tries.append(Try("command", text, command=f"--caller: {option}: {wanted[0]}"))


def authorizer(case: Case, step: Step) -> Cause:
    """A Lambda authorizer, from its identity sources to its policy; of a signer its policies."""
    if "caller" in step.facts:
        return signatures.signature(case, step)
    cause = _told(step)
    declared = _declared(case, step)
    at = case.places.at
    source = None if declared is None else declared.source
    cause.checks = authorizer_checks(case, step)
    _evidence(cause, step)
    kind = step.code.rpartition(".")[2]
    if kind in ("identity-missing", "identity-absent"):
        _missing(case, cause, step, source)
    elif kind == "identity-invalid":
        cause.line(at(source, "identityValidationExpression"))
        cause.part = part_of(next(iter(_identity(step)), ""))
    elif step.facts.get("cache") == "hit":
        ttl = at(source, "authorizerResultTtlInSeconds")
        cause.line(ttl or source, at(source, "identitySource"))
        cause.tries.append(_forget(case, step))
    else:
        cause.line(*function_lines(case))
        hint = function_hint(case, function_of(case))
        if hint is not None:
            cause.add(f"{hint.message[:1].upper()}{hint.message[1:]}.")
            cause.remedy = hint.remedy
        if kind == "invalid-http-answer":
            # The answer is of the other kind: either is wrong, and this is the one at hand.
            written = at(source, "enableSimpleResponses")
            told = "enableSimpleResponses" in str(step.facts.get("detail") or cause.sentence)
            cause.line(written or (case.places.key(source, "Properties") if told else None))
        if kind == "no-function" and at(source, "jwtConfiguration") is not None:
            cause.line(at(source, "type"))
        cause.line(at(source, "authorizerUri"))
        if kind in ("invalid-answer", "invalid-http-answer"):
            cause.line(handler_line(case))
    if kind in _ODD_ANSWERS:
        cause.first(*crossed_authorizer(case, source))
    _token_part(cause, step, kind)
    if step.facts.get("cache") == "hit":
        age = int(str(step.facts.get("age_ms") or 0)) // 1000
        cause.sentence += (
            f" It comes from the cache, {age} s old, filled by request {step.facts['filled_by']}."
        )
    _preflight(case, cause)
    cause.line(demanded(case), source)
    return cause


def _preflight(case: Case, cause: Cause) -> None:
    """A preflight carries no credentials: whoever asks for them refuses it (35)."""
    asked = case.header("access-control-request-method")
    if case.request.method != "OPTIONS" or asked is None:
        return
    cause.sentence += " It is a preflight, which carries no credentials: the authorizer guards it."
    cause.remedy = (
        "Add an OPTIONS method without authorization to this path (ANY and a default authorizer "
        "guard it too)."
    )
    cause.part = "method"
    cause.first(demanded(case), case.method_source)


def _token_part(cause: Cause, step: Step, kind: str) -> None:
    if kind in _OF_THE_TOKEN:
        cause.part = part_of(next(iter(_identity(step)), "method.request.header.Authorization"))


def _missing(case: Case, cause: Cause, step: Step, source: Source | None) -> None:
    missing = step.facts["missing"]
    assert isinstance(missing, list)
    if case.header("x-api-key") and case.method and not case.method.api_key_required:
        cause.sentence += " The request has an API key, which this method does not ask for."
        cause.line(demanded(case))
    cause.line(*_identity_lines(case, source, missing[0]))
    scheme = _scheme(source)
    cause.line(case.places.at(scheme, "name"))
    cause.part = part_of(missing[0])
    headers = list(case.request.headers.fields)
    for expression in missing:
        name = expression.rpartition(".")[2]
        if ".header." not in expression:
            continue
        others = [each for each, _ in headers if each.lower() != name.lower()]
        meant = nearest(name, others, 0.7)
        if meant is not None:
            cause.evidence.append(Evidence("header sent", meant, name, ok=False))
            cause.sentence += f" The request has {meant}, which is another header."
    read_not = [name for name, _ in headers if name.lower() in _TOKENS]
    if read_not and "another header" not in cause.sentence:
        cause.sentence += f" The request has {read_not[0]}, which this authorizer does not read."
    if not read_not:
        kind = "" if case.is_of_socket else " of type REQUEST"
        kept = "" if case.is_of_socket else " and with a TTL of 0"
        cause.remedy = (
            f"{cause.remedy} For guests: an authorizer{kind}, without identitySource{kept}, is "
            "asked without a token too."
        )
    fields = [*headers, *((_name(each), "VALUE") for each in missing if ".header." in each)]
    if len(fields) > len(headers):
        request = Request(
            case.request.method, case.request.target, Headers.of(fields), case.request.body
        )
        text = f"send it with {', '.join(_name(each) for each in missing)}"
        cause.tries.append(Try("request", text, request=request))


def _identity_lines(case: Case, source: Source | None, wanted: str) -> Iterator[Source]:
    """The entry of a list of identity sources, or the text that has them all."""
    for index, place in case.places.children(source, "identitySource"):
        if index.isdecimal() and case.places.value(source, "identitySource", int(index)) == wanted:
            yield place
    whole = case.places.at(source, "identitySource")
    if whole is not None:
        yield whole


def _name(expression: str) -> str:
    return expression.rpartition(".")[2]


def _scheme(source: Source | None) -> Source | None:
    """The security scheme that holds an authorizer in OpenAPI: its `name` is a TOKEN's header."""
    if source is None or not source.pointer.endswith("/x-amazon-apigateway-authorizer"):
        return None
    pointer = source.pointer.rpartition("/")[0]
    return Source(source.file, source.line, source.column, pointer)


def authorizer_checks(case: Case, step: Step) -> list[Check]:
    """What a Lambda authorizer looked at, in order."""
    declared = _declared(case, step)
    source = None if declared is None else declared.source
    facts, at = step.facts, case.places.at
    found: list[Check] = []
    missing = facts.get("missing")
    absent = missing if isinstance(missing, list) else []
    place = at(source, "identitySource") or source
    for expression, value in _identity(step).items():
        bad = expression in absent
        text = "missing or empty" if bad else ""
        found.append(
            Check("authorize", f"identity source {expression}", "failed" if bad else "passed",
                  text, "a value", value or "nothing", place)
        )  # fmt: skip
    if absent:
        return [*found, Check("authorize", "authorizer called", "unreached", "not called")]
    validation = getattr(declared, "identity_validation", None)
    if validation:
        bad = step.code == "authorize.identity-invalid"
        found.append(
            Check("authorize", "identityValidationExpression", "failed" if bad else "passed",
                  expected=str(validation), actual=next(iter(_identity(step).values()), ""),
                  source=at(source, "identityValidationExpression"))
        )  # fmt: skip
        if bad:
            return [*found, Check("authorize", "authorizer called", "unreached", "not called")]
    if "cache" in facts:
        found.append(_cache_check(case, step, source))
    if facts.get("cache") != "hit" and ("function" in facts or "uri" in facts):
        found.append(_called(case, step, source))
    if "statements" in facts:
        found += policies.checks(policies.judged(facts), "authorize")
    return found


def _cache_check(case: Case, step: Step, source: Source | None) -> Check:
    facts = step.facts
    text = "miss"
    if facts["cache"] == "hit":
        age = int(str(facts.get("age_ms") or 0)) // 1000
        text = f"hit, {age} s old, filled by request {facts.get('filled_by')}"
    place = case.places.at(source, "authorizerResultTtlInSeconds") or source
    return Check("authorize", "cache of results", "noted", text, source=place)


def _called(case: Case, step: Step, source: Source | None) -> Check:
    facts = step.facts
    bad = step.code.rpartition(".")[2] in (
        "said-unauthorized", "function-error", "timeout", "unreachable", "no-function",
        "invalid-answer", "invalid-http-answer", "said-no",
    )  # fmt: skip
    text = str(facts.get("error") or facts.get("detail") or facts.get("reason") or "answered")
    name = str(facts.get("function") or facts.get("uri")).rpartition(":function:")[2]
    place = case.places.at(source, "authorizerUri")
    return Check(
        "authorize", f"function {name}", "failed" if bad else "passed", text, source=place
    )  # fmt: skip


def _evidence(cause: Cause, step: Step) -> None:
    facts = step.facts
    for name, value in _identity(step).items():
        cause.evidence.append(Evidence(name, value or "nothing", ok=bool(value)))
    for label in ("cache", "age_ms", "filled_by", "function", "error", "detail", "key", "reason",
                  "answer", "principal", "resource", "expression"):  # fmt: skip
        if facts.get(label) is not None:
            cause.evidence.append(Evidence(label.replace("_", " "), str(facts[label])))


def _forget(case: Case, step: Step) -> Try:
    name = str(step.facts.get("authorizer"))
    cache = cache_of(case.answer.api_id, case.answer.stage, name)
    return Try("forget", "forget the cached policy, then send it again", cache=cache)


def _identity(step: Step) -> Mapping[str, str]:
    found = step.facts.get("identity")
    return found if isinstance(found, dict) else {}


def _declared(
    case: Case, step: Step
) -> TokenAuthorizer | RequestAuthorizer | HttpRequestAuthorizer | None:
    api = case.api
    found = None if api is None else api.authorizers.get(str(step.facts.get("authorizer")))
    kinds = TokenAuthorizer | RequestAuthorizer | HttpRequestAuthorizer
    return found if isinstance(found, kinds) else None


def _told(step: Step) -> Cause:
    return Cause(narration.describe(step), narration.remedy(step))
