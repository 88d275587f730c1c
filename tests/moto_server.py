"""A real moto server for tests, one to a worker, and clients to prepare it with."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

REGION = "us-east-1"
ACCOUNT = "123456789012"


@contextmanager
def running() -> Iterator[str]:
    """Its URL, for as long as it runs."""
    from moto.server import ThreadedMotoServer  # noqa: PLC0415  an extra, and slow

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        yield f"http://{host}:{port}"
    finally:
        server.stop()


def client(service: str, url: str) -> Any:
    """A botocore client of the server."""
    from botocore.session import Session  # noqa: PLC0415  slow

    session = Session()
    session.set_credentials("test", "test")
    return session.create_client(service, region_name=REGION, endpoint_url=url)
