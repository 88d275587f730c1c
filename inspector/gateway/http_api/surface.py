"""What the URL of a Lambda function does otherwise than an HTTP API with the same function.

Sources: what is in tests/data/aws/payload-v2.jsonl and in LocalStack's tests that ran against
Amazon (tests/aws/services/lambda_/test_lambda.py): a form without content type is
`application/json` (recorded; an HTTP API sends text/plain), a function that fails is 502
`Internal Server Error` in plain words. The request id's header is that of users' pastes. What a
malformed answer or a timeout looks like is not known: the same is assumed. Callers need no
signature where AuthType is NONE, and `accountId` is `anonymous` then; preflights are answered where
CORS is configured, and do not reach the function (Lambda's developer guide), with 200, the type of
JSON and `Vary: Origin` (a user's paste, which has the id before all else that is not the frame's).
"""

from __future__ import annotations

from collections.abc import Iterable

from inspector.gateway.environment import Environment
from inspector.gateway.http_api.function_answer import PLAIN
from inspector.gateway.http_api.header_names import canonical
from inspector.message import Field
from inspector.model import HttpApi

ANONYMOUS = "anonymous"
#: A function URL waits as long as its function may run (15 minutes, Lambda's quotas).
TIMEOUT_MS = 900_000
_FAILURES = frozenset({"INTEGRATION_FAILURE", "INTEGRATION_TIMEOUT"})


def default_type(api: HttpApi) -> str:
    """The content type of a form that names none."""
    return "application/json" if api.function_url else PLAIN


def failure(api: HttpApi, kind: str) -> tuple[int, bytes] | None:
    """Status and body of a refusal of this type, where they are not those of an HTTP API."""
    if api.function_url and kind in _FAILURES:
        return 502, b"Internal Server Error"
    return None


def preflight(api: HttpApi) -> tuple[int, str | None]:
    """Status and content type of the answer to a preflight."""
    return (200, "application/json") if api.function_url else (204, None)


def vary(api: HttpApi) -> str:
    """The value of `vary` where an origin is allowed."""
    return "Origin" if api.function_url else "origin"


def framed(
    api: HttpApi, environment: Environment, fields: Iterable[Field], *, reached: bool
) -> list[Field]:
    """The headers behind the frame's: those of the answer, spelt as the gateway does, and the id."""
    identified = id_field(api, environment, reached=reached)
    if api.function_url:
        return [identified, *((canonical(name), value) for name, value in fields)]
    if reached:
        fields = ((canonical(name), value) for name, value in fields)
    return [*fields, identified]


def account(api: HttpApi) -> str:
    """`requestContext.accountId` of the event."""
    return ANONYMOUS if api.function_url else api.account


def request_id(api: HttpApi, environment: Environment) -> str:
    """The id that event and answer tell."""
    return environment.request_id if api.function_url else environment.extended_request_id


def id_field(api: HttpApi, environment: Environment, *, reached: bool) -> Field:
    """The header with that id; an HTTP API spells it otherwise where it answers by itself."""
    if api.function_url:
        return ("x-amzn-RequestId", environment.request_id)
    name = "Apigw-Requestid" if reached else "apigw-requestid"
    return (name, environment.extended_request_id)
