"""The request validator: parameters first, then the body (fact 218, recorded)."""

from __future__ import annotations

from collections.abc import Callable

from inspector.gateway import untrusted_json
from inspector.gateway.refusal import Refusal
from inspector.gateway.request_checks import NO_CHECKS
from inspector.gateway.results import Routed, Validated
from inspector.gateway.trace import Fact, Step

_NO_JSON = "[Unknown error parsing request body]"


def validate(routed: Routed, trace: list[Step]) -> Validated | Refusal:
    """Check what the method's validator asks for; without one, nothing."""
    checks = routed.plan.checks
    if checks is NO_CHECKS:
        return Validated(routed)
    missing = checks.missing(routed.client)
    validator = routed.plan.method.request_validator
    required = [each.target for each in checks.parameters]
    facts: dict[str, Fact] = {"validator": validator, "required": required}
    if missing:
        names = ", ".join(missing)
        return Refusal(
            "validate",
            "validate.parameters",
            "BAD_REQUEST_PARAMETERS",
            {**facts, "missing": missing},
            routed.plan.method.source,
            message=f"Missing required request parameters: [{names}]",
        )
    media_type = routed.client.media_type
    schema = checks.body_schema(media_type)
    if schema is not None:
        facts["model"] = schema.name
        errors, listed = _body_errors(routed, schema.errors)
        if errors:
            return _refuse_body(routed, {**facts, "errors": errors}, media_type, listed)
    trace.append(Step("validate", "ok", "validate.passed", facts, routed.plan.method.source))
    return Validated(routed)


def _body_errors(routed: Routed, judge: Callable[[object], list[str]]) -> tuple[list[str], str]:
    """What is wrong with the body, for people and in Amazon's list.

    An absent body counts as an empty object (fact 220), but where that does not fit it is said of
    it, as of text that is no JSON, that it cannot be parsed (users paste it from both). The
    validator wants strict JSON, unlike the mapping templates: it is a library of its own, and
    LocalStack claims the same.
    """
    text = routed.client.body_text
    try:
        errors = judge(untrusted_json.loads(text or "{}"))
    except ValueError as error:
        return [f"not JSON: {error}"], _NO_JSON
    return errors, f"[{', '.join(errors)}]" if text else _NO_JSON


def _refuse_body(routed: Routed, facts: dict[str, Fact], media_type: str, listed: str) -> Refusal:
    return Refusal(
        "validate",
        "validate.body",
        "BAD_REQUEST_BODY",
        {**facts, "media_type": media_type, "validation_error": listed},
        routed.plan.method.source,
        log=f"Request body does not match model schema for content type {media_type}: {listed}",
    )
