"""API keys, usage plans, quotas and throttles: key → plan → stage → method (pains 34 and 65)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import takewhile

from inspector.gateway import narration
from inspector.gateway.explain.case import Case, document_of
from inspector.gateway.explain.explanation import Cause, Check, Try
from inspector.gateway.explain.near import likeness, nearest
from inspector.gateway.explain.wiring import words
from inspector.gateway.narration import Evidence
from inspector.gateway.trace import Step
from inspector.message import Headers, Request
from inspector.model import ApiKey, Source, Throttle, UsagePlan

_KEY = "AWS::ApiGateway::UsagePlanKey"


def key(case: Case, step: Step) -> Cause:
    """The first broken link between the key that was sent and the method."""
    cause = Cause(narration.describe(step), narration.remedy(step), part="header x-api-key")
    kind = step.code.rpartition(".")[2]
    cause.checks = chain(case, step)
    sent, found = _sent(case), _key(case)
    if kind in ("no-key", "no-usage-key"):
        _not_sent(case, cause, kind)
    elif kind == "unknown-key":
        _unknown(case, cause, sent or "")
    elif kind == "disabled-key" and found is not None:
        enabled = case.places.at(found.source, "Enabled")
        if enabled is None:
            cause.sentence += " It does not say Enabled: a key without it is disabled."
        cause.line(enabled or case.places.key(found.source, "Properties"), found.source)
    elif kind == "no-plan" and found is not None:
        _no_plan(case, cause, found)
    cause.line(_required(case))
    _send_key(case, cause)
    return cause


def _not_sent(case: Case, cause: Cause, kind: str) -> None:
    if kind == "no-usage-key":
        cause.part = None
        cause.line(_root_setting(case, "x-amazon-apigateway-api-key-source"))
        return
    names = [name for name, _ in case.request.headers if name.lower() != "x-api-key"]
    meant = nearest("x-api-key", names, 0.6)
    if meant is not None:
        cause.sentence += f" The request has {meant}, which is another header."
        cause.evidence.append(Evidence("header sent", meant, "x-api-key", ok=False))


def _unknown(case: Case, cause: Cause, sent: str) -> None:
    keys = case.definition.api_keys

    def score(value: str) -> float:
        # Keys begin with what tells them apart; the rest is often alike.
        same = len(list(takewhile(lambda pair: pair[0] == pair[1], zip(sent, value, strict=False))))
        return likeness(sent, value) + 0.5 * same / max(len(sent), 1)

    meant = max((each.value for each in keys), key=score, default=None)
    by_id = [each for each in keys if sent in (each.id, each.name)]
    if by_id:
        cause.sentence += f" It is the {'id' if sent == by_id[0].id else 'name'} of a key."
    ordered = sorted(keys, key=lambda each: each.value != meant)
    for each in ordered:
        cause.line(case.places.at(each.source, "Value") or each.source)


def _no_plan(case: Case, cause: Cause, found: ApiKey) -> None:
    """In no plan at all, or in one that opens other stages."""
    plans = [plan for plan in case.definition.usage_plans if found.id in plan.keys]
    here = _here(case)
    if plans:
        names = ", ".join(
            f"{each.stage.api_id}/{each.stage.stage}" for plan in plans for each in plan.api_stages
        )
        cause.sentence = (
            f"API key {found.name or found.id} is in plan {plans[0].name or plans[0].id}, which "
            f"opens {names or 'no stage'}, and not {here}."
        )
        for plan in plans:
            for each in plan.api_stages:
                cause.line(case.places.at(each.stage.source, "Stage") or each.stage.source)
            cause.line(case.places.at(plan.source, "ApiStages"), plan.source)
        for _, joint in case.places.resources(_KEY):
            if _names(case, joint, found):
                cause.line(case.places.at(joint, "UsagePlanId"))
    else:
        cause.sentence = f"API key {found.name or found.id} is in no usage plan."
        own = words(_called(found.source))
        for logical_id, joint in _strange_joints(case):
            if own & words(logical_id):  # it is called like this key, and names another
                cause.line(case.places.at(joint, "KeyId"))
        for _, joint in _strange_joints(case):
            cause.line(*_joint_lines(case, joint))
        cause.line(found.source)
        for _, joint in case.places.resources(_KEY):
            cause.line(*_joint_lines(case, joint))
    opened = [
        plan for plan in case.definition.usage_plans
        if any(f"{each.stage.api_id}/{each.stage.stage}" == here for each in plan.api_stages)
    ]  # fmt: skip
    for plan in opened:
        cause.evidence.append(Evidence("plan of this stage", plan.name or plan.id))


def _called(source: Source) -> str:
    return source.pointer.rpartition("/")[2]


def _names(case: Case, joint: Source, key: ApiKey) -> bool:
    """Whether a joint is this key's."""
    return str(case.places.value(joint, "KeyId")) == _called(key.source)


