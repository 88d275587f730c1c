"""`paths` to the API's tree of resources."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass

from inspector.definitions.cursor import Cursor
from inspector.definitions.openapi.context import Context
from inspector.definitions.openapi.extensions import check_extensions, guess
from inspector.definitions.openapi.methods import Declared, read_method
from inspector.definitions.openapi.place import Place
from inspector.definitions.openapi.tree import check_tree
from inspector.model import Method, Resource, Source

ANY_METHOD = "x-amazon-apigateway-any-method"
_VERBS = {
    **{verb: verb.upper() for verb in ("get", "put", "post", "delete", "options", "head", "patch")},
    ANY_METHOD: "ANY",
}
_OTHER_KEYS = frozenset({"$ref", "summary", "description", "servers", "parameters"})


@dataclass(slots=True)
class _Growing:
    """A resource while its path items are read."""

    source: Source
    methods: dict[str, Method]


def read_resources(
    context: Context, declared: Declared, prefix: tuple[str, ...]
) -> tuple[Resource, ...]:
    """Every path with all its parents, `/` first; `prefix` goes before each path (fact 273)."""
    tree: dict[str, _Growing] = {"/": _Growing(_root_source(context), {})}
    for path, cursor in _paths(context, prefix):
        item = context.resolve(cursor)
        segments = path.strip("/").split("/") if path != "/" else []
        for depth in range(1, len(segments) + 1):
            parent = "/" + "/".join(segments[:depth])
            tree.setdefault(parent, _Growing(cursor.key_source, {}))
        if item is not None:
            tree[path].source = cursor.key_source
            _read_item(context, declared, item, path, tree[path].methods)
    check_tree({path: growing.source for path, growing in tree.items()}, context.notes)
    return tuple(
        Resource(resource_id(context.api_id, path), path, tree[path].methods, tree[path].source)
        for path in sorted(tree)
    )


def resource_id(api_id: str, path: str) -> str:
    """Lower-case letters and digits, ten for the root and six else, the same on every read."""
    digest = hashlib.sha256(f"{api_id} {path}".encode()).digest()
    return base36(digest, 10 if path == "/" else 6)


def base36(digest: bytes, length: int) -> str:
    """`length` lower-case letters and digits from a digest."""
    alphabet = "0123456789abcdefghijklmnopqrstuvwxyz"
    number, found = int.from_bytes(digest), ""
    for _ in range(length):
        number, index = divmod(number, 36)
        found += alphabet[index]
    return found


def _root_source(context: Context) -> Source:
    paths = context.root.get("paths")
    return paths.source if paths is not None else context.root.source


def _paths(context: Context, prefix: tuple[str, ...]) -> Iterator[tuple[str, Cursor]]:
    """Paths in Amazon's form: the base path before, no trailing or empty part."""
    for path, cursor in context.mapping(context.root, "paths"):
        if path.startswith("x-"):
            continue
        if not path.startswith("/"):
            message = f"the path {path!r} must start with a slash; left out"
            context.notes.error("path", message, cursor.key_source, f"Write /{path}.")
            continue
        segments = [*prefix, *(segment for segment in path.split("/") if segment)]
        yield "/" + "/".join(segments), cursor


def _read_item(
    context: Context,
    declared: Declared,
    item: Cursor,
    path: str,
    methods: dict[str, Method],
) -> None:
    """The methods of a path item."""
    if not item.is_map:
        if not item.is_null:
            context.wrong_type(item, "a path item")
        return
    check_extensions(item, "path item", context.notes)
    for key, operation in item.entries():
        verb = _VERBS.get(key)
        if verb is None:
            _unknown_key(context, key, operation)
        elif not operation.is_map:
            context.wrong_type(operation, "an operation")
        else:
            if verb in methods:
                message = f"{verb} {path} is declared twice; this one counts"
                context.notes.warning("same-method", message, operation.key_source)
            place = Place(path, verb)
            methods[verb] = read_method(context, declared, item.get("parameters"), operation, place)


def _unknown_key(context: Context, key: str, operation: Cursor) -> None:
    if key in _OTHER_KEYS or key.startswith("x-"):
        return
    if re.fullmatch("trace", key, re.IGNORECASE):
        message, remedy = "REST APIs have no TRACE method; left out", "Remove it."
    else:
        message = f"{key!r} is no method of a path; left out"
        remedy = guess(key, [verb for verb in _VERBS if verb != ANY_METHOD])
    context.notes.warning("unknown-method", message, operation.key_source, remedy)
