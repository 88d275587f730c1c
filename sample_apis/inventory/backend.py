"""The inventory's DynamoDB table and SQS queue, served by moto on this machine.

`python -m sample_apis.inventory.backend --port 0` prints the address it took as one line, and runs
until its standard input ends or it is interrupted. Needs moto: `pip install 'moto[server]'`.
"""

from __future__ import annotations

from sample_apis.aws_services import client, serve

TABLE, QUEUE = "inventory", "orders"
ITEMS = (("1", "Lamp", 12), ("2", "Łódź mug", 3), ("3", 'Chair "Bow"', 0))


def fill(url: str) -> None:
    """The table with its items, and the empty queue, as they are in the morning."""
    dynamodb = client("dynamodb", url)
    dynamodb.create_table(
        TableName=TABLE,
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    for number, name, stock in ITEMS:
        item = {"id": {"S": number}, "name": {"S": name}, "stock": {"N": str(stock)}}
        dynamodb.put_item(TableName=TABLE, Item=item)
    client("sqs", url).create_queue(QueueName=QUEUE)


if __name__ == "__main__":
    serve("DynamoDB and SQS of the inventory sample.", fill)
