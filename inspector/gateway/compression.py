"""Compressed payloads: request bodies opened for the mappings, answers packed for the client.

Source: the developer guide, "Enabling payload compression for an API": a request's body is opened
whether or not compression is set up for the API; a coding that is not supported, and bytes that
are not in the coding named, are 415; an answer is packed where the API names a least size, the
client names the coding (`*` and a missing Accept-Encoding do not), the answer is at least of that
size and names no Content-Encoding of its own. Not documented, and so inferred: of codings with
the same weight the first counts; an opened body may be no larger than a payload may be; the
Content-Encoding header stays visible to mappings.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

#: zlib's window bits: 31 for gzip, 15 for deflate in zlib's envelope (RFC 9110, 8.4.1.2).
_WINDOW: Mapping[str, int] = {"gzip": 31, "x-gzip": 31, "deflate": 15}
_PACKED: tuple[str, ...] = ("gzip", "deflate")
#: Some clients send deflate without zlib's envelope.
_BARE_DEFLATE = -15


#: Bytes that come of a body where payloads have no limit: this machine's memory has.
NO_LIMIT = 1 << 30


@dataclass(frozen=True, slots=True)
class NotOpened:
    """Why a body could not be opened."""

    reason: Literal["unsupported", "damaged", "too-large"]
    detail: str


def opened(body: bytes, coding: str, limit: int) -> bytes | NotOpened:
    """The body without its coding, as said in Content-Encoding. At most `limit` bytes come of it."""
    names = [each.strip().lower() for each in coding.split(",") if each.strip()]
    for name in reversed(names):
        if name == "identity":
            continue
        if name not in _WINDOW:
            return NotOpened("unsupported", name)
        result = _inflate(body, name, limit)
        if isinstance(result, NotOpened):
            return result
        body = result
    return body


def coding_for(accept_encoding: str | None) -> str | None:
    """The coding to answer in: what the client likes best, if that is one of Amazon's."""
    best, liking = None, 0.0
    for item in (accept_encoding or "").split(","):
        name, *parameters = (part.strip().lower() for part in item.split(";"))
        weight = _weight(parameters)
        if name and weight > liking:
            best, liking = name, weight
    return best if best in _PACKED else None


def packed(body: bytes, coding: str) -> bytes:
    """The body in this coding, the same bytes at every run."""
    packer = zlib.compressobj(wbits=_WINDOW[coding])
    return packer.compress(body) + packer.flush()


def _inflate(body: bytes, name: str, limit: int) -> bytes | NotOpened:
    windows = [_WINDOW[name], _BARE_DEFLATE] if name == "deflate" else [_WINDOW[name]]
    complaint = ""
    for window in windows:
        opener = zlib.decompressobj(wbits=window)
        try:
            result = opener.decompress(body, limit + 1)
        except zlib.error as error:
            complaint = complaint or str(error)
            continue
        if len(result) > limit:
            return NotOpened("too-large", name)
        if opener.eof:
            return result
        complaint = complaint or "the body ends too early"
    return NotOpened("damaged", f"{name}: {complaint}")


def _weight(parameters: list[str]) -> float:
    for each in parameters:
        key, _, value = each.partition("=")
        if key.strip() == "q":
            try:
                return float(value)
            except ValueError:
                return 0.0
    return 1.0
