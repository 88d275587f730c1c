"""Made-up traffic of a pet shop: real answers of the pipeline, in any number, for the screen."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from inspector.definitions import Bundle, Options, read
from inspector.gateway.deploy import ServedApi, deploy
from inspector.gateway.effects import (
    BackendAnswer,
    BackendFailure,
    BackendStream,
    CallBackend,
    Effect,
    Reply,
    StreamEnded,
)
from inspector.gateway.pipeline import converse
from inspector.message import Headers, Request, Response
from inspector.recording.exchange import Exchange, Performed
from inspector.recording.writer import Writer
from inspector.runtime.drive import drive
from tests.gateway.build import ENVIRONMENT

MORNING_US = 1_763_985_851_204_000
GAP_US = 437_000
PNG = (
    bytes.fromhex("89504e470d0a1a0a0000000d49484452000000200000001808060000000a1b2c3d") + b"\0" * 90
)

DEFINITION = """\
openapi: 3.0.3
info: { title: petstore, version: "1.0" }
paths:
  /pets:
    get:
      responses: { "200": { description: the pets } }
      x-amazon-apigateway-integration: &pets
        type: http_proxy
        httpMethod: ANY
        uri: https://pets.example.com/pets
    post:
      responses: { "201": { description: made } }
      x-amazon-apigateway-integration: *pets
  /pets/{petId}:
    get:
      parameters: [{ name: petId, in: path, required: true, schema: { type: string } }]
      responses:
        "200": { description: the pet, headers: { ETag: { schema: { type: string } } } }
        "404": { description: no such pet }
      x-amazon-apigateway-integration:
        type: http
        httpMethod: GET
        uri: https://pets.example.com/v1/animals/{animal}
        requestParameters:
          integration.request.path.animal: method.request.path.petId
          integration.request.header.X-Shop: "'downtown'"
          integration.request.header.X-Request-Id: context.requestId
        responses:
          "2\\\\d{2}":
            statusCode: "200"
            responseParameters:
              method.response.header.ETag: integration.response.header.ETag
          "404": { statusCode: "404" }
  /events:
    get:
      responses: { "200": { description: a stream } }
      x-amazon-apigateway-integration: *pets
  /report:
    get:
      responses: { "200": { description: late } }
      x-amazon-apigateway-integration:
        type: http_proxy
        httpMethod: GET
        uri: https://reports.example.com/daily
        timeoutInMillis: 300
  /photos/{name}:
    get:
      responses: { "200": { description: a picture } }
      x-amazon-apigateway-integration: *pets
  /health:
    get:
      responses: { "200": { description: fine } }
      x-amazon-apigateway-integration:
        type: mock
        requestTemplates: { application/json: '{"statusCode": 200}' }
        responses: { default: { statusCode: "200" } }
"""
BUNDLE = Bundle({"petstore.yaml": DEFINITION}, Options())

_PETS = [
    {"id": 1, "name": "Ada", "species": "dog", "tags": ["calm", "old"], "price": 120.50},
    {"id": 2, "name": "Miró", "species": "cat", "tags": [], "price": 80.00},
    {"id": 3, "name": "Ćwik", "species": "tortoise", "owner": {"name": "Zoë", "city": "Łódź"}},
]
_CLIENT = [
    ("Host", "127.0.0.1:8080"),
    ("User-Agent", "shop-frontend/2.4"),
    ("Accept", "application/json"),
    ("Authorization", "Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbm4ifQ.c2lnbmF0dXJl"),
]
_NEW = b'{"name":"Rex","species":"dog","born":"2024-05-01","weight":12.50}'

REQUESTS: tuple[tuple[str, str, bytes], ...] = (
    ("GET", "/dev/pets?status=available&limit=20", b""),
    ("GET", "/dev/pets/2", b""),
    ("POST", "/dev/pets", _NEW),
    ("GET", "/dev/health", b""),
    ("GET", "/dev/pets/99", b""),
    ("GET", "/dev/admin", b""),
    ("GET", "/dev/pets/7?fields=name%20and%20price&verbose", b""),
    ("GET", "/dev/photos/miro.png", b""),
    ("GET", "/dev/report", b""),
    ("GET", "/dev/events", b""),
    ("PATCH", "/dev/pets", b'{"name":"nobody"}'),
    ("GET", "/dev/pets/3", b""),
    ("GET", "/prod/pets", b""),
)


def served() -> ServedApi:
    """The shop's API, deployed."""
    loaded = read(BUNDLE)
    assert not loaded.broken, loaded.diagnostics
    return deploy(loaded.apis).apis[0]


