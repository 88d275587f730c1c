"""Who was not let in, and why: policies, Lambda authorizers, signatures (pains 13 to 36)."""

from __future__ import annotations

from collections.abc import Mapping

from inspector.gateway import narration
from inspector.gateway.explain import policies
from inspector.gateway.explain.case import Case
from inspector.gateway.explain.explanation import Cause, Check, Try
from inspector.gateway.explain.near import nearest
from inspector.gateway.narration import Evidence
from inspector.gateway.trace import Step
from inspector.message import Headers, Request
from inspector.model import Method, RequestAuthorizer, RestApi, Source, TokenAuthorizer

_PREFIX = "method.request."


def resource_policy(case: Case, step: Step) -> Cause:
    """The API's own policy kept the caller out."""
    cause = _told(step)
    statements = policies.judged(step.facts)
    cause.checks = policies.checks(statements, "admit")
    api = _api(case)
    policy = None if api is None or api.policy is None else api.policy.source
    cause.line(*policies.lines(case, policy, statements, step.facts.get("deciding")))
    cause.evidence.append(Evidence("ARN of the call", str(step.facts["resource"])))
    _caller_to_try(cause, statements)
    return cause


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
    """A Lambda authorizer, from its identity sources to its policy."""
    cause = _told(step)
    declared = _declared(case, step)
    at = case.places.at
    source = None if declared is None else declared.source
    cause.checks = authorizer_checks(case, step)
    _evidence(cause, step)
    kind = step.code.rpartition(".")[2]
    if kind == "identity-missing":
        _missing(case, cause, step, source)
    elif kind == "identity-invalid":
        cause.line(at(source, "identityValidationExpression"))
        cause.part = _part(next(iter(_identity(step)), ""))
    elif step.facts.get("cache") == "hit":
        ttl = at(source, "authorizerResultTtlInSeconds")
        cause.line(ttl or source, at(source, "identitySource"))
        cause.tries.append(_forget(case, step))
    else:
        cause.line(at(source, "authorizerUri"))
    _payload_part(cause, step, kind)
    cause.line(_demanded(case), source)
    return cause


def _payload_part(cause: Cause, step: Step, kind: str) -> None:
    if kind in ("said-unauthorized", "denied", "not-allowed"):
        cause.part = _part(next(iter(_identity(step)), "method.request.header.Authorization"))


def _missing(case: Case, cause: Cause, step: Step, source: Source | None) -> None:
    missing = step.facts["missing"]
    assert isinstance(missing, list)
    cause.line(case.places.at(source, "identitySource"))
    scheme = _scheme(source)
    cause.line(case.places.at(scheme, "name"))
    cause.part = _part(missing[0])
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
    fields = [*headers, *((_name(each), "VALUE") for each in missing if ".header." in each)]
    if len(fields) > len(headers):
        request = Request(
            case.request.method, case.request.target, Headers.of(fields), case.request.body
        )
        text = f"send it with {', '.join(_name(each) for each in missing)}"
        cause.tries.append(Try("request", text, request=request))


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
        "invalid-answer",
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
    resolved = case.resolved
    name = str(step.facts.get("authorizer"))
    cache = f"authorizer {case.answer.api_id}/{case.answer.stage} {name}"
    if resolved is not None:
        place = f"{resolved.deployment.api.id}/{resolved.deployment.stage.name}"
        cache = f"authorizer {place} {name}"
    return Try("forget", "forget the cached policy, then send it again", cache=cache)


def signature(case: Case, step: Step) -> Cause:
    """An IAM method: the signature, then the caller's policies."""
    cause = _told(step)
    cause.part = "signature"
    method = case.method
    facts = step.facts
    for name in ("access_key", "scope", "signed_headers", "mistake", "mistake_detail", "canonical",
                 "caller", "same_account", "resource"):  # fmt: skip
        value = facts.get(name)
        if value is not None:
            text = ", ".join(value) if isinstance(value, list) else str(value)
            cause.evidence.append(Evidence(name.replace("_", " "), text))
    header = case.header("authorization")
    if step.code == "authorize.signature-no-equal-sign" and header is not None:
        kind = header.partition(" ")[0]
        cause.sentence += (
            f" The {kind} header was read as a signature because the method asks for AWS_IAM."
        )
    if step.code.startswith("authorize.signature-"):
        cause.tries.append(Try("sign", "sign the request", command=_sign_command(case)))
        cause.line(None if method is None else _demanded(case))
        return cause
    own, api = policies.judged(facts), _api(case)
    resource = policies.judged(facts, "resource_policy")
    cause.checks = [
        *policies.checks(own, "authorize"),
        *policies.checks(resource, "authorize"),
    ]
    cause.part = "caller"
    denying = [each for each in resource if each["effect"] == "Deny" and each["fits"]]
    policy = None if api is None or api.policy is None else api.policy.source
    if denying:
        cause.line(*policies.lines(case, policy, resource, denying[0]["index"]))
    cause.line(_demanded(case))
    cause.line(*policies.lines(case, policy, resource, None))
    return cause


def _sign_command(case: Case) -> str:
    return f"inspector sign {case.request.method} {case.request.target}"


def _identity(step: Step) -> Mapping[str, str]:
    found = step.facts.get("identity")
    return found if isinstance(found, dict) else {}


def _part(expression: str) -> str:
    place, _, name = expression.removeprefix(_PREFIX).partition(".")
    return {"header": f"header {name}", "querystring": f"query {name}"}.get(place, expression)


def _declared(case: Case, step: Step) -> TokenAuthorizer | RequestAuthorizer | None:
    api = _api(case)
    found = None if api is None else api.authorizers.get(str(step.facts.get("authorizer")))
    return found if isinstance(found, TokenAuthorizer | RequestAuthorizer) else None


def _api(case: Case) -> RestApi | None:
    resolved = case.resolved
    return None if resolved is None else resolved.deployment.api


def _demanded(case: Case) -> Source | None:
    """Where the method asks for its authorization."""
    method = case.method
    return None if method is None else demanded(case, method)


def demanded(case: Case, method: Method) -> Source | None:
    """The line that asks for authorization: the method's own, else the document's."""
    at = case.places.at
    names = (("x-amazon-apigateway-auth", "type"), ("AuthorizerId",), ("AuthorizationType",))
    if method.authorization_type == "AWS_IAM":
        names = (("x-amazon-apigateway-auth", "type"), ("AuthorizationType",))  # type: ignore[assignment]
    for keys in names:
        found = at(method.source, *keys)
        if found is not None:
            return found
    own = _requirement(case, method.source, method)
    if own is not None:
        return own
    root = Source(method.source.file, 1, 1, "")
    return _requirement(case, root, method) or method.source


def _requirement(case: Case, holder: Source, method: Method) -> Source | None:
    """The line of `security` that names the authorizer."""
    listed = case.places.value(holder, "security")
    for index, each in enumerate(listed if isinstance(listed, list) else ()):
        for name in each if isinstance(each, dict) else ():
            if name == method.authorizer or method.authorizer is None:
                return case.places.key(holder, "security", index, name)
    return None


def _told(step: Step) -> Cause:
    return Cause(narration.describe(step), narration.remedy(step))
