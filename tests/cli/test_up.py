from __future__ import annotations

import json
import os
import resource
import shutil
import signal
import socket
import sqlite3
import sys
import time
from pathlib import Path

import httpx
import psutil
import pytest

import sample_apis
from inspector.cli.exit import Exit
from inspector.recording.filters import EVERYTHING, parse
from inspector.recording.reader import Reader
from tests.cli.gateway import running

pytestmark = pytest.mark.slow

MOCK = """openapi: 3.0.0
info: {{title: {title}, version: "1"}}
paths:
  /:
    get:
      responses: {{"200": {{description: fine}}}}
      x-amazon-apigateway-integration:
        type: mock
        requestTemplates: {{application/json: '{{"statusCode": {status}}}'}}
        responses: {{default: {{statusCode: "{status}"}}}}
"""


@pytest.fixture
def mock(tmp_path: Path) -> Path:
    file = tmp_path / "mock.yaml"
    file.write_text(MOCK.format(title="mock", status=200))
    return file


def test_traffic_is_answered_printed_and_recorded(tmp_path, petstore):
    sample = sample_apis.load("petstore")
    with sample.running() as backends:
        options = [
            word for pair in backends.backends.items() for word in ("--backend", "=".join(pair))
        ]
        with running(tmp_path, petstore, *options, "--stage-variable", "version=v1") as up:
            for request in sample.requests:
                answer = up.client.request(
                    request.method,
                    f"/dev{request.path}",
                    headers=dict(request.headers),
                    content=request.body,
                )
                assert answer.status_code == request.expect, request.name
            started = time.monotonic()
            assert up.end() == Exit.OK
            assert time.monotonic() - started < 3
    assert len(up.printed) == len(sample.requests)
    assert any("GET     /dev/admin" in line and "route ✗" in line for line in up.printed)
    with Reader(tmp_path / "inspector.db") as reader:
        assert reader.count(EVERYTHING) == len(sample.requests)
        failures = sum(request.expect >= 500 for request in sample.requests)
        assert reader.count(parse("status:5xx")) == failures
    assert (tmp_path / "inspector.db").stat().st_mode & 0o777 == 0o600


def test_json_for_machines(tmp_path, mock):
    with running(tmp_path, mock, "--json", "--db", "here.db") as up:
        assert up.client.get("/dev/").status_code == 200
        up.wait_printed(".")
        assert up.end(signal.SIGTERM) == Exit.OK
    [exchange] = map(json.loads, up.printed)
    assert exchange["request"]["target"] == "/dev/"
    assert exchange["response"]["status"] == 200
    assert [step["code"] for step in exchange["steps"]][:2] == ["resolve.stage", "route.matched"]


def test_bodies_are_kept_up_to_the_size_that_was_asked_for(tmp_path, mock):
    with running(tmp_path, mock, "--max-body", "10B") as up:
        up.client.post("/dev/", content=b"0123456789abc")
        up.wait_printed("POST")
        up.end()
    with Reader(tmp_path / "inspector.db") as reader:
        [row] = reader.page(EVERYTHING, limit=10)
        exchange = reader.exchange(row.id)
    assert (exchange.request.body, exchange.request_size) == (b"0123456789", 13)
    assert exchange.body_cap == 10


def test_several_apis_are_told_apart_by_host(tmp_path, mock):
    other = tmp_path / "other.yaml"
    other.write_text(MOCK.format(title="other", status=204))
    with running(tmp_path, mock, other) as up:
        curls = [up.wait_told(r"curl -H 'Host: (\S+)' (http://\S+)") for _ in range(2)]
        statuses = [up.client.get(call[2], headers={"Host": call[1]}).status_code for call in curls]
        assert statuses == [200, 204]
        neither = up.client.get("/dev/")
        assert neither.status_code == 421
        assert curls[0][1] in neither.text


