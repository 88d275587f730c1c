"""The filter language: `status:5xx -method:GET path:/pets body:"text" or outcome:refused`.

Words are joined by "and"; `or` between words begins an alternative; `-` or `!` negates a word.
Comparison ignores case. What has no field is sought in method, host and path.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

_TOKEN = re.compile(
    r"""(?P<not>[-!])?(?:(?P<field>[A-Za-z][\w-]*):)?(?:"(?P<quoted>(?:[^"\\]|\\.)*)"?|(?P<bare>\S*))"""
)
_STATUSES = re.compile(r"(?=\w{1,3}$)[1-9]\d{0,2}[xX]{0,2}")
_COMPARISON = re.compile(r"(>=|<=|>|<|=)?\s*(.*)")
_AGE = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h|d)")
_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*(b|kb|mb|gb)?", re.IGNORECASE)
_AGE_US = {"ms": 1_000, "s": 1_000_000, "m": 60_000_000, "h": 3_600_000_000, "d": 86_400_000_000}
_BYTES = {"b": 1, "kb": 1_000, "mb": 1_000_000, "gb": 1_000_000_000}

#: Field → what it means and an example, for help and completion.
FIELDS: Mapping[str, str] = {
    "status": "the status: 404, 5xx, >=400, 200..299",
    "method": "the method: POST; of a WebSocket CONNECT, MESSAGE, CLOSED",
    "path": "part of the path: /pets",
    "host": "part of the host: example.com",
    "stage": "the stage of the gateway that refused or failed: route, validate, integrate",
    "outcome": "answered, refused, failed, passed or broken",
    "type": "the gateway response: ACCESS_DENIED",
    "body": 'text in a body of the client or the answer: body:"rex"',
    "since": "not older than: 10m, 2h, 7d",
    "until": "older than: 10m",
    "duration": "how long it took: >100ms, <1s",
    "size": "bytes of the answer: >1MB",
    "origin": "live, replayed or simulated",
    "id": "the number: 120 or 120..200",
    "marked": "yes or no",
    "api": "the API's id",
    "resource": "part of the resource: /pets/{petId}",
    "replay-of": "replays of this number: 120",
    "connection": "the WebSocket, or the beginning of its id: gbiku27WzQAYKEjhnA==",
}
_CHOICES: Mapping[str, Sequence[str]] = {
    "outcome": ("answered", "refused", "failed", "passed", "broken"),
    "origin": ("live", "replayed", "simulated"),
    "marked": ("yes", "no"),
    "status": ("2xx", "3xx", "4xx", "5xx", ">=400"),
    "method": (
        "GET",
        "POST",
        "PUT",
        "PATCH",
        "DELETE",
        "OPTIONS",
        "HEAD",
        "CONNECT",
        "MESSAGE",
        "CLOSED",
    ),
}
_NUMBERS = frozenset({"status", "duration", "size", "id", "replay-of"})


class FilterError(ValueError):
    """A filter that makes no sense: from `position` to `end` of the text."""

    def __init__(self, position: int, end: int, message: str, expected: str) -> None:
        super().__init__(message)
        self.position, self.end = position, end
        self.message, self.expected = message, expected


@dataclass(frozen=True, slots=True)
class Term:
    """One word. For numbers `low` and `high` bound the value (both included, None: open)."""

    field: str
    text: str
    negated: bool = False
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Filter:
    """Alternatives, each of terms that all must hold; none at all lets everything pass."""

    text: str = ""
    alternatives: tuple[tuple[Term, ...], ...] = ()


EVERYTHING = Filter()


@dataclass(frozen=True, slots=True)
class Completion:
    """Replace `start` to `end` of the text by `text`; `help` says what it means."""

    start: int
    end: int
    text: str
    help: str


def parse(text: str) -> Filter:
    """The filter that a text means. Raises `FilterError`."""
    alternatives: list[tuple[Term, ...]] = []
    terms: list[Term] = []
    for match in _tokens(text):
        if match["bare"] == "or" and not match["field"] and not match["not"]:
            if not terms:
                raise FilterError(match.start(), match.end(), "nothing before `or`", "a word")
            alternatives.append(tuple(terms))
            terms = []
        else:
            terms.extend(_as_listed(_term(match)))
    if terms:
        alternatives.append(tuple(terms))
    elif alternatives:
        raise FilterError(len(text), len(text), "nothing after `or`", "a word")
    return Filter(text, tuple(alternatives))


def complete(
    text: str, cursor: int, values: Mapping[str, Sequence[str]] | None = None
) -> list[Completion]:
    """What could stand at the cursor. `values` are those that the recording knows, by field."""
    start = text.rfind(" ", 0, cursor) + 1
    word = text[start:cursor].lstrip("-!")
    start = cursor - len(word)
    name, colon, begun = word.partition(":")
    if not colon:
        fields = [field for field in FIELDS if field.startswith(name.lower())]
        return [Completion(start, cursor, f"{field}:", FIELDS[field]) for field in fields]
    known = [*(values or {}).get(name, ()), *_CHOICES.get(name, ())]
    fitting = [each for each in dict.fromkeys(known) if each.lower().startswith(begun.lower())]
    return [Completion(start, cursor, f"{name}:{each}", FIELDS.get(name, "")) for each in fitting]


