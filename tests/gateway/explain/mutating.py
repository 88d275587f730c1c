"""One line of a sample's definition is changed: does the explanation name that line?

`python -m tests.gateway.explain.mutating petstore [SEED]` tries every line with every operator and
prints what was missed. A changed line counts where it changes a request's status into an error;
a definition that is refused counts by its first complaint.
"""

from __future__ import annotations

import asyncio
import random
import re
import sys
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import sample_apis
from addons.exchanges import Asked, exchange_of
from inspector.cli.demo_credentials import DemoCredentials, credentials_of
from inspector.cli.explain_broken import broken_order
from inspector.cli.means import means_of
from inspector.cli.one_request import Performer
from inspector.definitions import Bundle, Loaded, Options, read
from inspector.definitions.handler_files import missing_files
from inspector.definitions.places import Places
from inspector.gateway.deploy import deploy
from inspector.gateway.explain import Explanation
from inspector.gateway.pipeline import converse
from inspector.message import Headers, Request
from inspector.recording.exchange import Exchange
from inspector.replay.explaining import explain_loaded
from inspector.runtime.circumstances import Circumstances
from inspector.runtime.drive import drive_async
from inspector.runtime.functions.declared import Finder
from inspector.runtime.http import HttpBackends

Operator = Callable[[str, random.Random], str | None]
_SWAPS = (
    ("get:", "put:"), ("post:", "patch:"), ("GET", "POST"), ("POST", "GET"), ("true", "false"),
    ("false", "true"), ("Allow", "Deny"), ("Deny", "Allow"), ("http_proxy", "http"),
    ("aws_proxy", "aws"), ("type: aws", "type: mock"), ("when_no_match", "never"),
    ("NEVER", "WHEN_NO_MATCH"), ("application/json", "application/xml"), ("https://", "http://"),
    ("header", "querystring"), ("querystring", "header"), ("string", "integer"),
    ("integer", "string"), ("AWS_PROXY", "AWS"), ("NONE", "AWS_IAM"), ("DAY", "MONTH"),
)  # fmt: skip


#: A key and a plain or quoted value on one line.
_PAIR = re.compile(
    r"(?P<key>\s*(?:- )?[\"']?(?P<name>[\w./{}+\[\]\\ $:-]+?)[\"']?:\s+)"
    r"(?P<value>[^\s{\[|>&#][^#{\[]*)$"
)


def typo(line: str, chance: random.Random) -> str | None:
    """Another letter within a word, comments left alone."""
    words = list(re.finditer(r"[A-Za-z]{3,}", line.split(" #", maxsplit=1)[0]))
    if not words or line.strip().startswith("#"):
        return None
    word = chance.choice(words)
    at = word.start() + chance.randrange(len(word.group()))
    letter = chance.choice("abcdefghijklmnopqrstuvwxyz")
    return line[:at] + ("q" if letter == line[at].lower() else letter) + line[at + 1 :]


def number(line: str, chance: random.Random) -> str | None:
    """Another number."""
    found = list(re.finditer(r"\d+", line))
    if not found or line.strip().startswith("#"):
        return None
    one = chance.choice(found)
    value = int(one.group())
    other = chance.choice((0, 1, value + 1, value * 10 + 1))
    return line[: one.start()] + str(other) + line[one.end() :]


def swap(line: str, chance: random.Random) -> str | None:
    """A word for its opposite."""
    fitting = [pair for pair in _SWAPS if pair[0] in line]
    if not fitting or line.strip().startswith("#"):
        return None
    old, new = chance.choice(fitting)
    return line.replace(old, new, 1)


def value(line: str, chance: random.Random) -> str | None:
    """Another value: none, one that is nothing, or one that lacks its end."""
    found = _PAIR.match(line)
    if found is None:
        return None
    kept = found["value"].strip()
    return found["key"] + chance.choice(("x", '""', kept[:-1] or "x"))


def key(line: str, chance: random.Random) -> str | None:
    """A key that is nobody's."""
    found = _PAIR.match(line)
    return None if found is None else line.replace(found["name"], f"{found['name']}s", 1)


