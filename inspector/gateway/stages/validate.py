"""The request validator: parameters first, then the body (fact 218, recorded)."""

from __future__ import annotations

from inspector.gateway import untrusted_json
from inspector.gateway.refusal import Refusal
from inspector.gateway.request_checks import NO_CHECKS
from inspector.gateway.results import Routed, Validated
from inspector.gateway.trace import Fact, Step


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
        errors = _body_errors(routed, schema.errors)
        if errors:
            return _refuse_body(routed, {**facts, "errors": errors}, media_type)
    trace.append(Step("validate", "ok", "validate.passed", facts, routed.plan.method.source))
    return Validated(routed)


def _body_errors(routed: Routed, judge: object) -> list[str]:
    assert callable(judge)
    # An absent body counts as an empty object (fact 220). The validator wants strict JSON, unlike
    # the mapping templates: it is a library of its own, and LocalStack claims the same.
    text = routed.client.body_text or "{}"
    try:
        document = untrusted_json.loads(text)
    except ValueError as error:
        return [f"not JSON: {error}"]
    errors: list[str] = judge(document)
    return errors


def _refuse_body(routed: Routed, facts: dict[str, Fact], media_type: str) -> Refusal:
    errors = facts["errors"]
    listed = f"[{', '.join(errors)}]" if isinstance(errors, list) else ""
    return Refusal(
        "validate",
        "validate.body",
        "BAD_REQUEST_BODY",
        {**facts, "media_type": media_type, "validation_error": listed},
        routed.plan.method.source,
        log=f"Request body does not match model schema for content type {media_type}: {listed}",
    )
