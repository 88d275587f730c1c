"""What needs a preflight and what an answer has to say, by the Fetch standard.

That a real browser judges alike is `test_in_chromium`.
"""

from __future__ import annotations

import pytest

from inspector.gateway.browser.asking import ScriptCall, ScriptHeader, preflight_of
from inspector.gateway.browser.judging import judge, unreadable
from inspector.gateway.browser.words import sentence, value_for
from inspector.message import Headers, Response

PAGE = "https://shop.example"


@pytest.mark.parametrize(
    ("method", "headers", "asked"),
    [
        ("GET", [], None),
        ("head", [], None),
        ("POST", [("Content-Type", "text/plain;charset=UTF-8"), ("Accept", "*/*")], None),
        ("POST", [("Content-Type", "multipart/form-data; boundary=x")], None),
        ("POST", [("Content-Type", "application/json")], "content-type"),
        ("POST", [("content-type", None)], "content-type"),
        ("GET", [("Accept-Language", "de, en;q=0.5")], None),
        ("GET", [("Accept-Language", "de<")], "accept-language"),
        ("GET", [("Accept", 'a"b')], "accept"),
        ("GET", [("Accept", "a" * 129)], "accept"),
        ("GET", [("Range", "bytes=0-99")], None),
        ("GET", [("Range", "bytes=0-9,20-29")], "range"),
        ("GET", [("X-Two", "2"), ("Authorization", "t"), ("x-two", "3")], "authorization,x-two"),
        ("GET", [("Cookie", "a"), ("Sec-Fetch-Mode", "x"), ("Host", "y")], None),
        ("PUT", [], ""),
        ("delete", [], ""),
        ("patch", [], ""),
    ],
)
def test_what_a_browser_asks_before(
    method: str, headers: list[ScriptHeader], asked: str | None
) -> None:
    call = ScriptCall(PAGE, method, tuple(headers))
    assert call.needs_preflight is (asked is not None)
    if asked is None:
        return
    request = preflight_of(call, "/dev/pets", "api.example")
    assert request.method == "OPTIONS"
    assert request.headers.get("Access-Control-Request-Headers") == (asked or None)
    spelt = "patch" if method == "patch" else method.upper()
    assert request.headers.get("Access-Control-Request-Method") == spelt
    assert request.headers.get("Origin") == PAGE


def answer(status: int = 200, **allow: str) -> Response:
    fields = [(f"Access-Control-{name.replace('_', '-')}", value) for name, value in allow.items()]
    return Response(status, Headers.of(fields))


GOOD = {"Allow_Origin": PAGE, "Allow_Methods": "GET, PUT", "Allow_Headers": "X-One, x-two"}


@pytest.mark.parametrize(
    ("changed", "call", "rule"),
    [
        ({}, {}, None),
        ({"Allow_Origin": "*"}, {}, None),
        ({"Allow_Headers": "*", "Allow_Methods": "*"}, {}, None),
        ({"Allow_Credentials": "true"}, {"credentials": True}, None),
        ({"Allow_Origin": "https://SHOP.example"}, {}, "origin"),
        ({"Allow_Origin": f"{PAGE}/"}, {}, "origin"),
        ({"Allow_Origin": f"{PAGE}, *"}, {}, "origin-several"),
        ({"Allow_Origin": "*"}, {"credentials": True}, "wildcard-credentials"),
        ({}, {"credentials": True}, "credentials"),
        ({"Allow_Credentials": "TRUE"}, {"credentials": True}, "credentials"),
        ({"Allow_Methods": "GET"}, {}, "method"),
        ({"Allow_Methods": "GET; PUT"}, {}, "list"),
        ({"Allow_Headers": "x-two"}, {}, "header"),
        ({"Allow_Headers": "x-one x-two"}, {}, "list"),
        ({"Allow_Headers": "*", "Allow_Credentials": "true"}, {"credentials": True},
         "wildcard-credentials"),
    ],
)  # fmt: skip
def test_a_preflights_answer(
    changed: dict[str, str], call: dict[str, bool], rule: str | None
) -> None:
    asked = ScriptCall(PAGE, "PUT", (("X-One", "1"),), **call)
    found = judge(asked, answer(**{**GOOD, **changed}), None)
    assert (found.first and found.first.rule) == rule
    assert found.allowed is (rule is None)
    assert all(sentence(check) for check in found.checks)


def test_the_status_of_a_preflight() -> None:
    call = ScriptCall(PAGE, "PUT")
    for status, allowed in ((200, True), (204, True), (299, True), (301, False), (401, False)):
        assert judge(call, answer(status, **GOOD), None).allowed is allowed


def test_an_answer_may_be_an_error_and_still_be_seen() -> None:
    call = ScriptCall(PAGE)
    assert judge(call, None, answer(500, Allow_Origin="*")).allowed
    missing = judge(call, None, answer(403)).first
    assert missing is not None
    assert (missing.rule, value_for(missing)) == ("origin-missing", PAGE)


def test_a_star_and_authorization() -> None:
    """Browsers let it pass, the standard does not: told, not refused."""
    call = ScriptCall(PAGE, "GET", (("Authorization", "t"),))
    found = judge(call, answer(Allow_Origin="*", Allow_Headers="*"), None)
    assert found.allowed
    assert [check.asked for check in found.doubtful] == ["authorization"]
    assert "the standard does not" in sentence(found.doubtful[0])


def test_what_would_pass() -> None:
    call = ScriptCall(PAGE, "PUT", (("X-Three", "3"),))
    found = judge(call, answer(Allow_Origin=PAGE, Allow_Headers="x-one", Allow_Methods="GET"), None)
    wanted = {check.what: value_for(check) for check in found.checks if not check.ok}
    assert wanted == {
        "Access-Control-Allow-Methods": "GET,PUT",
        "Access-Control-Allow-Headers": "x-one,x-three",
    }


def test_what_a_script_cannot_read() -> None:
    fields = [("Content-Type", "x"), ("X-Total", "7"), ("X-Page", "1"),
              ("Access-Control-Expose-Headers", "x-total")]  # fmt: skip
    response = Response(200, Headers.of(fields))
    assert unreadable(response, ScriptCall(PAGE)) == ["X-Page"]
    star = Response(200, Headers.of([*fields[:-1], ("Access-Control-Expose-Headers", "*")]))
    assert unreadable(star, ScriptCall(PAGE)) == []
    assert unreadable(star, ScriptCall(PAGE, credentials=True)) == ["X-Page", "X-Total"]
