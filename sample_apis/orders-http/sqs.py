"""The queue of the orders, served by moto on this machine.

`python -m sample_apis.orders-http.sqs --port 0` prints the address it took as one line, and runs
until its standard input ends or it is interrupted. Needs moto: `pip install gateway-inspector[aws]`.
"""

from __future__ import annotations

import argparse
import logging
import sys
from contextlib import redirect_stdout, suppress


def create_queue(url: str) -> None:
    """The empty queue."""
    from botocore.session import Session  # noqa: PLC0415  slow

    session = Session()
    session.set_credentials("test", "test")
    client = session.create_client("sqs", region_name="us-east-1", endpoint_url=url)
    client.create_queue(QueueName="orders")


def main() -> None:
    """Serve until standard input ends."""
    parser = argparse.ArgumentParser(description="The queue of the orders sample.")
    parser.add_argument("--port", type=int, default=0, help="0 takes any free port")
    port = parser.parse_args().port
    try:
        from moto.server import ThreadedMotoServer  # noqa: PLC0415  an extra
    except ImportError:
        sys.exit("moto is not installed: pip install 'gateway-inspector[aws]'")
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=port, verbose=False)
    with redirect_stdout(sys.stderr):
        server.start()
        host, taken = server.get_host_and_port()
        create_queue(f"http://{host}:{taken}")
    print(f"http://{host}:{taken}", flush=True)  # noqa: T201  our answer
    with suppress(KeyboardInterrupt):
        sys.stdin.buffer.read()
    server.stop()


if __name__ == "__main__":
    main()
