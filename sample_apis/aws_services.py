"""How a sample's AWS services are served: by moto on loopback, until whoever started it goes away."""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Callable
from contextlib import redirect_stdout, suppress
from typing import Any

REGION = "us-east-1"


def client(service: str, url: str) -> Any:
    """A client of the service at `url`."""
    from botocore.session import Session  # noqa: PLC0415  slow

    session = Session()
    session.set_credentials("test", "test")
    return session.create_client(service, region_name=REGION, endpoint_url=url)


def serve(description: str, fill: Callable[[str], None]) -> None:
    """Take `--port`, serve, `fill(url)`, print `http://127.0.0.1:PORT`; stop with standard input.

    Exits with a sentence where moto is missing.
    """
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--port", type=int, default=0, help="0 takes any free port")
    port = parser.parse_args().port
    try:
        from moto.server import ThreadedMotoServer  # noqa: PLC0415  an extra
    except ImportError:
        sys.exit("moto is not installed: pip install 'moto[server]'")
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=port, verbose=False)
    with redirect_stdout(sys.stderr):
        server.start()
        host, taken = server.get_host_and_port()
        fill(f"http://{host}:{taken}")
    print(f"http://{host}:{taken}", flush=True)  # noqa: T201  our answer
    with suppress(KeyboardInterrupt):
        sys.stdin.buffer.read()
    server.stop()
