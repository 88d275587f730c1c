"""API keys and usage plans of a template."""

from __future__ import annotations

from typing import Any, cast

from inspector.definitions.cloudformation.parts import Part, Parts
from inspector.definitions.cloudformation.stages import REST, choice, throttle_of
from inspector.definitions.cursor import Cursor
from inspector.model import ApiKey, PlanStage, Quota, StageKey, UsagePlan

#: Characters.
_SHORTEST_KEY, _LONGEST_KEY, _LONGEST_NAME = 20, 128, 1024
_PERIODS = ("DAY", "WEEK", "MONTH")


def read_keys(parts: Parts) -> tuple[ApiKey, ...]:
    """Keys; one without a value gets a stable stand-in of 40 characters, as long as Amazon's."""
    found: list[ApiKey] = []
    for part in parts.of_type(f"{REST}ApiKey"):
        value = parts.text(part, "Value")
        if value and any(each.value == value for each in found):
            given = part.cursor.get("Value")
            source = part.source if given is None else given.source
            remedy = "Give each key a value of its own."
            message = f"API Key already exists: {value}"
            parts.template.notes.error("same-key", message, source, remedy)
        _check_key(parts, part)
        listed = part.cursor.get("StageKeys")
        stages = tuple(
            StageKey(
                parts.context.text(item, "RestApiId") or "",
                parts.context.text(item, "StageName") or "",
                item.source,
            )
            for item in (listed.items() if listed is not None else ())
        )
        enabled = parts.context.flag(part.cursor, "Enabled")
        found.append(
            ApiKey(
                id=part.id,
                source=part.source,
                value=value or parts.identities.id_of(f"{part.logical_id}/value", 40),
                name=parts.text(part, "Name"),
                # Left out, a key is disabled: the type's page in the template reference.
                enabled=bool(enabled),
                generated=not value,
                customer_id=parts.text(part, "CustomerId"),
                description=parts.text(part, "Description"),
                stage_keys=stages,
            )
        )
    return tuple(found)


def _check_key(parts: Parts, part: Part) -> None:
    """Amazon's bounds of a key's value and name (fact 231, recorded)."""
    value, name = part.cursor.get("Value"), part.cursor.get("Name")
    notes = parts.template.notes
    if value is not None and value.text and len(value.text) < _SHORTEST_KEY:
        message = f"API Key value should be at least {_SHORTEST_KEY} characters"
        notes.error("api-key-value", message, value.source, "Use a longer value, or leave it out.")
    if value is not None and len(value.text) > _LONGEST_KEY:
        message = f"API Key value exceeds maximum size of {_LONGEST_KEY} characters"
        notes.error("api-key-value", message, value.source, "Use a shorter value.")
    if name is not None and len(name.text) > _LONGEST_NAME:
        message = f"API Key name exceeds maximum size of {_LONGEST_NAME} characters"
        notes.error("api-key-name", message, name.source, "Use a shorter name.")


def read_plans(parts: Parts) -> tuple[UsagePlan, ...]:
    """Usage plans with the keys that AWS::ApiGateway::UsagePlanKey joins to them."""
    keys: dict[str, list[str]] = {}
    for part in parts.of_type(f"{REST}UsagePlanKey"):
        plan, key = parts.text(part, "UsagePlanId") or "", parts.text(part, "KeyId") or ""
        for identifier, kind in ((plan, "UsagePlan"), (key, "ApiKey")):
            if parts.by_id(identifier, f"{REST}{kind}") is None:
                message = f"Invalid {kind} identifier specified: {identifier}"
                remedy = f"Refer to an {REST}{kind} of this template."
                parts.template.notes.error("unknown-reference", message, part.source, remedy)
        keys.setdefault(plan, []).append(key)
    return tuple(
        UsagePlan(
            id=part.id,
            source=part.source,
            name=parts.text(part, "UsagePlanName"),
            description=parts.text(part, "Description"),
            api_stages=_stages(parts, part),
            throttle=_throttle(parts, part.cursor),
            quota=_quota(parts, part.cursor),
            keys=tuple(keys.get(part.id, ())),
        )
        for part in parts.of_type(f"{REST}UsagePlan")
    )


def _stages(parts: Parts, part: Part) -> tuple[PlanStage, ...]:
    found = []
    listed = part.cursor.get("ApiStages")
    for item in listed.items() if listed is not None else ():
        api_id = parts.context.text(item, "ApiId") or ""
        if not parts.api_exists(api_id):
            message = f"Invalid API identifier specified: {api_id}"
            parts.template.notes.error("unknown-api", message, item.source, "Write !Ref of an API.")
        throttles = {}
        for key, value in parts.context.mapping(item, "Throttle"):
            throttle = throttle_of(parts, value, "RateLimit", "BurstLimit")
            if throttle is not None:
                throttles[key.replace("~1", "/")] = throttle
        stage = StageKey(api_id, parts.context.text(item, "Stage") or "", item.source)
        found.append(PlanStage(stage, throttles))
    return tuple(found)


def _throttle(parts: Parts, cursor: Cursor) -> Any:
    holder = cursor.get("Throttle")
    return throttle_of(parts, holder, "RateLimit", "BurstLimit") if holder is not None else None


def _quota(parts: Parts, cursor: Cursor) -> Quota | None:
    holder = cursor.get("Quota")
    if holder is None or not holder.is_map:
        return None
    limit = parts.context.integer(holder, "Limit")
    period = choice(parts, holder, "Period", _PERIODS)
    if limit is None or period is None:
        message = "Usage Plan quota limit and period must be given"
        parts.template.notes.error("quota", message, holder.source, "Add Limit and Period.")
        return None
    offset = parts.context.integer(holder, "Offset") or 0
    return Quota(limit, cast("Any", period), offset, holder.source)
