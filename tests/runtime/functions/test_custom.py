"""Functions that bring their own runtime, and functions that leave processes behind."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from textwrap import dedent

import psutil
import pytest

from inspector.gateway.effects import FunctionAnswer
from inspector.runtime.functions import process
from inspector.runtime.functions.functions import Functions
from tests.runtime.functions.workshop import Workshop, invoke

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


SHELL = """\
#!/bin/sh
# As the guide's example of a runtime has it.
set -eu
. "$LAMBDA_TASK_ROOT/${_HANDLER%.*}.sh"
root="http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation"
while true; do
  heads="$(mktemp)"
  event="$(curl -sS -L -D "$heads" "$root/next")"
  id="$(grep -i Lambda-Runtime-Aws-Request-Id "$heads" | tr -d '[:space:]' | cut -d: -f2)"
  rm "$heads"
  curl -sS "$root/$id/response" -d "$(${_HANDLER#*.} "$event")" > /dev/null
done
"""


@pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl here")
def test_a_shell_script_with_curl(workshop: Workshop) -> None:
    workshop.write(SHELL, "bootstrap").chmod(0o755)
    workshop.write('answer() { echo "with $#" >&2; echo "[$1, $#]"; }\n', "function.sh")
    kind = {"runtime": "provided.al2023", "handler": "function.answer"}
    answer = workshop.invoke({"a": 1}, **kind)
    assert (answer.payload, answer.log) == (b'[{"a": 1}, 1]', "with 1\n")


def test_a_program_is_started_without_arguments_from_a_layer_if_need_be(tmp_path: Path) -> None:
    """Lambda looks into /var/task, then into /opt."""
    layer, root = tmp_path / "layer", tmp_path / "code"
    layer.mkdir()
    root.mkdir()
    workshop = Workshop(root)
    Workshop(layer).write(
        ODD + "event, name, _ = poll()\nimport sys\nanswer(name, sys.argv[1:])\npoll()\n",
        "bootstrap",
    ).chmod(0o755)
    answer = workshop.invoke(runtime="provided.al2023", handler="x", layers=(layer,))
    assert json.loads(answer.payload) == []


ODD = f"""\
#!{sys.executable}
import http.client, json, os, time
root = "/2018-06-01/runtime/"
def ask(method, where, body=None):
    link = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
    link.request(method, root + where, body)
    answer = link.getresponse()
    return answer.status, answer.read(), answer.headers
def poll():
    _, body, headers = ask("GET", "invocation/next")
    return json.loads(body), headers["Lambda-Runtime-Aws-Request-Id"], headers
def answer(name, value):
    return ask("POST", f"invocation/{{name}}/response", json.dumps(value))
"""


def odd(workshop: Workshop, code: str) -> dict[str, str]:
    """A program that does not keep to the rules."""
    workshop.write(ODD + dedent(code), "bootstrap").chmod(0o755)
    return {"runtime": "provided.al2023", "handler": "x"}


def test_who_asks_again_without_an_answer_gets_the_same_event_and_no_more_time(
    workshop: Workshop,
) -> None:
    """As Amazon's emulator does it."""
    kind = odd(workshop, """
        first, second = poll(), poll()
        deadline = "Lambda-Runtime-Deadline-Ms"
        answer(second[1], [first[:2] == second[:2], first[2][deadline] == second[2][deadline]])
        poll()
        while True: poll()
    """)  # fmt: skip
    seen: list[FunctionAnswer] = []

    async def use(functions: Functions) -> None:
        seen.extend([await invoke(functions, "it") for _ in range(2)])

    workshop.run(use, concurrency=1, timeout_ms=400, **kind)
    assert json.loads(seen[0].payload) == [True, True]
    assert json.loads(seen[1].payload)["errorType"] == "Sandbox.Timedout"


