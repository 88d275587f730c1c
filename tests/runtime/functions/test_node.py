"""Node.js functions, run by the bootstrap that comes with inspector."""

from __future__ import annotations

import asyncio
import json
import shutil

import pytest

from inspector.gateway.effects import FunctionAnswer
from inspector.runtime.functions.functions import Functions
from tests.runtime.functions.workshop import Workshop, invoke

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("node") is None, reason="there is no Node.js here"),
]

NODE = {"runtime": "nodejs20.x", "handler": "index.handler"}


KINDS = """
exports.later = async (event, context) => ({ n: event.n + 1, name: context.functionName });
exports.callback = (event, context, callback) => {
  setTimeout(() => callback(null, { n: event.n + 2 }), 5);
};
exports.plain = (event) => ({ n: event.n + 3 });
exports.promise = (event) => Promise.resolve(event.n + 4);
exports.done = (event, context) => context.done(null, event.n + 5);
exports.succeed = (event, context) => context.succeed(event.n + 6);
exports.deep = { down: { handler: async () => "found" } };
exports.nothing = async () => {};
exports.forgetful = (event, context, callback) => {};
"""


def test_the_kinds_of_handler(workshop: Workshop) -> None:
    workshop.write(KINDS, "index.js")
    expected = {
        "later": {"n": 2, "name": "work"},
        "callback": {"n": 3},
        "plain": None,  # as at Lambda: only a promise or a callback answers
        "promise": 5,
        "done": 6,
        "succeed": 7,
        "deep.down.handler": "found",
        "nothing": None,
        "forgetful": None,
    }
    for handler, answer in expected.items():
        given = workshop.invoke({"n": 1}, runtime="nodejs20.x", handler=f"index.{handler}")
        assert (given.error, json.loads(given.payload)) == (None, answer), handler


def test_from_24_on_there_are_no_callbacks(workshop: Workshop) -> None:
    workshop.write(KINDS, "index.js")
    newer = {"runtime": "nodejs24.x"}
    assert workshop.invoke({"n": 1}, handler="index.plain", **newer).payload == b'{"n":4}'
    assert workshop.invoke({"n": 1}, handler="index.promise", **newer).payload == b"5"
    refused = json.loads(workshop.invoke({"n": 1}, handler="index.callback", **newer).payload)
    assert refused["errorType"] == "Runtime.CallbackHandlerDeprecated"


def test_callbacks_are_warned_of_before_that(workshop: Workshop) -> None:
    workshop.write(KINDS, "index.js")
    words = "plans to remove support for callback-based function handlers"
    older = {"runtime": "nodejs22.x"}
    assert words in workshop.invoke({"n": 1}, handler="index.callback", **older).log
    assert workshop.invoke({"n": 1}, handler="index.promise", **older).log == ""
    silent = {"AWS_LAMBDA_NODEJS_DISABLE_CALLBACK_WARNING": "1"}
    answer = workshop.invoke({"n": 1}, handler="index.callback", environment=silent, **older)
    assert answer.log == ""


@pytest.mark.parametrize(
    "statement",
    ["Promise.reject(new Error('lost'))", "setTimeout(() => { throw new Error('lost'); }, 1)"],
)
def test_from_24_on_an_error_that_nobody_catches_is_left_to_node(
    workshop: Workshop, statement: str
) -> None:
    """Seen of Amazon's client 4.0.2."""
    workshop.write(
        f"exports.handler = async () => {{ {statement}; await new Promise((r) => setTimeout(r, 9000)); }};",
        "index.js",
    )
    answer = workshop.invoke(runtime="nodejs24.x", handler="index.handler")
    assert json.loads(answer.payload)["errorMessage"].endswith("exit status 1")
    assert "Error: lost" in answer.log


def test_what_the_context_holds(workshop: Workshop) -> None:
    """The names and their order as Amazon's clients 3.3.0 and 4.0.2 have them."""
    workshop.write(
        "exports.handler = async (event, context) => Object.keys(context);\n", "index.js"
    )
    surroundings = ["memoryLimitInMB", "logGroupName", "logStreamName"]
    asked = ["clientContext", "identity", "invokedFunctionArn", "awsRequestId", "tenantId"]
    left = "getRemainingTimeInMillis"
    assert json.loads(workshop.invoke(**NODE).payload) == [
        "callbackWaitsForEmptyEventLoop", "succeed", "fail", "done", "functionVersion",
        "functionName", *surroundings, *asked, left,
    ]  # fmt: skip
    assert json.loads(workshop.invoke(runtime="nodejs24.x", handler="index.handler").payload) == [
        *asked, "xRayTraceId", left, "functionName", "functionVersion", *surroundings
    ]  # fmt: skip


