"""A backend that costs as little as one in Python can: fixed answers, no parsing to speak of."""

from __future__ import annotations

import asyncio
import sys

SMALL = b'{"message": "sixty bytes of JSON, as any small service has it"}'
LARGE = b"x" * 102_400


def _answer(body: bytes) -> bytes:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
    return head % len(body) + body


ANSWERS = {b"s": _answer(SMALL), b"l": _answer(LARGE)}


class Server(asyncio.Protocol):
    """Answers each head by the last letter of its path."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self.pending = b""

    def data_received(self, data: bytes) -> None:
        *heads, self.pending = (self.pending + data).split(b"\r\n\r\n")
        for head in heads:
            letter = head.partition(b" HTTP/")[0][-1:]
            self.transport.write(ANSWERS.get(letter, ANSWERS[b"s"]))  # type: ignore[attr-defined]


async def main() -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Server, "127.0.0.1", int(sys.argv[1]))
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
