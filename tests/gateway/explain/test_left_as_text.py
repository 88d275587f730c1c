"""Why bytes went their way as text: what a client sent, and a function's base64."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.gateway.explain.asking import Asked
from tests.gateway.explain.test_failed_functions import REST

_NAME = "Properties: {Name: shop}"
_TYPES = "Properties: {Name: shop, BinaryMediaTypes: [image/png, 'font/*']}"
_ANSWER = {"statusCode": 200, "body": "AAEC", "isBase64Encoded": True}


def _asked(text: str, folder: Path, **more: object) -> Asked:
    answer = {**_ANSWER, **more}
    return Asked(folder, text, name="template.yaml", function=lambda _: answer)


@pytest.mark.parametrize(
    ("types", "accept", "why", "remedy"),
    [
        (_NAME, "image/png", "the API declares no binaryMediaTypes", "Declare the type"),
        (_TYPES, None, "the request has no Accept", "Send a type that is: image/png, font/*;"),
        (_TYPES, "text/html, image/png", "text/html, the first type of Accept, is none", "Send a"),
        (_TYPES, "*/*", "*/*, the first type of Accept, is none", "or declare */*"),
    ],
)
def test_the_cause_and_the_remedy(
    types: str, accept: str | None, why: str, remedy: str, tmp_path: Path
) -> None:
    asked = _asked(REST.replace(_NAME, types), tmp_path)
    headers = {} if accept is None else {"Accept": accept}
    [note] = asked.why("GET", "/", headers=headers).notes
    assert note.rule == "map-response.left-as-text"
    assert why in note.text
    assert note.remedy is not None
    assert remedy in note.remedy
    assert note.source is not None
    assert note.source.line == asked.line("  Api:" if types == _NAME else types)


@pytest.mark.parametrize(
    ("accept", "more"), [("image/png", {}), ("text/html", {"isBase64Encoded": False})]
)
def test_nothing_is_said_of_what_was_meant(
    accept: str, more: dict[str, object], tmp_path: Path
) -> None:
    asked = _asked(REST.replace(_NAME, _TYPES), tmp_path, **more)
    assert asked.why("GET", "/", headers={"Accept": accept}).notes == ()


@pytest.mark.parametrize("sent", ["multipart/form-data; boundary=x", None])
def test_a_body_of_bytes_that_is_no_binary_type(sent: str | None, tmp_path: Path) -> None:
    asked = _asked(REST.replace(_NAME, _TYPES), tmp_path, isBase64Encoded=False)
    headers = {} if sent is None else {"Content-Type": sent}
    [note] = asked.why("GET", "/", headers=headers, body=b"\xff\xfe").notes
    assert note.rule == "map-request.left-as-text"
    assert "with bytes lost" in note.text
    assert note.remedy is not None
    assert ("multipart/form-data" if sent else "*/*") in note.remedy
    assert note.source is not None
    assert note.source.line == asked.line(_TYPES)


@pytest.mark.parametrize(
    ("sent", "body"), [("image/png", b"\xff\xfe"), ("text/plain", "grüße".encode()), (None, b"")]
)
def test_a_body_that_arrives_whole(sent: str | None, body: bytes, tmp_path: Path) -> None:
    asked = _asked(REST.replace(_NAME, _TYPES), tmp_path, isBase64Encoded=False)
    headers = {} if sent is None else {"Content-Type": sent}
    assert asked.why("GET", "/", headers=headers, body=body).notes == ()
