"""Functions that bring their own runtime, and functions that leave processes behind."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress

import psutil
import pytest

from tests.runtime.functions.workshop import Workshop

pytestmark = pytest.mark.slow

BOOTSTRAP = f"""\
#!{sys.executable}
import http.client, os
host = os.environ["AWS_LAMBDA_RUNTIME_API"]
root = "/2018-06-01/runtime/invocation/"
print(os.environ.get("AWS_EXECUTION_ENV"), os.environ["_HANDLER"], flush=True)
while True:
    link = http.client.HTTPConnection(host)
    link.request("GET", root + "next")
    event = link.getresponse()
    body, name = event.read(), event.headers["Lambda-Runtime-Aws-Request-Id"]
    link.request("POST", root + "someone-elses/response", b"1")
    refused = link.getresponse()
    refused.read()
    link.request("POST", root + name + "/response", body[::-1] + str(refused.status).encode())
    link.getresponse().read()
"""

#: Starts a function that starts something itself, says their ids, and waits to be killed.
OWNER = """
import asyncio, json, sys
from pathlib import Path
from inspector.gateway.effects import InvokeFunction
from inspector.runtime.functions.functions import Functions
from inspector.runtime.functions.spec import FunctionSpec

async def main():
    spec = FunctionSpec(name="work", runtime="python3.11", handler="app.handler",
                        root=Path(sys.argv[1]), timeout_ms=60000)
    functions = Functions([spec])
    answer = await functions.invoke(InvokeFunction("work", b"0", 10000))
    asyncio.ensure_future(functions.invoke(InvokeFunction("work", b"60", 60000)))
    print(answer.payload.decode(), flush=True)
    await asyncio.sleep(60)

asyncio.run(main())
"""


def test_a_program_of_ones_own(workshop: Workshop) -> None:
    workshop.write(BOOTSTRAP, "bootstrap").chmod(0o755)
    answer = workshop.invoke([1, 2], runtime="provided.al2023", handler="bootstrap.main")
    assert answer.payload == b"]2 ,1[400", "the id of another invocation is refused"
    assert answer.log == "None bootstrap.main\n", "such a runtime has no name"


def test_a_program_that_may_not_be_executed(workshop: Workshop) -> None:
    workshop.write(BOOTSTRAP, "bootstrap").chmod(0o644)
    with pytest.raises(AssertionError, match=r"may not be executed; chmod \+x bootstrap"):
        workshop.invoke(runtime="provided.al2023")


def test_a_runtime_that_inspector_does_not_know(workshop: Workshop) -> None:
    with pytest.raises(AssertionError, match=r"java21.*--function work=URL"):
        workshop.invoke(runtime="java21")


def test_what_a_function_started_ends_with_it(workshop: Workshop) -> None:
    workshop.write(
        """
        import subprocess, sys
        def handler(event, context):
            return subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]).pid
        """
    )
    pid = json.loads(workshop.invoke().payload)
    assert _gone(pid)


@pytest.fixture
def owner(workshop: Workshop) -> Iterator[tuple[subprocess.Popen[str], list[int]]]:
    """A process that runs functions, and the ids of the function's processes."""
    workshop.write(
        """
        import os, subprocess, sys, time
        def handler(event, context):
            time.sleep(event)
            child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
            return [os.getpid(), child.pid]
        """
    )
    process = subprocess.Popen(
        [sys.executable, "-c", OWNER, str(workshop.root)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    with process:
        pids = json.loads(process.stdout.readline())
        yield process, pids
        with suppress(ProcessLookupError):
            process.kill()


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_no_process_is_left_whatever_happens(
    owner: tuple[subprocess.Popen[str], list[int]], how: signal.Signals
) -> None:
    process, pids = owner
    process.send_signal(how)
    process.wait(10)
    assert all(_gone(pid) for pid in pids)


def _gone(pid: int) -> bool:
    """Whether a process ends within ten seconds (a zombie has ended)."""
    with suppress(psutil.NoSuchProcess):
        process = psutil.Process(pid)
        if process.status() == psutil.STATUS_ZOMBIE:
            return True
        process.wait(10)
    return True
