from __future__ import annotations

import asyncio
import socket
import ssl
import sys
from dataclasses import replace

import pytest
import trustme

from inspector.gateway.effects import BackendAnswer, BackendFailure, BackendRequest, CallBackend
from inspector.message import Headers
from inspector.runtime.failures import BackendError
from inspector.runtime.http import HttpBackends
from inspector.runtime.stream import HIGH_WATER, BodyStream
from tests.runtime.raw_server import Visit, answering, raw_server

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


def effect(
    url: str,
    method: str = "GET",
    headers: tuple[tuple[str, str], ...] = (("Host", "declared.example"),),
    body: bytes = b"",
    timeout_ms: int = 5000,
    **how: bool,
) -> CallBackend:
    return CallBackend(BackendRequest(method, url, Headers(headers), body), timeout_ms, **how)


@pytest.fixture
async def backends():
    client = HttpBackends(limit=1000)
    yield client
    await client.close()


async def answer_to(raw: bytes, backends: HttpBackends, **how: bool):
    async def script(visit: Visit) -> None:
        await visit.request()
        await visit.say(raw)

    async with raw_server(script) as server:
        return await backends.call(effect(server.url + "/", **how))


async def test_request_goes_out_byte_for_byte(backends):
    seen: list[bytes] = []

    async def script(visit: Visit) -> None:
        seen.append(await visit.request())
        await visit.say(OK)

    headers = (
        ("x-first", "1"),
        ("Host", "declared.example"),
        ("X-Same", "a"),
        ("x-Same", "b\xe9"),
        ("Content-Length", "3"),
    )
    async with raw_server(script) as server:
        url = server.url + "/a%2Fb/%e9//c;d=1?q=a+b%20c&q=&z=[1]"
        reply = await backends.call(effect(url, "POST", headers, b"abc"))
    assert reply == BackendAnswer(200, Headers((("Content-Length", "2"),)), b"ok")
    assert seen == [
        (
            b"POST /a%2Fb/%e9//c;d=1?q=a+b%20c&q=&z=[1] HTTP/1.1\r\nx-first: 1\r\n"
            b"Host: declared.example\r\nX-Same: a\r\nx-Same: b\xe9\r\nContent-Length: 3\r\n\r\nabc"
        )
    ]


async def test_a_folded_header_goes_out_unfolded(backends):
    """RFC 9112 section 5.2: a gateway puts blanks in the place of the fold."""
    seen: list[bytes] = []

    async def script(visit: Visit) -> None:
        seen.append(await visit.request())
        await visit.say(OK)

    async with raw_server(script) as server:
        folded = (("Host", "a.example"), ("X-Folded", "one\r\n  two"))
        reply = await backends.call(effect(server.url + "/", headers=folded))
        broken = (("Host", "a.example"), ("X-Folded", "one\r\nX-Other: two"))
        refused = await backends.call(effect(server.url + "/", headers=broken))
    assert isinstance(reply, BackendAnswer)
    assert b"\r\nX-Folded: one two\r\n" in seen[0]
    assert isinstance(refused, BackendFailure)
    assert refused.kind == "protocol"


async def test_nobody_there_is_told_by_address(backends):
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        port = held.getsockname()[1]
        reply = await backends.call(effect(f"http://127.0.0.1:{port}/"))
    assert reply == BackendFailure("refused", f"127.0.0.1:{port}")


