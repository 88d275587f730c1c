"""Compressed payloads, as the developer guide tells them."""

from __future__ import annotations

import gzip
import json
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.gateway.compression import NotOpened, coding_for, opened, packed
from inspector.testing import Gateway

TEXT = b'{"type": "dog", "price": 249.99}'
DOCUMENT = """
openapi: 3.0.1
info: {title: pets, version: '1'}
x-amazon-apigateway-minimum-compression-size: 10
paths:
  /pets:
    post:
      x-amazon-apigateway-integration:
        type: http
        httpMethod: POST
        uri: http://pets.example/pets
        requestTemplates: {application/json: "$input.path('$.type')"}
        responses: {default: {statusCode: '200'}}
"""


@pytest.fixture
def pets(tmp_path) -> Gateway:
    path = tmp_path / "api.yaml"
    path.write_text(DOCUMENT)
    return Gateway(path, backend=lambda _: b"x" * 100)


@given(body=st.binary(), coding=st.sampled_from(["gzip", "deflate"]))
def test_what_is_packed_opens_again(body: bytes, coding: str) -> None:
    assert opened(packed(body, coding), coding, 10_000) == body


@pytest.mark.parametrize(
    ("body", "coding"),
    [
        (gzip.compress(TEXT), "gzip"),
        (gzip.compress(TEXT), "GZIP"),
        (zlib.compress(TEXT), "deflate"),
        (zlib.compress(TEXT)[2:-4], "deflate"),
        (gzip.compress(zlib.compress(TEXT)), "deflate, gzip"),
        (TEXT, "identity"),
    ],
    ids=["gzip", "upper case", "deflate", "bare deflate", "two codings", "identity"],
)
def test_codings_of_requests(body: bytes, coding: str) -> None:
    assert opened(body, coding, 1000) == TEXT


@pytest.mark.parametrize(
    ("body", "coding", "reason"),
    [
        (TEXT, "br", "unsupported"),
        (TEXT, "gzip", "damaged"),
        (gzip.compress(TEXT)[:-9], "gzip", "damaged"),
        (gzip.compress(bytes(5000)), "gzip", "too-large"),
    ],
    ids=["unknown", "not packed", "cut off", "bomb"],
)
def test_what_cannot_be_opened(body: bytes, coding: str, reason: str) -> None:
    found = opened(body, coding, 1000)
    assert isinstance(found, NotOpened)
    assert found.reason == reason


@pytest.mark.parametrize(
    ("accept", "coding"),
    [
        ("gzip", "gzip"),
        ("deflate,gzip", "deflate"),
        ("deflate;q=0.5,gzip;q=1.0", "gzip"),
        ("gzip;q=1.0,identity;q=0.5,*;q=0", "gzip"),
        ("br, gzip;q=0.9", None),
        ("*", None),
        ("", None),
        (None, None),
        ("gzip;q=0", None),
    ],
)
def test_the_coding_of_an_answer(accept: str | None, coding: str | None) -> None:
    assert coding_for(accept) == coding


def test_a_template_sees_the_opened_body(pets: Gateway) -> None:
    headers = {"Content-Encoding": "gzip", "Content-Type": "application/json"}
    result = pets.post("/pets", headers=headers, body=gzip.compress(TEXT))
    assert result.backend_requests[0].body == b"dog"
    assert any("opened to 32" in sentence for sentence in result.story)


def test_a_body_that_is_not_what_it_says_is_415(pets: Gateway) -> None:
    result = pets.post("/pets", headers={"Content-Encoding": "gzip"}, body=TEXT)
    assert (result.status, json.loads(result.body)) == (415, {"message": "Unsupported Media Type"})
    assert not result.backend_requests


def test_an_answer_is_packed_for_who_asks(pets: Gateway) -> None:
    result = pets.post("/pets", headers={"Accept-Encoding": "gzip"}, body=b"{}")
    assert gzip.decompress(result.body) == b"x" * 100
    assert result.headers.get("Content-Encoding") == "gzip"
    assert result.headers.get("Content-Length") == str(len(result.body))
    plain = pets.post("/pets", body=b"{}")
    assert plain.body == b"x" * 100
    assert "Content-Encoding" not in plain.headers


def test_a_small_answer_is_not_packed(tmp_path) -> None:
    path = tmp_path / "api.yaml"
    path.write_text(DOCUMENT)
    gateway = Gateway(path, backend=lambda _: b"x" * 9)
    result = gateway.post("/pets", headers={"Accept-Encoding": "gzip"}, body=b"{}")
    assert result.body == b"x" * 9
