"""`a` sends a request again with a signature of now, `A` lets it be edited before."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from inspector.cli.gateway_child import GatewayChild
from inspector.cli.renewing import Renewal
from inspector.cli.settings import Settings
from inspector.definitions import Options
from inspector.recording.filters import EVERYTHING
from inspector.recording.reader import Reader
from inspector.recording.schema import open_for_writing
from inspector.tui.app import InspectorApp
from inspector.tui.screens.remedies import RemediesScreen
from tests.cli.test_sign import DEFINITION, HOST, KEYS
from tests.gateway.sigv4.clients import Sent
from tests.tui.driving import document, home, until

pytestmark = pytest.mark.slow


@pytest.fixture
def gateway(tmp_path: Path) -> Iterator[tuple[str, Path, Path]]:
    definition, keys, db = tmp_path / "api.yaml", tmp_path / "keys.yaml", tmp_path / "live.db"
    definition.write_text(DEFINITION)
    keys.write_text(KEYS)
    open_for_writing(db).close()
    settings = Settings(
        definitions=(str(definition),), options=Options(api_id="abcdef1234"), host="127.0.0.1",
        port=0, db=str(db), keys=str(keys),
    )  # fmt: skip
    with GatewayChild(settings) as child:
        yield f"http://{child.wait_ready()}", db, keys


def statuses(db: Path) -> list[int]:
    with Reader(db) as reader:
        rows = reader.page(EVERYTHING)
        found = [reader.exchange(row.id).response for row in reversed(rows)]
    return [response.status for response in found if response is not None]


async def test_a_request_that_was_changed_is_signed_anew(
    gateway: tuple[str, Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    url, db, keys = gateway
    signed = Sent("GET", "/dev/pets/7", "", (), b"", HOST).signed()
    async with httpx.AsyncClient(trust_env=False) as client:
        answer = await client.get(f"{url}/dev/pets/8", headers=dict(signed.headers))
    assert answer.status_code == 403
    assert json.loads(answer.content)["message"].startswith("The request signature we calculated")
    app = InspectorApp(db, gateway_url=url, renewal=Renewal(keys))
    async with app.run_test(size=(100, 30)) as pilot:
        screen = await home(pilot)
        await until(pilot, lambda: screen.feed.total == 1)
        await pilot.press("enter", "r")
        await until(pilot, lambda: statuses(db) == [403, 403])
        await pilot.press("a")
        await until(pilot, lambda: statuses(db) == [403, 403, 200])


async def test_the_remedy_signs_what_was_not_signed(
    gateway: tuple[str, Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`T` on an unsigned request: there is nothing to renew, but a key to sign with."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    url, db, keys = gateway
    async with httpx.AsyncClient(trust_env=False) as client:
        assert (await client.get(f"{url}/dev/pets/8")).status_code == 403
    app = InspectorApp(db, gateway_url=url, renewal=Renewal(keys))
    async with app.run_test(size=(100, 30)) as pilot:
        screen = await home(pilot)
        await until(pilot, lambda: screen.feed.total == 1)
        await pilot.press("enter")
        await until(pilot, lambda: "sign the request: inspector sign GET" in document(screen))
        await pilot.press("T")
        await until(pilot, lambda: isinstance(app.screen, RemediesScreen))
        await pilot.press("enter")
        await until(pilot, lambda: statuses(db) == [403, 200])
