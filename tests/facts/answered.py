"""What a case expects of an answer, whichever kind of case it is of."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from inspector.message import Response
from tests.facts.compare import Check, differs
from tests.facts.shortfall import Shortfall

#: Headers that the server has a part in: their place is not the gateway's.
_OF_THE_SERVER = ("date", "connection")


def answer_checks(response: Response) -> dict[str, Check]:
    """The checks of status, headers and body, by the keys that cases use."""
    text = response.body.decode("utf-8", "replace")

    def status(wanted: object) -> Iterator[Shortfall]:
        if wanted in ("pass", "deny"):
            if (response.status == 200) != (wanted == "pass"):
                yield Shortfall("status", wanted, response.status)
        else:
            yield from differs("status", wanted, response.status)

    def pattern(wanted: str) -> Iterator[Shortfall]:
        if not re.search(wanted, text):
            yield Shortfall("body", wanted, text)

    def contains(wanted: str | list[str]) -> Iterator[Shortfall]:
        for part in [wanted] if isinstance(wanted, str) else wanted:
            if part not in text:
                yield Shortfall("body", part, text)

    return {
        "status": status,
        "contentLength": lambda wanted: differs("contentLength", wanted, len(response.body)),
        "body": lambda wanted: differs("body", wanted, text if wanted == text else value_of(text)),
        "bodyJson": lambda wanted: differs("body", wanted, value_of(text)),
        "bodyBytes": lambda wanted: differs("body", wanted, text),
        "bodyText": lambda wanted: differs("body", wanted, text),
        "bodyPattern": pattern,
        "bodyContains": contains,
        "message": lambda wanted: differs("message", wanted, message_of(text)),
        **_header_checks(response),
    }


def _header_checks(response: Response) -> dict[str, Check]:
    fields = response.headers

    def headers(wanted: dict[str, object]) -> Iterator[Shortfall]:
        for name, value in wanted.items():
            found = ", ".join(fields.all(name)) if name in fields else None
            yield from differs(f"header {name}", None if value is None else str(value), found)

    def names(wanted: list[str]) -> Iterator[Shortfall]:
        sent = [name for name, _ in fields]
        for name in wanted:
            if name not in sent:
                yield Shortfall("header name", name, sent)

    def order(wanted: list[str]) -> Iterator[Shortfall]:
        own = [name for name in wanted if name.lower() not in _OF_THE_SERVER]
        sent = [name for name, _ in fields if name.lower() not in _OF_THE_SERVER]
        yield from differs("headerOrder", own, sent)

    def present(wanted: list[str]) -> Iterator[Shortfall]:
        yield from differs("headers lack", [], [name for name in wanted if name not in fields])

    def absent(wanted: list[str]) -> Iterator[Shortfall]:
        yield from differs("headers have", [], [name for name in wanted if name in fields])

    def patterns(wanted: dict[str, str]) -> Iterator[Shortfall]:
        for name, pattern in wanted.items():
            if not re.search(pattern, fields.get(name) or ""):
                yield Shortfall(f"header {name}", pattern, fields.get(name))

    return {
        "headers": headers,
        "headerNames": names,
        "headerOrder": order,
        "headersPresent": present,
        "headersAbsent": absent,
        "headerPatterns": patterns,
        "setCookie": lambda wanted: differs("setCookie", wanted, list(fields.all("set-cookie"))),
    }


def value_of(text: str) -> object:
    """The JSON of a body; the text of what is none."""
    try:
        return json.loads(text)
    except ValueError:
        return text


def message_of(text: str) -> object:
    """The message of an error, however it is spelt."""
    value = value_of(text)
    return value.get("message", value.get("Message")) if isinstance(value, dict) else None
