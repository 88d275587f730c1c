"""Paths that a client may have signed instead of the right one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from inspector.gateway.sigv4.query import decoded, encoded
from inspector.gateway.sigv4.spellings import as_message_text, lower_hex, spellings

#: A mistake's name, what was assumed, and the path that it makes.
WrongPath = tuple[str, str, str]
_SLASHES = re.compile("/{2,}")


def wrong_paths(right: str, sent: str, stage: str) -> Iterator[WrongPath]:
    """`right` is the canonical path, `sent` what stands in the request."""
    yield from _encodings(right, sent)
    yield from _stages(right, sent, stage)
    as_sent = encoded(sent, "/")
    yield "path-not-normalized", as_sent, as_sent
    yield "path-not-normalized", _SLASHES.sub("/", as_sent), _SLASHES.sub("/", as_sent)
    slash = right.rstrip("/") if right.endswith("/") else f"{right}/"
    yield "trailing-slash", slash, slash or "/"


def without_base_path(inner: str, stage: str) -> Iterator[WrongPath]:
    """Behind a custom domain: the path that the API sees, as for its own endpoint."""
    path = encoded(inner, "/")
    yield "base-path-left-out", path, path
    yield (
        "base-path-left-out",
        f"the stage in its place: /{stage}{path}",
        f"/{encoded(stage)}{path}",
    )


def _encodings(right: str, sent: str) -> Iterator[WrongPath]:
    plain = decoded(sent, plus=False)
    once = encoded(plain, "/")
    yield "path-encoded-once", once, once
    each = "/".join(encoded(decoded(part, plus=False)) for part in sent.split("/"))
    yield "path-encoded-once", each, each
    yield "path-not-encoded", sent, sent
    yield "path-not-encoded", "as people read it", as_message_text(plain)
    thrice = encoded(right, "/")
    yield "path-encoded-too-often", thrice, thrice
    yield "path-lower-hex", "", lower_hex(right)
    yield from _twice(plain)
    javascript = encoded(sent, "/!'()*")
    yield "path-reserved-left", "the path as sent, as encodeURIComponent", javascript


def _twice(plain: bytes) -> Iterator[WrongPath]:
    """Each spelling, alone and encoded once more as execute-api wants it."""
    for each in spellings(plain, "/"):
        name = f"path-{each.name}"
        yield name, f"{each.detail}, once".strip(", "), each.text
        yield name, each.detail, encoded(each.text, "/")
        if each.name == "reserved-left":
            yield name, f"{each.detail}, twice", encoded(each.text, "/!'()*")


def _stages(right: str, sent: str, stage: str) -> Iterator[WrongPath]:
    once = encoded(decoded(sent, plus=False), "/")
    prefix = f"/{encoded(stage)}"
    for path, detail in ((right, ""), (once, ", and encoded once")):
        if path == prefix or path.startswith(f"{prefix}/"):
            without = path.removeprefix(prefix) or "/"
            yield "stage-left-out", without + detail, without
        yield "stage-added", f"{prefix}{path}{detail}", f"{prefix}{path}"
