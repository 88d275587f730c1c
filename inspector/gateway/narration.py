"""The words for a trace: one sentence a step, its evidence, and what to do about a refusal.

Readers only: every word comes from the step's `code` and `facts`; nothing is found out anew.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from inspector.gateway import (
    access_words,
    cache_words,
    grant_words,
    mapping_words,
    service_words,
    statement_words,
    token_words,
)
from inspector.gateway.checklist import Check, from_fact
from inspector.gateway.http_api import words as http_api_words
from inspector.gateway.listing import listed, one_of
from inspector.gateway.trace import Fact, Step
from inspector.gateway.websocket import words as websocket_words

Facts = Mapping[str, Fact]


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing a stage looked at. `ok` is None where nothing was judged."""

    label: str
    value: str
    expected: str | None = None
    ok: bool | None = None


def describe(step: Step) -> str:
    """What the stage decided, in one sentence."""
    word = _SENTENCES.get(step.code)
    return step.code if word is None else word(step.facts)


def remedy(step: Step) -> str | None:
    """What to do about a step that refused or failed, None where all is well."""
    word = _REMEDIES.get(step.code)
    return None if word is None else word(step.facts)


def evidence(step: Step) -> list[Evidence]:
    """The facts of a step as rows: what was there, what was wanted, whether it fits."""
    rows: list[Evidence] = []
    for name, fact in step.facts.items():
        if fact is None or fact in ({}, []):
            continue
        if name in statement_words.OF_FACTS:
            rows += [
                Evidence(label, text, ok=ok) for label, text, ok in statement_words.rows(name, fact)
            ]
            continue
        if name == "checks":
            rows.extend(map(_checked, from_fact(fact)))
            continue
        rows.append(_judged(step, Evidence(name.replace("_", " "), _text(fact))))
    return rows


def _checked(check: Check) -> Evidence:
    """One check of a list; those behind the first failure were never reached."""
    good = {"ok": True, "failed": False}.get(check.verdict)
    value = "" if check.actual is None else _any(check.actual)
    note = check.note if check.verdict != "unreached" else "never reached"
    if check.verdict == "also":
        note = f"never reached, and would fail: {check.note}"
    expected = None if check.expected is None else _any(check.expected)
    return Evidence(check.name, " ".join(filter(None, (value, f"({note})" if note else ""))),
                    expected, good)  # fmt: skip


