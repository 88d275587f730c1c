"""Which API, which stage; and the limits that hold before either is asked.

Sources: captures-2026.md section 4 (a stage that does not exist: 403 ForbiddenException, 23
bytes). The answer to a body over 10 MB is plain text without Amazon's headers and cannot be
customised: pasted from an EDGE API in koki-develop/lgtm-generator#10 (September 2021); whether
REGIONAL APIs say the same is not known.
"""

from __future__ import annotations

from inspector.gateway.deploy import ServedApi
from inspector.gateway.environment import Environment
from inspector.gateway.paths import split
from inspector.gateway.refusal import Refusal
from inspector.gateway.results import Resolved
from inspector.gateway.trace import Step
from inspector.message import Request

#: Bytes; the quota page's "payload size" of REST APIs.
PAYLOAD_LIMIT = 10_485_760
TOO_LARGE_BODY = f"HTTP content length exceeded {PAYLOAD_LIMIT} bytes.".encode()


def resolve(
    served: ServedApi, request: Request, environment: Environment, trace: list[Step]
) -> Resolved | Refusal:
    """Find the stage in the first segment of the path."""
    target = split(request.target)
    deployment = served.deployments.get(target.stage)
    facts = {"api": served.api.id, "stage": target.stage, "host": request.host}
    if len(request.body) > PAYLOAD_LIMIT:
        size = {"size": len(request.body), "limit": PAYLOAD_LIMIT}
        return Refusal(
            "resolve", "resolve.too-large", "REQUEST_TOO_LARGE", {**facts, **size},
            served.api.source, customizable=False,
        )  # fmt: skip
    if deployment is None:
        return Refusal(
            "resolve",
            "resolve.unknown-stage",
            "ACCESS_DENIED",
            {**facts, "stages": list(served.deployments)},
            served.api.source,
            message="Forbidden",
            customizable=False,
        )
    trace.append(Step("resolve", "ok", "resolve.stage", facts, deployment.stage.source))
    return Resolved(deployment, target, request, environment)
