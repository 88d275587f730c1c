"""What an explanation is made of: a sentence, the checks in order, lines, evidence, what to try."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from inspector.gateway.narration import Evidence
from inspector.message import Request
from inspector.model import Source

State = Literal["passed", "failed", "noted", "unreached"]
TryKind = Literal["request", "definition", "token", "sign", "forget", "wait", "command"]


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at. `failed` is the first that stopped the request.

    `noted` was not judged; `unreached` never came to be looked at. `expected` and `actual` are
    given where both are known. `inner`: one of the checks within a stage's, which is above it.
    """

    stage: str
    name: str
    state: State
    text: str = ""
    expected: str | None = None
    actual: str | None = None
    source: Source | None = None
    inner: bool = True


@dataclass(frozen=True, slots=True)
class Try:
    """Something that can be tried at once.

    `request`: send this one; `definition`: write `line` at `source`; `token`, `sign`, `command`:
    run `command`, `sign` for `region`; `forget`: drop `entry` of the cache `cache`; `wait`:
    `wait_ms` milliseconds. A `command` that is a WebSocket's message has it as `request`, too.
    """

    kind: TryKind
    text: str
    request: Request | None = None
    source: Source | None = None
    line: str | None = None
    command: str | None = None
    cache: str | None = None
    entry: str | None = None
    wait_ms: int | None = None
    region: str | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """Something surprising that stopped nothing, with the line behind it."""

    rule: str
    text: str
    source: Source | None = None
    remedy: str | None = None


@dataclass(slots=True)
class Cause:
    """What one stage's explainer found out. `lines`: the deciding one first, each once."""

    sentence: str
    remedy: str | None = None
    lines: list[Source] = field(default_factory=list)
    part: str | None = None
    evidence: list[Evidence] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    tries: list[Try] = field(default_factory=list)

    def add(self, text: str) -> None:
        """Say one more sentence."""
        ended = self.sentence.endswith((".", "?", "!", ":"))
        self.sentence += f" {text}" if ended else f". {text}"

    def line(self, *sources: Source | None) -> Cause:
        """Add lines that took part, those that are written."""
        self.lines += [each for each in sources if each is not None and each not in self.lines]
        return self

    def first(self, *sources: Source | None) -> Cause:
        """Put lines before all others."""
        found = [each for each in sources if each is not None]
        self.lines = found + [each for each in self.lines if each not in found]
        return self


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why an exchange ended as it did.

    `stage`, `rule` and `response_type` are None where nothing was refused and nothing failed.
    `source` is the definition's line that decided, `lines` all that took part, that one first;
    `part` names the part of the request that did not fit: `path`, `method`, `body`,
    `header NAME`, `query NAME`, `signature`, `token`, `stage`. `line_text` is the text of
    `source`'s line where it stands in another version of the file than the one that answered.
    """

    status: int
    outcome: str
    sentence: str
    stage: str | None
    rule: str | None
    response_type: str | None
    source: Source | None
    lines: tuple[Source, ...]
    part: str | None
    checks: tuple[Check, ...]
    evidence: tuple[Evidence, ...]
    remedy: str | None
    tries: tuple[Try, ...]
    notes: tuple[Note, ...]
    line_text: str | None = None

    @property
    def untold_notes(self) -> tuple[Note, ...]:
        """The notes, without those that sentence and remedy have told already."""
        return tuple(
            each
            for each in self.notes
            if each.text not in self.sentence or each.remedy not in (None, self.remedy)
        )

    @property
    def wrong(self) -> bool:
        """Whether the client was told of an error, whoever made it."""
        return self.rule is not None


def to_data(found: Explanation) -> dict[str, Any]:
    """The explanation as JSON values, for scripts."""
    return {
        "sentence": found.sentence,
        "status": found.status,
        "outcome": found.outcome,
        "stage": found.stage,
        "rule": found.rule,
        "response_type": found.response_type,
        "source": _place(found.source),
        "lines": [_place(each) for each in found.lines],
        "request_part": found.part,
        "evidence": [
            {"name": each.label, "actual": each.value, "expected": each.expected, "ok": each.ok}
            for each in found.evidence
        ],
        "remedy": found.remedy,
        "try": [_try(each) for each in found.tries],
        "checks": [
            {
                "stage": each.stage,
                "name": each.name,
                "state": each.state,
                "text": each.text,
                "expected": each.expected,
                "actual": each.actual,
                "source": _place(each.source),
            }
            for each in found.checks
        ],
        "notes": [
            {
                "rule": each.rule,
                "text": each.text,
                "source": _place(each.source),
                "remedy": each.remedy,
            }
            for each in found.notes
        ],
    }


def _place(source: Source | None) -> dict[str, Any] | None:
    if source is None:
        return None
    return {
        "file": source.file,
        "line": source.line,
        "column": source.column,
        "pointer": source.pointer,
    }


def _try(each: Try) -> dict[str, Any]:
    found: dict[str, Any] = {"kind": each.kind, "text": each.text}
    if each.request is not None:
        request = each.request
        found["request"] = {
            "method": request.method,
            "target": request.target,
            "headers": [[name, value] for name, value in request.headers],
            "body": request.body.decode("utf-8", "replace"),
        }
    if each.source is not None:
        found["source"] = _place(each.source)
    for name in ("line", "command", "cache", "entry", "wait_ms", "region"):
        value = getattr(each, name)
        if value is not None:
            found[name] = value
    return found