def test_what_nobody_answers_is_told_with_its_host_and_the_reason(tmp_path, mock):
    second = tmp_path / "second.yaml"
    second.write_text(MOCK.format(title="second", status=201))
    with running(tmp_path, mock, second) as up:
        assert up.client.get("/dev/", headers={"Host": "who.example"}).status_code == 421
        with socket.socket() as held:
            held.bind(("127.0.0.1", 0))
            dead = f"127.0.0.1:{held.getsockname()[1]}"
            with httpx.Client(proxy=up.url, trust_env=False) as client:
                assert client.get(f"http://{dead}/x").status_code == 502
        up.wait_printed("who.example")
        up.wait_printed("/x")
    told = up.printed
    assert "who.example/dev/" in told[0]
    assert " 421 " in told[0]
    assert "several APIs are served here, and who.example is none of them" in told[0]
    assert "127.0.0.1/x" in told[1]
    assert " --- " in told[1]
    assert "Connect call failed" in told[1]


@pytest.mark.skipif(sys.platform != "linux", reason="limits of another process are Linux's")
def test_what_could_not_be_written_is_told_at_the_end(tmp_path, mock):
    with running(tmp_path, mock) as up:
        [gateway] = psutil.Process(up.process.pid).children()
        # A limit on the size of files stands in for a full disk: SQLite meets the same failed write.
        resource.prlimit(gateway.pid, resource.RLIMIT_FSIZE, (300_000, 300_000))
        for _ in range(4):
            assert up.client.get("/dev/", headers={"X-Long": "x" * 9_000}).status_code == 200
            up.client.post("/dev/", content=os.urandom(200_000))
        up.wait_told("exchanges wait in memory")
        assert up.end() == Exit.OK
    assert any("could not be written, and cannot be seen again" in line for line in up.told)


def test_an_edit_is_served_and_a_broken_one_is_told_with_its_line(tmp_path, mock):
    with running(tmp_path, mock) as up:
        assert up.client.get("/dev/").status_code == 200
        sound = mock.read_text()
        mock.write_text(sound + "  /broken: [\n")
        assert up.client.get("/dev/").status_code == 200
        up.wait_told(r"mock\.yaml:\d+:\d+: error: ")
        mock.write_text(sound.replace("200", "202"))
        assert up.client.get("/dev/").status_code == 202


def test_a_simulated_caller_is_recorded(tmp_path, mock):
    (tmp_path / "ann.yaml").write_text("source_ip: 203.0.113.9\nprincipal: ann\n")
    with running(tmp_path, mock, "--caller", "ann.yaml") as up:
        up.client.get("/dev/")
        up.end()
    with Reader(tmp_path / "inspector.db") as reader:
        [row] = reader.page(EVERYTHING, limit=10)
        caller = reader.exchange(row.id).environment.caller
    assert (caller.source_ip, caller.principal) == ("203.0.113.9", "ann")


def test_the_gateway_does_not_outlive_a_killed_command(tmp_path, mock):
    with running(tmp_path, mock) as up:
        for _ in range(20):
            assert up.client.get("/dev/").status_code == 200
        up.end(signal.SIGKILL)
        host, port = up.url.removeprefix("http://").split(":")
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            try:
                socket.create_connection((host, int(port)), 1).close()
            except OSError:
                break
            time.sleep(0.02)
        else:
            pytest.fail("the gateway still listens")
    with Reader(tmp_path / "inspector.db") as reader:
        assert reader.count(EVERYTHING) == 20


def test_two_gateways_of_one_recording_are_told_of(tmp_path, mock):
    with running(tmp_path, mock) as first, running(tmp_path, mock) as second:
        assert not any("records into" in each and "too" in each for each in first.told)
        [said] = [each for each in second.told if "records into inspector.db, too" in each]
        assert first.url in said
    with running(tmp_path, mock) as third:
        assert not any("too" in each for each in third.told)


def test_a_recording_is_continued(tmp_path, mock):
    for _ in range(2):
        with running(tmp_path, mock) as up:
            up.client.get("/dev/")
            up.end()
    with Reader(tmp_path / "inspector.db") as reader:
        assert reader.count(EVERYTHING) == 2


def _broken(tmp_path, _mock):
    (tmp_path / "broken.yaml").write_text("openapi: 3.0.0\npaths: {\n")
    return ["broken.yaml"], Exit.DEFINITION, "broken.yaml:"


def _missing(_tmp_path, _mock):
    return ["nowhere.yaml"], Exit.DEFINITION, "nowhere.yaml: error: cannot be read"


