"""Node.js functions, run by the bootstrap that comes with inspector."""

from __future__ import annotations

import asyncio
import json
import re
import shutil

import pytest

from inspector.gateway.effects import FunctionAnswer
from inspector.runtime.functions.functions import Functions
from tests.runtime.functions.workshop import Workshop, invoke

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("node") is None, reason="there is no Node.js here"),
]

STAMP = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"
NODE = {"runtime": "nodejs20.x", "handler": "index.handler"}


def test_the_kinds_of_handler(workshop: Workshop) -> None:
    workshop.write(
        """
        exports.later = async (event, context) => ({ n: event.n + 1, name: context.functionName });
        exports.callback = (event, context, callback) => {
          setTimeout(() => callback(null, { n: event.n + 2 }), 5);
        };
        exports.promised = (event) => Promise.resolve({ n: event.n + 3 });
        exports.plain = (event) => ({ n: event.n + 4 });
        exports.succeed = (event, context) => { setTimeout(() => context.succeed(event.n), 5); };
        exports.fail = (event, context) => context.fail();
        exports.deep = { down: { handler: async () => "found" } };
        exports.nothing = async () => {};
        """,
        "index.js",
    )
    expected = {
        "later": {"n": 2, "name": "work"},
        "callback": {"n": 3},
        "promised": {"n": 4},
        "plain": None,  # what is returned counts where it is a promise
        "succeed": 1,
        "fail": {"errorType": "string", "errorMessage": "handled", "trace": []},
        "deep.down.handler": "found",
        "nothing": None,
    }
    for handler, answer in expected.items():
        given = workshop.invoke({"n": 1}, runtime="nodejs20.x", handler=f"index.{handler}")
        assert json.loads(given.payload) == answer


@pytest.mark.parametrize(
    ("name", "declared"), [("index.mjs", {}), ("index.js", {"type": "module"})]
)
def test_a_module(workshop: Workshop, name: str, declared: dict[str, str]) -> None:
    workshop.write(json.dumps(declared), "package.json")
    workshop.write("export const handler = async () => 'a module';\n", name)
    assert json.loads(workshop.invoke(**NODE).payload) == "a module"


def test_an_error_and_what_was_printed(workshop: Workshop) -> None:
    workshop.write(
        """
        exports.handler = async () => { console.log("about to"); throw new RangeError("too far"); };
        """,
        "index.js",
    )
    answer = workshop.invoke(**NODE)
    document = json.loads(answer.payload)
    assert answer.error == "Unhandled"
    assert (document["errorType"], document["errorMessage"]) == ("RangeError", "too far")
    assert document["trace"][0] == "RangeError: too far"
    first, second = answer.log.splitlines()
    assert re.fullmatch(rf"{STAMP}\t{answer.request_id}\tINFO\tabout to", first)
    error = re.fullmatch(rf"{STAMP}\t{answer.request_id}\tERROR\tInvoke Error \t(.*)", second)
    assert error is not None
    told = json.loads(error[1])
    assert (told["errorType"], told["errorMessage"]) == ("RangeError", "too far")
    assert told["stack"] == document["trace"]


def test_what_cannot_be_loaded(workshop: Workshop) -> None:
    workshop.write("exports.other = 1;\n", "index.js")
    workshop.write("require('not-there');\n", "needs.js")
    workshop.write("exports.handler = ;\n", "broken.js")
    for handler, error, message in (
        ("index.handler", "Runtime.HandlerNotFound", "index.handler is undefined or not exported"),
        ("index.other", "Runtime.HandlerNotFound", "index.other is not a function"),
        ("absent.handler", "Runtime.ImportModuleError", "Error: Cannot find module 'absent'"),
        ("needs.handler", "Runtime.ImportModuleError", "Error: Cannot find module 'not-there'"),
        ("broken.handler", "Runtime.UserCodeSyntaxError", "SyntaxError: Unexpected token ';'"),
        ("nodot", "Runtime.MalformedHandlerName", "Bad handler"),
        ("../up.handler", "Runtime.MalformedHandlerName", "'../up.handler' is not a valid handler"),
    ):
        answer = workshop.invoke(runtime="nodejs20.x", handler=handler)
        document = json.loads(answer.payload)
        assert document["errorType"] == error
        assert document["errorMessage"].startswith(message)
        assert "\tundefined\tERROR\tUncaught Exception \t{" in answer.log