def test_who_answers_and_never_asks_again_is_ended_with_its_time(workshop: Workshop) -> None:
    """At Lambda an invocation lasts until the runtime asks for the next."""
    kind = odd(workshop, """
        event, name, _ = poll()
        answer(name, os.getpid())
        time.sleep(60)
    """)  # fmt: skip
    seen: list[FunctionAnswer] = []

    async def use(functions: Functions) -> None:
        seen.extend([await invoke(functions) for _ in range(2)])

    workshop.run(use, concurrency=1, timeout_ms=300, **kind)
    assert [each.error for each in seen] == [None, None]
    assert seen[0].payload != seen[1].payload


def test_an_answer_that_is_too_large_is_told_to_the_program(workshop: Workshop) -> None:
    kind = odd(workshop, """
        event, name, _ = poll()
        status, body, _ = answer(name, "x" * 6_300_000)
        print(status, body.decode(), flush=True)
        event, name, _ = poll()
        answer(name, 1)
        poll()
    """)  # fmt: skip
    seen: list[FunctionAnswer] = []

    async def use(functions: Functions) -> None:
        seen.extend([await invoke(functions) for _ in range(2)])

    workshop.run(use, concurrency=1, **kind)
    assert json.loads(seen[0].payload)["errorType"] == "Function.ResponseSizeTooLarge"
    assert (seen[1].payload, seen[1].log) == (b"1", "")
    assert seen[0].log == (
        '413 {"errorMessage":"Exceeded maximum allowed payload size (6291556 bytes).",'
        '"errorType":"RequestEntityTooLarge"}\n'
    )


def test_who_cannot_start_and_stays_is_ended(workshop: Workshop) -> None:
    kind = odd(workshop, """
        ask("POST", "init/error", json.dumps({"errorType": "My.Own", "errorMessage": "no"}))
        time.sleep(60)
    """)  # fmt: skip
    answer = workshop.invoke(**kind, timeout_ms=20_000)
    assert (answer.error, json.loads(answer.payload)["errorType"]) == ("Unhandled", "My.Own")


def test_who_cannot_start_gets_no_event_any_more(workshop: Workshop) -> None:
    kind = odd(workshop, """
        ask("POST", "init/error", json.dumps({"errorType": "My.Own", "errorMessage": "no"}))
        event, name, _ = poll()
        answer(name, "after all")
    """)  # fmt: skip
    answer = workshop.invoke(**kind, timeout_ms=20_000)
    assert (answer.error, json.loads(answer.payload)["errorType"]) == ("Unhandled", "My.Own")


def test_only_who_has_not_started_can_say_that_it_could_not(workshop: Workshop) -> None:
    kind = odd(workshop, """
        event, name, _ = poll()
        status, body, _ = ask("POST", "init/error", "{}")
        answer(name, [status, json.loads(body)["errorType"]])
        poll()
    """)  # fmt: skip
    assert json.loads(workshop.invoke(**kind).payload) == [403, "InvalidStateTransition"]


def test_a_start_that_takes_too_long_is_tried_again_within_the_functions_time(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "INIT_MS", 300)
    kind = odd(workshop, """
        starts = int(open("starts").read()) + 1 if os.path.exists("starts") else 1
        with open("starts", "w") as file: file.write(str(starts))
        print("start", starts, flush=True)
        time.sleep(60 if starts == 1 else 0.5)
        event, name, headers = poll()
        left = int(headers["Lambda-Runtime-Deadline-Ms"]) - time.time() * 1000
        answer(name, [starts, left < 1_600])
        poll()
    """)  # fmt: skip
    answer = workshop.invoke(**kind, timeout_ms=2_000)
    assert json.loads(answer.payload) == [2, True]
    assert answer.log == "start 1\nstart 2\n"
    (workshop.root / "starts").write_text("0")
    short = workshop.invoke(**kind, timeout_ms=200)
    assert json.loads(short.payload)["errorMessage"].endswith("Task timed out after 0.20 seconds")


