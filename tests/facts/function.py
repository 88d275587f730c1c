"""The canned function of a case: answers as Python's runtime would, and remembers its events."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from inspector.gateway.effects import FunctionAnswer
from inspector.message import Headers
from tests.facts.compare import checks, differs, header_checks, subset
from tests.facts.shortfall import Shortfall, unknown

KNOWN = {
    "kind", "note", "result", "result_text", "raises", "echo_event", "result_from_event",
    "accepts_async",
}  # fmt: skip


class Function:
    """What a Lambda integration meets. `proxied`: behind a proxy integration."""

    def __init__(self, given: Mapping[str, Any], *, proxied: bool) -> None:
        self.given = given
        self.proxied = proxied
        self.calls: list[Any] = []

    def __call__(self, event: Any) -> object:
        self.calls.append(event)
        given = self.given
        if given.get("echo_event"):
            proxied = self.proxied and isinstance(event, dict) and "requestContext" in event
            return _proxy_answer(event) if proxied else event
        if "result_from_event" in given:
            return _proxy_answer(event)
        if "raises" in given:
            document = {"requestId": "r", "stackTrace": [], **given["raises"]}
            return FunctionAnswer(json.dumps(document).encode(), "Unhandled")
        if "result_text" in given:
            return FunctionAnswer(given["result_text"].encode())
        return given.get("result")

    def unknown_keys(self) -> Iterator[Shortfall]:
        """What the case says of its function and this one cannot do."""
        return (unknown(f"backend.{key}") for key in self.given if key not in KNOWN)

    def judge(self, expect: Mapping[str, Any], _host: str) -> Iterator[Shortfall]:
        """Compare the (last) event with `backend_saw`."""
        if not self.calls:
            yield Shortfall("function", "called", "not called")
            return
        event = self.calls[-1]
        context = event.get("requestContext", {}) if isinstance(event, dict) else {}
        fields = event.get("headers") if isinstance(event, dict) else None
        headers = header_checks(Headers.of((fields or {}).items()), "event header")

        def exact(wanted: Mapping[str, str]) -> Iterator[Shortfall]:
            for name, value in wanted.items():
                yield from differs(f"event header {name}", value, (fields or {}).get(name))

        yield from checks(
            expect,
            {
                "event": lambda wanted: differs("event", wanted, event),
                "event_subset": lambda wanted: subset("event", wanted, event),
                "event_headers": exact,
                "event_headers_present": headers["headers_present"],
                "event_headers_absent": headers["headers_absent"],
                "event_keys": lambda wanted: differs("event keys", wanted, list(event)),
                "requestContext_keys": lambda wanted: differs(
                    "requestContext keys", wanted, list(context)
                ),
                "identity_keys": lambda wanted: differs(
                    "identity keys", wanted, list(context.get("identity", {}))
                ),
            },
        )


def _proxy_answer(event: object) -> dict[str, object]:
    return {"statusCode": 200, "body": json.dumps(event)}
