"""YAML or JSON: one model; and every Source holds what it says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inspector.definitions import Bundle, read
from inspector.definitions.cursor import Cursor
from inspector.definitions.marks import place_of_offset
from inspector.definitions.parsing import parse
from inspector.definitions.rewriting import write_back
from inspector.model import ParameterMapping, RestApi, Source, Template
from tests.definitions.documents import as_json, as_yaml, documents

NOWHERE = Source("", 0, 0, "")
STYLES = st.sampled_from([None, "|", '"', "'", ">"])
MODEST = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def one_api(text: str) -> RestApi:
    (api,) = read(Bundle({"api": text})).apis
    return api


def without_sources(value: Any) -> Any:
    if isinstance(value, Source):
        return NOWHERE
    if is_dataclass(value) and not isinstance(value, type):
        return replace(
            value, **{f.name: without_sources(getattr(value, f.name)) for f in fields(value)}
        )
    if isinstance(value, Mapping):
        return {key: without_sources(member) for key, member in value.items()}
    if isinstance(value, tuple):
        return tuple(without_sources(member) for member in value)
    return value


def sourced(value: Any) -> Iterator[Any]:
    """Every declared value below `value`, itself included."""
    if is_dataclass(value) and not isinstance(value, Source | type):
        yield value
        for field in fields(value):
            yield from sourced(getattr(value, field.name))
    elif isinstance(value, Mapping):
        for member in value.values():
            yield from sourced(member)
    elif isinstance(value, tuple):
        for member in value:
            yield from sourced(member)


@pytest.mark.slow
@MODEST
@given(documents(), STYLES, st.booleans(), st.sampled_from([None, 2]))
def test_yaml_and_json_give_one_model(
    document: dict[str, Any], style: str | None, flow: bool, indent: int | None
) -> None:
    from_json = one_api(as_json(document, indent))
    from_yaml = one_api(as_yaml(document, style, flow=flow))
    assert without_sources(from_yaml) == without_sources(from_json)
    assert len(list(sourced(from_yaml))) > len(document["paths"])


@MODEST
@given(documents(), STYLES, st.booleans(), st.booleans())
def test_every_source_holds_its_value(
    document: dict[str, Any], style: str | None, flow: bool, json_notation: bool
) -> None:
    text = as_json(document, 2) if json_notation else as_yaml(document, style, flow=flow)
    lines = text.split("\n")
    root = Cursor.root(parse("api", text))
    for value in sourced(one_api(text)):
        source = value.source
        rest = lines[source.line - 1][source.column - 1 :]
        cursor = root.at(source.pointer)
        assert cursor is not None
        if isinstance(value, Template):
            check_template(text, value, rest)
        elif isinstance(value, ParameterMapping):
            assert cursor.text == value.expression
            assert stands_at(rest, value.expression)
        elif source.pointer:
            key = source.pointer.rsplit("/", 1)[-1].replace("~1", "/").replace("~0", "~")
            assert stands_at(rest, key)


def stands_at(rest: str, value: str) -> bool:
    """`value` begins where `rest` does: bare, quoted, or as a block that begins there."""
    if rest[:1] in ("|", ">"):
        return True
    written = rest.lstrip("\"'").replace("\\\\", "\\")
    return written.startswith(value.lstrip("'")[:3])


def check_template(text: str, template: Template, rest: str) -> None:
    lines = text.split("\n")
    if template.text and template.text[0].isalpha() and not rest.startswith("\\"):
        assert rest[0] == template.text[0]
    for offset, char in enumerate(template.text):
        line, column = place_of_offset(text, template.source, offset)
        written = lines[line - 1][column - 1 : column]
        if char in "abé🙂$#{}":
            assert written in (char, "\\")
    assert write_back(text, template.source, template.text) == text


@MODEST
@given(documents(), STYLES, st.booleans(), st.text(alphabet="a$#\n \"'\\", max_size=12))
def test_an_edited_template_changes_nothing_else_in_the_model(
    document: dict[str, Any], style: str | None, flow: bool, new: str
) -> None:
    text = as_yaml(document, style, flow=flow)
    api = one_api(text)
    template = next((found for found in sourced(api) if isinstance(found, Template)), None)
    if template is None:
        return
    again = one_api(write_back(text, template.source, new))
    changed = [
        (a.text, b.text)
        for a, b in zip(sourced(api), sourced(again), strict=True)
        if isinstance(a, Template) and a.text != b.text
    ]
    assert changed == ([(template.text, new)] if template.text != new else [])
