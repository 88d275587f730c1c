from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest

from inspector.gateway.effects import BackendAnswer, BackendFailure, CallService
from inspector.runtime.http import HttpBackends
from inspector.runtime.services.services import Services
from tests import moto_server


@pytest.fixture(scope="session")
def moto() -> Iterator[str]:
    """The URL of a moto server."""
    pytest.importorskip("moto.server", reason="needs moto[server]")
    with moto_server.running() as url:
        yield url


@pytest.fixture
def client(moto: str) -> Callable[[str], Any]:
    """Makes botocore clients of the server."""
    return partial(moto_server.client, url=moto)


def perform(places: dict[str, str], effect: CallService) -> BackendAnswer | BackendFailure:
    """One call, for real."""

    async def call() -> BackendAnswer | BackendFailure:
        http = HttpBackends()
        try:
            return await Services(places, http).call(effect)
        finally:
            await http.close()

    return asyncio.run(call())


@pytest.fixture
def service(moto: str) -> Callable[[CallService], BackendAnswer | BackendFailure]:
    """Performs service calls at the moto server."""
    return partial(perform, {"all": moto})
