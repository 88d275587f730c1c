"""Names, ARNs and resources against patterns: `*` stands for any characters, `?` for one."""

from __future__ import annotations

from functools import lru_cache

from inspector.gateway.policy.glob import Glob, Token, glob, plain, tokens

#: The parts of an ARN: arn, partition, service, region, account, resource.
_PARTS = 6


def like(pattern: str, text: str) -> bool:
    """Whether the whole of `text` fits `pattern`."""
    first = pattern.find("*")
    if first >= 0 and first == len(pattern) - 1 and "?" not in pattern:
        return text.startswith(plain(pattern[:-1]))
    if first < 0 and "?" not in pattern:
        return text == plain(pattern)
    return glob(pattern).matches(text)


def action_like(pattern: str, action: str) -> bool:
    """Actions are compared without case (IAM user guide, Action)."""
    return like(pattern.lower(), action.lower())


def arn_like(pattern: str, arn: str) -> bool:
    """ArnLike and ArnEquals: each of the six parts by itself, a wildcard never spans a colon.

    Source: IAM user guide, "ARN condition operators". A lone `*` covers any ARN.
    """
    if pattern == "*":
        return True
    wanted, given = pattern.split(":", _PARTS - 1), arn.split(":", _PARTS - 1)
    if len(given) < _PARTS or len(wanted) < _PARTS:
        return plain(pattern) == arn
    return all(like(part, text) for part, text in zip(wanted, given, strict=True))


def resource_like(pattern: str, resource: str) -> bool:
    """The Resource element against the ARN that is asked for.

    Source: IAM user guide, "IAM JSON policy elements: Resource": wildcards stay between the colons
    of an ARN, but a `*` that ends a part may run on beyond; missing parts are `*`.
    `execute-api:/stage/GET/path` is short for the API's own ARN (API Gateway's developer guide).
    """
    if pattern.startswith("execute-api:/"):
        rest = resource.split(":", _PARTS - 1)[-1]
        return like(pattern.removeprefix("execute-api:/"), rest.partition("/")[2])
    if pattern == "*":
        return True
    return any(each.matches(resource) for each in _resource(pattern))


@lru_cache(maxsize=4096)
def _resource(pattern: str) -> tuple[Glob, ...]:
    """As it is written; an ARN of fewer parts also with the missing ones."""
    parts = pattern.split(":", _PARTS - 1)
    written = _by_parts(parts)
    if parts[0] != "arn" or len(parts) == _PARTS:
        return (written,)
    return written, _by_parts([*parts, *["*"] * (_PARTS - len(parts))])


def _by_parts(parts: list[str]) -> Glob:
    found: list[Token] = []
    for number, part in enumerate(parts, 1):
        last = number == len(parts)
        within = tokens(part, bound=not last)
        if not last and part.endswith("*"):
            within[-1] = Token(star=True)
        found += within if number == 1 else [Token(":"), *within]
    return Glob(found)
