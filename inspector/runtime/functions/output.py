"""What a process prints: read from one pipe for both streams, so that the order stays."""

from __future__ import annotations

import asyncio
import os

from inspector.runtime.functions.invocation import LOG_LIMIT

_AT_ONCE = 65_536
#: How often that is read in a row, which is more than a pipe holds.
_ROUNDS = 16


class Output:
    """The reading end of a pipe, and what came through it since it was last taken."""

    def __init__(self) -> None:
        self._read, self.write_end = os.pipe()
        os.set_blocking(self._read, False)
        self._chunks: list[bytes] = []
        self._size = 0
        self._dropped = 0
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(self._read, self.drain)

    def started(self) -> None:
        """The process has the writing end now."""
        os.close(self.write_end)

    def drain(self) -> None:
        """Read what is there; of somebody who prints without end as much as others can wait for."""
        for _ in range(_ROUNDS):
            if self._read < 0:
                return
            try:
                data = os.read(self._read, _AT_ONCE)
            except BlockingIOError:
                return
            except OSError:
                data = b""
            if not data:
                self.close()
                return
            room = max(0, LOG_LIMIT - self._size)
            self._chunks.append(data[:room])
            self._size += min(room, len(data))
            self._dropped += max(0, len(data) - room)

    def take(self) -> str:
        """Everything printed up to now, and not taken before."""
        self.drain()
        if not self._chunks:
            return ""
        text = b"".join(self._chunks).decode("utf-8", "replace")
        if self._dropped:
            text += f"\n… {self._dropped} bytes more"
        self._chunks.clear()
        self._size = self._dropped = 0
        return text

    def close(self) -> None:
        """Read no more."""
        if self._read >= 0:
            self._loop.remove_reader(self._read)
            os.close(self._read)
            self._read = -1