async def test_environment_proxies_are_not_used(backends, monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    async with raw_server(answering(OK)) as server:
        assert isinstance(await backends.call(effect(server.url + "/")), BackendAnswer)


async def test_the_proxys_eager_tasks_connect_too(backends):
    """mitmproxy 12 makes tasks eager; asyncio's own racing of addresses breaks on them."""
    if sys.version_info >= (3, 12):
        asyncio.get_running_loop().set_task_factory(asyncio.eager_task_factory)
    async with raw_server(answering(OK)) as server:
        assert isinstance(await backends.call(effect(server.url + "/")), BackendAnswer)


async def test_a_host_with_two_addresses_is_reached_by_the_one_that_answers(backends, monkeypatch):
    """Nothing listens at the first; name services do not give such answers here."""

    def two(_host, port, *_more, **_named):
        kind = (socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "")
        return [(*kind, ("127.0.0.2", port)), (*kind, ("127.0.0.1", port))]

    async with raw_server(answering(OK)) as server:
        monkeypatch.setattr(socket, "getaddrinfo", two)
        url = f"http://two.example:{server.port}/"
        assert isinstance(await backends.call(effect(url)), BackendAnswer)
        monkeypatch.undo()
    assert (await backends.call(effect(server.url + "/"))).kind == "refused"


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (
            (
                b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nSet-Cookie: a\r\n"
                b"set-cookie: b\r\nX-Empty:\r\nX-High: \xff\r\nContent-Length: 0\r\n\r\n"
            ),
            BackendAnswer(
                302,
                Headers(
                    (
                        ("Location", "http://127.0.0.1:1/"),
                        ("Set-Cookie", "a"),
                        ("set-cookie", "b"),
                        ("X-Empty", ""),
                        ("X-High", "\xff"),
                        ("Content-Length", "0"),
                    )
                ),
                b"",
            ),
        ),
        (
            b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nnot!",
            BackendAnswer(
                200, Headers((("Content-Encoding", "gzip"), ("Content-Length", "4"))), b"not!"
            ),
        ),
        (
            (
                b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"
                b"HTTP/1.1 201 Made\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n1;x=y\r\nd\r\n0\r\n"
                b"Trailer-Field: z\r\n\r\n"
            ),
            BackendAnswer(201, Headers((("Transfer-Encoding", "chunked"),)), b"abcd"),
        ),
        (b"HTTP/1.0 200 OK\r\n\r\nto the end", BackendAnswer(200, Headers(), b"to the end")),
        (b"HTTP/1.1 599 Odd\r\nContent-Length: 0\r\n\r\n", None),
        (b"HTTP/1.1 204 No Content\r\n\r\n", BackendAnswer(204, Headers(), b"")),
    ],
    ids=["headers", "encoded", "interim-chunked", "until-eof", "odd-status", "no-content"],
)
async def test_answer_comes_back_as_it_was(raw, expected, backends):
    reply = await answer_to(raw, backends)
    assert isinstance(reply, BackendAnswer)
    assert expected in (None, reply)


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        (b"", "reset"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort", "reset"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab", "reset"),
        (b"HTTP/1.1 200 OK\r\nContent-Le", "reset"),
        (b"SSH-2.0-OpenSSH_9.2\r\n", "protocol"),
        (b"\x00\x01\x02\xff" * 10, "protocol"),
        (b"HTTP/1.1 abc OK\r\n\r\n", "protocol"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "protocol"),
        (b"HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n", "protocol"),
        (b"HTTP/1.1 200 OK\r\nX: " + b"a" * 300_000, "protocol"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2000\r\n\r\n" + b"a" * 2000, "too-large"),
    ],
)
async def test_nonsense_is_a_failure(raw, kind, backends):
    reply = await answer_to(raw, backends)
    assert isinstance(reply, BackendFailure)
    assert reply.kind == kind
    assert reply.detail


async def test_backend_that_is_down(backends):
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        reply = await backends.call(effect(f"http://127.0.0.1:{held.getsockname()[1]}/"))
    assert isinstance(reply, BackendFailure)
    assert reply.kind == "refused"
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        reply = await backends.call(effect(f"http://localhost:{held.getsockname()[1]}/"))
    assert isinstance(reply, BackendFailure)
    assert reply.kind == "refused"


async def test_host_that_does_not_exist(backends):
    for host in ("nowhere.invalid", "a" * 70 + ".invalid"):
        reply = await backends.call(effect(f"http://{host}/"))
        assert isinstance(reply, BackendFailure)
        assert reply.kind == "dns"


