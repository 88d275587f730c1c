"""Bodies as stored: by content, compressed where that pays, searchable as text."""

from __future__ import annotations

import threading
import zlib
from dataclasses import dataclass
from hashlib import blake2b
from typing import Final

import zstandard

#: How `blobs.data` holds the body. Plain text can be searched by SQLite itself.
PLAIN: Final = 0
BYTES: Final = 1
ZSTD: Final = 2

#: Below this, what zstd saves is less than the trouble of undoing it at each search.
COMPRESS_FROM = 1024
#: Compressed content must have lost at least an eighth, else it is kept as it was.
WORTH = 0.875
#: The most that a content-coded body is unfolded to when it is searched.
UNFOLD_LIMIT = 16 << 20


class _Zstd(threading.local):
    """Compressors serve one thread at a time, and making one for each body would cost more."""

    def __init__(self) -> None:
        self.compressor = zstandard.ZstdCompressor(level=1)
        self.decompressor = zstandard.ZstdDecompressor()


_mine = _Zstd()


@dataclass(frozen=True, slots=True)
class Blob:
    """A body ready for its row: the columns of `blobs` after the id."""

    digest: bytes
    size: int
    form: int
    coding: str | None
    data: bytes


def digest(content: bytes) -> bytes:
    """What a body is known by: 16 bytes of blake2b."""
    return blake2b(content, digest_size=16).digest()


def pack(content: bytes, key: bytes, coding: str | None = None) -> Blob:
    """The blob for `content`, whose digest is `key` and which came with this Content-Encoding."""
    size = len(content)
    if size >= COMPRESS_FROM and coding is None:
        smaller = compress(content)
        if len(smaller) < size * WORTH:
            return Blob(key, size, ZSTD, None, smaller)
    plain = coding is None and content.isascii() and b"\0" not in content
    return Blob(key, size, PLAIN if plain else BYTES, coding, content)


def unpack(form: int, data: bytes) -> bytes:
    """The body as it was kept."""
    return decompress(data) if form == ZSTD else data


def compress(content: bytes) -> bytes:
    """Zstandard at level 1, which costs less than writing what it saves."""
    return _mine.compressor.compress(content)


def decompress(data: bytes) -> bytes:
    """What `compress` was given."""
    return _mine.decompressor.decompress(data)


def searchable(form: int, coding: str | None, data: bytes) -> str:
    """The body as text to search in, without its content coding, in lower case.

    Text that is not UTF-8 is read as far as it is: the rest becomes replacement characters.
    """
    content = unpack(form, data)
    if coding is not None:
        content = decoded(content, coding)
    return content.decode("utf-8", "replace").lower()


def decoded(content: bytes, coding: str) -> bytes:
    """The content without its codings (RFC 9110 section 8.4), as it is where that fails.

    `br` stays as it is: the standard library knows no Brotli.
    """
    for name in reversed([part.strip().lower() for part in coding.split(",")]):
        try:
            content = _undo(content, name)
        except (OSError, EOFError, zlib.error, zstandard.ZstdError):
            return content
    return content


def _undo(content: bytes, name: str) -> bytes:
    if name in {"gzip", "x-gzip"}:
        return _inflated(content, 31)
    if name == "deflate":
        # Some servers send the bare stream without zlib's two bytes in front.
        return _inflated(content, 15 if content[:1] == b"\x78" else -15)
    if name == "zstd":
        return zstandard.ZstdDecompressor().decompress(content, max_output_size=UNFOLD_LIMIT)
    return content


def _inflated(content: bytes, window: int) -> bytes:
    return zlib.decompressobj(window).decompress(content, UNFOLD_LIMIT)
