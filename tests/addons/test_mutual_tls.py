"""Mutual TLS over real connections: asked for on such domains only, judged by the core."""

from __future__ import annotations

import http.client
import json
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from inspector.cli.gateway_child import GatewayChild
from inspector.cli.settings import Settings
from inspector.definitions import Options
from inspector.recording.filters import EVERYTHING
from inspector.recording.reader import Reader
from inspector.recording.schema import open_for_writing
from inspector.replay.rerun import gateway_of, rerun
from tests.gateway.shop_template import template
from tests.gateway.test_mutual_tls import DOMAIN

pytestmark = pytest.mark.slow
MOCK = {
    "Type": "MOCK",
    "RequestTemplates": {"application/json": '{"statusCode": 200}'},
    "IntegrationResponses": [{
        "StatusCode": "200",
        "ResponseTemplates": {"application/json": "$context.identity.clientCert.subjectDN"},
    }],
}  # fmt: skip
TRUSTED, STRANGER = trustme.CA(), trustme.CA()


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[int, Path, GatewayChild]]:
    document = template(Domain=DOMAIN)
    document["Resources"]["Any"]["Properties"]["Integration"] = MOCK
    definition, db, store = tmp_path / "api.json", tmp_path / "live.db", tmp_path / "trust.pem"
    definition.write_text(json.dumps(document))
    TRUSTED.cert_pem.write_to_path(store)
    open_for_writing(db).close()
    settings = Settings(
        definitions=(str(definition),), options=Options(), host="127.0.0.1", port=0, db=str(db),
        truststores={"api.example.com": str(store)},
    )  # fmt: skip
    with GatewayChild(settings) as child:
        yield int(child.wait_ready().rpartition(":")[2]), db, child


def call(
    port: int, certificate: trustme.LeafCert | None, folder: Path, host: str = "api.example.com",
    path: str = "/orders/7", body: bytes | None = None,
) -> tuple[int, bytes]:  # fmt: skip
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    if certificate is not None:
        file = folder / "client.pem"
        certificate.private_key_and_cert_chain_pem.write_to_path(file)
        context.load_cert_chain(file)
    with (
        socket.create_connection(("127.0.0.1", port), timeout=20) as plain,
        context.wrap_socket(plain, server_hostname=host) as secured,
    ):
        connection = http.client.HTTPConnection(host)
        connection.sock = secured
        connection.request("POST" if body else "GET", path, body, {"Host": host})
        answer = connection.getresponse()
        return answer.status, answer.read()


def test_who_gets_in_by_certificate(served: tuple[int, Path, GatewayChild], tmp_path: Path) -> None:
    port, db, child = served
    ann = TRUSTED.issue_cert("ann@example.com", common_name="ann")
    mallory = STRANGER.issue_cert("mallory@example.com", common_name="mallory")
    status, body = call(port, ann, tmp_path)
    assert status == 200
    assert b"CN=ann" in body
    forbidden = (403, b'{"message":"Forbidden"}')
    assert call(port, mallory, tmp_path) == forbidden
    assert call(port, None, tmp_path) == forbidden
    large = b"x" * (10 * 1024 * 1024 + 1)
    assert call(port, None, tmp_path, body=large) == forbidden
    # Other names on the same port are not asked for one.
    host = _default_name(db)
    assert call(port, ann, tmp_path, host, "/prod/7") == (200, b"")
    child.stop()
    with Reader(db) as reader:
        exchanges = [reader.exchange(row.id) for row in reader.page(EVERYTHING)]
        gateway = gateway_of(reader.definition(exchanges[0].definition or ""))
    codes = {each.trace[0].code for each in exchanges}
    assert {"mutual-tls.trusted", "mutual-tls.untrusted", "mutual-tls.missing"} <= codes
    for exchange in exchanges:
        if exchange.body_cap != 0:  # a body that was never read cannot be sent again
            again = rerun(exchange, gateway)
            assert again.answer is not None, again.unknown
            assert again.answer.response == exchange.response


def _default_name(db: Path) -> str:
    with Reader(db) as reader:
        row = reader.page(EVERYTHING)[-1]
        exchange = reader.exchange(row.id)
    return f"{exchange.api_id}.execute-api.us-east-1.amazonaws.com"
