"""A function that failed: by what, on which line, and what to do."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from inspector.gateway.effects import BackendFailure, FailureKind, FunctionAnswer
from tests.gateway.explain.asking import Asked, line_of

_FUNCTION = """\
Resources:
  Orders:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.12
      Handler: app.handler
      Timeout: 5
      MemorySize: 256
      Code: ./src
"""
REST = f"""\
{_FUNCTION}  Api:
    Type: AWS::ApiGateway::RestApi
    Properties: {{Name: shop}}
  Get:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: GET
      AuthorizationType: NONE
      Integration:
        Type: AWS_PROXY
        IntegrationHttpMethod: POST
        Uri: !Sub arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${{Orders.Arn}}/invocations
"""
HTTP = f"""\
{_FUNCTION}  Api:
    Type: AWS::ApiGatewayV2::Api
    Properties:
      Name: shop
      ProtocolType: HTTP
      Target: !GetAtt Orders.Arn
"""
_END = "RequestId: 1 Error: Runtime exited with error: "
_PYTHON = [
    '  File "/src/app.py", line 29, in handler\n    return json.dumps(price)\n',
    '  File "/usr/lib/python3.12/json/__init__.py", line 231, in dumps\n    return encode(obj)\n',
    '  File "/venv/lib/python3.12/site-packages/x.py", line 9, in y\n    raise TypeError(\n',
]
_NODE = [
    "TypeError: no",
    "    at parse (/src/node_modules/some/index.js:4:1)",
    "    at handler (file:///src/index.mjs:23:13)",
    "    at process.processTicksAndRejections (node:internal/process/task_queues:95:5)",
]


def _failing(text: str, folder: Path, **document: object) -> Asked:
    error = FunctionAnswer(json.dumps(document).encode(), "Unhandled")
    return Asked(folder, text, name="template.yaml", function=lambda _: error)


@pytest.mark.parametrize("api", [REST, HTTP])
@pytest.mark.parametrize(
    ("kind", "message", "line", "remedy"),
    [
        ("Sandbox.Timedout", "RequestId: 1 Error: Task timed out", "Timeout: 5", "its Timeout"),
        ("Runtime.OutOfMemory", f"{_END}signal: killed", "MemorySize: 256", "its MemorySize"),
        ("Runtime.ImportModuleError", "Unable to import module 'app'", "Handler:", "pip install"),
        ("Runtime.HandlerNotFound", "Handler 'handler' missing", "Handler:", "export that name"),
    ],
)
def test_the_line_and_the_remedy_of_lambdas_own_errors(
    api: str, kind: str, message: str, line: str, remedy: str, tmp_path: Path
) -> None:
    asked = _failing(api, tmp_path, errorType=kind, errorMessage=message)
    found = asked.why("GET", "/")
    assert line_of(found) == asked.line(line)
    assert found.remedy is not None
    assert remedy in found.remedy


@pytest.mark.parametrize("api", [REST, HTTP])
@pytest.mark.parametrize(
    ("kind", "detail", "line"),
    [
        ("throttled", "its ReservedConcurrentExecutions is 0", "ReservedConcurrentExecutions: 0"),
        ("other", "/src/code.zip cannot be unpacked: File is not a zip file", "Code: ./src"),
        ("other", "the code of Orders is in S3 or an image", "Code: ./src"),
    ],
)
def test_the_line_of_what_kept_it_from_running(
    api: str, kind: FailureKind, detail: str, line: str, tmp_path: Path
) -> None:
    declared = api.replace("Timeout: 5", "Timeout: 5\n      ReservedConcurrentExecutions: 0")
    failure = BackendFailure(kind, detail)
    asked = Asked(tmp_path, declared, name="template.yaml", function=lambda _: failure)
    assert line_of(asked.why("GET", "/")) == asked.line(line)


def test_the_function_behind_an_alias_is_found(tmp_path: Path) -> None:
    through = REST.replace("${Orders.Arn}/", "${Orders.Arn}:live/")
    document = {"errorType": "Sandbox.Timedout", "errorMessage": "Task timed out"}
    asked = _failing(through, tmp_path, **document)
    assert line_of(asked.why("GET", "/")) == asked.line("Timeout: 5")


@pytest.mark.parametrize("api", [REST, HTTP])
@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("KeyError", "The function raised KeyError: "),
        (None, "The function raised an error: "),
        ("Runtime.ExitError", "The function failed: "),
        ("Runtime.MarshalError", "The function raised an error: "),
    ],
)
def test_what_lambda_ended_raised_nothing(
    api: str, kind: str | None, said: str, tmp_path: Path
) -> None:
    found = _failing(api, tmp_path, errorType=kind, errorMessage="x").why("GET", "/")
    assert found.sentence == f"{said}x"


@pytest.mark.parametrize(
    ("message", "how"),
    [
        ("Unable to import module 'app': No module named 'boto3'", "pip install boto3 beside"),
        ("Error: Cannot find module '@aws-sdk/client-s3'\nRequire stack:", "npm install it"),
        ("Unable to import module 'app': No module named 'boto3x'", "Put the module into"),
    ],
)
def test_what_lambdas_runtime_brings_has_to_be_brought(
    message: str, how: str, tmp_path: Path
) -> None:
    kind = "Runtime.ImportModuleError"
    found = _failing(REST, tmp_path, errorType=kind, errorMessage=message).why("GET", "/")
    assert found.remedy is not None
    assert how in found.remedy


@pytest.mark.parametrize("kind", ["NoCredentialsError", "CredentialsProviderError"])
def test_a_client_without_credentials_is_shown_a_stand_in(kind: str, tmp_path: Path) -> None:
    found = _failing(REST, tmp_path, errorType=kind, errorMessage="x").why("GET", "/")
    assert found.remedy is not None
    assert "--endpoint SERVICE=URL" in found.remedy


@pytest.mark.parametrize(
    ("member", "stack", "place"),
    [
        ("stackTrace", _PYTHON, 'File "/src/app.py", line 29, in handler │ return json.dumps(price)'),
        ("stackTrace", _PYTHON[2:], 'File "/venv/lib/python3.12/site-packages/x.py", line 9, in y'
         " │ raise TypeError("),
        ("trace", _NODE, "at handler (file:///src/index.mjs:23:13)"),
        ("trace", ["TypeError: no"], "TypeError: no"),
        ("trace", ["/src/index.js:6", "foo(;", "    ^", *_NODE], "/src/index.js:6 │ foo(;"),
        ("trace", _NODE[:2], "at parse (/src/node_modules/some/index.js:4:1)"),
    ],
)  # fmt: skip
def test_where_a_function_raised_is_its_own_line(
    member: str, stack: list[str], place: str, tmp_path: Path
) -> None:
    """Not the line of a package that it called, however deep it went."""
    asked = _failing(REST, tmp_path, errorType="TypeError", errorMessage="no", **{member: stack})
    [raised] = [each for each in asked.why("GET", "/").evidence if each.label == "raised at"]
    assert raised.value == place


def test_the_runtime_is_not_to_blame_for_what_ends_it(tmp_path: Path) -> None:
    document = {"errorType": "Runtime.ExitError", "errorMessage": f"{_END}exit status 3"}
    asked = _failing(REST, tmp_path, **document)
    assert asked.line("Runtime:") not in [each.line for each in asked.why("GET", "/").lines]


@pytest.mark.parametrize("api", [REST, HTTP])
def test_an_error_that_a_function_answers_is_its_own(api: str, tmp_path: Path) -> None:
    answer = {"statusCode": 404, "body": "none"}
    asked = Asked(tmp_path, api, name="template.yaml", function=lambda _: answer)
    found = asked.why("GET", "/")
    assert found.sentence == "Function Orders itself answered 404; the gateway only passed it on."
    assert found.remedy is not None
    assert asked.line("Handler:") in [each.line for each in found.lines]


def test_a_runtime_client_is_no_place_that_raises(tmp_path: Path) -> None:
    asked = _failing(REST, tmp_path, errorType="E", errorMessage="no", trace=[_NODE[0], _NODE[3]])
    assert "raised at" not in [each.label for each in asked.why("GET", "/").evidence]


def test_no_line_is_told_twice(tmp_path: Path) -> None:
    """An integration and its type stand on one."""
    asked = _failing(REST, tmp_path, errorType="KeyError", errorMessage="x")
    lines = [each.line for each in asked.why("GET", "/").lines]
    assert len(set(lines)) == len(lines)
