"""The queue of the orders, served by moto on this machine.

`python -m sample_apis.orders-http.sqs --port 0` prints the address it took as one line, and runs
until its standard input ends or it is interrupted. Needs moto: `pip install 'moto[server]'`.
"""

from __future__ import annotations

from sample_apis.aws_services import client, serve


def create_queue(url: str) -> None:
    """The empty queue."""
    client("sqs", url).create_queue(QueueName="orders")


if __name__ == "__main__":
    serve("The queue of the orders sample.", create_queue)
