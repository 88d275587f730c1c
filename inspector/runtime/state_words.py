"""The words for what a gateway remembers: one line a thing, the same in the command and the screen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

#: What each kind is called.
TITLES: Mapping[str, str] = {
    "bucket": "token bucket",
    "quota": "quota",
    "authorizer": "authorizer result",
    "response": "cached response",
    "entry": "cache entry",
    "issuer": "issuer's keys",
}


def title(item: Mapping[str, Any]) -> str:
    """What it is, and whose: `quota plan gold key k1`."""
    name = str(item["name"])
    if item["kind"] == "authorizer":
        return name.removeprefix("authorizer ") + f" for {_listed(item['facts']['key'])}"
    if item["kind"] == "response":
        return name.removeprefix("responses ") + f" {_entry(item['facts']['key'])}"
    return name


def level(item: Mapping[str, Any]) -> str:
    """How it stands at the moment it was asked for."""
    facts = item["facts"]
    if item["kind"] == "bucket":
        return _bucket(facts)
    if item["kind"] == "quota":
        return (
            f"{facts['used']:,} of {facts['limit']:,} used a {facts['period'].lower()} "
            f"since {facts['began']}; begins anew in {span(facts['left_ms'])}"
        )
    if item["kind"] == "issuer":
        return (
            f"{', '.join(facts['keys']) or 'none'} from {facts['url']}; {span(facts['age_ms'])} old, "
            f"asked for again in {span(facts['left_ms'])}; {facts['tokens']:,} good "
            f"token{'s' * (facts['tokens'] != 1)}"
        )
    fresh = facts["left_ms"]
    end = f"fresh for {span(fresh)} more" if fresh > 0 else "no longer fresh"
    said = f"{_said(facts)}; " if "says" in facts else ""
    return f"{said}{span(facts['age_ms'])} old, {end}; filled by request {facts['by']}"


def _said(facts: Mapping[str, Any]) -> str:
    """What a kept result of an authorizer does to the methods that ask it."""
    if facts["says"] != "policy":
        return {"yes": "lets in", "no": "keeps out"}.get(facts["says"], "cannot be read")
    who = f"policy for {facts['principal']}" if facts.get("principal") else "policy"
    refused = [f"{each['method']} ({each['why']})" for each in facts.get("refuses", ())]
    if refused:
        return f"{who}, refuses {', '.join(refused)}"
    return f"{who}, refuses nothing" if facts.get("allows") else who


def _bucket(facts: Mapping[str, Any]) -> str:
    text = f"{facts['tokens']:g} of {facts['burst']:,} tokens, {facts['rate']:g} a second"
    if facts["next_ms"] is None:
        return f"{text}; lets nothing pass"
    if facts["next_ms"]:
        return f"{text}; a request passes in {span(facts['next_ms'])}"
    return f"{text}; full in {span(facts['full_ms'])}" if facts["full_ms"] else f"{text}; full"


def span(ms: float) -> str:
    """Milliseconds as people say them: `12 ms`, `4.2 s`, `3 min 5 s`, `2 h 10 min`, `3 d 4 h`."""
    if ms < 1000:
        return f"{max(0, int(ms))} ms"
    seconds = ms / 1000
    if seconds < 60:
        return f"{seconds:.3g} s"
    minutes, seconds = divmod(int(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {seconds} s" if seconds else f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    if hours < 24:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    days, hours = divmod(hours, 24)
    return f"{days} d {hours} h" if hours else f"{days} d"


def _listed(key: Any) -> str:
    if not isinstance(key, list):
        return str(key)
    return ", ".join(str(each) for each in key) or "everybody"


def _entry(key: Any) -> str:
    """`[namespace, verb, {parameter: value}]` as `GET namespace id=7`."""
    if not isinstance(key, list) or len(key) != 3 or not isinstance(key[2], dict):
        return _listed(key)
    values = " ".join(f"{name.rpartition('.')[2]}={value}" for name, value in key[2].items())
    return f"{key[1]} {key[0]} {values}".rstrip()
