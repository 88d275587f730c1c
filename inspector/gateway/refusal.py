"""A refusal is a value: which gateway response it becomes, and what it says.

The table of types is fact 17 (recorded); the error type headers are facts 1, 4, 13 and
access-control.md. Bodies: what the front of Amazon's gateway refuses has no blank after the
colon (42 and 23 bytes in captures-2026.md), what its execution refuses has one (36 bytes, fact 3).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from inspector.gateway.trace import Fact
from inspector.model import Source


@dataclass(frozen=True, slots=True)
class ResponseType:
    """A kind of gateway response with Amazon's built-in answer."""

    status: int | None
    error_type: str | None
    message: str | None
    spaced: bool = False


RESPONSE_TYPES: Mapping[str, ResponseType] = MappingProxyType(
    {
        "ACCESS_DENIED": ResponseType(403, "AccessDeniedException", "Access Denied"),
        "API_CONFIGURATION_ERROR": ResponseType(
            500, "InternalServerErrorException", "Internal server error", spaced=True
        ),
        "AUTHORIZER_CONFIGURATION_ERROR": ResponseType(
            500, "AuthorizerConfigurationException", "Internal server error"
        ),
        "AUTHORIZER_FAILURE": ResponseType(500, "AuthorizerConfigurationException", None),
        "BAD_REQUEST_BODY": ResponseType(
            400, "BadRequestException", "Invalid request body", spaced=True
        ),
        "BAD_REQUEST_PARAMETERS": ResponseType(400, "BadRequestException", None, spaced=True),
        "DEFAULT_4XX": ResponseType(None, None, None),
        "DEFAULT_5XX": ResponseType(None, None, None),
        "EXPIRED_TOKEN": ResponseType(403, "ExpiredTokenException", None),
        "INTEGRATION_FAILURE": ResponseType(
            504, "InternalServerErrorException", "Internal server error", spaced=True
        ),
        "INTEGRATION_TIMEOUT": ResponseType(
            504, "InternalServerErrorException", "Endpoint request timed out", spaced=True
        ),
        "INVALID_API_KEY": ResponseType(403, "ForbiddenException", "Forbidden"),
        "INVALID_SIGNATURE": ResponseType(403, "InvalidSignatureException", None),
        "MISSING_AUTHENTICATION_TOKEN": ResponseType(
            403, "MissingAuthenticationTokenException", "Missing Authentication Token"
        ),
        "QUOTA_EXCEEDED": ResponseType(429, "LimitExceededException", "Limit Exceeded"),
        "REQUEST_TOO_LARGE": ResponseType(413, "RequestTooLargeException", "Request Too Long"),
        "RESOURCE_NOT_FOUND": ResponseType(404, "NotFoundException", None),
        "THROTTLED": ResponseType(429, "TooManyRequestsException", "Too Many Requests"),
        "UNAUTHORIZED": ResponseType(401, "UnauthorizedException", "Unauthorized"),
        "UNSUPPORTED_MEDIA_TYPE": ResponseType(
            415, "BadRequestException", "Unsupported Media Type", spaced=True
        ),
        "WAF_FILTERED": ResponseType(403, "ForbiddenException", "Forbidden"),
    }
)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why the gateway itself answers, and what the answer is made of.

    `response_type` a key of `RESPONSE_TYPES`; `status` and `message` replace the built-in ones;
    `failed` tells a breakdown from a rule that said no; `log` is the wording of the execution log
    where it is known; `code` and `facts` go into the trace; `key` is the built-in body's only
    member, `error_type` replaces the type's own, and a `speechless` refusal has a null message.
    `plain` is the whole body of an answer that is no JSON and has none of the gateway's headers.
    """

    stage: str
    code: str
    response_type: str
    facts: Mapping[str, Fact]
    source: Source | None = None
    message: str | None = None
    status: int | None = None
    failed: bool = False
    log: str | None = None
    customizable: bool = True
    key: str = "message"
    error_type: str | None = None
    speechless: bool = False
    plain: str | None = None

    @property
    def text(self) -> str | None:
        """What the client is told, before any template."""
        if self.speechless:
            return None
        return (
            self.message if self.message is not None else RESPONSE_TYPES[self.response_type].message
        )


def too_long(stage: str, code: str, source: Source, facts: Mapping[str, Fact]) -> Refusal:
    """414 `Request URI too long` (the quota page's words; body and error type are not recorded)."""
    return Refusal(
        stage,
        code,
        "DEFAULT_4XX",
        facts,
        source,
        message="Request URI too long",
        status=414,
        customizable=False,
    )