def _in_folder(tmp_path, mock):
    (tmp_path / "folder").mkdir()
    return [mock, "--db", "folder"], Exit.RECORDING, "folder"


def _in_no_folder(_tmp_path, mock):
    return [mock, "--db", "no/where.db"], Exit.RECORDING, "where.db"


def _not_a_recording(tmp_path, mock):
    (tmp_path / "text.db").write_text("a text, and nothing of a database in it\n" * 100)
    return [mock, "--db", "text.db"], Exit.RECORDING, "text.db"


def _foreign(tmp_path, mock):
    with sqlite3.connect(tmp_path / "foreign.db") as database:
        database.execute("CREATE TABLE t (x)")
    database.close()
    return [mock, "--db", "foreign.db"], Exit.RECORDING, "foreign.db"


def _newer(tmp_path, mock):
    from inspector.recording.schema import open_for_writing  # noqa: PLC0415

    connection = open_for_writing(tmp_path / "newer.db")
    connection.execute("PRAGMA user_version = 999")
    connection.close()
    return [mock, "--db", "newer.db"], Exit.RECORDING, "later release"


def _caller(_tmp_path, mock):
    return [mock, "--caller", "nobody.yaml"], Exit.USAGE, "--caller nobody.yaml: no such file"


@pytest.mark.parametrize(
    "case",
    [_broken, _missing, _in_folder, _in_no_folder, _not_a_recording, _foreign, _newer, _caller],
)
def test_what_cannot_work_is_a_sentence_and_an_exit_code(inspector, tmp_path, mock, case):
    arguments, code, sentence = case(tmp_path, mock)
    done = inspector("up", "--headless", *arguments, "--listen", "127.0.0.1:0")
    assert done.returncode == code, done.stderr
    assert sentence in done.stderr
    assert done.stdout == ""
    assert "Traceback" not in done.stderr


def test_an_address_in_use(inspector, tmp_path, mock):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        done = inspector("up", "--headless", mock, "--listen", address)
    assert done.returncode == Exit.ADDRESS
    assert f"{address} is in use by another program." in done.stderr
    assert not (tmp_path / "inspector.db").exists()


def test_listening_for_everybody_is_said_loudly(inspector, mock):
    done = inspector("up", "--headless", mock, "--listen", "0.0.0.0:0", "--db", "/dev/null/x")
    assert "warning: listening on 0.0.0.0:" in done.stderr


@pytest.mark.parametrize("content", ["nonsense", ""])
def test_a_spoilt_certificate_authority_is_a_sentence(inspector, tmp_path, mock, content):
    folder = tmp_path / ".mitmproxy"
    folder.mkdir()
    (folder / "mitmproxy-ca.pem").write_text(content)
    done = inspector("up", "--headless", mock, "--listen", "127.0.0.1:0")
    assert done.returncode == Exit.FAILED
    assert "mitmproxy-ca.pem" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_demo_prints_every_exchange_with_its_steps(inspector, tmp_path):
    done = inspector("demo", "--db", "demo.db")
    assert done.returncode == 0, done.stderr
    sample = sample_apis.load("petstore")
    for request in sample.requests:
        assert f"# {request.name}\n{request.method} /dev{request.path} → {request.expect}" in (
            done.stdout
        )
    assert "The backend did not answer within 300 ms." in done.stdout
    again = inspector("demo", "--db", "demo.db", "--json")
    exchanges = [json.loads(line) for line in again.stdout.splitlines()]
    assert [each["name"] for each in exchanges] == [each.name for each in sample.requests]
    assert [each["response"]["status"] for each in exchanges] == [
        each.expect for each in sample.requests
    ]
    assert all(path.name.startswith("demo.db") for path in tmp_path.iterdir() if path.is_file())


def test_open_wants_a_terminal_and_a_recording(inspector, tmp_path):
    done = inspector("open", "nowhere.db")
    assert done.returncode == Exit.RECORDING
    assert "There is no recording nowhere.db" in done.stderr
    done = inspector("open", "nowhere.db", "--filter", "status:")
    assert done.returncode == Exit.USAGE
    assert "filter" in done.stderr
    shutil.rmtree(tmp_path / ".mitmproxy", ignore_errors=True)
