"""What an integration's URI calls: a function, another service, or an HTTP endpoint."""

from __future__ import annotations

import re

from inspector.model.service_uri import parse_service

_HTTP = re.compile(r"https?://\S", re.IGNORECASE)
_VARIABLE_SCHEME = re.compile(r"\$\{stageVariables\.[^}]+\}://")


def complaint(kind: str, uri: str) -> str | None:
    """Amazon's reason for refusing `uri` in an integration of type `kind` (facts 199, 286)."""
    if kind in ("http", "http_proxy"):
        fine = _HTTP.match(uri) or _VARIABLE_SCHEME.match(uri)
        return None if fine else "Invalid HTTP endpoint specified for URI"
    if not uri.startswith("arn:"):
        return "Invalid ARN specified in the request"
    parsed = parse_service(uri)
    if parsed is None:
        return "AWS ARN for integration must contain path or action"
    if kind == "aws_proxy" and parsed.service not in ("lambda", "firehose"):
        return (
            "Integrations of type 'AWS_PROXY' currently only supports Lambda function "
            "and Firehose stream invocations."
        )
    return None