def _strange_joints(case: Case) -> list[tuple[str, Source]]:
    """Joints of a key that another joint has too: one of the two was meant for another key."""
    joints = list(case.places.resources(_KEY))
    keys = [str(case.places.value(joint, "KeyId")) for _, joint in joints]
    return [each for each, key in zip(joints, keys, strict=True) if keys.count(key) > 1]


def _joint_lines(case: Case, joint: Source) -> Iterator[Source]:
    """The UsagePlanKey whose key or plan is another one."""
    for name in ("KeyId", "UsagePlanId"):
        place = case.places.at(joint, name)
        if place is not None:
            yield place


def limited(case: Case, step: Step) -> Cause:
    """A spent quota, or an empty bucket."""
    cause = Cause(narration.describe(step), narration.remedy(step), part="how often it was sent")
    facts = step.facts
    cause.checks = chain(case, step)
    for name, value in facts.items():
        if name.startswith(("plan ", "stage ", "route ")) or name in ("quota", "wait_ms", "key"):
            cause.evidence.append(Evidence(name.replace("_", " "), str(value)))
    plan = _plan(case)
    if step.code == "meter.quota" and plan is not None and plan.quota is not None:
        at = case.places.at
        cause.line(at(plan.quota.source, "Limit"), at(plan.quota.source, "Period"))
        cause.line(plan.quota.source)
    else:
        throttle = _throttle(case, plan, str(facts.get("bucket")))
        if throttle is not None:
            cause.line(*_throttle_lines(case, throttle))
            wait = facts.get("wait_ms")
            if isinstance(wait, int):
                text = f"send it again in {wait} ms"
                cause.tries.append(Try("wait", text, request=case.request, wait_ms=wait))
    return cause.line(None if plan is None else plan.source, _required(case))


def _throttle(case: Case, plan: UsagePlan | None, bucket: str) -> Throttle | None:
    """The throttle behind a bucket, which is called `plan P key K /path/GET` or `stage A/S M`."""
    words = bucket.split(" ", 4)
    if words[0] == "plan" and plan is not None:
        if len(words) > 4:
            for each in plan.api_stages:
                if words[4] in each.throttles:
                    return each.throttles[words[4]]
        return plan.throttle
    stage = None if case.resolved is None else case.resolved.deployment.stage
    settings = None if stage is None else stage.method_settings.get(bucket.rpartition(" ")[2])
    return None if settings is None else settings.throttle


def _throttle_lines(case: Case, throttle: Throttle) -> list[Source]:
    """Rate or burst, whichever is the tighter one, then the other."""
    at = case.places.at
    rate = at(throttle.source, "RateLimit") or at(throttle.source, "ThrottlingRateLimit")
    burst = at(throttle.source, "BurstLimit") or at(throttle.source, "ThrottlingBurstLimit")
    pair = [rate, burst]
    if throttle.burst is not None and (throttle.rate is None or throttle.burst <= throttle.rate):
        pair = [burst, rate]
    return [*(each for each in pair if each is not None), throttle.source]


