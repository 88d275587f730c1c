"""Requests wait while the recording falls behind, and no longer."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from mitmproxy.test import taddons, tflow

from addons.gateway import GatewayAddon
from addons.pace import LOOKS, Pace
from addons.service import Service
from inspector.definitions import Options
from inspector.recording.exchange import Exchange
from inspector.runtime.circumstances import Circumstances
from inspector.runtime.http import HttpBackends
from inspector.runtime.means import Means
from tests.addons.live import api


class Crowd:
    """Crowded for so many looks."""

    def __init__(self, looks: int) -> None:
        self.left = looks
        self.looked = 0

    def __call__(self) -> bool:
        self.looked += 1
        self.left -= 1
        return self.left >= 0


async def test_a_request_waits_until_there_is_room() -> None:
    crowd = Crowd(3)
    await Pace(crowd).wait()
    assert crowd.looked == 4


@pytest.mark.slow
async def test_a_request_does_not_wait_for_ever() -> None:
    crowd = Crowd(10 * LOOKS)
    await Pace(crowd).wait()
    assert crowd.looked == LOOKS


async def test_the_gateway_keeps_pace_with_its_recording(tmp_path: Path) -> None:
    definition = tmp_path / "api.json"
    definition.write_text(json.dumps(api(x={"type": "mock"})))
    service = Service([str(definition)], Options(), lambda *_: None, lambda _: None)
    kept: list[Exchange] = []
    addon = GatewayAddon(service, Means(HttpBackends()), Circumstances(), kept.append)
    addon.pace.crowded = crowd = Crowd(3)
    with taddons.context(addon):
        flow = tflow.tflow()
        flow.request.path = "/dev/x"
        flow.request.host = service.gateway.apis[0].api.host
        flow.request.headers["host"] = flow.request.host
        addon.requestheaders(flow)
        await addon.request(flow)
    assert crowd.looked == 4
    assert flow.response is not None
    assert len(kept) == 1
