"""Traffic as an API in use sees it, for benchmarks: the same exchanges for the same seed."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Final

import orjson

from inspector.gateway.effects import BackendAnswer, BackendFailure, BackendRequest, CallBackend
from inspector.gateway.environment import Environment
from inspector.gateway.trace import Step
from inspector.message import Headers, Request, Response
from inspector.model import Source
from inspector.recording.exchange import Exchange, Performed

RARE: Final = "golden retriever"
_RESOURCES: Final = (
    ("GET", "/pets", "/pets?page={page}", 20),
    ("GET", "/pets/{petId}", "/pets/{number}", 40),
    ("POST", "/pets", "/pets", 8),
    ("PUT", "/pets/{petId}", "/pets/{number}", 6),
    ("DELETE", "/pets/{petId}", "/pets/{number}", 2),
    ("GET", "/orders/{orderId}", "/orders/{number}", 15),
    ("POST", "/orders", "/orders", 6),
    ("GET", "/health", "/health", 3),
)
_SOURCE: Final = Source("petstore.yaml", 41, 7, "/paths/~1pets~1{petId}/get")
_NAMES: Final = ("Rex", "Milo", "Luna", "Bella", "Max", "Daisy", "Coco", "Rocky", "Nala", "Oscar")
_OK: Final = ("api", "route", "parameters", "integrate", "selection", "response")


def exchanges(count: int, *, end_us: int, seed: int = 7) -> Iterator[Exchange]:
    """`count` exchanges over the seven days before `end_us`, oldest first."""
    chance = random.Random(seed)
    weights = [weight for *_, weight in _RESOURCES]
    step = 7 * 86_400_000_000 // count
    for index in range(count):
        method, resource, pattern, _ = chance.choices(_RESOURCES, weights)[0]
        path = pattern.format(page=chance.randrange(50), number=chance.randrange(20_000))
        yield _exchange(chance, end_us - (count - index) * step, method, resource, path)


def _exchange(
    chance: random.Random, started_us: int, method: str, resource: str, path: str
) -> Exchange:
    luck = chance.random()
    status = 504 if luck < 0.004 else 403 if luck < 0.03 else 404 if luck < 0.07 else 200
    request_id = f"{chance.getrandbits(128):032x}"
    sent = b"" if method in {"GET", "DELETE"} else _pet(chance)
    body = _answer(chance, status, path)
    common = (("Content-Type", "application/json"), ("Content-Length", str(len(body))))
    headers = Headers((*common, ("x-amzn-RequestId", request_id), ("x-amz-apigw-id", "Kx8=")))
    request = Request(
        method,
        f"/dev{path}",
        Headers((("Host", "127.0.0.1:8080"), ("User-Agent", "curl/8.5"), ("Accept", "*/*"))),
        sent,
    )
    refused = status == 403
    duration = int(chance.lognormvariate(8.5, 0.9)) if status != 504 else 29_000_000
    return Exchange(
        started_us=started_us,
        duration_us=duration,
        request=request,
        response=Response(status, headers, body),
        environment=Environment(
            started_us // 1000, request_id, "Kx8=", f"1-{request_id[:8]}", "0" * 16
        ),
        host="127.0.0.1:8080",
        outcome="refused" if refused else "failed" if status == 504 else "answered",
        trace=_trace(refused, status, resource),
        performed=() if refused else (_call(request, path, status, common, body, duration),),
        api_id="abc123",
        stage="dev",
        resource=resource,
        definition="d" * 32,
        engine="0.1",
        stopped_at="route" if refused else "integrate" if status == 504 else None,
        response_type="MISSING_AUTHENTICATION_TOKEN" if refused else None,
        origin="replayed" if luck > 0.998 else "live",
        request_size=len(sent),
        response_size=len(body),
    )


def _answer(chance: random.Random, status: int, path: str) -> bytes:
    if status != 200:
        return orjson.dumps({"message": {403: "Missing Authentication Token"}.get(status, "No")})
    if "?" in path:
        return b"[" + b",".join(_pet(chance, n) for n in range(10)) + b"]"
    return _pet(chance)


def _pet(chance: random.Random, number: int | None = None) -> bytes:
    breed = RARE if chance.random() < 0.00002 else chance.choice(("beagle", "poodle", "mixed"))
    return orjson.dumps(
        {
            "id": chance.randrange(20_000) if number is None else number,
            "name": chance.choice(_NAMES),
            "breed": breed,
            "status": chance.choice(("available", "pending", "sold")),
            "price": chance.randrange(100),
        }
    )


def _trace(refused: bool, status: int, resource: str) -> tuple[Step, ...]:
    stages = _OK[:2] if refused else _OK
    steps = [
        Step(stage, "ok", f"{stage}.done", {"resource": resource}, _SOURCE) for stage in stages
    ]
    if refused:
        steps[-1] = Step("route", "refused", "route.none", {"looked_for": resource}, None)
    elif status == 504:
        steps[3:] = [Step("integrate", "failed", "integrate.timeout", {"ms": 29_000}, _SOURCE)]
    return tuple(steps)


def _call(
    request: Request,
    path: str,
    status: int,
    headers: tuple[tuple[str, str], ...],
    body: bytes,
    duration: int,
) -> Performed:
    url = f"http://127.0.0.1:9000{path}"
    effect = CallBackend(BackendRequest(request.method, url, request.headers, request.body), 29_000)
    if status == 504:
        return Performed(effect, BackendFailure("timeout", "no answer"), 100, duration)
    return Performed(effect, BackendAnswer(status, Headers(headers), body), 100, duration - 50)
