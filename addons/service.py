"""What the gateway serves at this moment: definitions read, deployed, watched for edits."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence

from inspector.definitions import Bundle, Loaded, Options, load, render
from inspector.definitions.deployed import deployed
from inspector.gateway.deploy import Gateway

#: Told what happened to the definitions: (level, lines).
Tell = Callable[[str, str], None]
#: Told of each bundle that is served, so that it can be recorded.
Keep = Callable[[Bundle], None]

_Stamp = tuple[tuple[int, int, int], ...]


class Service:
    """The definitions of some files. `current()` is asked at each request; an edit shows there.

    A broken edit keeps what was served before, and says so once.
    """

    def __init__(self, paths: Sequence[str], options: Options, tell: Tell, keep: Keep) -> None:
        self._paths = tuple(paths)
        canary = options.canary_file
        self._watched = self._paths if canary is None else (*self._paths, canary)
        self._options = options
        self._tell = tell
        self._keep = keep
        self._stamp = self._look()
        self.loaded: Loaded = load(self._paths, options)
        self.gateway: Gateway = deployed(self.loaded)
        self.digest = self.loaded.bundle.digest
        keep(self.loaded.bundle)

    def current(self) -> Gateway:
        """The gateway of the files as they are now, or as they last made sense."""
        stamp = self._look()
        if stamp != self._stamp:
            self._stamp = stamp
            self._reload()
        return self.gateway

    def _look(self) -> _Stamp:
        stamps = []
        for path in self._watched:
            try:
                found = os.stat(path)  # noqa: PTH116  half the cost of Path.stat, at each request
            except OSError:
                stamps.append((0, 0, 0))
            else:
                stamps.append((found.st_mtime_ns, found.st_size, found.st_ino))
        return tuple(stamps)

    def _reload(self) -> None:
        loaded = load(self._paths, self._options)
        if loaded.broken:
            wrong = [render(each) for each in loaded.diagnostics if each.level == "error"]
            end = "The edit is not served; the last good definition goes on."
            self._tell("error", "\n".join([*wrong, end]))
            return
        self.loaded = loaded
        self.gateway = deployed(loaded)
        self.digest = loaded.bundle.digest
        self._keep(loaded.bundle)
        self._tell("info", "The edited definition is served from now on.")
