"""Python functions, run by Amazon's own runtime client."""

from __future__ import annotations

import asyncio
import json
import os

import pytest

from inspector.gateway.effects import BackendFailure, FunctionAnswer, InvokeFunction
from inspector.runtime.functions.functions import Functions
from tests.runtime.functions.workshop import Workshop, invoke

pytestmark = pytest.mark.slow


def test_a_function_answers_and_what_it_prints_is_kept(workshop: Workshop) -> None:
    workshop.write(
        """
        import sys
        def handler(event, context):
            print("to stdout", event["n"])
            print("to stderr", file=sys.stderr)
            return {"twice": event["n"] * 2, "id": context.aws_request_id,
                    "arn": context.invoked_function_arn, "memory": context.memory_limit_in_mb}
        """
    )
    answer = workshop.invoke({"n": 21})
    assert json.loads(answer.payload) == {
        "twice": 42,
        "id": answer.request_id,
        "arn": "arn:aws:lambda:us-east-1:123456789012:function:work",
        "memory": "128",
    }
    assert answer.error is None
    assert answer.log.splitlines() == ["to stdout 21", "to stderr"]


def test_the_environment_is_lambdas(workshop: Workshop) -> None:
    workshop.write(
        """
        import os
        def handler(event, context):
            return {**os.environ, "cwd": os.getcwd()}
        """
    )
    os.environ["INSPECTOR_TEST_SECRET"] = "mine"
    try:
        seen = json.loads(workshop.invoke(environment={"TABLE": "pets"}, memory_mb=256).payload)
    finally:
        del os.environ["INSPECTOR_TEST_SECRET"]
    assert seen["TABLE"] == "pets"
    assert seen["AWS_LAMBDA_FUNCTION_NAME"] == "work"
    assert seen["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"] == "256"
    assert seen["AWS_LAMBDA_FUNCTION_VERSION"] == "$LATEST"
    assert seen["AWS_EXECUTION_ENV"] == "AWS_Lambda_python3.11"
    assert seen["AWS_REGION"] == seen["AWS_DEFAULT_REGION"] == "us-east-1"
    assert seen["AWS_LAMBDA_LOG_GROUP_NAME"] == "/aws/lambda/work"
    assert seen["LAMBDA_TASK_ROOT"] == seen["cwd"] == str(workshop.root)
    assert seen["AWS_XRAY_CONTEXT_MISSING"] == "LOG_ERROR"
    assert seen["AWS_LAMBDA_INITIALIZATION_TYPE"] == "on-demand"
    assert seen["_HANDLER"] == "app.handler"
    assert "INSPECTOR_TEST_SECRET" not in seen


def test_what_a_function_declares_goes_before_what_is_not_reserved(workshop: Workshop) -> None:
    (workshop.root / "vendor").mkdir()
    workshop.write("NAME = 'beside'\n", "vendor/beside.py")
    workshop.write(
        """
        import beside, os
        def handler(event, context):
            names = ["TZ", "AWS_REGION", "AWS_LAMBDA_FUNCTION_NAME", "LAMBDA_TASK_ROOT"]
            return [beside.NAME, *(os.environ[name] for name in names)]
        """
    )
    declared = {
        "TZ": "Europe/Berlin", "AWS_REGION": "mine", "AWS_LAMBDA_FUNCTION_NAME": "mine",
        "LAMBDA_TASK_ROOT": "/", "PYTHONPATH": str(workshop.root / "vendor"),
    }  # fmt: skip
    seen = json.loads(workshop.invoke(environment=declared).payload)
    assert seen == ["beside", "Europe/Berlin", "us-east-1", "work", str(workshop.root)]


def test_the_trace_header_reaches_the_function(workshop: Workshop) -> None:
    workshop.write(
        """
        import os
        def handler(event, context):
            return os.environ.get("_X_AMZN_TRACE_ID")
        """
    )
    seen: list[object] = []

    async def use(functions: Functions) -> None:
        given = ("Root=1-5759e988-bd862e3fe1be46a994272793", "")
        answers = [await invoke(functions, trace_id=trace_id) for trace_id in given]
        seen.extend(json.loads(answer.payload) for answer in answers)

    workshop.run(use)
    assert seen == ["Root=1-5759e988-bd862e3fe1be46a994272793", None]


