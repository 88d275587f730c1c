"""Leads a Python function's calls of the APIs that are served here to this machine.

`INSPECTOR_HOSTS` has them: `{"abc123.execute-api.us-east-1.amazonaws.com": ["127.0.0.1", 8080]}`.
Python imports it by its name at the start; what asks for an address asks `socket.getaddrinfo`.
"""

import json
import os
import socket
from typing import Any

_HERE: dict[str, tuple[str, int]] = json.loads(os.environ.get("INSPECTOR_HOSTS") or "{}")
_usual = socket.getaddrinfo


def _look(host: Any, port: Any, *more: Any, **named: Any) -> Any:
    name = host.decode("ascii", "replace") if isinstance(host, bytes) else host
    here = _HERE.get(name.lower()) if isinstance(name, str) else None
    if here is not None and port in (443, "443", "https"):
        return _usual(*here, *more, **named)
    return _usual(host, port, *more, **named)


if _HERE:
    socket.getaddrinfo = _look