def describe(chosen: Filter) -> str:
    """A sentence that says what a filter shows."""
    if not chosen.alternatives:
        return "everything"
    said = [" and ".join(_worded(term) for term in terms) for terms in chosen.alternatives]
    return ", or ".join(said)


def _tokens(text: str) -> list[re.Match[str]]:
    found = []
    position = 0
    while position < len(text):
        if text[position].isspace():
            position += 1
            continue
        match = _TOKEN.match(text, position)
        assert match is not None
        position = max(match.end(), position + 1)
        found.append(match)
    return found


def _as_listed(term: Term) -> list[Term]:
    """Events of WebSockets as lists call them: a handshake is recorded as a GET of a connection."""
    event = term.text.upper() if term.field == "method" else ""
    if event == "CLOSED":
        return [replace(term, text="DISCONNECT")]
    if event == "CONNECT" and term.negated:
        return [Term("resource", "$connect", negated=True)]
    if event == "CONNECT":
        call = Term("path", "/@connections/", negated=True)
        return [Term("method", "GET"), Term("connection", ""), call]
    return [term]


def _term(match: re.Match[str]) -> Term:
    field = (match["field"] or "").lower()
    quoted = match["quoted"]
    value = match["bare"] if quoted is None else re.sub(r"\\(.)", r"\1", quoted)
    value = value or ""
    negated = match["not"] is not None
    if field and field not in FIELDS:
        if quoted is None and value.startswith("//"):  # a URL, not a field
            return Term("", f"{match['field']}:{value}", negated)
        raise FilterError(
            match.start("field"), match.end("field"), f"no field {field!r}", ", ".join(FIELDS)
        )
    if not value:
        where = match.end()
        wanted = FIELDS[field] if field else "a word"
        raise FilterError(match.start(), where, "a value is missing", wanted)
    if field in _NUMBERS:
        low, high = _bounds(field, value, match)
        return Term(field, value, negated, low, high)
    if field in {"since", "until"}:
        return Term(field, value, negated, _age(value, match))
    choices = _CHOICES.get(field) if field in {"outcome", "origin", "marked"} else None
    if choices and value.lower() not in choices:
        message = f"{value!r} is no {field}"
        raise FilterError(match.start(), match.end(), message, ", ".join(choices))
    return Term(field, value, negated)


def _bounds(field: str, value: str, match: re.Match[str]) -> tuple[float | None, float | None]:
    if field == "status" and _STATUSES.fullmatch(value):
        digits = value.rstrip("xX")  # also one that is still being typed
        return int(digits.ljust(3, "0")), int(digits.ljust(3, "9"))
    low_text, dots, high_text = value.partition("..")
    if dots:
        return _number(field, low_text, match), _number(field, high_text, match)
    comparison = _COMPARISON.fullmatch(value)
    assert comparison is not None
    number = _number(field, comparison[2], match)
    step = 1
    return {
        ">": (number + step, None),
        ">=": (number, None),
        "<": (None, number - step),
        "<=": (None, number),
    }.get(comparison[1] or "=", (number, number))


def _number(field: str, text: str, match: re.Match[str]) -> float:
    if field == "duration":
        found = _AGE.fullmatch(text)
        if found:
            return float(found[1]) * _AGE_US[found[2]]
    elif field == "size":
        found = _SIZE.fullmatch(text)
        if found:
            return float(found[1]) * _BYTES[(found[2] or "b").lower()]
    elif text.isdecimal():
        return int(text)
    raise FilterError(match.start(), match.end(), f"{text!r} is no {field}", FIELDS[field])


def _age(text: str, match: re.Match[str]) -> float:
    found = _AGE.fullmatch(text)
    if found is None:
        raise FilterError(match.start(), match.end(), f"{text!r} is no time", "10m, 2h or 7d")
    return float(found[1]) * _AGE_US[found[2]]


def _worded(term: Term) -> str:
    not_ = "not " if term.negated else ""
    if not term.field:
        return f"{not_}{term.text!r} in method, host or path"
    words = {
        "since": f"{not_}in the last {term.text}",
        "until": f"{not_}before the last {term.text}",
        "path": f"{not_}{term.text!r} in the path",
        "host": f"{not_}{term.text!r} in the host",
        "body": f"{not_}{term.text!r} in a body",
        "resource": f"{not_}{term.text!r} in the resource",
        "stage": f"{not_}stopped at {term.text}",
        "connection": f"{not_}of the WebSocket {term.text}" if term.text else "of a WebSocket",
    }
    return words.get(term.field, f"{term.field} {not_}{term.text}")
