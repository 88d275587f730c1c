"""AWS::Lambda::Function and what belongs to it: enough to find the code and run it."""

from __future__ import annotations

from collections.abc import Mapping

from inspector.definitions.cloudformation.parts import Part, Parts
from inspector.definitions.cursor import Cursor
from inspector.definitions.diagnostics import NOT_ENFORCED
from inspector.model import Function, FunctionAlias, Permission

_PREFIX = "AWS::Lambda::"
#: What no function may declare (guide, "Defined runtime environment variables").
_RESERVED = frozenset({
    "_HANDLER", "_X_AMZN_TRACE_ID", "AWS_DEFAULT_REGION", "AWS_REGION", "AWS_EXECUTION_ENV",
    "AWS_LAMBDA_FUNCTION_NAME", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "AWS_LAMBDA_FUNCTION_VERSION",
    "AWS_LAMBDA_INITIALIZATION_TYPE", "AWS_LAMBDA_LOG_GROUP_NAME", "AWS_LAMBDA_LOG_STREAM_NAME",
    "AWS_ACCESS_KEY", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN",
    "AWS_LAMBDA_RUNTIME_API", "LAMBDA_TASK_ROOT", "LAMBDA_RUNTIME_DIR",
})  # fmt: skip


def read_functions(parts: Parts) -> tuple[Function, ...]:
    """Every function that is created."""
    found: dict[str, Function] = {}
    for part in parts.of_type(f"{_PREFIX}Function"):
        function = _function(parts, part)
        if function.name in found:
            named = part.cursor.get("FunctionName")
            source = part.source if named is None else named.source
            message = f"Function already exist: {function.name}"
            remedy = (
                f"{found[function.name].logical_id} has that name, too: give one of them another."
            )
            parts.template.notes.error("same-function", message, source, remedy)
        found.setdefault(function.name, function)
    return tuple(found.values())


def _function(parts: Parts, part: Part) -> Function:
    context, cursor = parts.context, part.cursor
    name = part.id
    path, inline = _code(parts, part)
    environment = cursor.get("Environment")
    variables = {} if environment is None else dict(context.mapping(environment, "Variables"))
    _check_variables(parts, variables)
    arn = parts.identities.function_arn(name)
    timeout = context.integer(cursor, "Timeout")
    memory = context.integer(cursor, "MemorySize")
    return Function(
        logical_id=part.logical_id,
        name=name,
        arn=arn,
        source=part.source,
        runtime=context.text(cursor, "Runtime"),
        handler=context.text(cursor, "Handler"),
        code_path=path,
        zip_file=inline,
        timeout_seconds=float(3 if timeout is None else timeout),
        memory_mb=128 if memory is None else memory,
        environment={key: value.text for key, value in variables.items()},
        layers=context.texts(cursor, "Layers"),
        layer_paths=_layers(parts, cursor),
        reserved_concurrency=context.integer(cursor, "ReservedConcurrentExecutions"),
        log_format=_logging(parts, part, "LogFormat"),
        log_level=_logging(parts, part, "ApplicationLogLevel"),
        log_group=_logging(parts, part, "LogGroup"),
        aliases=_aliases(parts, arn),
        permissions=_permissions(parts, arn),
    )


def _logging(parts: Parts, part: Part, name: str) -> str | None:
    config = part.cursor.get("LoggingConfig")
    return None if config is None else parts.context.text(config, name)


def _check_variables(parts: Parts, variables: Mapping[str, Cursor]) -> None:
    """Lambda refuses them; here the function is given Lambda's own values, but for credentials."""
    reserved = [name for name in variables if name in _RESERVED]
    if not reserved:
        return
    message = (
        "Lambda was unable to configure your environment variables because the environment "
        "variables you have provided contains reserved keys that are currently not supported for "
        f"modification. Reserved keys used in this request: {', '.join(reserved)}"
    )
    remedy = "Lambda sets these itself: leave them out."
    parts.template.notes.warning("reserved-key", message, variables[reserved[0]].key_source, remedy)


def _code(parts: Parts, part: Part) -> tuple[str | None, str | None]:
    """A local path or the text itself; a warning where the code is out of reach."""
    code = part.cursor.get("Code") or part.cursor.get("CodeUri")
    if code is not None and not code.is_map and not code.text.startswith("s3://") and code.text:
        return code.text, None
    inline = parts.context.text(code, "ZipFile") if code is not None else None
    if inline is not None:
        return None, inline
    message = f"the code of {part.logical_id} is not on this machine: it cannot be run from here"
    remedy = (
        "Give Code a local path, or name the folder and the handler when starting: "
        f"--function {part.logical_id}=FOLDER:FILE.HANDLER."
    )
    source = code.source if code is not None else part.source
    parts.template.notes.warning("no-code", message, source, remedy)
    return None, None


def _layers(parts: Parts, cursor: Cursor) -> tuple[str, ...]:
    """The local folders or archives of its layers; a warning for each that is elsewhere."""
    found = []
    declared = cursor.get("Layers")
    for name in parts.context.texts(cursor, "Layers"):
        part = parts.by_id(name, f"{_PREFIX}LayerVersion")
        content = None if part is None else part.cursor.get("Content")
        if content is not None and not content.is_map and not content.text.startswith("s3://"):
            found.append(content.text)
        elif declared is not None:
            which = name if part is None else part.logical_id
            message = f"layer {which} is not on this machine: functions are run without it"
            remedy = "Declare it with local Content, or put what it holds into the function's code."
            parts.template.notes.warning(NOT_ENFORCED, message, declared.key_source, remedy)
    return tuple(found)


def _aliases(parts: Parts, arn: str) -> tuple[FunctionAlias, ...]:
    found = []
    for part in parts.of_type(f"{_PREFIX}Alias"):
        if parts.identities.function_arn(parts.text(part, "FunctionName") or "") == arn:
            version = parts.text(part, "FunctionVersion") or "$LATEST"
            name = parts.text(part, "Name") or part.logical_id
            found.append(FunctionAlias(name, version, part.source))
    return tuple(found)


def _permissions(parts: Parts, arn: str) -> tuple[Permission, ...]:
    """Those for the function, its versions and its aliases."""
    found = []
    for part in parts.of_type(f"{_PREFIX}Permission"):
        named = parts.identities.function_arn(parts.text(part, "FunctionName") or "")
        whole, _, qualifier = named.partition(f"{arn}:")
        if named != arn and (whole or not qualifier):
            continue
        found.append(
            Permission(
                parts.text(part, "Action") or "",
                parts.text(part, "Principal") or "",
                parts.text(part, "SourceArn"),
                parts.text(part, "SourceAccount"),
                qualifier or None,
                part.source,
            )
        )
    return tuple(found)