def _backend(effect: Effect) -> Reply:
    if not isinstance(effect, CallBackend):
        return StreamEnded(6_200_000, b'data: {"sold": 1}\n\n' * 40)
    url = effect.request.url
    kind = [("Content-Type", "application/json; charset=utf-8"), ("Server", "shop/1.9")]
    if "reports." in url:
        return BackendFailure("timeout", "no answer within 300 ms")
    if url.endswith("/99"):
        return BackendAnswer(404, Headers.of(kind), b'{"error":"no such pet","id":"99"}')
    if effect.request.method == "POST":
        body = b'{"id":4,' + effect.request.body[1:]
        return BackendAnswer(201, Headers.of([*kind, ("Location", "/pets/4")]), body)
    if "/animals/" in url:
        pet = _PETS[len(url) % 3]
        body = json.dumps(pet, ensure_ascii=False, separators=(",", ":")).encode()
        return BackendAnswer(200, Headers.of([*kind, ("ETag", '"pet-2"')]), body)
    body = json.dumps({"pets": _PETS, "next": None}, ensure_ascii=False).encode()
    return BackendAnswer(200, Headers.of(kind), body)


def exchange(
    api: ServedApi, number: int, method: str, target: str, body: bytes = b"", **fields: object
) -> Exchange:
    """One exchange as the gateway would have recorded it."""
    headers = [*_CLIENT, ("Content-Type", "application/json")] if body else _CLIENT
    request = Request(method, target, Headers.of(headers), body)
    performed: list[Performed] = []

    def perform(effect: Effect) -> Reply:
        reply = _reply(target, effect)
        spent = 301_000 if isinstance(reply, BackendFailure) else 3_100 + number % 7 * 1_900
        performed.append(Performed(effect, reply, 400, 400 + spent))
        return reply

    answer = drive(converse(api, request, ENVIRONMENT), perform)
    response, size = answer.response, len(answer.response.body)
    ended = performed[-1].reply if performed else None
    if isinstance(ended, StreamEnded):
        response, size = Response(response.status, response.headers, ended.kept), ended.size
    spent = performed[-1].ended_us if performed else 300 + number % 5 * 90
    known: dict[str, object] = {
        "started_us": MORNING_US + number * GAP_US,
        "duration_us": spent + 600,
        "request": request,
        "response": response,
        "environment": replace(ENVIRONMENT, time_ms=(MORNING_US + number * GAP_US) // 1000),
        "host": "127.0.0.1:8080",
        "outcome": answer.outcome,
        "trace": answer.trace,
        "performed": tuple(performed),
        "api_id": answer.api_id,
        "stage": answer.stage,
        "resource": answer.resource,
        "definition": BUNDLE.digest,
        "stopped_at": answer.stopped_at,
        "response_type": answer.response_type,
        "request_size": len(body),
        "response_size": size,
        "body_cap": 760 if size > len(response.body) else None,
    }
    return Exchange(**{**known, **fields})  # type: ignore[arg-type]


def _reply(target: str, effect: Effect) -> Reply:
    if target.endswith("/events") and isinstance(effect, CallBackend):
        return BackendStream(200, Headers.of([("Content-Type", "text/event-stream")]))
    if target.endswith(".png"):
        return BackendAnswer(200, Headers.of([("Content-Type", "image/png")]), PNG)
    return _backend(effect)


def passed(number: int) -> Exchange:
    """An exchange with a host that no definition is held for."""
    headers = Headers.of([("Host", "auth.example.net"), ("User-Agent", "shop-frontend/2.4")])
    answer = Response(
        200, Headers.of([("Content-Type", "application/json")]), b'{"access_token":"s3cr3t"}'
    )
    return Exchange(
        started_us=MORNING_US + number * GAP_US,
        duration_us=48_200,
        request=Request("POST", "/oauth2/token", headers, b"grant_type=client_credentials"),
        response=answer,
        environment=replace(ENVIRONMENT, scheme="https"),
        host="auth.example.net",
        outcome="passed",
        request_size=29,
        response_size=25,
    )


def traffic(count: int) -> Iterable[Exchange]:
    """So many exchanges, the same ones over and over, with the time going on."""
    api = served()
    for number in range(count):
        if number % 17 == 11:
            yield passed(number)
        else:
            yield exchange(api, number, *REQUESTS[number % len(REQUESTS)])


def record(path: Path, exchanges: Iterable[Exchange]) -> Path:
    """A recording that holds them."""
    writer = Writer(path)
    writer.define(BUNDLE.digest, BUNDLE.to_json())
    for each in exchanges:
        writer.put(each)
    assert writer.flush(30)
    writer.close()
    return path
