"""The chat sample: its own functions and its backend, and the gateway in process between them."""

from __future__ import annotations

import asyncio
import json
import shutil
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

import sample_apis
from inspector.definitions import load
from inspector.gateway.effects import (
    BackendAnswer,
    BackendFailure,
    BackendRequest,
    FunctionAnswer,
    InvokeFunction,
)
from inspector.message import Headers
from inspector.runtime.functions.declared import Finder
from inspector.runtime.functions.functions import Functions
from inspector.testing import ENVIRONMENT, Gateway, TestSocket
from sample_apis.conversations import Turn, is_heard

CHAT = sample_apis.load("chat")
[TEMPLATE] = CHAT.definitions
ROOM = TEMPLATE.parent / "functions" / "room"


def module_at(path: Path) -> Any:
    """A file of a function as a module, whatever it is called."""
    spec = spec_from_file_location(f"chat_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@contextmanager
def functions(template: Path) -> Iterator[Callable[[str, Any], FunctionAnswer | BackendFailure]]:
    """The sample's functions in processes of their own, to be called from any thread."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    declared = load([template]).definition.functions
    held = Functions(find=Finder(lambda: declared, [str(template)]))

    def call(name: str, event: Any) -> FunctionAnswer | BackendFailure:
        effect = InvokeFunction(
            f"arn:aws:lambda:us-east-1:123456789012:function:{name}",
            json.dumps(event).encode(), 29_000,
        )  # fmt: skip
        answer = asyncio.run_coroutine_threadsafe(held.invoke(effect), loop).result(60)
        assert isinstance(answer, FunctionAnswer | BackendFailure)
        return answer

    try:
        yield call
    finally:
        asyncio.run_coroutine_threadsafe(held.close(), loop).result(60)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


@contextmanager
def listening(gateway: Gateway) -> Iterator[str]:
    """`HOST:PORT` where the calls of `@connections` arrive."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            result = gateway.request("POST", raw_target=self.path, body=body,
                                     headers=list(self.headers.items()))  # fmt: skip
            self.send_response(result.status)
            self.send_header("Content-Length", str(len(result.body)))
            self.end_headers()
            self.wfile.write(result.body)

        def log_message(self, *_args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def copied(folder: Path) -> Path:
    """The sample's template in a folder of its own, its functions without TLS."""
    copy = shutil.copytree(TEMPLATE.parent, folder / "copy")
    posting = copy / "functions" / "room" / "connections.py"
    posting.write_text(posting.read_text("utf-8").replace("https://", "http://"))
    return copy / TEMPLATE.name


@contextmanager
def chat(api_id: str, template: Path) -> Iterator[tuple[Gateway, str]]:
    """The sample as it is meant; its `api_id` has a database of its own."""
    with functions(template) as call, CHAT.running() as running:

        def backend(request: BackendRequest) -> BackendAnswer:
            parts = urlsplit(request.url)
            there = f"{running.backends[parts.hostname or '']}{parts.path}?{parts.query}"
            headers = [pair for pair in request.headers if pair[0].lower() != "host"]
            answer = httpx.request(
                request.method, there, headers=headers, content=request.body, trust_env=False
            )
            return BackendAnswer(answer.status_code, Headers(answer.headers.multi_items()),
                                 answer.content)  # fmt: skip

        named = {name: lambda event, name=name: call(name, event)
                 for name in ("chat-room", "chat-doorkeeper", "chat-help")}  # fmt: skip
        # Posts are signed, and a signature is not for long.
        now = replace(ENVIRONMENT, time_ms=int(datetime.now(UTC).timestamp() * 1000))
        gateway = Gateway(TEMPLATE, function=named, backend=backend, api_id=api_id, environment=now)
        with listening(gateway) as host:
            yield gateway, host


def act(gateway: Gateway, host: str, people: dict[str, TestSocket], turn: Turn) -> None:
    if turn.connect is not None:
        offered = [("Sec-WebSocket-Protocol", ", ".join(turn.protocols))] if turn.protocols else []
        socket = gateway.connect(turn.connect, host=host, headers=[("Host", host), *offered])
        assert socket.handshake.status == turn.expect, turn.name
        if turn.protocols:
            assert socket.handshake.headers.get("sec-websocket-protocol") == "chat"
        if socket.open:
            people[turn.who] = socket
    elif turn.send is not None:
        people[turn.who].send(turn.send)
    else:
        assert turn.close is not None
        people.pop(turn.who).close(turn.close)


@pytest.mark.slow
@pytest.mark.skipif(bool(CHAT.left_out), reason="there is no Node (Debian: nodejs)")
def test_everybody_hears_what_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    people: dict[str, TestSocket] = {}
    with chat("chattest01", copied(tmp_path)) as (gateway, host):
        for turn in CHAT.conversation:
            heard = {who: len(socket.frames) for who, socket in people.items()}
            act(gateway, host, people, turn)
            for who, socket in people.items():
                new = socket.frames[heard.get(who, 0) :]
                wanted = turn.hears.get(who, ())
                assert len(new) == len(wanted), (turn.name, who, new)
                assert all(map(is_heard, wanted, new)), (turn.name, who, new)
        told = [each for each in gateway.results if each.answer.outcome == "failed"]
    assert told == []
    assert [each.name for each in tmp_path.glob("chat-*/*")] == ["chattest01.sqlite"]


@pytest.mark.slow
def test_who_is_gone_without_a_word_is_forgotten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Here without boto3: what a function imports is looked for beside it first."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    template = copied(tmp_path)
    (template.parent / "functions" / "room" / "boto3.py").write_text("raise ImportError")
    with chat("chattest02", template) as (gateway, host):
        ann = gateway.connect("?token=ann.sesame", host=host, headers=[("Host", host)])
        ben = gateway.connect("?token=ben.sesame", host=host, headers=[("Host", host)])
        for each in (ann, ben):
            each.send({"action": "join", "room": "tea"})
        gateway.sockets.pop(ben.id)
        ann.send({"action": "send", "room": "tea", "text": "anybody?"})
        ann.send({"action": "send", "room": "tea", "text": "nobody"})
    texts = [json.loads(frame).get("text") for frame in ann.frames]
    assert texts[-2:] == ["anybody?", "nobody"]
    store = module_at(ROOM / "store.py")
    monkeypatch.setattr(store.tempfile, "gettempdir", lambda: str(tmp_path))
    with store.Store.of("chattest02") as kept:
        assert kept.members("tea") == [ann.id]


@pytest.mark.parametrize("token", [None, "session/token=="])
@pytest.mark.parametrize("connection", ["abc=", "a/b==", "x y"])
def test_what_is_signed_by_hand_is_signed_as_botocore_does(
    token: str | None, connection: str
) -> None:
    signing = module_at(ROOM / "signing.py")
    url = f"https://abc.execute-api.eu-west-1.amazonaws.com/live/@connections/{signing.quote(connection, safe='')}"
    found = signing.signed(
        "POST", url, b"hi", signing.Credentials("AKID", "secret", token), "eu-west-1",
        datetime.now(UTC),
    )  # fmt: skip
    request = AWSRequest("POST", url, data=b"hi", headers={"X-Amz-Date": found["x-amz-date"]})
    signer = SigV4Auth(Credentials("AKID", "secret", token), "execute-api", "eu-west-1")
    signer.add_auth(request)
    assert found["Authorization"] == request.headers["Authorization"]


def test_several_processes_see_the_same_people(tmp_path: Path) -> None:
    store = module_at(ROOM / "store.py")
    with store.Store(tmp_path / "a.sqlite") as one, store.Store(tmp_path / "a.sqlite") as other:
        one.enter("1", "ann")
        other.enter("2", "ben")
        assert one.join("1", "tea") == "ann"
        assert other.members("tea") == ["1"]
        assert other.leave("1") == ("ann", "tea")
        assert one.members("tea") == []
        assert one.leave("1") == ("somebody", None)
        assert other.name("2") == "ben"