def test_a_stream_that_breaks_off(workshop: Workshop) -> None:
    kind = odd(workshop, """
        import socket
        event, name, _ = poll()
        host, port = os.environ["AWS_LAMBDA_RUNTIME_API"].split(":")
        with socket.create_connection((host, port)) as link:
            link.sendall(f"POST {root}invocation/{name}/response HTTP/1.1\\r\\nHost: x\\r\\n"
                         "Lambda-Runtime-Function-Response-Mode: streaming\\r\\n"
                         "Transfer-Encoding: chunked\\r\\n\\r\\n2\\r\\nab\\r\\n".encode())
        time.sleep(60)
    """)  # fmt: skip
    answer: list[FunctionAnswer] = []

    async def use(functions: Functions) -> None:
        answer.append(await invoke(functions, stream=True))

    workshop.run(use, timeout_ms=20_000, **kind)
    assert answer[0].error == "Unhandled"
    assert json.loads(answer[0].payload)["errorType"] == "Runtime.TruncatedResponse"


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


APART = """
import os, subprocess, sys, time
def handler(event, context):
    code = "import time; time.sleep(60)"
    child = subprocess.Popen([sys.executable, "-c", code], start_new_session=True)
    if event == "crash":
        with open("child", "w") as file: file.write(str(child.pid))
        os._exit(1)
    if event:
        open("asleep", "w").close()
    time.sleep(event)
    return [os.getpid(), child.pid]
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux shows the environment of others")
@pytest.mark.parametrize("event", [0, "crash"])
def test_what_has_left_the_functions_process_group_ends_with_it(
    workshop: Workshop, event: object
) -> None:
    """Browsers are started so."""
    workshop.write(APART)
    answer = workshop.invoke(event)
    crashed = event == "crash"
    pid = int((workshop.root / "child").read_text()) if crashed else json.loads(answer.payload)[1]
    assert not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


@pytest.fixture
def owner(workshop: Workshop) -> Iterator[tuple[subprocess.Popen[str], list[int]]]:
    """A process that runs functions, and the ids of the function's processes."""
    workshop.write(APART if sys.platform == "linux" else APART.replace("start_new_session", "text"))
    owning = subprocess.Popen(
        [sys.executable, "-c", OWNER, str(workshop.root)], stdout=subprocess.PIPE, text=True
    )
    assert owning.stdout is not None
    with owning:
        pids = json.loads(owning.stdout.readline())
        yield owning, pids
        with suppress(ProcessLookupError):
            owning.kill()


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_no_process_is_left_whatever_happens(
    owner: tuple[subprocess.Popen[str], list[int]], how: signal.Signals
) -> None:
    owning, pids = owner
    owning.send_signal(how)
    owning.wait(10)
    assert all(_gone(pid) for pid in pids)


def test_a_signal_that_ends_the_program_in_order_says_nothing(workshop: Workshop) -> None:
    """As the command line has it end: what runs in the loop is cancelled, all at once."""
    workshop.write(APART)
    ending = OWNER.replace("asyncio.run(main())", """
import signal
def end(number, frame): raise SystemExit(3)
signal.signal(signal.SIGTERM, end)
asyncio.run(main())
""")  # fmt: skip
    owning = subprocess.Popen(
        [sys.executable, "-c", ending, str(workshop.root)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    with owning:
        assert owning.stdout is not None
        pids = json.loads(owning.stdout.readline())
        until = time.monotonic() + 20
        while not (workshop.root / "asleep").exists() and time.monotonic() < until:
            os.sched_yield()
        owning.terminate()
        assert owning.communicate(timeout=20)[1] == ""
    assert owning.returncode == 3
    assert all(_gone(pid) for pid in pids)


def _gone(pid: int) -> bool:
    """Whether a process ends within ten seconds (a zombie has ended)."""
    with suppress(psutil.NoSuchProcess):
        seen = psutil.Process(pid)
        if seen.status() == psutil.STATUS_ZOMBIE:
            return True
        seen.wait(10)
    return True
