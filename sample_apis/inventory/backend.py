"""The inventory's DynamoDB table and SQS queue, served by moto on this machine.

`python -m sample_apis.inventory.backend --port 0` prints the address it took as one line, and runs
until its standard input ends or it is interrupted. Needs moto: `pip install gateway-inspector[aws]`.
"""

from __future__ import annotations

import argparse
import logging
import sys
from contextlib import redirect_stdout, suppress
from typing import Any

REGION = "us-east-1"
TABLE, QUEUE = "inventory", "orders"
ITEMS = (("1", "Lamp", 12), ("2", "Łódź mug", 3), ("3", 'Chair "Bow"', 0))


def fill(url: str) -> None:
    """The table with its items, and the empty queue, as they are in the morning."""
    dynamodb = _client("dynamodb", url)
    dynamodb.create_table(
        TableName=TABLE,
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    for number, name, stock in ITEMS:
        item = {"id": {"S": number}, "name": {"S": name}, "stock": {"N": str(stock)}}
        dynamodb.put_item(TableName=TABLE, Item=item)
    _client("sqs", url).create_queue(QueueName=QUEUE)


def _client(service: str, url: str) -> Any:
    from botocore.session import Session  # noqa: PLC0415  slow

    session = Session()
    session.set_credentials("test", "test")
    return session.create_client(service, region_name=REGION, endpoint_url=url)


def main() -> None:
    """Serve until standard input ends."""
    parser = argparse.ArgumentParser(description="DynamoDB and SQS of the inventory sample.")
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
        fill(f"http://{host}:{taken}")
    print(f"http://{host}:{taken}", flush=True)  # noqa: T201  our answer
    with suppress(KeyboardInterrupt):
        sys.stdin.buffer.read()
    server.stop()


if __name__ == "__main__":
    main()