async def test_slow_backend_is_given_up(backends):
    async def script(visit: Visit) -> None:
        await visit.request()
        await visit.say(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab")
        await visit.reader.read()

    async with raw_server(script) as server:
        reply = await backends.call(effect(server.url + "/", timeout_ms=60))
    assert reply == BackendFailure("timeout", "no answer within 60 ms")


async def test_reset_is_a_reset(backends):
    async def script(visit: Visit) -> None:
        await visit.request()
        visit.reset()

    async with raw_server(script) as server:
        reply = await backends.call(effect(server.url + "/", "POST"))
    assert isinstance(reply, BackendFailure)
    assert reply.kind == "reset"


@pytest.mark.parametrize("url", ["ftp://a/", "nothing", "http:///x", "http://h:99999/", ""])
async def test_what_is_no_http_url(url, backends):
    reply = await backends.call(effect(url))
    assert isinstance(reply, BackendFailure)
    assert reply.kind == "other"


@pytest.mark.parametrize(
    "request_",
    [
        {"headers": (("X", "a\r\nEvil: 1"),)},
        {"headers": (("X\n", "a"),)},
        {"headers": (("X", "a\0"),)},
        {"path": "/a\r\nEvil: 1"},
    ],
)
async def test_a_line_break_never_becomes_a_header(request_, backends):
    async with raw_server(answering(OK)) as server:
        url = server.url + request_.get("path", "/")
        reply = await backends.call(effect(url, headers=request_.get("headers", ())))
        assert isinstance(reply, BackendFailure)
        assert server.visits <= 1


async def test_head_has_no_body(backends):
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n"
    async with raw_server(answering(head, OK)) as server:
        reply = await backends.call(effect(server.url + "/", "HEAD"))
        assert reply == BackendAnswer(200, Headers((("Content-Length", "500"),)), b"")
        assert isinstance(await backends.call(effect(server.url + "/")), BackendAnswer)
        assert server.visits == 1


async def test_connections_are_used_again(backends):
    async with raw_server(answering(*[OK] * 5)) as server:
        for _ in range(5):
            await backends.call(effect(server.url + "/"))
        assert server.visits == 1


async def test_connection_close_is_respected(backends):
    close = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
    async with raw_server(answering(close)) as server:
        for _ in range(2):
            assert isinstance(await backends.call(effect(server.url + "/")), BackendAnswer)
        assert server.visits == 2


async def test_two_answers_to_one_request_are_not_mixed_up(backends):
    async with raw_server(answering(OK + OK.replace(b"ok", b"no"), OK)) as server:
        for _ in range(2):
            reply = await backends.call(effect(server.url + "/"))
            assert isinstance(reply, BackendAnswer)
            assert reply.body == b"ok"


@pytest.mark.parametrize("method", ["GET", "PUT", "POST", "PATCH"])
async def test_connection_closed_while_idle_is_no_error(method, backends):
    """Closed after the first answer, whether or not we have noticed when the second is sent."""
    closed = asyncio.Event()

    async def script(visit: Visit) -> None:
        await visit.request()
        await visit.say(OK)
        visit.writer.close()
        closed.set()

    async with raw_server(script) as server:
        for _ in range(3):
            closed.clear()
            reply = await backends.call(effect(server.url + "/", method))
            assert isinstance(reply, BackendAnswer)
            await closed.wait()
        assert server.visits == 3


async def test_idempotent_request_is_repeated_once_on_a_new_connection(backends):
    """The race that no look can see: the backend hangs up as the request arrives."""

    async def script(visit: Visit) -> None:
        await visit.request()
        if visit.number == 1:
            await visit.say(OK)
            await visit.request()
            return
        await visit.say(OK)

    async with raw_server(script) as server:
        assert isinstance(await backends.call(effect(server.url + "/")), BackendAnswer)
        assert isinstance(await backends.call(effect(server.url + "/")), BackendAnswer)
        assert server.visits == 2


async def test_post_is_never_sent_twice(backends):
    async def script(visit: Visit) -> None:
        await visit.request()
        await visit.say(OK)
        await visit.request()

    async with raw_server(script) as server:
        assert isinstance(await backends.call(effect(server.url + "/", "POST")), BackendAnswer)
        reply = await backends.call(effect(server.url + "/", "POST"))
        assert isinstance(reply, BackendFailure)
        assert reply.kind == "reset"
        assert server.visits == 1


async def test_event_stream_arrives_as_it_is_sent(backends):
    go_on = asyncio.Event()

    async def script(visit: Visit) -> None:
        await visit.request()
        await visit.say(
            b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\n"
            b"Transfer-Encoding: chunked\r\n\r\n6\r\ndata:1\r\n"
        )
        await go_on.wait()
        await visit.say(b"6\r\ndata:2\r\n0\r\n\r\n")

    async with raw_server(script) as server:
        reply = await backends.call(effect(server.url + "/", may_stream=True))
        assert isinstance(reply, BodyStream)
        assert reply.status == 200
        chunks = aiter(reply)
        assert await anext(chunks) == b"data:1"
        go_on.set()
        assert [chunk async for chunk in chunks] == [b"data:2"]


@pytest.mark.parametrize("length", [b"Content-Length: 4000\r\n", b""])
async def test_large_answer_streams_where_it_may(length, backends):
    raw = b"HTTP/1.1 200 OK\r\n" + length + b"\r\n" + b"x" * 4000
    reply = await answer_to(raw, backends, may_stream=True)
    assert isinstance(reply, BodyStream)
    assert sum([len(chunk) async for chunk in reply]) == 4000


@pytest.mark.parametrize("length", [b"Content-Length: 4000\r\n", b""])
async def test_large_answer_fails_where_it_is_bounded(length, backends):
    raw = b"HTTP/1.1 200 OK\r\n" + length + b"\r\n" + b"x" * 4000
    reply = await answer_to(raw, backends, may_stream=True, bounded=True)
    assert isinstance(reply, BackendFailure)
    assert reply.kind == "too-large"
    assert reply.detail.startswith("Integration response of reported length ")
    assert reply.detail.endswith(" is larger than allowed maximum of 1000 bytes")
    assert not length or " 4000 " in reply.detail


async def test_an_event_stream_is_not_bounded(backends):
    raw = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n" + b"x" * 4000
    reply = await answer_to(raw, backends, may_stream=True, bounded=True)
    assert isinstance(reply, BodyStream)
    assert sum([len(chunk) async for chunk in reply]) == 4000


async def test_stream_that_breaks_says_so(backends):
    raw = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n"
    reply = await answer_to(raw, backends, may_stream=True, stream=True)
    assert isinstance(reply, BodyStream)
    with pytest.raises(BackendError, match="before its answer was whole"):
        [chunk async for chunk in reply]


async def test_slow_reader_makes_the_backend_wait(backends):
    """A 64 MiB stream nobody reads must not end up in memory."""

    async def script(visit: Visit) -> None:
        await visit.request()
        await visit.say(b"HTTP/1.1 200 OK\r\nContent-Length: 67108864\r\n\r\n")
        for _ in range(1024):
            await visit.say(b"x" * 65536)

    async with raw_server(script) as server:
        reply = await backends.call(effect(server.url + "/", may_stream=True))
        assert isinstance(reply, BodyStream)
        while not reply._paused:
            await asyncio.sleep(0)
        for _ in range(2000):
            await asyncio.sleep(0)
        assert reply._waiting < 2 * HIGH_WATER
        assert sum([len(chunk) async for chunk in reply]) == 67108864


async def test_name_stands_for_another_server():
    seen: list[bytes] = []

    async def script(visit: Visit) -> None:
        seen.append(await visit.request())
        await visit.say(OK)

    async with raw_server(script) as server:
        client = HttpBackends({"Pets.example": server.url + "/v1/", "orders:81": server.url})
        for url in (
            "https://pets.example/cats?x=1",
            "http://pets.example:8080",
            "http://orders:81?y",
        ):
            reply = await client.call(effect(url))
            assert isinstance(reply, BackendAnswer)
        await client.close()
    assert [raw.partition(b" HTTP")[0] for raw in seen] == [
        b"GET /v1/cats?x=1",
        b"GET /v1/",
        b"GET /?y",
    ]
    assert b"Host: declared.example\r\n" in seen[0]


async def test_tls_is_verified_unless_told_otherwise(tmp_path, monkeypatch):
    authority = trustme.CA()
    server_side = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(server_side)
    async with raw_server(answering(OK), tls=server_side) as server:
        url = f"https://127.0.0.1:{server.port}/"
        stranger = HttpBackends()
        reply = await stranger.call(effect(url))
        assert isinstance(reply, BackendFailure)
        assert reply.kind == "tls"
        assert isinstance(await stranger.call(replace(effect(url), insecure=True)), BackendAnswer)
        await stranger.close()
        authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
        friend = HttpBackends()
        assert isinstance(await friend.call(effect(url)), BackendAnswer)
        await friend.close()
        plain = await friend.call(effect(url.replace("https", "http")))
        assert isinstance(plain, BackendFailure)