def test_a_promise_that_is_never_settled(workshop: Workshop) -> None:
    workshop.write("exports.handler = async () => new Promise(() => {});\n", "index.js")
    assert json.loads(workshop.invoke(**NODE).payload)["errorType"] == "Runtime.NodeJsExit"


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
        exports.handler = async () => {
          console.log("about to %s", "break", { n: 1 });
          process.stdout.write("as it is\\n");
          throw Object.assign(new RangeError("too far"), { code: "E_FAR" });
        };
        """,
        "index.js",
    )
    answer = workshop.invoke(**NODE)
    document = json.loads(answer.payload)
    assert answer.error == "Unhandled"
    assert (document["errorType"], document["errorMessage"]) == ("RangeError", "too far")
    assert document["trace"][0] == "RangeError: too far"
    printed, plain, failed = answer.log.splitlines()
    assert printed.split("\t")[1:] == [answer.request_id, "INFO", "about to break { n: 1 }"]
    assert plain == "as it is"
    assert failed.split("\t")[1:4] == [answer.request_id, "ERROR", "Invoke Error "]
    logged = json.loads(failed.split("\t")[4])
    assert (logged["errorType"], logged["code"]) == ("RangeError", "E_FAR")


def test_a_log_in_json_from_a_level_on(workshop: Workshop) -> None:
    workshop.write(
        """
        exports.handler = async () => {
          console.info("too little");
          console.warn({ careful: true });
          console.error("broken:", new TypeError("no"));
        };
        """,
        "index.js",
    )
    environment = {"AWS_LAMBDA_LOG_FORMAT": "JSON", "AWS_LAMBDA_LOG_LEVEL": "WARN"}
    answer = workshop.invoke(**NODE, environment=environment)
    warning, error = (json.loads(line) for line in answer.log.splitlines())
    assert warning["message"] == {"careful": True}
    assert (warning["level"], warning["requestId"]) == ("WARN", answer.request_id)
    assert (error["errorType"], error["errorMessage"]) == ("TypeError", "no")
    assert error["message"].startswith("broken: TypeError: no")


@pytest.mark.parametrize(
    ("thrown", "kind", "message"),
    [
        ("'text'", "string", "text"),
        ("{ a: 1 }", "object", "[object Object]"),
        ("null", "string", "handled"),
        ("Object.assign(new Error('m'), { name: 'Named' })", "Named", "m"),
    ],
)
def test_what_may_be_thrown(workshop: Workshop, thrown: str, kind: str, message: str) -> None:
    workshop.write(f"exports.handler = async () => {{ throw {thrown}; }};\n", "index.js")
    document = json.loads(workshop.invoke(**NODE).payload)
    assert (document["errorType"], document["errorMessage"]) == (kind, message)


@pytest.mark.parametrize("value", ["(() => { const a = {}; a.a = a; return a; })()", "1n"])
def test_a_result_that_is_no_json(workshop: Workshop, value: str) -> None:
    workshop.write(f"exports.handler = async () => {value};\n", "index.js")
    document = json.loads(workshop.invoke(**NODE).payload)
    assert document["errorMessage"] == "Unable to stringify response body"


@pytest.mark.parametrize(
    ("name", "code", "handler", "kind", "message"),
    [
        ("index.js", "exports.other = 1;", "index.handler", "Runtime.HandlerNotFound",
         "index.handler is undefined or not exported"),
        ("index.js", "exports.handler = 1;", "index.handler", "Runtime.HandlerNotFound",
         "index.handler is not a function"),
        ("index.js", "", "absent.handler", "Runtime.ImportModuleError",
         "Error: Cannot find module 'absent'\nRequire stack:"),
        ("index.js", "require('axios-of-old');", "index.handler", "Runtime.ImportModuleError",
         "Error: Cannot find module 'axios-of-old'\nRequire stack:"),
        ("index.mjs", "import 'axios-of-old';", "index.handler", "Error",
         "Cannot find package 'axios-of-old' imported from "),
        ("index.js", "exports.handler = async () => {", "index.handler",
         "Runtime.UserCodeSyntaxError", "SyntaxError: Unexpected end of input"),
        ("index.mjs", "export const handler = async () => {", "index.handler",
         "Runtime.UserCodeSyntaxError", "SyntaxError: Unexpected end of input"),
        ("index.js", "", "nodot", "Runtime.MalformedHandlerName", "Bad handler"),
        ("index.js", "", "../index.handler", "Runtime.MalformedHandlerName",
         "'../index.handler' is not a valid handler name."),
        ("index.js", "throw new RangeError('early');", "index.handler", "RangeError", "early"),
        ("index.js", "Promise.reject(new Error('lost')); exports.handler = async () => 1;",
         "index.handler", "Runtime.UnhandledPromiseRejection", "Error: lost"),
    ],
)  # fmt: skip
def test_what_cannot_be_loaded(
    workshop: Workshop, name: str, code: str, handler: str, kind: str, message: str
) -> None:
    workshop.write(f"{code}\n", name)
    answer = workshop.invoke(runtime="nodejs20.x", handler=handler)
    document = json.loads(answer.payload)
    assert answer.error == "Unhandled"
    assert document["errorType"] == kind
    assert document["errorMessage"].startswith(message)
    assert kind in answer.log


def test_the_place_of_a_syntax_error_is_told(workshop: Workshop) -> None:
    workshop.write("const fine = 1;\nconst = 2;\n", "index.js")
    trace = json.loads(workshop.invoke(**NODE).payload)["trace"]
    assert trace[0].endswith("index.js:2")


@pytest.mark.parametrize(
    ("statement", "kind", "message"),
    [
        ("Promise.reject(new Error('lost'))", "Runtime.UnhandledPromiseRejection", "Error: lost"),
        ("setTimeout(() => { throw new TypeError('later'); }, 1)", "TypeError", "later"),
    ],
)
def test_an_error_that_nobody_handles_is_reported_and_ends_the_process(
    workshop: Workshop, statement: str, kind: str, message: str
) -> None:
    workshop.write(
        f"""
        exports.handler = (event, context, callback) => {{
          if (event === "how") callback(null, process.pid);
          else {statement};
        }};
        """,
        "index.js",
    )
    answers: list[FunctionAnswer] = []

    async def use(functions: Functions) -> None:
        answers.extend([await invoke(functions, each) for each in ("how", "break", "how")])

    workshop.run(use, concurrency=1, **NODE)
    first, broken, fresh = answers
    document = json.loads(broken.payload)
    assert (document["errorType"], document["errorMessage"]) == (kind, message)
    assert fresh.error is None, "the invocation behind it never had that process"
    assert fresh.payload != first.payload


def test_files_are_found_as_lambda_finds_them(workshop: Workshop) -> None:
    workshop.write("exports.handler = async () => 'js';\n", "index.js")
    workshop.write("export const handler = async () => 'mjs';\n", "index.mjs")
    workshop.write("exports.handler = async () => 'cjs';\n", "other.cjs")
    workshop.write("export const handler = async () => await fetched;\n"
                   "const fetched = await Promise.resolve('awaited');\n", "top.mjs")  # fmt: skip
    workshop.write("export default { handler: async () => 'default' };\n", "default.mjs")
    (workshop.root / "src").mkdir()
    workshop.write("exports.handler = async () => require('lib/shared');\n", "src/index.js")
    (workshop.root / "lib").mkdir()
    workshop.write("module.exports = 'from the root';\n", "lib/shared.js")
    for handler, answer in {
        "index.handler": "js",
        "other.handler": "cjs",
        "top.handler": "awaited",
        "src/index.handler": "from the root",
    }.items():
        given = workshop.invoke(runtime="nodejs20.x", handler=handler)
        assert json.loads(given.payload) == answer
    newer = workshop.invoke(runtime="nodejs24.x", handler="default.handler")
    assert json.loads(newer.payload) == "default"
    older = workshop.invoke(runtime="nodejs20.x", handler="default.handler")
    assert json.loads(older.payload)["errorType"] == "Runtime.HandlerNotFound"


STREAM = """
exports.handler = awslambda.streamifyResponse(async (event, stream, context) => {
  const out = awslambda.HttpResponseStream.from(stream, { statusCode: 201 });
  if (event !== "nothing") out.write({ told: event });
  if (event === "fail") throw new RangeError("midway");
  out.end();
});
"""
HEAD = b'{"statusCode":201}' + bytes(8)


def test_a_stream_that_is_wanted_whole(workshop: Workshop) -> None:
    workshop.write(STREAM, "index.js")
    assert workshop.invoke("it", **NODE).payload == HEAD + b'{"told":"it"}'
    assert workshop.invoke("nothing", **NODE).payload == b"", "the head goes before a first write"
    failed = workshop.invoke("fail", **NODE)
    assert failed.error == "Unhandled", "told in the trailers"
    assert json.loads(failed.payload)["errorType"] == "RangeError"


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


@pytest.mark.parametrize(("program", "below"), [("bin/index.mjs", ""), ("./index.mjs", "src/fn")])
def test_a_project_with_amazons_client_is_run_by_it(
    workshop: Workshop, program: str, below: str
) -> None:
    """The real one is native code to be built; here stands what tells that it was started.

    Its releases 3 and 4 have their program in different places.
    """
    client = workshop.root / "node_modules" / "aws-lambda-ric"
    (client / program).parent.mkdir(parents=True)
    (client / "package.json").write_text(json.dumps({"bin": {"aws-lambda-ric": program}}))
    (client / program).write_text("console.log('ric', process.argv[2]); process.exit(3);\n")
    root = workshop.root / below
    root.mkdir(parents=True, exist_ok=True)
    answer = workshop.invoke(**NODE, root=root)
    assert answer.log == "ric index.handler\n"
    assert json.loads(answer.payload)["errorMessage"].endswith("exit status 3")


def test_one_process_serves_many(workshop: Workshop) -> None:
    workshop.write("let n = 0; exports.handler = async () => ++n;\n", "index.js")
    seen: list[int] = []

    async def use(functions: Functions) -> None:
        seen.extend([json.loads((await invoke(functions)).payload) for _ in range(20)])

    workshop.run(use, concurrency=1, **NODE)
    assert seen == list(range(1, 21))
