"""The canned backend of a case: answers, and remembers what it was asked."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from inspector.gateway.effects import BackendAnswer, BackendRequest
from inspector.gateway.query import all_values, parse
from inspector.message import Headers
from tests.facts.compare import body_checks, checks, differs, header_checks
from tests.facts.shortfall import Shortfall, unknown

HTTP_KEYS = {"kind", "note", "status", "headers", "body", "body_b64", "echo", "echo_body"}


class HttpBackend:
    """What an HTTP (or plain AWS service) integration meets."""

    def __init__(self, given: Mapping[str, Any]) -> None:
        self.given = given
        self.calls: list[BackendRequest] = []

    def __call__(self, request: BackendRequest) -> BackendAnswer:
        self.calls.append(request)
        body = self._body(request)
        fields = fields_of(self.given.get("headers"))
        if not any(name.lower() == "content-length" for name, _ in fields):
            fields.append(("Content-Length", str(len(body))))
        return BackendAnswer(self.given.get("status", 200), Headers.of(fields), body)

    def _body(self, request: BackendRequest) -> bytes:
        given = self.given
        if given.get("echo_body"):
            return request.body
        if given.get("echo"):
            return json.dumps(_echo(request)).encode()
        return bytes_of(given)

    def unknown_keys(self) -> Iterator[Shortfall]:
        """What the case says of its backend and this one cannot do."""
        return (unknown(f"backend.{key}") for key in self.given if key not in HTTP_KEYS)

    def judge(self, expect: Mapping[str, Any], request_host: str) -> Iterator[Shortfall]:
        """Compare the (last) request with `backend_saw`."""
        if not self.calls:
            yield Shortfall("backend", "called", "not called")
            return
        seen = self.calls[-1]
        parts = urlsplit(seen.url)
        query = all_values(parse(parts.query))

        def values(wanted: Mapping[str, list[str]]) -> Iterator[Shortfall]:
            for name, each in wanted.items():
                yield from differs(f"backend query {name}", each, query.get(name))

        def absent(names: list[str]) -> Iterator[Shortfall]:
            for name in names:
                yield from differs(f"backend query {name}", None, query.get(name))

        def host(names: list[str]) -> Iterator[Shortfall]:
            for name in names:
                yield from differs(f"backend header {name}", request_host, seen.headers.get(name))

        yield from checks(
            expect,
            {
                "method": lambda wanted: differs("backend method", wanted, seen.method),
                "host": lambda wanted: differs("backend host", wanted, parts.netloc),
                "path": lambda wanted: differs("backend path", wanted, parts.path),
                "query": values,
                "query_absent": absent,
                "header_equals_request_host": host,
                **header_checks(seen.headers, "backend header"),
                **body_checks(seen.body, "backend body"),
            },
        )


def fields_of(given: Any) -> list[tuple[str, str]]:
    """Headers as a case has them: a mapping, whose values may be lists, or pairs."""
    pairs = given.items() if isinstance(given, Mapping) else given or ()
    return [
        (name, str(each))
        for name, value in pairs
        for each in (value if isinstance(value, list) else [value])
    ]


def bytes_of(given: Mapping[str, Any]) -> bytes:
    """`body` as text (or the JSON that it stands for), or `body_b64`."""
    if "body_b64" in given:
        return base64.b64decode(given["body_b64"])
    body = given.get("body")
    if body is None:
        return b""
    return (body if isinstance(body, str) else json.dumps(body)).encode()


def _echo(request: BackendRequest) -> dict[str, object]:
    """What httpbin answers: the request as JSON."""
    query = all_values(parse(urlsplit(request.url).query))
    text = request.body.decode("utf-8", "replace")
    try:
        document = json.loads(text)
    except ValueError:
        document = None
    return {
        "args": {name: each[0] if len(each) == 1 else each for name, each in query.items()},
        "data": text,
        "headers": dict(request.headers.fields),
        "json": document,
        "method": request.method,
        "url": request.url,
    }
