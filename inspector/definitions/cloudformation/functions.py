"""AWS::Lambda::Function and what belongs to it: enough to find the code and run it."""

from __future__ import annotations

from inspector.definitions.cloudformation.parts import Part, Parts
from inspector.definitions.diagnostics import NOT_ENFORCED
from inspector.model import Function, FunctionAlias, Permission

_PREFIX = "AWS::Lambda::"


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
    variables = context.mapping(environment, "Variables") if environment is not None else ()
    layers = cursor.get("Layers")
    if layers is not None:
        message = "layers are not put beside the function's code"
        parts.template.notes.warning(NOT_ENFORCED, message, layers.key_source)
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
        environment={key: value.text for key, value in variables},
        layers=context.texts(cursor, "Layers"),
        aliases=_aliases(parts, arn),
        permissions=_permissions(parts, arn),
    )


def _code(parts: Parts, part: Part) -> tuple[str | None, str | None]:
    """A local path or the text itself; a warning where the code is out of reach."""
    code = part.cursor.get("Code") or part.cursor.get("CodeUri")
    if code is not None and not code.is_map and not code.text.startswith("s3://") and code.text:
        return code.text, None
    inline = parts.context.text(code, "ZipFile") if code is not None else None
    if inline is not None:
        return None, inline
    message = f"the code of {part.logical_id} is not on this machine: it cannot be run from here"
    remedy = "Give Code a local path, or name the folder when starting: --function NAME=FOLDER."
    source = code.source if code is not None else part.source
    parts.template.notes.warning("no-code", message, source, remedy)
    return None, None


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
