"""The URI of an AWS integration: which service it calls, and what of it.

Source: the API reference, PutIntegration, `uri`:
`arn:aws:apigateway:{region}:[{subdomain}.]{service}:path|action/{service_api}`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

_SERVICE_ARN = re.compile(
    r"arn:[^:/]+:apigateway:(?P<region>[^:]*):"
    r"(?:(?P<subdomain>[^:/]+)\.)?(?P<service>[^:./]+):(?P<kind>path|action)/(?P<rest>.*)\Z",
    re.DOTALL,
)
_FUNCTION = re.compile(
    r"/?\d{4}-\d{2}-\d{2}/functions/.+?/(?:response-streaming-)?invocations/?\Z", re.DOTALL
)


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
