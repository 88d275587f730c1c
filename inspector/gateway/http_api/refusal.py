"""Why an HTTP API answers by itself, and with what.

Sources: http-api.md, section 7, and captures-2026.md, section 4 (status, body and header names of
401, 403, 404 and 500 recorded; the types `ACCESS_DENIED` and `INTEGRATION_FAILURE` recorded in
access logs). The bodies of 413, 429 and 503 are users' reports; that a timeout is 503 as well is
one (re:Post). Nothing of it can be customised.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from inspector.gateway.trace import Fact
from inspector.message import Field
from inspector.model import Source

#: `$context.error.responseType` → (status, message).
ANSWERS: Mapping[str, tuple[int, str]] = MappingProxyType(
    {
        "NOT_FOUND": (404, "Not Found"),
        "UNAUTHORIZED": (401, "Unauthorized"),
        "ACCESS_DENIED": (403, "Forbidden"),
        "AUTHORIZER_FAILURE": (500, "Internal Server Error"),
        "AUTHORIZER_CONFIGURATION_ERROR": (500, "Internal Server Error"),
        "INTEGRATION_FAILURE": (500, "Internal Server Error"),
        "INTEGRATION_TIMEOUT": (503, "Service Unavailable"),
        "INTEGRATION_NETWORK_FAILURE": (503, "Service Unavailable"),
        "API_CONFIGURATION_ERROR": (500, "Internal Server Error"),
        "BAD_REQUEST_PARAMETERS": (400, "Bad Request"),
        "REQUEST_TOO_LARGE": (413, "Request Entity Too Large"),
        "REQUEST_HEADERS_TOO_LARGE": (431, "Request Header Fields Too Large"),
        "THROTTLED": (429, "Too Many Requests"),
    }
)


@dataclass(frozen=True, slots=True)
class HttpRefusal:
    """A refusal is a value.

    `type` is a key of `ANSWERS`; `failed` tells a breakdown from a rule that said no; `code` and
    `facts` go into the trace; `headers` are sent with it (`www-authenticate`); `reached` says that
    the integration had been asked, which shows in the spelling of the request id's header. The
    fact `access_log_error` is `$context.authorizer.error` or `$context.integration.error`.
    """

    stage: str
    code: str
    type: str
    facts: Mapping[str, Fact] = field(default_factory=dict)
    source: Source | None = None
    failed: bool = False
    headers: tuple[Field, ...] = ()
    reached: bool = False

    @property
    def status(self) -> int:
        """What the client is answered."""
        return ANSWERS[self.type][0]

    @property
    def message(self) -> str:
        """The only member of the body."""
        return ANSWERS[self.type][1]
