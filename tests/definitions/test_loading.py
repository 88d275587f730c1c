"""`load` and `read`: files to APIs, and what is said where that fails."""

from __future__ import annotations

from pathlib import Path

import pytest

from inspector.definitions import Bundle, Loaded, Options, load, read, render
from inspector.model import HttpProxy, Mock

PETSTORE = """\
openapi: 3.0.1
info: {title: Petstore, version: "1.0"}
paths:
  /pets:
    get:
      x-amazon-apigateway-integration:
        type: mock
        requestTemplates:
          application/json: |
            #set($x = 1)
            {"statusCode": 200}
        responses:
          default: {statusCode: 200, responseTemplates: {application/json: '[]'}}
  /pets/{petId}:
    x-amazon-apigateway-any-method:
      x-amazon-apigateway-integration:
        type: http_proxy
        httpMethod: ANY
        uri: http://127.0.0.1:9000/pets/{petId}
        requestParameters:
          integration.request.path.petId: method.request.path.petId
"""


def rendered(loaded: Loaded) -> list[str]:
    return [render(diagnostic) for diagnostic in loaded.diagnostics]


def test_a_small_document_becomes_an_api(tmp_path: Path) -> None:
    file = tmp_path / "petstore.yaml"
    file.write_text(PETSTORE)
    loaded = load([file])
    assert (loaded.broken, loaded.diagnostics) == (False, ())
    (api,) = loaded.apis
    assert (api.name, api.version, api.account, api.region) == (
        "Petstore",
        "1.0",
        "123456789012",
        "us-east-1",
    )
    assert [resource.path for resource in api.resources] == ["/", "/pets", "/pets/{petId}"]
    assert [stage.name for stage in api.stages] == ["dev"]
    mock = api.resources[1].methods["GET"].integration
    assert isinstance(mock, Mock)
    template = mock.request_templates["application/json"]
    assert template.text == '#set($x = 1)\n{"statusCode": 200}\n'
    assert (template.source.line, template.source.column) == (10, 13)
    assert mock.responses[0].status == "200"
    proxy = api.resources[2].methods["ANY"].integration
    assert isinstance(proxy, HttpProxy)
    assert (proxy.http_method, proxy.uri) == ("ANY", "http://127.0.0.1:9000/pets/{petId}")
    assert api.resources[2].methods["ANY"].request_parameters == {"method.request.path.petId": True}


def test_reading_a_bundle_again_gives_the_same_without_the_file(tmp_path: Path) -> None:
    file = tmp_path / "petstore.yaml"
    file.write_text(PETSTORE)
    loaded = load([file], Options(stage="test", stage_variables={"a": "b"}))
    file.unlink()
    again = Bundle.from_json(loaded.bundle.to_json())
    assert again == loaded.bundle
    assert again.digest == loaded.bundle.digest
    assert read(again).apis == loaded.apis


def test_the_digest_changes_with_a_text_and_with_an_option() -> None:
    plain = Bundle({"a.yaml": "x"})
    assert len(plain.digest) == 64
    assert Bundle({"a.yaml": "y"}).digest != plain.digest
    assert Bundle({"a.yaml": "x"}, Options(strict=True)).digest != plain.digest


@pytest.mark.parametrize("text", ["[]", '{"files": {}}', '{"files": {}, "options": {"no": 1}}'])
def test_a_text_that_is_no_bundle_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a definition bundle"):
        Bundle.from_json(text)


def test_two_files_are_two_apis_with_ids_of_their_own() -> None:
    loaded = read(Bundle({"a/api.yaml": PETSTORE, "b/api.yaml": PETSTORE}))
    first, second = (api.id for api in loaded.apis)
    assert first != second
    assert all(len(id_) == 10 and id_.isalnum() and id_ == id_.lower() for id_ in (first, second))
    assert read(Bundle({"elsewhere/api.yaml": PETSTORE})).apis[0].id == first


def test_a_missing_file_and_a_directory_are_errors(tmp_path: Path) -> None:
    loaded = load([tmp_path / "nope.yaml", tmp_path])
    assert loaded.broken
    assert [text.split(": ", 1)[1].splitlines()[0] for text in rendered(loaded)] == [
        "error: cannot be read: no such file or directory",
        "error: cannot be read: is a directory",
    ]


def test_bytes_that_are_no_utf_8_are_an_error_with_their_place(tmp_path: Path) -> None:
    file = tmp_path / "latin.yaml"
    file.write_bytes(b"openapi: 3.0.1\ninfo: {title: \xe4}\n")
    assert rendered(load([file]))[0].startswith(f"{file}:2:15: error: the byte 0xe4 is not UTF-8")


def test_broken_yaml_is_an_error_with_line_and_column() -> None:
    (text,) = rendered(read(Bundle({"x.yaml": "openapi: 3.0.1\npaths: {a: [1\n"})))
    assert text.startswith("x.yaml:2:12: error: Invalid OpenAPI input. while parsing a flow")
    assert "noticed in line 3" in text


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("Resources:\n  A: {b: [1\n", "Template format error: YAML not well-formed."),
        ("AWSTemplateFormatVersion: '2010-09-09\na: 1\n", "Template format error: YAML not well"),
        ('{\n "Resources": {"A": ]}\n}', "Template format error: JSON not well-formed."),
        ('{"swagger": "2.0",\n "Resources": {"A": ]}}', "Invalid OpenAPI input."),
        ("paths:\n  Resources: {a: [1\n", "Invalid OpenAPI input."),
    ],
)
def test_what_cannot_be_read_is_refused_in_the_words_of_its_dialect(
    text: str, complaint: str
) -> None:
    (told, *_) = rendered(read(Bundle({"x": text})))
    assert f" error: {complaint}" in told


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('a: "1\nb: 2\nc: "3"\n', 1),
        ("a: '1\nb: it's\nc: '3'\n", 1),
        ("a: {b: 1\nc: 2\n", 1),
        ("a: {b: 1,\n  c: 2}\nd: [1\ne: 2\n", 3),
        ('a: |\n  "{[\nb: {c: "1"\nd: 1\n', 3),
        ('# "a {\na: b"c{ d\nb: "1\nc: "2"\n', 3),
        ("a: 1\n b: 2\n", 2),
    ],
)
def test_what_is_left_open_is_named_where_it_opens(text: str, line: int) -> None:
    loaded = read(Bundle({"x.yaml": text}))
    assert [each.source.line for each in loaded.diagnostics][:1] == [line]
