"""Short frames of text, without anything that a benchmark would rather not measure.

As a program: an echo server, `python -m tests.benchmarks.frames PORT`.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import sys
from typing import cast

_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_KEY = b"dGhlIHNhbXBsZSBub25jZQ=="
#: All zeros: masking by it changes nothing.
_MASK = bytes(4)


def from_client(text: bytes) -> bytes:
    """A frame of at most 125 bytes, as a client sends it."""
    return bytes([0x81, 0x80 | len(text)]) + _MASK + text


def taken(buffer: bytearray) -> list[bytes]:
    """The payloads of the whole frames of a server at the beginning of the buffer, taken out."""
    found = []
    while len(buffer) >= 2 and len(buffer) >= 2 + buffer[1]:
        size = buffer[1]
        found.append(bytes(buffer[2 : 2 + size]))
        del buffer[: 2 + size]
    return found


class Client:
    """One connection, open."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer
        self._buffer = bytearray()

    @classmethod
    async def open(cls, port: int, path: str) -> Client:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(
            b"GET %b HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            b"Sec-WebSocket-Key: %b\r\nSec-WebSocket-Version: 13\r\n\r\n" % (path.encode(), _KEY)
        )
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 101"), head
        return cls(reader, writer)

    def send(self, text: bytes) -> None:
        self._writer.write(from_client(text))

    async def receive(self, count: int) -> list[bytes]:
        """The next payloads, at least so many. Raises `EOFError` where there are no more."""
        found = taken(self._buffer)
        while len(found) < count:
            data = await self._reader.read(65536)
            if not data:
                raise EOFError
            self._buffer += data
            found += taken(self._buffer)
        return found

    def close(self) -> None:
        self._writer.close()


class Echo(asyncio.Protocol):
    """The least that a server can do."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._buffer = bytearray()
        self._open = False

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if not self._open:
            head, end, rest = bytes(self._buffer).partition(b"\r\n\r\n")
            if not end:
                return
            self._shake_hands(head)
            self._buffer = bytearray(rest)
        while len(self._buffer) >= 6:
            size = self._buffer[1] & 0x7F
            if len(self._buffer) < 6 + size:
                return
            mask, masked = self._buffer[2:6], self._buffer[6 : 6 + size]
            repeated = (bytes(mask) * (size // 4 + 1))[:size]
            plain = int.from_bytes(masked, "big") ^ int.from_bytes(repeated, "big")
            self._transport.write(bytes([self._buffer[0], size]) + plain.to_bytes(size, "big"))
            del self._buffer[: 6 + size]

    def _shake_hands(self, head: bytes) -> None:
        fields = (line.partition(b":") for line in head.split(b"\r\n")[1:])
        key = next(value.strip() for name, _, value in fields if name.lower().endswith(b"-key"))
        accept = base64.b64encode(hashlib.sha1(key + _GUID).digest())
        self._transport.write(
            b"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            b"Sec-WebSocket-Accept: %b\r\n\r\n" % accept
        )
        self._open = True


async def _serve(port: int) -> None:
    server = await asyncio.get_running_loop().create_server(Echo, "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1])))
