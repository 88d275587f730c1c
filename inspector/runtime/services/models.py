"""What botocore knows of a service's actions: the members of their inputs and outputs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

#: botocore's name of a service that an integration's URI calls otherwise.
_NAMES = {"states": "stepfunctions", "monitoring": "cloudwatch", "email": "ses"}


@dataclass(frozen=True, slots=True)
class ActionModel:
    """An action. `input` and `output` are botocore's shapes, None for nothing."""

    input: Any
    output: Any
    target_prefix: str
    json_version: str


@lru_cache(maxsize=256)
def of(service: str, action: str) -> ActionModel | None:
    """The action, None where botocore knows none of this name."""
    model = _service(service)
    if model is None or action not in model.operation_names:
        return None
    operation = model.operation_model(action)
    return ActionModel(
        operation.input_shape,
        operation.output_shape,
        model.metadata.get("targetPrefix", ""),
        model.metadata.get("jsonVersion", "1.1"),
    )


@lru_cache(maxsize=32)
def _service(service: str) -> Any:
    from botocore.exceptions import BotoCoreError  # noqa: PLC0415
    from botocore.loaders import Loader  # noqa: PLC0415
    from botocore.model import ServiceModel  # noqa: PLC0415

    name = _NAMES.get(service, service)
    try:
        return ServiceModel(Loader().load_service_model(name, "service-2"), name)
    except BotoCoreError:
        return None


def inputs(model: ActionModel, parameters: Mapping[str, str]) -> dict[str, Any]:
    """Parameters of the query protocol as the members of a JSON input."""
    if model.input is None:
        return {}
    found = _read(model.input, "", parameters)
    return found if isinstance(found, dict) else {}


def _read(shape: Any, name: str, parameters: Mapping[str, str]) -> Any:
    """The value under `name`, None where there is none."""
    if shape.type_name == "structure":
        members = {
            key: value
            for key, member in shape.members.items()
            if (value := _read(member, f"{name}.{key}" if name else key, parameters)) is not None
        }
        return members or None
    if shape.type_name == "list":
        return _read_list(shape, name, parameters)
    text = parameters.get(name)
    if text is None:
        return None
    return _scalar(shape.type_name, text)


def _read_list(shape: Any, name: str, parameters: Mapping[str, str]) -> list[Any] | None:
    values: list[Any] = []
    for prefix in (f"{name}.member.", f"{name}."):
        while (value := _read(shape.member, f"{prefix}{len(values) + 1}", parameters)) is not None:
            values.append(value)
    return values or None


def _scalar(kind: str, text: str) -> Any:
    try:
        if kind in ("integer", "long"):
            return int(text)
        if kind in ("float", "double"):
            return float(text)
    except ValueError:
        return text
    return text.lower() == "true" if kind == "boolean" else text


def with_nulls(shape: Any, value: Any) -> Any:
    """A result with every member of its shape, null where absent (fact 197), to any depth.

    In the order of the alphabet, as users show such answers of SQS.
    """
    if shape is None or value is None:
        return value
    if shape.type_name == "structure" and isinstance(value, Mapping):
        members = sorted(shape.members.items())
        known = {key: with_nulls(member, value.get(key)) for key, member in members}
        return {**known, **{key: each for key, each in value.items() if key not in known}}
    if shape.type_name == "list" and isinstance(value, list):
        return [with_nulls(shape.member, each) for each in value]
    return value
