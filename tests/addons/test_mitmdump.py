"""`mitmdump -s addons/gateway.py`: the same addons, under somebody else's master."""

from __future__ import annotations

import asyncio
import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import httpx
import pytest

from inspector.recording.filters import EVERYTHING
from inspector.recording.reader import Reader
from tests.addons.live import api, proxied
from tests.addons.socket_api import WHO, opened, said, socket_api
from tests.addons.waiting_backend import WaitingBackend

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent.parent
PATIENCE = 30.0
RUN = [sys.executable, "-c", "from mitmproxy.tools.main import mitmdump; mitmdump()"]
ADDON = ["-s", str(ROOT / "addons" / "gateway.py"), "--set", "termlog_verbosity=error"]


def command(folder: Path, *settings: str, port: int = 0) -> list[str]:
    listen = ["--listen-host", "127.0.0.1", "--listen-port", str(port)]
    confdir = ["--set", f"confdir={folder}"]
    return [*RUN, *listen, *confdir, *ADDON, *(w for each in settings for w in ("--set", each))]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_it_answers_and_records_until_it_is_interrupted(tmp_path: Path) -> None:
    definition, db, port = tmp_path / "api.json", tmp_path / "m.db", free_port()
    definition.write_text(json.dumps(api(x=proxied("/x"))), "utf-8")
    with WaitingBackend() as backend:
        [(name, url)] = backend.names.items()
        settings = [
            f"inspector_definition={definition}",
            f"inspector_db={db}",
            f"inspector_backend={name}={url}",
            "inspector_api_id=abc123defg",
        ]
        process = subprocess.Popen(command(tmp_path, *settings, port=port), cwd=tmp_path)
        try:
            hosts = {"Host": "abc123defg.execute-api.us-east-1.amazonaws.com"}
            address = f"http://127.0.0.1:{port}/dev/x"
            assert _answered(address, process, hosts).text == "hello"
            for _ in range(20):
                assert httpx.get(address, trust_env=False).text == "hello"
            process.send_signal(signal.SIGINT)
            assert process.wait(PATIENCE) == 0
        finally:
            process.kill()
            process.wait()
    with Reader(db) as reader:
        rows = reader.page(EVERYTHING, limit=100)
    assert len(rows) == 21
    assert {(row.status, row.api_id) for row in rows} == {(200, "abc123defg")}


async def test_it_serves_websockets(tmp_path: Path) -> None:
    definition, db, port = tmp_path / "api.json", tmp_path / "m.db", free_port()
    definition.write_text(json.dumps(socket_api(default=WHO)), "utf-8")
    settings = [f"inspector_definition={definition}", f"inspector_db={db}"]
    process = subprocess.Popen(  # noqa: ASYNC220  it takes a moment, and nothing else goes on
        command(tmp_path, *settings, port=port), cwd=tmp_path
    )
    address = f"http://127.0.0.1:{port}"
    try:
        await asyncio.to_thread(_answered, address, process, {})
        async with opened(address) as client:
            assert "QAYKE" in await said(client, "who")
            await client.close(1000, "bye")
        async with opened(address) as client:
            process.send_signal(signal.SIGINT)
            await client.wait_closed()
            assert (client.close_code, client.close_reason) == (1001, "Going away")
        assert await asyncio.to_thread(process.wait, PATIENCE) == 0
    finally:
        process.kill()
        process.wait()
    with Reader(db) as reader:
        rows = reader.page(EVERYTHING, limit=100)
    assert [row.method for row in reversed(rows)] == [
        "GET", "GET", "MESSAGE", "DISCONNECT", "GET", "DISCONNECT",
    ]  # fmt: skip


def _answered(
    url: str, process: subprocess.Popen[bytes], headers: dict[str, str]
) -> httpx.Response:
    """The first answer of a process that is still starting."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return httpx.get(url, headers=headers, trust_env=False, timeout=PATIENCE)
        except httpx.ConnectError:
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.05)


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ([], "Set inspector_definition to the API definitions to serve."),
        (["inspector_definition=none.json"], "none.json: error: cannot be read"),
        (["inspector_definition=broken.json"], "broken.json:1:"),
        (["inspector_definition=api.json", "inspector_db=no/such/x.db"], "The recording no/such"),
        (["inspector_definition=api.json", "inspector_backend=x"], "inspector_backend: 'x' is not"),
        (
            ["inspector_definition=api.json", "inspector_backend=x=y"],
            "inspector_backend: not an http or https URL: y",
        ),
        (["inspector_definition=api.json", "inspector_keys=none.yaml"], "none.yaml"),
        (["inspector_definition=api.json", "inspector_function=x=y"], "y"),
    ],
)
def test_what_cannot_work_is_a_sentence(
    tmp_path: Path, settings: Sequence[str], sentence: str
) -> None:
    (tmp_path / "api.json").write_text(json.dumps(api(x=proxied("/x"))), "utf-8")
    (tmp_path / "broken.json").write_text("{", "utf-8")
    run = command(tmp_path, *settings, port=free_port())
    done = subprocess.run(
        run, cwd=tmp_path, capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    assert done.returncode == 1
    assert sentence in done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr
