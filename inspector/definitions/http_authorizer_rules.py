"""What Amazon refuses in a Lambda authorizer of an HTTP API, whichever file declares it.

The sentences are Amazon's (badmintoncryer/cdk-preflight; radkawar/stackd, whose captures saw such
requests fail).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

_LONGEST_TTL = 3600


@dataclass(frozen=True, slots=True)
class Fault:
    """`setting` is what is wrong: `version`, `simple` or `ttl`."""

    setting: Literal["version", "simple", "ttl"]
    code: str
    message: str
    remedy: str


def faults(
    version: str | None, ttl: int | None, sources: tuple[str, ...], *, simple: bool
) -> Iterator[Fault]:
    """Of a payload format version (None: absent), a TTL in seconds and identity sources."""
    if version is None:
        yield Fault(
            "version",
            "payload-version",
            "AuthorizerPayloadFormatVersion is a required parameter for REQUEST authorizer",
            "Write 2.0 (or 1.0).",
        )
    if simple and version != "2.0":
        yield Fault(
            "simple",
            "simple-responses",
            'EnableSimpleResponses can only be set for AuthorizerPayloadFormatVersion "2.0".',
            "Set the authorizer's payload format version 2.0, or drop simple responses.",
        )
    if ttl is None:
        return
    if not 0 <= ttl <= _LONGEST_TTL:
        yield Fault(
            "ttl",
            "authorizer-ttl",
            "Authorizer result TTL outside allowable range. TTL must be between 0 and "
            f"{_LONGEST_TTL} seconds.",
            "0 keeps nothing.",
        )
    elif ttl and not sources:
        yield Fault(
            "ttl",
            "authorizer-ttl",
            "Identity source must be set if authorizer caching is enabled (TTL is greater than 0)",
            "Name an identity source: answers are kept by it; or set the TTL to 0.",
        )