def borrowing(text: str) -> Operator:
    """The value that the same key has elsewhere in the text."""
    values: dict[str, set[str]] = {}
    for found in filter(None, map(_PAIR.match, text.split("\n"))):
        values.setdefault(found["name"], set()).add(found["value"].strip())

    def borrow(line: str, chance: random.Random) -> str | None:
        found = _PAIR.match(line)
        if found is None:
            return None
        others = sorted(values[found["name"]] - {found["value"].strip()})
        return found["key"] + chance.choice(others) if others else None

    return borrow


def operators(text: str) -> tuple[Operator, ...]:
    """All of them; the first is tried twice."""
    return typo, typo, number, swap, value, key, borrowing(text)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one mutation did to one request. `at` is where the line comes in the explanation."""

    line: int
    before: str
    after: str
    request: str
    said: int | None
    at: int | None
    told: str

    @property
    def hit(self) -> bool:
        """The line is the one that is named."""
        return self.at == 0


Respond = Callable[[Loaded], Awaitable[list[Exchange]]]


@dataclass(slots=True)
class Laboratory:
    """A sample with its backends, whose definition can be changed."""

    sample: sample_apis.Sample
    running: sample_apis.Running
    credentials: DemoCredentials
    reset: Callable[[sample_apis.Running], None] = lambda running: None
    requests: list[sample_apis.SampleRequest] = field(default_factory=list)
    prefix: str = ""

    def __post_init__(self) -> None:
        self.file = str(self.sample.definitions[0])
        self.text = Path(self.file).read_text("utf-8")
        base = self.read(self.text)
        assert not base.broken, base.diagnostics
        self.prefix = base.definition.apis[0].stages[0].prefix
        self.requests = [
            each
            for each in self.sample.requests
            if "slow" not in each.name and each.method != "DELETE"
        ]

    file: str = ""
    text: str = ""

    def read(self, text: str) -> Loaded:
        """The definition with another text."""
        options = Options(stage_variables=self.sample.stage_variables)
        loaded = read(Bundle({self.file: text}, options))
        # As `explain` does, which runs the functions.
        functions = loaded.definition.functions
        beside = missing_files(functions, Places.of(loaded.bundle), outside=True)
        return replace(loaded, diagnostics=(*loaded.diagnostics, *beside))

    async def answers(self, loaded: Loaded) -> list[Exchange]:
        """All requests of the sample, in order, to a fresh gateway."""
        self.reset(self.running)
        declared = loaded.definition
        gateway = deploy(
            loaded.apis, declared.api_keys, declared.usage_plans, declared.domains
        )  # fmt: skip
        served = gateway.apis[0]
        finder = Finder(lambda: declared.functions, [self.file])
        means = means_of(
            finder, HttpBackends(dict(self.running.backends)), functions={}, debug=[],
            endpoints=dict(self.running.endpoints), issuers=self.credentials.issuers,
            keys=None if self.sample.keys is None else str(self.sample.keys), account=None,
        )  # fmt: skip
        found = []
        try:
            for each in self.requests:
                fields = [("Host", served.api.host), *each.headers]
                if each.body:
                    fields.append(("Content-Length", str(len(each.body))))
                request = Request(
                    each.method, f"{self.prefix}{each.path}", Headers.of(fields), each.body
                )
                request = self.credentials.complete(each, request)
                around = Circumstances(None).now("https", "HTTP/1.1", "127.0.0.1")
                began = time.perf_counter_ns()
                asked = Asked(request, around, time.time_ns() // 1000, began, "", served.api.host)
                performer = Performer(means, began)
                answer = await drive_async(converse(served, request, around), performer)
                found.append(exchange_of(asked, answer, performer.performed))
        finally:
            await means.close()
            finder.close()
        return found

    async def statuses(self) -> list[int]:
        """What the sample answers as it is."""
        return [_status(each) for each in await self.answers(self.read(self.text))]

    async def judged(self, number: int, line: str, expected: Sequence[int]) -> list[Outcome]:
        """Put `line` in the place of line `number`; what the explanations say of it."""
        lines = self.text.split("\n")
        before, lines[number - 1] = lines[number - 1], line
        loaded = self.read("\n".join(lines))
        pair = (number, before.strip(), line.strip())
        if loaded.broken:
            return [_complaint(loaded, *pair)]
        found = []
        for each, exchange, status in zip(
            self.requests, await self.answers(loaded), expected, strict=True
        ):
            if _status(exchange) != status:
                # What comes after the first change may only follow from it.
                if found:
                    break
                told = explain_loaded(exchange, loaded)
                name = f"{each.name} {status}→{_status(exchange)}"
                if told.wrong or told.source is not None:
                    found.append(_outcome(told, name, *pair))
        return found


def _status(exchange: Exchange) -> int:
    return 0 if exchange.response is None else exchange.response.status


def _complaint(loaded: Loaded, number: int, before: str, after: str) -> Outcome:
    told = [each.source.line for each in broken_order(loaded)]
    at = told.index(number) if number in told else None
    first = broken_order(loaded)[0].message if told else ""
    return Outcome(number, before, after, "broken", told[0] if told else None, at, first)


def _outcome(told: Explanation, name: str, number: int, before: str, after: str) -> Outcome:
    lines = [each.line for each in told.lines]
    lines += [each.source.line for each in told.notes if each.source is not None]
    at = lines.index(number) if number in lines else None
    said = None if told.source is None else told.source.line
    return Outcome(number, before, after, name, said, at, f"{told.rule}: {told.sentence}")


def mutations(text: str, seed: int) -> Iterator[tuple[int, str]]:
    """Each line of a text, changed by each operator that can."""
    chance, ways = random.Random(seed), operators(text)
    for number_, line in enumerate(text.split("\n"), 1):
        seen = {line}
        for operator in ways:
            changed = operator(line, chance)
            if changed is not None and changed not in seen:
                seen.add(changed)
                yield number_, changed


async def survey(laboratory: Laboratory, seed: int, every: int = 1) -> list[Outcome]:
    """The outcomes of the mutations, or of one in `every`."""
    expected = await laboratory.statuses()
    found = []
    for at, (number_, line) in enumerate(mutations(laboratory.text, seed)):
        if at % every:
            continue
        found += await laboratory.judged(number_, line, expected)
    return found


def _reset_inventory(running: sample_apis.Running) -> None:
    import httpx  # noqa: PLC0415

    def sent(service: str, headers: dict[str, str], body: str) -> None:
        scope = f"Credential=a/20200101/us-east-1/{service}/aws4_request"
        signed = f"AWS4-HMAC-SHA256 {scope}, SignedHeaders=host, Signature=x"
        httpx.post(
            running.endpoints[service], headers={**headers, "Authorization": signed}, content=body
        )

    for item in ("4", "5"):
        key = f'{{"TableName":"inventory","Key":{{"id":{{"S":"{item}"}}}}}}'
        sent("dynamodb", {"X-Amz-Target": "DynamoDB_20120810.DeleteItem"}, key)
    queue = f"{running.endpoints['sqs']}/123456789012/orders"
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    sent("sqs", form, f"Action=PurgeQueue&QueueUrl={queue}")


RESETS = {"inventory": _reset_inventory}


def main(name: str, seed: int) -> None:
    """Print what was missed."""
    sample = sample_apis.load(name)
    with sample.running() as running, credentials_of(sample, "us-east-1") as credentials:
        reset = RESETS.get(name, lambda running: None)
        found = asyncio.run(survey(Laboratory(sample, running, credentials, reset), seed))
    for each in found:
        if not each.hit:
            print(  # noqa: T201
                f"{each.line} {'second' if each.at else 'MISS'} said {each.said} | {each.before[:90]} "
                f"| {each.after[:90]} | {each.request} | {each.told[:150]}"
            )
    hits = sum(each.hit for each in found)
    named = sum(each.at is not None for each in found)
    print(f"{len(found)} outcomes, {hits} hit, {named} named")  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 1)
