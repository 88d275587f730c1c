"""What a template's run shows: names that are nearly there, output that is no JSON, statuses it set."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from inspector.gateway.effects import BackendAnswer
from inspector.gateway.explain import Explanation
from inspector.message import Headers
from tests.gateway.explain.asking import Asked, line_of

API = """\
openapi: 3.0.1
info: {title: toys, version: '1'}
paths:
  /toys/{id}:
    get:
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses: {'200': {description: ok}, '404': {description: none}}
      x-amazon-apigateway-integration:
        type: http
        httpMethod: GET
        uri: https://toys.example.com/toys
        responses:
          default:
            statusCode: '200'
            responseTemplates:
              application/json: |
                #set($toy = $input.path('$.Toy'))
                #if($toy == "")
                #set($context.responseOverride.status = 404)
                {"error": "none", "request": "$context.requestId"}
                #else
                {"name": "$toy.title", "parts": [
                #foreach($part in $toy.parts)
                  {"id": "$part.number"}#if($foreach.hasNext),#end

                #end
                ]}
                #end
"""
FOUND = {"Toy": {"title": "bear", "parts": [{"number": "1"}, {"number": "2"}]}}


def _why(folder: Path, old: str, new: str, answer: object = FOUND) -> tuple[Explanation, int]:
    """The explanation, and the line that was changed."""
    assert API.count(old) == 1, old
    asked = Asked(folder, API.replace(old, new), backend=lambda _: answer)
    pairs = zip(API.splitlines(), asked.text.splitlines(), strict=True)
    [changed] = [number for number, (one, other) in enumerate(pairs, 1) if one != other]
    return asked.why("GET", "/toys/7"), changed


def test_nothing_is_said_of_templates_that_do_what_they_should(tmp_path: Path) -> None:
    asked = Asked(tmp_path, API, backend=lambda _: FOUND)
    found = asked.why("GET", "/toys/7")
    assert found.sentence == "Nothing was refused: the client was answered 200."


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("$toy.title", "$toy.titel", "the data has title"),
        ("$part.number", "$prt.number", "Nothing sets `$prt`"),
        ("$part.number", "$part.Number", "the data has number"),
        ("#if($foreach.hasNext),#end", " ", "no JSON"),
        ("                ]}", "                ]", "no JSON"),
        ("#else", "#esle", "no directive or macro"),
    ],
)
def test_a_slip_in_what_was_answered_is_noted(
    old: str, new: str, said: str, tmp_path: Path
) -> None:
    found, changed = _why(tmp_path, old, new)
    assert found.status == 200
    assert line_of(found) == changed, found.sentence
    assert said in found.sentence


@pytest.mark.parametrize(
    ("old", "new", "answer"),
    [
        ("$input.path('$.Toy')", "$input.path('$.Toys')", FOUND),
        ('#if($toy == "")', '#if($toy != "")', FOUND),
        ("#set($toy =", "#set($toys =", FOUND),
        ("status = 404", "status = 410", {}),
    ],
)
def test_a_status_that_the_template_set(old: str, new: str, answer: object, tmp_path: Path) -> None:
    found, changed = _why(tmp_path, old, new, answer)
    assert found.status in (404, 410)
    assert f"The response template set the status {found.status}" in found.sentence
    assert line_of(found) == changed


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("responseOverride.status", "responseOverride.statusCode"),
        ("$context.requestId", "$context.requestID"),
    ],
)
def test_a_member_of_the_context_that_is_none(old: str, new: str, tmp_path: Path) -> None:
    found, changed = _why(tmp_path, old, new, {})
    assert line_of(found) == changed


def test_a_quote_left_open_is_named_where_it_opens(tmp_path: Path) -> None:
    found, changed = _why(tmp_path, "$input.path('$.Toy'))", "$input.path('$.Toy))")
    assert found.rule == "map-response.template-failed"
    assert line_of(found) == changed


STATUSES = """\
openapi: 3.0.1
info: {title: toys, version: '1'}
paths:
  /toys:
    post:
      responses: {'201': {description: made}, '409': {description: there}}
      x-amazon-apigateway-integration:
        type: http
        httpMethod: POST
        uri: https://toys.example.com/toys
        responses:
          default:
            statusCode: '201'
          '400':
            statusCode: '409'
  /mock:
    get:
      responses: {'204': {description: fine}}
      x-amazon-apigateway-integration:
        type: mock
        requestTemplates:
          application/json: '{"statusCode": 204}'
        responses:
          default:
            statusCode: '204'
"""


def _answering(status: int) -> BackendAnswer:
    return BackendAnswer(status, Headers(), json.dumps({"a": 1}).encode())


@pytest.mark.parametrize(
    ("old", "new", "method", "path", "status"),
    [
        ("statusCode: '201'", "statusCode: '200'", "POST", "/toys", 200),
        ("statusCode: '409'", "statusCode: '201'", "POST", "/toys", 400),
        ("statusCode: '409'", "statusCode: '400'", "POST", "/toys", 400),
        ("'400':", "'404':", "POST", "/toys", 400),
        ("statusCode: '204'", "statusCode: '200'", "GET", "/mock", 0),
        ("{'204': {d", "{'200': {d", "GET", "/mock", 0),
        ('{"statusCode": 204}', '{"statusCode": 500}', "GET", "/mock", 0),
    ],
)
def test_a_status_that_does_not_go_with_the_others(
    old: str, new: str, method: str, path: str, status: int, tmp_path: Path
) -> None:
    assert STATUSES.count(old) == 1, old
    text = STATUSES.replace(old, new)
    asked = Asked(tmp_path, text, backend=lambda _: _answering(status))
    pairs = zip(STATUSES.splitlines(), text.splitlines(), strict=True)
    [changed] = [number for number, (one, other) in enumerate(pairs, 1) if one != other]
    found = asked.why(method, path)
    assert line_of(found) == changed, found.sentence


def test_a_pattern_that_takes_successes_too(tmp_path: Path) -> None:
    text = STATUSES.replace("'400':", "'[24]\\d\\d':")
    asked = Asked(tmp_path, text, backend=lambda _: _answering(200))
    found = asked.why("POST", "/toys")
    assert line_of(found) == asked.line("'[24]")
    assert "successes and errors alike" in found.sentence


def test_a_page_of_html_is_told_by_its_title(tmp_path: Path) -> None:
    text = STATUSES.replace("type: http\n", "type: aws\n").replace(
        "uri: https://toys.example.com/toys", "uri: arn:aws:apigateway:us-east-1:sqs:action/Nope"
    )
    page = b"<!doctype html>\n<html>\n<title>500 It\n broke</title>\n<p>long</p>"
    headers = Headers.of([("Content-Type", "text/html")])
    asked = Asked(tmp_path, text, service=lambda _: BackendAnswer(500, headers, page))
    found = asked.why("POST", "/toys")
    assert "500 It broke" in found.sentence
    assert "<" not in found.sentence
    assert found.remedy is not None