def test_the_folder_of_a_handler(workshop: Workshop) -> None:
    """As `require` finds it: a folder with an index."""
    (workshop.root / "src" / "app").mkdir(parents=True)
    workshop.write("exports.handler = async () => 'found';\n", "src/app/index.js")
    answer = workshop.invoke(runtime="nodejs20.x", handler="src/app.handler")
    assert json.loads(answer.payload) == "found"


@pytest.mark.parametrize(
    ("code", "error", "message", "printed"),
    [
        (
            "Promise.reject(new Error('lost')); setTimeout(() => {}, 9000);",
            "Runtime.UnhandledPromiseRejection",
            "Error: lost",
            "Unhandled Promise Rejection",
        ),
        (
            "setTimeout(() => { throw new TypeError('late'); }, 1); setTimeout(() => {}, 9000);",
            "TypeError",
            "late",
            "Uncaught Exception",
        ),
    ],
)
def test_an_error_that_nobody_catches_is_the_answer(
    workshop: Workshop, code: str, error: str, message: str, printed: str
) -> None:
    """It ends the process, which is no failure of whoever comes next."""
    workshop.write(
        f"""
        exports.handler = (event, context, callback) => {{
          if (event) callback(null, event);
          else {{ {code} }}
        }};
        """,
        "index.js",
    )
    answers: list[FunctionAnswer] = []

    async def use(functions: Functions) -> None:
        lost, well = await asyncio.gather(invoke(functions), invoke(functions, "well"))
        answers.extend((lost, well))

    workshop.run(use, concurrency=1, **NODE)
    lost, well = answers
    document = json.loads(lost.payload)
    assert (lost.error, document["errorType"], document["errorMessage"]) == (
        "Unhandled",
        error,
        message,
    )
    assert f"ERROR\t{printed} \t" in lost.log
    assert (well.error, json.loads(well.payload)) == (None, "well")


def test_a_callback_waits_until_nothing_is_left_to_do(workshop: Workshop) -> None:
    """The pain of an open connection: unless told otherwise, the answer waits for its end."""
    workshop.write(
        """
        exports.handler = (event, context, callback) => {
          context.callbackWaitsForEmptyEventLoop = event.wait;
          setInterval(() => {}, 1000);
          callback(null, "answered");
        };
        exports.soon = (event, context, callback) => {
          setTimeout(() => console.log("last"), 20);
          callback(null, "answered");
        };
        """,
        "index.js",
    )
    late = workshop.invoke({"wait": True}, timeout_ms=1000, **NODE)
    assert json.loads(late.payload)["errorType"] == "Sandbox.Timedout"
    assert json.loads(workshop.invoke({"wait": False}, **NODE).payload) == "answered"
    waited = workshop.invoke(runtime="nodejs20.x", handler="index.soon")
    assert json.loads(waited.payload) == "answered"
    assert waited.log.endswith("\tINFO\tlast\n")


def test_a_promise_that_is_never_settled(workshop: Workshop) -> None:
    workshop.write("exports.handler = async () => { await new Promise(() => {}); };\n", "index.js")
    document = json.loads(workshop.invoke(**NODE).payload)
    assert document["errorType"] == "Runtime.NodeJsExit"
    assert "a Promise that was never settled" in document["errorMessage"]


def test_a_project_with_amazons_client_is_run_by_it(workshop: Workshop) -> None:
    """The real one is native code to be built; here stands what tells that it was started."""
    client = workshop.root / "node_modules" / "aws-lambda-ric" / "bin"
    client.mkdir(parents=True)
    (client / "index.mjs").write_text("console.log('ric', process.argv[2]); process.exit(3);\n")
    workshop.write("exports.handler = async () => 1;\n", "index.js")
    answer = workshop.invoke(**NODE)
    assert answer.log == "ric index.handler\n"
    assert json.loads(answer.payload)["errorMessage"].endswith("exit status 3")


def test_one_process_serves_many(workshop: Workshop) -> None:
    workshop.write("let n = 0; exports.handler = async () => ++n;\n", "index.js")
    seen: list[int] = []

    async def use(functions: Functions) -> None:
        seen.extend([json.loads((await invoke(functions)).payload) for _ in range(20)])

    workshop.run(use, concurrency=1, **NODE)
    assert seen == list(range(1, 21))
