"""Imports beyond the recorded cases (which tests/facts runs)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.facts.imports import run as shortfalls


def _case(document: dict[str, Any], expect: dict[str, Any], **more: Any) -> dict[str, Any]:
    base = {"openapi": "3.0.1", "info": {"title": "t", "version": "1"}}
    return {"api": {**base, **document}, "expect": expect, **more}


def _mock(**more: Any) -> dict[str, Any]:
    integration = {"type": "mock", "responses": {"default": {"statusCode": 200}}, **more}
    return {"get": {"x-amazon-apigateway-integration": integration}}


def test_merging_appends_binary_media_types_and_overwriting_replaces_them() -> None:
    """Fact 276."""
    document = {
        "paths": {"/pets": _mock()},
        "x-amazon-apigateway-binary-media-types": ["image/png", "image/jpg"],
    }
    existing = {"binaryMediaTypes": ["image/heif"]}
    merged = {"binaryMediaTypes": ["image/heif", "image/png", "image/jpg"]}
    replaced = {"binaryMediaTypes": ["image/png", "image/jpg"]}
    assert list(shortfalls(_case(document, merged, existing=existing, mode="merge"))) == []
    assert list(shortfalls(_case(document, replaced, existing=existing, mode="overwrite"))) == []


def test_merging_keeps_the_other_resources_and_methods() -> None:
    before = {"openapi": "3.0.1", "info": {"title": "t"}, "paths": {"/a": _mock(), "/b": _mock()}}
    document = {"paths": {"/a": {"post": _mock()["get"]}}}
    methods = {
        f"{verb} {path}": {} for verb, path in (("GET", "/a"), ("POST", "/a"), ("GET", "/b"))
    }
    expect = {"resources": ["/", "/a", "/b"], "methods": methods}
    case = _case(document, expect, existing={"api": before}, mode="merge")
    assert list(shortfalls(case)) == []
    case = _case(document, {"resources": ["/", "/a"]}, existing={"api": before}, mode="overwrite")
    assert list(shortfalls(case)) == []


@pytest.mark.parametrize(
    ("mode", "resources"),
    [
        ("ignore", ["/", "/test"]),
        ("prepend", ["/", "/base-url", "/base-url/part", "/base-url/part/test"]),
        ("split", ["/", "/part", "/part/test"]),
    ],
)
def test_base_paths_are_ignored_prepended_or_split(mode: str, resources: list[str]) -> None:
    """Fact 273, in Swagger and in OpenAPI."""
    server = {"servers": [{"url": "https://api.example.com/base-url/part/"}]}
    parameters = {"basepath": mode}
    openapi = _case({"paths": {"/test": _mock()}, **server}, {"resources": resources})
    swagger = _case(
        {"paths": {"/test": _mock()}, "basePath": "/base-url/part"}, {"resources": resources}
    )
    del swagger["api"]["openapi"]
    swagger["api"]["swagger"] = "2.0"
    assert list(shortfalls({**openapi, "parameters": parameters})) == []
    assert list(shortfalls({**swagger, "parameters": parameters})) == []


@pytest.mark.parametrize("url", ["https://api.example.com", "https://api.example.com/{other}/x"])
def test_a_variable_called_base_path_counts_without_a_reference(url: str) -> None:
    """Recorded (test_import_rest_api_with_base_path_oas30); guide, "OpenAPI basePath property"."""
    variables = {"basePath": {"default": "/base-var"}, "other": {"default": "o"}}
    second = {"url": "https://b.example.com/b", "variables": {"basePath": {"default": "second"}}}
    for servers in ([{"url": url, "variables": variables}, second], [{"url": url}, second]):
        name = "base-var" if "variables" in servers[0] else "second"
        expect = {"resources": ["/", f"/{name}", f"/{name}/test"]}
        case = _case({"paths": {"/test": _mock()}, "servers": servers}, expect)
        assert list(shortfalls({**case, "parameters": {"basepath": "prepend"}})) == []


def test_a_warning_names_the_resource_with_its_base_path() -> None:
    """Recorded: test_import_rest_api_with_base_path_oas30[prepend]."""
    parameters = {"integration.request.header.nothing": 1}
    warning = (
        "Invalid format for 'requestParameters'. Expected type string for property "
        "'integration.request.header.nothing' of resource '/b/test' and method 'GET' but got '1'"
    )
    document = {
        "paths": {"/test/": _mock(requestParameters=parameters)},
        "servers": [{"url": "https://x.example/b"}],
    }
    case = _case(document, {"warnings": [warning]})
    assert list(shortfalls({**case, "parameters": {"basepath": "prepend"}})) == []


def test_a_parameter_that_is_no_text_is_dropped_with_amazon_s_warning() -> None:
    """Fact 274: the boolean goes, the quoted text stays."""
    parameters = {
        "integration.request.header.nothing": True,
        "integration.request.header.x": "'True'",
    }
    warning = (
        "Invalid format for 'requestParameters'. Expected type string for property "
        "'integration.request.header.nothing' of resource '/test' and method 'GET' but got 'true'"
    )
    document = {"paths": {"/test": _mock(requestParameters=parameters)}}
    expect = {
        "warnings": [warning],
        "requestParameters": {"integration.request.header.x": "'True'"},
    }
    assert list(shortfalls(_case(document, expect))) == []


@pytest.mark.parametrize("text", ['{"openapi": ', "a: [", "- 1", "just text", ""])
def test_what_cannot_be_read_is_invalid_input(text: str) -> None:
    """Fact 275."""
    case = {"api_text": text or " ", "expect": {"error": "Invalid OpenAPI input."}}
    assert list(shortfalls(case)) == []


def test_the_cases_can_fall_short() -> None:
    document = {"paths": {"/test": _mock()}}
    expect = {
        "resources": ["/"],
        "error": "Invalid",
        "warnings": ["none such"],
        "apiKeySource": "?",
    }
    assert [each.what for each in shortfalls(_case(document, expect))] == list(expect)
