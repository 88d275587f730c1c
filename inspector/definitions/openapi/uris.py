"""What an integration's URI calls: a function, another service, or an HTTP endpoint."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

_SERVICE_ARN = re.compile(
    r"arn:[^:/]+:apigateway:(?P<region>[^:]*):"
    r"(?:(?P<subdomain>[^:./]+)\.)?(?P<service>[^:/]+):(?P<kind>path|action)/(?P<rest>.*)\Z",
    re.DOTALL,
)
_FUNCTION = re.compile(
    r"/?\d{4}-\d{2}-\d{2}/functions/.+?/(?:response-streaming-)?invocations/?\Z", re.DOTALL
)
_HTTP = re.compile(r"https?://\S", re.IGNORECASE)
_VARIABLE_SCHEME = re.compile(r"\$\{stageVariables\.[^}]+\}://")


@dataclass(frozen=True, slots=True)
class ServiceUri:
    """A parsed `arn:aws:apigateway:{region}:[{subdomain}.]{service}:path|action/…`."""

    region: str
    service: str
    subdomain: str
    kind: Literal["path", "action"]
    rest: str

    @property
    def is_function(self) -> bool:
        """It invokes a Lambda function."""
        return self.service == "lambda" and bool(_FUNCTION.match(self.rest))


def parse_service(uri: str) -> ServiceUri | None:
    """The parts of an AWS integration's URI; None if it is not one."""
    match = _SERVICE_ARN.match(uri)
    if match is None:
        return None
    kind: Literal["path", "action"] = "path" if match["kind"] == "path" else "action"
    return ServiceUri(
        match["region"], match["service"], match["subdomain"] or "", kind, match["rest"]
    )


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