def _any(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _judged(step: Step, row: Evidence) -> Evidence:
    wanted = _WANTED.get((step.code, row.label))
    if wanted is None:
        return row
    expected = wanted(step.facts)
    return Evidence(row.label, row.value, expected, ok=False)


def _text(fact: Fact) -> str:
    if isinstance(fact, Mapping):
        return ", ".join(f"{name}={value}" for name, value in fact.items())
    if isinstance(fact, list):
        return ", ".join(fact)
    return (
        {True: "true", False: "false"}.get(fact, str(fact)) if isinstance(fact, bool) else str(fact)
    )


def _sent_as(facts: Facts) -> str:
    """What X-HTTP-Method-Override made of the method."""
    sent = facts.get("sent_as")
    if sent is None:
        return ""
    return f" It was sent as {sent}: X-HTTP-Method-Override makes it {facts['method']}."


def _no_match(facts: Facts) -> str:
    more = _sent_as(facts)
    if facts.get("read_as_signature"):
        more += " Its Authorization header was read as a signature, which is what it is told of."
    if facts["methods_there"]:
        return f"{facts['path']} exists, but has no method {facts['method']}.{more}"
    return f"No resource of the API matches {facts['path']}.{more}"


def _number(fact: Fact) -> str:
    """A percentage as people write it."""
    return f"{fact:.4g}" if isinstance(fact, int | float) else str(fact)


Word = Callable[[Facts], str]

_SENTENCES: Mapping[str, Word] = {
    **service_words.SENTENCES,
    **access_words.SENTENCES,
    **token_words.SENTENCES,
    **grant_words.SENTENCES,
    **cache_words.SENTENCES,
    **http_api_words.SENTENCES,
    **websocket_words.SENTENCES,
    **mapping_words.SENTENCES,
    "resolve.stage": lambda f: f"API {f['api']}, stage {f['stage']}.",
    "resolve.domain": lambda f: (
        f"{f['host']} leads by its base path {f['base_path']} to API {f['api']}, stage {f['stage']}."
    ),
    "resolve.no-mapping": lambda f: (
        f"Nothing of the custom domain {f['domain']} fits {f['path']}: its base paths are "
        f"{listed(f['base_paths'])}."
    ),
    "resolve.not-served": lambda f: (
        f"The custom domain {f['domain']} leads {f['path']} to API {f['led_to']}, which is not "
        "served here."
    ),
    "resolve.endpoint-disabled": lambda f: (
        f"The API's default endpoint {f['host']} is disabled (disableExecuteApiEndpoint)."
    ),
    "resolve.unknown-stage": lambda f: (
        f"The first part of the path names the stage, and {f['stage'] or 'nothing'!r} is no stage "
        f"of API {f['api']}."
    ),
    "resolve.too-large": lambda f: (
        f"The request's body is larger than the {f['limit']} bytes that API Gateway takes."
    ),
    "resolve.url-too-long": lambda f: (
        f"The URL has {f['size']} characters; API Gateway takes {f['limit']}."
    ),
    "resolve.headers-too-large": lambda f: (
        f"The request's headers have {f['size']} bytes; API Gateway takes {f['limit']}."
    ),
    "admit.arn-too-long": lambda f: (
        f"The method's ARN has {f['size']} bytes with this path; where authorization looks at it, "
        f"API Gateway takes {f['limit']}."
    ),
    "draw.canary": lambda f: (
        f"The canary of stage {f['stage']} gets this request: {_number(f['drawn'])} was drawn, "
        f"below its {_number(f['percent'])} %."
    ),
    "draw.production": lambda f: (
        f"The production release of stage {f['stage']} gets this request: {_number(f['drawn'])} "
        f"was drawn, and the canary gets what is below {_number(f['percent'])} %."
    ),
    "route.matched": lambda f: (
        f"{f['method']} {f['path']} matches {f['resource_method']} {f['resource']}.{_sent_as(f)}"
    ),
    "route.no-match": _no_match,
    "validate.passed": lambda f: (
        f"Validator {f['validator']} lets the request pass."
        if "validator" in f
        else f"The message fits model {f['model']}."
    ),
    "validate.parameters": lambda f: (
        f"Validator {f['validator']} requires {listed(f['missing'])}, absent or blank here."
    ),
    "validate.body": lambda f: (
        f"The body does not match model {f['model']}: {listed(f['errors'])}."
    ),
    "validate.opened": lambda f: (
        f"The body was {f['coding']}: {f['packed']} bytes opened to {f['size']}."
    ),
    "validate.body-unsupported": lambda f: (
        f"Content-Encoding names {f['detail']}, which API Gateway does not open."
    ),
    "validate.body-damaged": lambda f: (
        f"The body is not what Content-Encoding says: {f['detail']}."
    ),
    "validate.body-too-large": lambda _: "The body is over 10 MB once it is opened.",
    "gateway.crashed": lambda f: f"inspector itself broke down: {f['error']}, at {f['at']}.",
    "stream.ended": lambda f: (
        f"{f['size']} bytes were streamed."
        if f["error"] is None
        else f"The stream broke off after {f['size']} bytes: {f['error']}."
    ),
    "send.answer": lambda f: (
        f"The client is answered {f['status']}"
        + (f", {f['size']} bytes packed to {f['packed']}." if f.get("coding") else ".")
    ),
    "send.gateway-response": lambda f: (
        f"The gateway itself answers {f['status']}" + (f" ({f['type']})." if f.get("type") else ".")
    ),
}

_REMEDIES: Mapping[str, Callable[[Facts], str | None]] = {
    **service_words.REMEDIES,
    **access_words.REMEDIES,
    **token_words.REMEDIES,
    **grant_words.REMEDIES,
    **cache_words.REMEDIES,
    **http_api_words.REMEDIES,
    **websocket_words.REMEDIES,
    **mapping_words.REMEDIES,
    "resolve.unknown-stage": lambda f: (
        f"Begin the path with one of the stages: {listed(f['stages'])}."
    ),
    "resolve.no-mapping": lambda f: (
        f"Begin the path with one of the base paths: {listed(f['base_paths'])}; or map another."
    ),
    "resolve.endpoint-disabled": lambda f: (
        f"Call it by a custom domain: {listed(f['domains'])}."
        if f["domains"]
        else "Map a custom domain to it, or leave disableExecuteApiEndpoint out."
    ),
    "resolve.too-large": lambda _: (
        "Send less, or let the client upload to S3 by a presigned URL; the limit cannot be raised."
    ),
    "resolve.url-too-long": lambda _: (
        "Shorten it, or send it in the body; --no-limit url lets it pass here."
    ),
    "resolve.headers-too-large": lambda _: (
        "Send less, cookies first; --no-limit headers lets them pass here."
    ),
    "admit.arn-too-long": lambda _: (
        "Move what makes the path long into the query or the body; --no-limit arn lets it pass "
        "here."
    ),
    "route.no-match": lambda f: (
        f"Use {one_of(f['methods_there'])}, or declare the method."
        if f["methods_there"]
        else "Declare the path, or correct it: its spelling, its stage, its number of segments."
    ),
    "validate.parameters": lambda f: f"Send {listed(f['missing'])}.",
    "validate.body": lambda f: f"Send a body that fits model {f['model']}, or change the model.",
    "validate.body-unsupported": lambda _: "Send the body as gzip, deflate or as it is.",
    "validate.body-damaged": lambda _: (
        "Compress the body as the header says, or leave Content-Encoding out."
    ),
    "gateway.crashed": lambda _: (
        "This is a fault of inspector, not of your API. Please report it with this exchange "
        "(`inspector db extract`); everything else goes on."
    ),
}

_WANTED: Mapping[tuple[str, str], Word] = {
    **mapping_words.WANTED,
    ("resolve.unknown-stage", "stage"): lambda f: listed(f["stages"]),
    ("resolve.too-large", "size"): lambda f: f"at most {f['limit']}",
    ("route.no-match", "method"): lambda f: listed(f["methods_there"]),
}