def chain(case: Case, step: Step) -> list[Check]:
    """Key → enabled → plan → stage → limits, the broken link marked."""
    kind = step.code.rpartition(".")[2]
    sent, found, plan = _sent(case), _key(case), _plan(case)
    links: list[tuple[str, set[str], str, Source | None]] = [
        ("key sent", {"no-key", "no-usage-key"}, "" if not sent else "sent", _required(case)),
        ("key known", {"unknown-key"}, "" if found is None else (found.name or found.id),
         None if found is None else found.source),
        ("key enabled", {"disabled-key"}, "",
         None if found is None else (case.places.at(found.source, "Enabled") or found.source)),
        ("plan opens the stage", {"no-plan"}, "" if plan is None else (plan.name or plan.id),
         None if plan is None else plan.source),
        ("quota", {"quota"}, str(step.facts.get("quota") or "none"),
         None if plan is None or plan.quota is None else plan.quota.source),
        ("throttle", {"throttled"}, str(step.facts.get("bucket") or ""), None),
    ]  # fmt: skip
    required = bool(step.facts.get("required"))
    if not required and not sent:
        links = links[5:]
    rows, failed = [], False
    for name, codes, text, source in links:
        bad = kind in codes
        state = "unreached" if failed else "failed" if bad else "passed"
        rows.append(Check("meter", name, state, text, source=source))  # type: ignore[arg-type]
        failed = failed or bad
    return rows


def _send_key(case: Case, cause: Cause) -> None:
    """A key that would do, where the definition has one."""
    here = _here(case)
    for plan in case.definition.usage_plans:
        stages = {f"{each.stage.api_id}/{each.stage.stage}" for each in plan.api_stages}
        for each in case.definition.api_keys:
            if here in stages and each.id in plan.keys and each.enabled:
                fields = [
                    field for field in case.request.headers.fields
                    if field[0].lower() != "x-api-key"
                ]  # fmt: skip
                request = Request(
                    case.request.method,
                    case.request.target,
                    Headers.of([*fields, ("x-api-key", each.value)]),
                    case.request.body,
                )
                text = f"send it with key {each.name or each.id} of plan {plan.name or plan.id}"
                cause.tries.append(Try("request", text, request=request))
                return


def _sent(case: Case) -> str | None:
    routed, chosen = case.routed, case.chosen
    if routed is not None and routed.resolved.deployment.api.api_key_source == "AUTHORIZER":
        return routed.access.usage_key
    if chosen is not None and chosen.access.usage_key is not None:
        return chosen.access.usage_key
    return case.header("x-api-key")


def _key(case: Case) -> ApiKey | None:
    sent = _sent(case)
    return next((each for each in case.definition.api_keys if each.value == sent), None)


def _plan(case: Case) -> UsagePlan | None:
    found, routed, deployment = _key(case), case.routed, case.socket_deployment
    if found is not None and deployment is not None:
        return deployment.traffic.plans.get(found.id)
    if found is None or routed is None:
        return None
    return routed.resolved.deployment.traffic.plans.get(found.id)


def _here(case: Case) -> str:
    api, stage = case.api, case.stage
    return "" if api is None or stage is None else f"{api.id}/{stage.name}"


def _required(case: Case) -> Source | None:
    """Where the method, or the route `$connect`, asks for a key."""
    chosen, method = case.chosen, case.method
    if chosen is not None and chosen.plan is not None and chosen.plan.route.api_key_required:
        return case.places.at(chosen.plan.route.source, "ApiKeyRequired")
    if method is None or not method.api_key_required:
        return None
    found = case.places.at(method.source, "ApiKeyRequired")
    root = document_of(method.source)
    for holder in (method.source, root):
        if found is None:
            found = _key_requirement(case, holder)
    return found or method.source


def _key_requirement(case: Case, holder: Source) -> Source | None:
    names = _key_schemes(case, holder)
    listed = case.places.value(holder, "security")
    for index, each in enumerate(listed if isinstance(listed, list) else ()):
        for name in each if isinstance(each, dict) else ():
            if name in names:
                return case.places.key(holder, "security", index, name)
    return None


def _key_schemes(case: Case, holder: Source) -> set[str]:
    root = document_of(holder)
    schemes = case.places.value(root, "components", "securitySchemes")
    schemes = schemes or case.places.value(root, "securityDefinitions") or {}
    return {
        name
        for name, each in schemes.items()
        if isinstance(each, dict) and str(each.get("name", "")).lower() == "x-api-key"
    }


def _root_setting(case: Case, name: str) -> Source | None:
    """A setting of the API as a whole: of its resource, or of its document."""
    api = case.api
    if api is None:
        return None
    inside = document_of(case.method_source or api.source)
    return case.places.at(api.source, name) or case.places.at(inside, name)
