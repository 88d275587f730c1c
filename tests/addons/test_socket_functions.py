"""Functions of WebSocket APIs that post to their own connections, with the usual clients."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from inspector.recording.filters import parse
from inspector.recording.reader import Reader
from tests.addons.live import live
from tests.addons.socket_api import HOST, opened, said, socket_api, unverified

pytestmark = pytest.mark.slow

#: As people write it: the address is what the event says.
PYTHON = """
import boto3

def handler(event, context):
    about = event["requestContext"]
    url = f"https://{about['domainName']}/{about['stage']}"
    client = boto3.client("apigatewaymanagementapi", endpoint_url=url)
    client.post_to_connection(ConnectionId=about["connectionId"], Data=event["body"].encode())
    return {"statusCode": 200, "body": "posted"}
"""
#: What Amazon's own client for JavaScript does: sign, and send with node:https.
NODE = """
const https = require("node:https");
const { sign } = require("/usr/share/nodejs/aws4");

exports.handler = (event) => new Promise((resolve, reject) => {
  const about = event.requestContext;
  const [hostname, port] = about.domainName.split(":");
  const path = `/${about.stage}/@connections/${encodeURIComponent(about.connectionId)}`;
  const asked = { host: about.domainName, service: "execute-api", region: process.env.AWS_REGION,
                  method: "POST", path, body: event.body, headers: { Host: about.domainName } };
  sign(asked);
  const request = https.request({ ...asked, host: undefined, hostname, port }, (answer) => {
    answer.resume().on("end", () => resolve({ statusCode: 200, body: `posted ${answer.statusCode}` }));
  });
  request.on("error", reject).end(event.body);
});
"""


def function(runtime: str, text: str) -> dict[str, Any]:
    return {"Runtime": runtime, "Handler": "index.handler", "Code": {"ZipFile": text}}


def is_here(runtime: str) -> bool:
    needed = Path("/usr/share/nodejs/aws4")
    return runtime.startswith("python") or (shutil.which("node") is not None and needed.exists())


@pytest.mark.parametrize(
    ("runtime", "text"),
    [
        pytest.param(
            runtime, text,
            marks=pytest.mark.skipif(not is_here(runtime), reason="needs node and node-aws4"),
        )
        for runtime, text in (("python3.12", PYTHON), ("nodejs20.x", NODE))
    ],
)  # fmt: skip
@pytest.mark.parametrize(("scheme", "host"), [("http", "localhost"), ("https", "127.0.0.1")])
async def test_a_function_posts_to_the_connection_that_it_was_told_of(
    tmp_path: Path, runtime: str, text: str, host: str, scheme: str
) -> None:
    document = socket_api({"Fn": function(runtime, text)}, default={"function": "Fn"})
    with live(tmp_path, document, {}) as gateway:
        url = gateway.url.replace("127.0.0.1", host).replace("http", scheme)
        options = {"ssl": unverified()} if scheme == "https" else {}
        async with opened(url, **options) as client, asyncio.timeout(60):
            answers = [await said(client, "hello \N{EURO SIGN}"), await client.recv()]
        gateway.child.stop()
    assert answers[0] == "hello \N{EURO SIGN}"
    assert answers[1] in ("posted", "posted 200")
    with Reader(gateway.db) as reader:
        [row] = reader.page(parse("method:POST"), limit=2)
        assert row.connection is not None
        assert row.status == 200
        methods = [
            each.method for each in reader.page(parse(f"connection:{row.connection}"), limit=9)
        ]
    assert sorted(methods) == ["DISCONNECT", "GET", "MESSAGE", "POST"]


@pytest.mark.parametrize(
    ("runtime", "text"),
    [
        pytest.param(
            runtime, text,
            marks=pytest.mark.skipif(not is_here(runtime), reason="needs node and node-aws4"),
        )
        for runtime, text in (("python3.12", PYTHON), ("nodejs20.x", NODE))
    ],
)  # fmt: skip
async def test_a_function_posts_by_the_apis_own_name(
    tmp_path: Path, runtime: str, text: str
) -> None:
    """As its client connected through the gateway as a proxy, or its environment has it."""
    document = socket_api({"Fn": function(runtime, text)}, default={"function": "Fn"})
    with live(tmp_path, document, {}) as gateway:
        place = urlsplit(gateway.url)
        where = {"host": place.hostname, "port": place.port}
        async with opened(f"http://{HOST}", **where) as client, asyncio.timeout(60):
            answers = [await said(client, "hello"), await client.recv()]
        gateway.child.stop()
    assert answers[0] == "hello"
    assert answers[1] in ("posted", "posted 200")
