"""The status that a MOCK's request template chooses: JSON, and what comes near it."""

from __future__ import annotations

import pytest

from inspector.gateway.mock import status_of
from inspector.model import Mock
from tests.gateway.build import SOURCE, ask, integration_response, request, serve, templates


@pytest.mark.parametrize(
    "rendered",
    [
        '{"statusCode": 200}',
        '\n\n  {"statusCode": 200} \n',
        '{"a": {"b": 1, "statusCode": 500}, "statusCode": 200}',
        '{"statusCode": 200, "a": {"b": 1, "statusCode": 500}}',
        '{"list": [{"a": 1}, {"b": 2}], "statusCode": 200}',
        '{"a": "x,y:{", "statusCode": 200}',
        "{statusCode: 200, headers: {a: 1, b: [x, y]}}",
        "{headers: {statusCode: 500, a: '}'}, statusCode: 200}",
        "{list: [{a: 1}, {b: 2}], statusCode: 200}",
        "{statusCode: 200,}",
        "{'statusCode': 200, 'it': 's'}",
        "{statusCode: 200, list: [a b], c: d}",
    ],
)
def test_a_whole_number_at_the_top_is_the_status(rendered: str) -> None:
    assert status_of(rendered) == 200


@pytest.mark.parametrize(
    "rendered",
    [
        "", "null", "200", "[]", "{}", "statusCode: 200", '{"statusCode": "200"}',
        '{"statusCode": 200.5}', '{"statusCode": 2e2}', '{"statusCode": null}',
        '{"statusCode": true}', '{"statusCode": 200', '{"a": {"statusCode": 200}}',
        "{a: {statusCode: 200}}", "{statusCode: 200, what: {}foo: [ba r]}", "{statusCode: 200, a: [}",
        "{statusCode: 200, {foo: [ba r]}",
    ],
)  # fmt: skip
def test_anything_else_is_none(rendered: str) -> None:
    assert status_of(rendered) is None


@pytest.mark.parametrize("number", [0, -1000])
def test_a_number_that_is_no_status_selects_the_default(number: int) -> None:
    """Fact 62: any whole number will do at that stage."""
    integration = Mock(
        source=SOURCE,
        request_templates=templates(json=f'{{"statusCode": {number}}}'),
        responses=(integration_response("200", r"2\d{2}"), integration_response("404")),
    )
    assert ask(serve({"GET /": integration}), request("GET", "/dev/")).response.status == 404