def test_an_exception_is_reported_as_lambda_reports_it(workshop: Workshop) -> None:
    workshop.write(
        """
        def handler(event, context):
            raise ValueError("no such pet")
        """
    )
    answer = workshop.invoke()
    document = json.loads(answer.payload)
    assert answer.error == "Unhandled"
    assert document["errorType"] == "ValueError"
    assert document["errorMessage"] == "no such pet"
    assert 'raise ValueError("no such pet")' in "".join(document["stackTrace"])
    assert "[ERROR] ValueError: no such pet" in answer.log


def test_a_module_that_cannot_be_loaded(workshop: Workshop) -> None:
    workshop.write("import nowhere_to_be_found\ndef handler(event, context): return 1\n")
    answer = workshop.invoke()
    document = json.loads(answer.payload)
    assert answer.error == "Unhandled"
    assert document["errorType"] == "Runtime.ImportModuleError"
    message = "Unable to import module 'app': No module named 'nowhere_to_be_found'"
    assert document["errorMessage"] == message
    assert message in answer.log


def test_a_process_that_ends_in_the_middle(workshop: Workshop) -> None:
    workshop.write(
        """
        import os
        def handler(event, context):
            print("going")
            if event == "exit":
                os._exit(3)
            if event == "quietly":
                os._exit(0)
            os.abort()
        """
    )
    for event, reason in (
        ("exit", "Runtime exited with error: exit status 3"),
        ("quietly", "Runtime exited without providing a reason"),
        ("abort", "Runtime exited with error: signal: aborted"),
    ):
        answer = workshop.invoke(event)
        assert json.loads(answer.payload) == {
            "errorType": "Runtime.ExitError",
            "errorMessage": f"RequestId: {answer.request_id} Error: {reason}",
        }
        assert "going" in answer.log


def test_a_function_that_takes_too_long_is_ended(workshop: Workshop) -> None:
    workshop.write(
        """
        import time
        def handler(event, context):
            print("falling asleep")
            time.sleep(60)
        """
    )
    answer = workshop.invoke(timeout_ms=200)
    assert json.loads(answer.payload) == {
        "errorType": "Sandbox.Timedout",
        "errorMessage": f"RequestId: {answer.request_id} Error: Task timed out after 0.20 seconds",
    }
    assert answer.log == "falling asleep\n"


def test_who_prints_without_end_keeps_nobody_else_waiting(workshop: Workshop) -> None:
    workshop.write(
        """
        import subprocess
        def handler(event, context):
            subprocess.run(["yes", "x" * 2000])
        """
    )
    document = json.loads(workshop.invoke(timeout_ms=300).payload)
    assert document["errorType"] == "Sandbox.Timedout"


def test_a_function_that_takes_too_much_memory_is_ended(workshop: Workshop) -> None:
    workshop.write(
        """
        import time
        def handler(event, context):
            hoard = bytearray(200_000_000)
            time.sleep(60)
        """
    )
    document = json.loads(workshop.invoke(timeout_ms=20_000).payload)
    assert document["errorType"] == "Runtime.OutOfMemory"
    assert document["errorMessage"].endswith("Runtime exited with error: signal: killed")


def test_the_memory_of_what_a_function_started_counts(workshop: Workshop) -> None:
    workshop.write(
        """
        import subprocess, sys
        def handler(event, context):
            code = f"import time; hoard = bytearray({event}); time.sleep(0.5)"
            return subprocess.run([sys.executable, "-c", code]).returncode
        """
    )
    taken = workshop.invoke(200_000_000, timeout_ms=20_000)
    assert json.loads(taken.payload)["errorType"] == "Runtime.OutOfMemory"
    assert workshop.invoke(1_000, timeout_ms=20_000).payload == b"0"


def test_memory_that_processes_share_counts_once(workshop: Workshop) -> None:
    workshop.write(
        """
        import os, time
        hoard = b"x" * 60_000_000
        def handler(event, context):
            for _ in range(3):
                if os.fork() == 0:
                    time.sleep(0.4)
                    os._exit(0)
            return [os.wait()[1] for _ in range(3)]
        """
    )
    assert json.loads(workshop.invoke(timeout_ms=20_000).payload) == [0, 0, 0]


