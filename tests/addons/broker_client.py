"""A client of the broker, frame by frame."""

from __future__ import annotations

import asyncio

from wsproto.connection import Connection, ConnectionType
from wsproto.events import Event


class Client:
    """What mitmproxy is to the broker."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer
        self.frames = Connection(ConnectionType.CLIENT)

    @classmethod
    async def at(cls, port: int, path: str) -> Client:
        client = cls(*await asyncio.open_connection("127.0.0.1", port))
        client.writer.write(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        return client

    async def head(self) -> bytes:
        return await self.reader.readuntil(b"\r\n\r\n")

    def send(self, event: Event) -> None:
        self.writer.write(self.frames.send(event))

    async def event(self) -> Event:
        while True:
            for event in self.frames.events():
                return event
            self.frames.receive_data(await self.reader.read(65536) or None)
