"""Node.js functions, run by the bootstrap that comes with inspector."""

from __future__ import annotations

import json
import shutil

import pytest

from inspector.runtime.functions.functions import Functions
from tests.runtime.functions.workshop import Workshop, invoke

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("node") is None, reason="there is no Node.js here"),
]

NODE = {"runtime": "nodejs20.x", "handler": "index.handler"}


def test_the_kinds_of_handler(workshop: Workshop) -> None:
    workshop.write(
        """
        exports.later = async (event, context) => ({ n: event.n + 1, name: context.functionName });
        exports.callback = (event, context, callback) => {
          setTimeout(() => callback(null, { n: event.n + 2 }), 5);
        };
        exports.plain = (event) => ({ n: event.n + 3 });
        exports.deep = { down: { handler: async () => "found" } };
        exports.nothing = async () => {};
        """,
        "index.js",
    )
    expected = {
        "later": {"n": 2, "name": "work"},
        "callback": {"n": 3},
        "plain": {"n": 4},
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
    assert answer.log.startswith("about to\n")


def test_what_cannot_be_loaded(workshop: Workshop) -> None:
    workshop.write("exports.other = 1;\n", "index.js")
    for handler, error in (
        ("index.handler", "Runtime.HandlerNotFound"),
        ("absent.handler", "Runtime.ImportModuleError"),
        ("nodot", "Runtime.MalformedHandlerName"),
    ):
        answer = workshop.invoke(runtime="nodejs20.x", handler=handler)
        assert json.loads(answer.payload)["errorType"] == error


def test_a_rejection_that_nobody_handles_ends_the_process(workshop: Workshop) -> None:
    workshop.write(
        """
        exports.handler = (event, context, callback) => { Promise.reject(new Error("lost")); };
        """,
        "index.js",
    )
    answer = workshop.invoke(**NODE)
    assert json.loads(answer.payload)["errorMessage"].endswith("exit status 128")
    assert "lost" in answer.log


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