def test_an_answer_over_six_megabytes(workshop: Workshop) -> None:
    workshop.write("def handler(event, context): return 'x' * event\n")
    answers: list[FunctionAnswer] = []

    async def use(functions: Functions) -> None:
        answers.extend([await invoke(functions, size) for size in (6_300_000, 3)])

    workshop.run(use, concurrency=1)
    large, small = answers
    assert "Failed to post handler success response. Http response code: 413." in large.log
    assert (small.error, small.payload, small.log) == (None, b'"xxx"', "")
    document = json.loads(large.payload)
    assert document == {
        "errorType": "Function.ResponseSizeTooLarge",
        "errorMessage": "Response payload size exceeded maximum allowed payload size "
        "(6291556 bytes).",
    }


def test_processes_stay_warm_and_as_many_as_are_needed(workshop: Workshop) -> None:
    workshop.write(
        """
        import os, time
        def handler(event, context):
            time.sleep(event)
            return os.getpid()
        """
    )
    in_turn: list[FunctionAnswer] = []
    at_once: list[int] = []

    async def use(functions: Functions) -> None:
        in_turn.extend([await invoke(functions, 0) for _ in range(3)])
        answers = await asyncio.gather(*(invoke(functions, 0.2) for _ in range(6)))
        at_once.extend(json.loads(answer.payload) for answer in answers)

    workshop.run(use, concurrency=3)
    assert [answer.init_ms > 0 for answer in in_turn] == [True, False, False]
    assert len({answer.payload for answer in in_turn}) == 1
    assert len(set(at_once)) == 3, "six at once, with three processes"


def test_an_edit_takes_effect_on_the_next_invocation(workshop: Workshop) -> None:
    workshop.write("def handler(event, context): return 1\n")
    seen: list[object] = []

    async def use(functions: Functions) -> None:
        seen.append(json.loads((await invoke(functions)).payload))
        workshop.write("def handler(event, context): return 'two'\n")
        while seen[-1] == 1:
            seen.append(json.loads((await invoke(functions)).payload))

    workshop.run(use)
    assert seen[-1] == "two"


def test_the_integration_may_give_up_before_the_function(workshop: Workshop) -> None:
    workshop.write(
        """
        import time
        def handler(event, context):
            print("falling asleep")
            time.sleep(0.3)
            return "late"
        """
    )
    outcomes: list[object] = []

    async def use(functions: Functions) -> None:
        await invoke_short(functions)
        outcomes.append((await invoke(functions)).payload)

    async def invoke_short(functions: Functions) -> None:
        await invoke(functions)
        outcome = await functions.invoke(InvokeFunction("work", b"null", 150))
        assert isinstance(outcome, BackendFailure)
        outcomes.extend((outcome.kind, outcome.log))

    workshop.run(use, concurrency=1)
    assert outcomes == ["timeout", "falling asleep\n", b'"late"']


def test_an_asynchronous_invocation_is_answered_at_once(workshop: Workshop) -> None:
    workshop.write(
        """
        import pathlib
        def handler(event, context):
            pathlib.Path("ran").write_text(event)
            return 1
        """
    )

    async def use(functions: Functions) -> None:
        answer = await invoke(functions, "later", asynchronous=True)
        assert answer.payload == b""
        assert json.loads((await invoke(functions, "now")).payload) == 1

    workshop.run(use, concurrency=1)
    assert (workshop.root / "ran").read_text() == "now"


def test_a_function_without_code_says_what_to_do(workshop: Workshop) -> None:
    async def use(functions: Functions) -> None:
        outcome = await functions.invoke(InvokeFunction("other", b"{}", 1000))
        assert isinstance(outcome, BackendFailure)
        assert "--function other=" in outcome.detail

    workshop.run(use)


def test_a_folder_that_is_not_there(workshop: Workshop) -> None:
    async def use(functions: Functions) -> None:
        outcome = await functions.invoke(InvokeFunction("work", b"{}", 1000))
        assert isinstance(outcome, BackendFailure)
        assert "is not there" in outcome.detail

    workshop.run(use, root=workshop.root / "missing")


def test_an_edit_of_the_same_size_in_the_same_second_counts(workshop: Workshop) -> None:
    """Python's own cache of compiled code would not notice; at Lambda, too, nothing writes one."""
    code = "def handler(event, context): return {!r}\n"
    for number, text in enumerate(("one", "two")):
        os.utime(workshop.write(code.format(text)), ns=(0, 1_700_000_000_000_000_000 + number))
        assert json.loads(workshop.invoke().payload) == text
    assert [each.name for each in workshop.root.iterdir()] == ["app.py"]
