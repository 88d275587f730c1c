"""Random API documents as plain data, and the two notations they are written in."""

from __future__ import annotations

import json
from typing import Any

import yaml
from hypothesis import strategies as st

WORDS = st.text(alphabet="abcxyzé", min_size=1, max_size=6)
TEMPLATES = st.text(alphabet=list("ab$#{}'\"\\ é🙂:-\n"), max_size=30)
STATUSES = st.sampled_from(["200", "201", "404", "500"])
VERBS = st.sampled_from(["get", "post", "put", "x-amazon-apigateway-any-method"])
MEDIA_TYPES = st.sampled_from(["application/json", "text/plain", "image/*"])
ALPHANUMERIC = st.text(alphabet="abcXYZ019", min_size=1, max_size=8)
SOURCES = st.sampled_from(
    [
        "'literal'",
        "'it: {is}'",
        "method.request.header.X-A",
        "context.requestId",
        "method.request.body.a",
    ]
)


def mappings(target: str) -> st.SearchStrategy[dict[str, str]]:
    sources = st.sampled_from(["'literal'", "'it: {is}'", "context.requestId", "stageVariables.v"])
    return st.dictionaries(WORDS.map(lambda name: f"{target}.{name}"), sources, max_size=2)


def responses() -> st.SearchStrategy[dict[str, Any]]:
    response = st.fixed_dictionaries(
        {"statusCode": st.one_of(STATUSES, STATUSES.map(int))},
        optional={
            "responseTemplates": st.dictionaries(MEDIA_TYPES, TEMPLATES, max_size=2),
            "responseParameters": mappings("method.response.header"),
            "contentHandling": st.sampled_from(["CONVERT_TO_TEXT", "convert_to_binary"]),
        },
    )
    return st.dictionaries(
        st.sampled_from(["default", "2\\d{2}", "4..", ".*x"]), response, max_size=2
    )


def integrations() -> st.SearchStrategy[dict[str, Any]]:
    common: dict[str, Any] = {
        "requestTemplates": st.dictionaries(MEDIA_TYPES, TEMPLATES, max_size=2),
        "requestParameters": mappings("integration.request.header"),
        "responses": responses(),
        "passthroughBehavior": st.sampled_from(["when_no_match", "NEVER"]),
        "timeoutInMillis": st.integers(50, 29000),
    }
    http = {
        "type": st.sampled_from(["http", "http_proxy"]),
        "httpMethod": st.sampled_from(["GET", "POST", "ANY"]),
        "uri": WORDS.map(lambda word: f"http://127.0.0.1:8000/{word}"),
    }
    mock = st.fixed_dictionaries({"type": st.just("mock")}, optional=common)
    return st.one_of(mock, st.fixed_dictionaries(http, optional=common))  # type: ignore[arg-type]


def schemas() -> st.SearchStrategy[dict[str, Any]]:
    leaf = st.sampled_from([{"type": "string"}, {"type": "number", "minimum": 1.5}])
    properties = st.dictionaries(WORDS, leaf, max_size=3)
    return properties.map(lambda found: {"type": "object", "properties": found})


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    """An OpenAPI 3 document that Amazon would import and deploy."""
    operation = st.fixed_dictionaries(
        {"x-amazon-apigateway-integration": integrations()},
        optional={"operationId": WORDS, "summary": TEMPLATES},
    )
    part = st.one_of(WORDS.map(lambda word: word.replace("é", "e")), st.just("{id}"))
    path = st.lists(part, min_size=1, max_size=3).map(lambda parts: "/" + "/".join(parts))
    items = st.dictionaries(VERBS, operation, min_size=1, max_size=2)
    return {
        "openapi": "3.0.1",
        "info": {"title": draw(TEMPLATES.filter(str.strip)), "version": draw(ALPHANUMERIC)},
        "paths": draw(st.dictionaries(path, items, min_size=1, max_size=3)),
        "components": {"schemas": draw(st.dictionaries(ALPHANUMERIC, schemas(), max_size=2))},
    }


def as_yaml(document: dict[str, Any], style: str | None, *, flow: bool) -> str:
    text: str = yaml.safe_dump(
        document, default_style=style, default_flow_style=flow, allow_unicode=True, sort_keys=False
    )
    return text


def as_json(document: dict[str, Any], indent: int | None) -> str:
    return json.dumps(document, indent=indent, ensure_ascii=indent is None)
