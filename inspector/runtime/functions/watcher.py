"""Ends what functions have started, also what has left their process groups (as browsers do).

Imported, and run as a program of its own by the `Reaper`, without any package: so that it lives
where its gateway does not.

All that a function starts inherits an environment that names its log stream, which no other
process has. Who has been given another environment, or where the system does not show it (anything
but Linux), is found by the process group alone.
"""

from __future__ import annotations

import os
import signal
import sys
from contextlib import suppress

_PROC = "/proc"


def end_marked(marks: set[bytes]) -> None:
    """Kill the processes whose environment has one of these entries (`NAME=VALUE`)."""
    if not marks or not os.path.isdir(f"{_PROC}/self"):  # noqa: PTH112  pathlib would be a third of it
        return
    again = True
    while again:  # for what one of them started meanwhile
        again = False
        for name in os.listdir(_PROC):  # noqa: PTH208
            again |= name.isdigit() and _end(int(name), marks)


def _end(pid: int, marks: set[bytes]) -> bool:
    try:
        with open(f"{_PROC}/{pid}/environ", "rb") as file:  # noqa: PTH123
            found = not marks.isdisjoint(file.read().split(b"\0"))
        if found and pid != os.getpid():
            os.kill(pid, signal.SIGKILL)
            return True
    except OSError:  # it has ended, or is another user's
        pass
    return False


def _main() -> None:
    """Lines `+GROUP MARK` and `-GROUP`; the end of the input is that of whoever wrote them."""
    groups: dict[int, bytes] = {}
    for line in sys.stdin.buffer:
        group, _, mark = line[1:].strip().partition(b" ")
        if line[:1] == b"+":
            groups[int(group)] = mark
        else:
            groups.pop(int(group), None)
    for number in groups:
        with suppress(OSError):
            os.killpg(number, signal.SIGKILL)
    end_marked(set(groups.values()))


if __name__ == "__main__":
    _main()
