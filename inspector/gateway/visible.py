"""Which headers exist for whom.

Sources: facts 45, 46 (client headers that nothing ever sees), 123, 124 (headers that cannot be
mapped), 125, 137 (headers that do not reach a backend), 140, 142, 143 (headers renamed on the
way back); recorded in test_apigateway_header_remapping_*.
"""

from __future__ import annotations

from functools import lru_cache

from inspector.message import Field, Headers

#: Client headers that templates, mappings, events and backends never see.
HIDDEN = frozenset(
    {
        "connection",
        "content-length",
        "content-md5",
        "expect",
        "max-forwards",
        "proxy-authenticate",
        "server",
        "te",
        "transfer-encoding",
        "trailer",
        "upgrade",
        "www-authenticate",
        "keep-alive",
        "proxy-connection",
    }
)

#: Integration request headers whose mapping makes every call a 500, for every type.
NEVER_MAPPED = frozenset({"content-length", "transfer-encoding"})
#: The same for integrations with AWS services and functions.
NEVER_MAPPED_TO_AWS = NEVER_MAPPED | {
    "authorization",
    "connection",
    "expect",
    "proxy-authenticate",
    "te",
}
#: Mapped, accepted, yet not sent to an HTTP backend.
NOT_SENT = frozenset({"expect", "proxy-authenticate", "te", "connection", "via"})

#: Response headers that keep their value under another name.
REMAPPED = frozenset(
    {
        "authorization",
        "connection",
        "content-length",
        "content-md5",
        "date",
        "expect",
        "host",
        "max-forwards",
        "proxy-authenticate",
        "server",
        "trailer",
        "upgrade",
        "user-agent",
        "www-authenticate",
    }
)


def never_mapped(*, to_aws: bool) -> frozenset[str]:
    """The integration request headers whose mapping fails (123, 124), in lower case."""
    return NEVER_MAPPED_TO_AWS if to_aws else NEVER_MAPPED


def to_gateway(headers: Headers) -> tuple[Field, ...]:
    """The client's headers as anything inside the gateway can see them."""
    return tuple(pair for pair in headers.fields if pair[0].lower() not in HIDDEN)


@lru_cache(maxsize=1024)
def remapped(name: str) -> str | None:
    """The name under which a response header goes out, None where it is dropped."""
    lowered = name.lower()
    if lowered == "transfer-encoding":
        return None
    return f"x-amzn-Remapped-{name}" if lowered in REMAPPED else name


@lru_cache(maxsize=1024)
def remapped_by_proxy(name: str) -> str | None:
    """The same for an answer that HTTP_PROXY passes on: its request id is renamed too (140)."""
    return f"x-amzn-Remapped-{name}" if name.lower() == "x-amzn-requestid" else remapped(name)


@lru_cache(maxsize=1024)
def forwarded(name: str) -> bool:
    """Whether HTTP_PROXY sends a client's header on (facts 45, 137, 138)."""
    return name.lower() not in _NOT_FORWARDED


#: The last two are set by the gateway itself.
_NOT_FORWARDED = HIDDEN | {
    "host",
    "content-encoding",
    "x-amzn-trace-id",
    "x-amzn-apigateway-api-id",
}
