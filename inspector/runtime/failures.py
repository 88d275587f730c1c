"""What went wrong with a backend, as one of the kinds that the core knows."""

from __future__ import annotations

import errno
import os
import re
import socket
import ssl

from inspector.gateway.effects import BackendFailure, FailureKind

#: Why whoever is under way at the end gets no answer.
STOPPED = "inspector was stopped before the answer was there"
#: Whom asyncio could not connect to, in its words.
_ADDRESS = re.compile(r"Connect call failed \('([^']+)', (\d+)")
_RESETS = (errno.ECONNRESET, errno.EPIPE, errno.ECONNABORTED, errno.ENOTCONN)


class BackendError(Exception):
    """The exchange with a backend broke off; `kind` as in `BackendFailure`."""

    def __init__(self, kind: FailureKind, detail: str, *, nothing_received: bool = False) -> None:
        super().__init__(detail)
        self.kind: FailureKind = kind
        self.detail = detail
        self.nothing_received = nothing_received

    def as_reply(self) -> BackendFailure:
        """The same as the core is told it."""
        return BackendFailure(self.kind, self.detail)


def of(error: BaseException) -> BackendError:
    """The failure behind an exception of asyncio, ssl or the system."""
    if isinstance(error, BackendError):
        return error
    if isinstance(error, TimeoutError):
        return BackendError("timeout", str(error) or "no answer in time")
    return BackendError(_kind(error), _detail(error))


def _kind(error: BaseException) -> FailureKind:
    if isinstance(error, socket.gaierror | UnicodeError):
        return "dns"
    if isinstance(error, ssl.SSLError | ssl.CertificateError):
        return "tls"
    if isinstance(error, ConnectionRefusedError):
        return "refused"
    if isinstance(error, ConnectionError):
        return "reset"
    if isinstance(error, OSError):
        return "reset" if error.errno in _RESETS else _of_several(error)
    return "other"


def _of_several(error: OSError) -> FailureKind:
    """Asyncio tells of several addresses that all failed in one text, without a number."""
    text = str(error)
    if text.startswith("Multiple exceptions") and f"[Errno {errno.ECONNREFUSED}]" in text:
        return "refused"
    return "other"


def _detail(error: BaseException) -> str:
    asked = _ADDRESS.findall(str(error)) if isinstance(error, OSError) else []
    if asked:
        return ", ".join(f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
                         for host, port in asked)  # fmt: skip
    text = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    if not text and isinstance(error, ConnectionResetError):
        return os.strerror(errno.ECONNRESET)
    return text or type(error).__name__
