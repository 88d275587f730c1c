"""Short documents for the tests of the OpenAPI reader."""

from __future__ import annotations

from textwrap import dedent, indent
from typing import Any

from inspector.definitions import Bundle, Diagnostic, Loaded, Options, read
from inspector.model import Method, RestApi

HEAD = 'openapi: 3.0.1\ninfo: {title: t, version: "1"}\n'
MOCK = "{type: mock, responses: {default: {statusCode: 200}}}"
GET_MOCK = f"get: {{x-amazon-apigateway-integration: {MOCK}}}"
FUNCTION = (
    "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/"
    "arn:aws:lambda:us-east-1:123456789012:function:f/invocations"
)


def loaded(text: str, **options: Any) -> Loaded:
    """A whole document."""
    return read(Bundle({"api.yaml": dedent(text)}, Options(**options)))


def with_head(text: str, **options: Any) -> Loaded:
    """A document without its first lines; `paths` is added if it has none."""
    body = dedent(text)
    if "paths:" not in body:
        body += f"paths: {{/a: {{{GET_MOCK}}}}}\n"
    return loaded(HEAD + body, **options)


def with_operation(text: str, path: str = "/a") -> Loaded:
    """A document of one GET, given without its integration."""
    operation = indent(dedent(text), " " * 6)
    integration = f"      x-amazon-apigateway-integration: {MOCK}"
    return loaded(f"{HEAD}paths:\n  {path}:\n    get:\n{operation}\n{integration}\n")


def with_integration(text: str, path: str = "/a") -> Loaded:
    """A document of one GET, given its integration."""
    body = indent(dedent(text), " " * 8)
    return loaded(
        f"{HEAD}paths:\n  {path}:\n    get:\n      x-amazon-apigateway-integration:\n{body}\n"
    )


def api(found: Loaded) -> RestApi:
    (one,) = found.apis
    return one


def method(found: Loaded) -> Method:
    """The first method of the first API."""
    return next(m for resource in api(found).resources for m in resource.methods.values())


def said(found: Loaded, *levels: str) -> list[tuple[str, int]]:
    """Codes and lines of what was said at these levels (all if none is named)."""
    return [(d.code, d.source.line) for d in found.diagnostics if not levels or d.level in levels]


def only(found: Loaded) -> Diagnostic:
    """The only diagnostic."""
    (one,) = found.diagnostics
    return one
