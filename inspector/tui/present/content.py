"""What the bytes of a body are: decompressed, decoded, or neither."""

from __future__ import annotations

import zlib

from inspector.message import Headers

#: No more than this many bytes are made of a compressed body.
MAX_DECODED = 64_000_000


def media_type(headers: Headers) -> str:
    """`application/json` of the Content-Type, lower case, or an empty string."""
    return (headers.get("content-type") or "").partition(";")[0].strip().lower()


def decoded(headers: Headers, body: bytes) -> tuple[bytes, str]:
    """The body without its Content-Encoding, and that coding's name where there was one.

    A coding that is unknown, broken or cut leaves what could be read, or the bytes as they are.
    """
    coding = (headers.get("content-encoding") or "").strip().lower()
    if coding in {"", "identity"}:
        return body, ""
    if coding in {"gzip", "x-gzip", "deflate"}:
        plain = _inflate(body)
        return (body, f"{coding}, not readable") if plain is None else (plain, coding)
    if coding == "zstd":
        plain = _zstd(body)
        return (body, f"{coding}, not readable") if plain is None else (plain, coding)
    return body, f"{coding}, shown as sent"


def _inflate(body: bytes) -> bytes | None:
    for window in (47, -15):  # gzip or zlib by its head; then deflate without one
        try:
            return zlib.decompressobj(window).decompress(body, MAX_DECODED)
        except zlib.error:
            continue
    return None


def _zstd(body: bytes) -> bytes | None:
    import zstandard  # noqa: PLC0415 (not needed to start)

    try:
        return zstandard.ZstdDecompressor().decompressobj().decompress(body)[:MAX_DECODED]
    except zstandard.ZstdError:
        return None


def charset(headers: Headers) -> str:
    """The charset that the Content-Type names, else UTF-8."""
    for part in (headers.get("content-type") or "").split(";")[1:]:
        name, _, value = part.partition("=")
        if name.strip().lower() == "charset" and value.strip():
            return value.strip().strip('"')
    return "utf-8"


def text_of(headers: Headers, body: bytes) -> str | None:
    """The body as text, None where it is binary. A cut last character is forgiven."""
    if b"\0" in body[:8192]:
        return None
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start >= len(body) - 3 and error.end == len(body):
            return body.decode("utf-8", "replace")
    name = charset(headers)
    try:
        return body.decode(name) if name.lower() not in {"utf-8", "utf8"} else None
    except (LookupError, ValueError):
        return None
