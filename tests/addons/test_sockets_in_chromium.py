"""A page's WebSockets, in a real browser."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.addons.live import live
from tests.addons.socket_api import WHO, socket_api
from tests.gateway.browser import chromium

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(chromium.PROGRAM is None, reason="there is no Chromium here"),
]
#: Takes the last protocol that is offered; whoever offers none is sent away.
CONNECT = """
def handler(event, context):
    offered = event["headers"].get("Sec-WebSocket-Protocol")
    if not offered:
        return {"statusCode": 400}
    return {"statusCode": 200, "headers": {"Sec-WebSocket-Protocol": offered.split(", ")[-1]}}
"""


def test_a_page_talks_and_hangs_up(tmp_path: Path) -> None:
    function = {"Runtime": "python3.12", "Handler": "index.handler", "Code": {"ZipFile": CONNECT}}
    document = socket_api({"Fn": function}, connect={"function": "Fn"}, default=WHO)
    with live(tmp_path, document, {}) as gateway, chromium.page() as page:
        url = gateway.url.replace("http", "ws") + "/dev"
        call = {"url": url, "message": "who", "close": [3001, "enough"]}
        talked, refused = page.run(
            [{**call, "protocols": ["soap", "chat"]}, {**call, "protocols": []}],
            tmp_path / "profile",
        )
        recorded = gateway.exchanges()
    protocol, answer, *ended = talked
    assert (protocol, ended) == ("chat", [3001, "enough"])
    assert "QAYKE" in answer
    assert refused == [1006, ""]
    assert [(each.request.method, each.response and each.response.status) for each in recorded] == [
        ("GET", 101), ("MESSAGE", 200), ("DISCONNECT", 200), ("GET", 400),
    ]  # fmt: skip
