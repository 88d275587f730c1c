"""Which stage; and the limits that hold before anything is asked.

Sources: http-api.md, sections 1 and 2; captures-2026.md, section 4 (no stage: 404, 23 bytes). The
answers to a body over 10 MB and to too many bytes of headers are users' reports, not recorded.
"""

from __future__ import annotations

from inspector.gateway.environment import Environment
from inspector.gateway.http_api.deploy import ServedHttpApi
from inspector.gateway.http_api.paths import split
from inspector.gateway.http_api.refusal import HttpRefusal
from inspector.gateway.http_api.results import Staged
from inspector.gateway.trace import Fact, Step
from inspector.message import Request

#: Bytes; the quota page's "payload size" of HTTP APIs.
PAYLOAD_LIMIT = 10_485_760
#: Bytes of the request line and all headers together.
HEAD_LIMIT = 10_240
#: What stands between the parts of a line of the head: blanks, colon, line ends, the protocol.
_AROUND_LINE, _AROUND_FIELD = len("  HTTP/1.1\r\n"), len(": \r\n")


def resolve(
    served: ServedHttpApi, request: Request, environment: Environment, trace: list[Step]
) -> Staged | HttpRefusal:
    """Find the stage in the first segment of the path, or take `$default`."""
    target = split(request.target, served.deployments)
    deployment = served.deployments.get(target.stage)
    facts: dict[str, Fact] = {
        "api": served.api.id,
        "stage": target.stage,
        "host": request.host,
    }
    if len(request.body) > PAYLOAD_LIMIT:
        facts |= {"size": len(request.body), "limit": PAYLOAD_LIMIT}
        return HttpRefusal(
            "resolve", "resolve.too-large", "REQUEST_TOO_LARGE", facts, served.api.source
        )
    size = _size_of_head(request)
    if size > HEAD_LIMIT:
        facts |= {"size": size, "limit": HEAD_LIMIT}
        return HttpRefusal(
            "resolve", "resolve.head-too-large", "REQUEST_HEADERS_TOO_LARGE", facts,
            served.api.source,
        )  # fmt: skip
    if deployment is None:
        facts["stages"] = list(served.deployments)
        code = "resolve.no-default-stage"
        return HttpRefusal("resolve", code, "NOT_FOUND", facts, served.api.source)
    trace.append(Step("resolve", "ok", "resolve.stage", facts, deployment.stage.source))
    return Staged(deployment, target, request, environment)


def _size_of_head(request: Request) -> int:
    line = len(request.method) + len(request.target) + _AROUND_LINE
    return line + sum(
        len(name) + len(value) + _AROUND_FIELD for name, value in request.headers.fields
    )
