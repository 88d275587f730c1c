"""What the bytes of a body are: decompressed, decoded, or neither."""

from __future__ import annotations

import zlib
from contextlib import suppress

from inspector.message import Headers

#: No more than this many bytes are made of a compressed body.
MAX_DECODED = 64_000_000
#: So many packed bytes are unpacked at once where a limit can only be looked at in between.
_PIECE = 64
#: Charsets whose text has zero bytes, and all that are tried; Python knows others, some of them
#: slow on purpose (punycode) or no charsets at all.
_WIDE = ("utf-16", "utf-32", "utf16", "utf32")
_CHARSETS = (
    *_WIDE, "iso-8859", "iso8859", "latin", "windows-", "cp", "koi8", "mac", "shift-jis", "sjis",
    "euc-", "gb", "big5", "hz", "tis-620", "us-ascii", "ascii",
)  # fmt: skip


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
    if coding in {"zstd", "br"}:
        plain = _zstd(body) if coding == "zstd" else _brotli(body)
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
        return zstandard.ZstdDecompressor().stream_reader(body).read(MAX_DECODED)
    except zstandard.ZstdError:
        return None


def _brotli(body: bytes) -> bytes | None:
    import brotli  # noqa: PLC0415 (not needed to start)

    reader, plain = brotli.Decompressor(), bytearray()
    try:
        for at in range(0, len(body), _PIECE):
            plain += reader.process(body[at : at + _PIECE])
            if len(plain) >= MAX_DECODED:
                break
    except brotli.error:
        return None
    return bytes(plain[:MAX_DECODED])


def charset(headers: Headers) -> str:
    """The charset that the Content-Type names, else UTF-8."""
    for part in (headers.get("content-type") or "").split(";")[1:]:
        name, _, value = part.partition("=")
        if name.strip().lower() == "charset" and value.strip():
            return value.strip().strip('"')
    return "utf-8"


def text_of(headers: Headers, body: bytes) -> str | None:
    """The body as text, None where it is binary. A cut last character is forgiven."""
    name = charset(headers).lower().replace("_", "-")
    if b"\0" in body[:8192] and not name.startswith(_WIDE):
        return None
    if name.startswith(_CHARSETS):
        with suppress(LookupError, ValueError):
            return body.decode(name)
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start >= len(body) - 3 and error.end == len(body):
            return body.decode("utf-8", "replace")
    return None
