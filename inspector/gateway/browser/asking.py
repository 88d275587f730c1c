"""A call as a script makes it, and the preflight that a browser sends before it.

Source: the Fetch standard (fetch.spec.whatwg.org): "CORS-safelisted method", "CORS-safelisted
request-header", "forbidden request-header", "CORS-preflight fetch".
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from inspector.message import Headers, Request

#: A header that a script sets. A value of None is not known: it counts as one that is not safe.
ScriptHeader = tuple[str, str | None]
_NORMALIZED = frozenset({"DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT"})
_SAFE_METHODS = frozenset({"GET", "HEAD", "POST"})
_SAFE_TYPES = frozenset({
    "application/x-www-form-urlencoded", "multipart/form-data", "text/plain",
})  # fmt: skip
_UNSAFE_BYTES = re.compile(r'[\x00-\x08\x0a-\x1f"():<>?@\[\\\]{}\x7f]')
_LANGUAGE = re.compile(r"[0-9A-Za-z *,\-.;=]*")
_RANGE = re.compile(r"bytes=[0-9]+-[0-9]*")
_LONGEST_VALUE, _LONGEST_TOGETHER = 128, 1024
_FORBIDDEN = frozenset({
    "accept-charset", "accept-encoding", "access-control-request-headers",
    "access-control-request-method", "connection", "content-length", "cookie", "cookie2", "date",
    "dnt", "expect", "host", "keep-alive", "origin", "referer", "set-cookie", "te", "trailer",
    "transfer-encoding", "upgrade", "via",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class ScriptCall:
    """`fetch(url, {method, headers, credentials})` on a page of `origin`.

    `credentials`: cookies and the like go with it (`credentials: "include"`).
    """

    origin: str
    method: str = "GET"
    headers: tuple[ScriptHeader, ...] = ()
    credentials: bool = False

    @property
    def sent_method(self) -> str:
        """As the browser sends it: it writes six methods in capitals, `patch` stays `patch`."""
        upper = self.method.upper()
        return upper if upper in _NORMALIZED else self.method

    @property
    def unsafe_headers(self) -> tuple[str, ...]:
        """The names that a preflight has to ask for: in lower case, sorted, each once."""
        set_by_script = [pair for pair in self.headers if not is_forbidden(pair[0])]
        unsafe = {name.lower() for name, value in set_by_script if not _is_safe(name, value)}
        safe = [pair for pair in set_by_script if pair[0].lower() not in unsafe]
        if sum(len(value or "") for _, value in safe) > _LONGEST_TOGETHER:
            unsafe |= {name.lower() for name, _ in safe}
        return tuple(sorted(unsafe))

    @property
    def needs_preflight(self) -> bool:
        """Whether the browser asks first."""
        return self.sent_method not in _SAFE_METHODS or bool(self.unsafe_headers)


def is_forbidden(name: str) -> bool:
    """Whether a script cannot set this header: the browser drops or replaces it."""
    lowered = name.lower()
    return lowered in _FORBIDDEN or lowered.startswith(("proxy-", "sec-"))


def is_safe_method(method: str) -> bool:
    """Whether a method needs no preflight."""
    return method in _SAFE_METHODS


def preflight_of(call: ScriptCall, target: str, host: str) -> Request:
    """The OPTIONS request that a browser sends: never with cookies, never with an Authorization."""
    fields = [
        ("Host", host),
        ("Accept", "*/*"),
        ("Access-Control-Request-Method", call.sent_method),
    ]
    if call.unsafe_headers:
        fields.append(("Access-Control-Request-Headers", ",".join(call.unsafe_headers)))
    fields.append(("Origin", call.origin))
    return Request("OPTIONS", target, Headers.of(fields))


def answered_call(call: ScriptCall, request: Request) -> Request:
    """The call itself as the browser sends it: with its Origin."""
    kept = request.headers.without("Origin")
    return Request(call.sent_method, request.target, kept.plus("Origin", call.origin), request.body)


def _is_safe(name: str, value: str | None) -> bool:
    if value is None or len(value) > _LONGEST_VALUE:
        return False
    lowered = name.lower()
    if lowered == "accept":
        return _UNSAFE_BYTES.search(value) is None
    if lowered in ("accept-language", "content-language"):
        return _LANGUAGE.fullmatch(value) is not None
    if lowered == "content-type":
        kind = value.partition(";")[0].strip().lower()
        return _UNSAFE_BYTES.search(value) is None and kind in _SAFE_TYPES
    return lowered == "range" and _RANGE.fullmatch(value) is not None
