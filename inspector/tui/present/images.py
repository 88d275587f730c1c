"""What an image is, from its first bytes: its type and its size in pixels."""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Image:
    """`kind` such as `PNG`; width and height in pixels, 0 where the file does not say."""

    kind: str
    width: int
    height: int

    def __str__(self) -> str:
        if not self.width:
            return f"{self.kind} image"
        return f"{self.kind} image, {self.width} × {self.height} pixels"


def identify(body: bytes) -> Image | None:
    """The image that `body` is, or None. Never fails, whatever the bytes."""
    try:
        return _identify(body)
    except (struct.error, IndexError):
        return None


def _identify(body: bytes) -> Image | None:
    if body.startswith(b"\x89PNG\r\n\x1a\n"):
        return Image("PNG", *struct.unpack_from(">II", body, 16))
    if body[:6] in {b"GIF87a", b"GIF89a"}:
        return Image("GIF", *struct.unpack_from("<HH", body, 6))
    if body.startswith(b"\xff\xd8\xff"):
        return Image("JPEG", *_jpeg_size(body))
    if body.startswith(b"RIFF") and body[8:12] == b"WEBP":
        return Image("WebP", *_webp_size(body))
    if body.startswith(b"BM") and len(body) > 26:
        width, height = struct.unpack_from("<ii", body, 18)
        return Image("BMP", abs(width), abs(height))
    if body.startswith(b"\x00\x00\x01\x00"):
        return Image("ICO", body[6] or 256, body[7] or 256)
    if body[4:12] in {b"ftypavif", b"ftypheic"}:
        return Image(body[8:12].decode("ascii").upper(), 0, 0)
    return _svg(body)


def _jpeg_size(body: bytes) -> tuple[int, int]:
    """Walk the segments to the first frame header (ITU T.81, B.2.2)."""
    position = 2
    while position + 9 < len(body):
        marker, length = body[position + 1], struct.unpack_from(">H", body, position + 2)[0]
        if 0xC0 <= marker <= 0xCF and marker not in {0xC4, 0xC8, 0xCC}:
            height, width = struct.unpack_from(">HH", body, position + 5)
            return width, height
        position += 2 + max(length, 2)
    return 0, 0


def _webp_size(body: bytes) -> tuple[int, int]:
    """The three forms of a WebP file (its container specification, sections 4 to 7)."""
    form = body[12:16]
    if form == b"VP8X":
        wide, high = body[24:27], body[27:30]
        return int.from_bytes(wide, "little") + 1, int.from_bytes(high, "little") + 1
    if form == b"VP8 ":
        width, height = struct.unpack_from("<HH", body, 26)
        return width & 0x3FFF, height & 0x3FFF
    if form == b"VP8L":
        bits = struct.unpack_from("<I", body, 21)[0]
        return (bits & 0x3FFF) + 1, ((bits >> 14) & 0x3FFF) + 1
    return 0, 0


def _svg(body: bytes) -> Image | None:
    head = body[:2000].lstrip()
    if not head.startswith((b"<svg", b"<?xml")) or b"<svg" not in head:
        return None
    tag = head[head.index(b"<svg") :]
    sizes = [
        re.search(name + rb'\s*=\s*["\'](\d{1,6})', tag) for name in (rb"\bwidth", rb"\bheight")
    ]
    wide, high = (int(found[1]) if found else 0 for found in sizes)
    return Image("SVG", wide, high)
