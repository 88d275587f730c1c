"""Orders, by both payload formats: a result without form, a full form, an error."""

from __future__ import annotations

import json
import os
from typing import Any

ORDERS = {
    "7": {"id": "7", "item": "Lamp", "amount": 2},
    "8": {"id": "8", "item": "Mug", "amount": 1},
}


def handler(event: dict[str, Any], _context: object) -> object:
    """Answer a route by its key; format 1.0 tells it as `resourceId`."""
    key = event.get("routeKey") or event["requestContext"]["resourceId"]
    print(key, event["version"])
    if key == "GET /orders":
        # No form: a 200 of JSON.
        return {"shop": os.environ["SHOP"], "orders": list(ORDERS.values())}
    if key.startswith("ANY /legacy/"):
        body = {"path": event["path"], "multi": event["multiValueQueryStringParameters"]}
        return {
            "statusCode": 200,
            "multiValueHeaders": {"x-part": ["1", "2"]},
            "body": json.dumps(body),
        }
    if key == "GET /busy":
        return {"statusCode": 204}
    return _order(event)


def _order(event: dict[str, Any]) -> dict[str, Any]:
    order = ORDERS.get(event["pathParameters"]["id"])
    if event.get("queryStringParameters", {}).get("broken"):
        raise RuntimeError("the shelf fell down")
    if order is None:
        return {"statusCode": 404, "body": "no such order"}
    return {
        "statusCode": 200,
        "headers": {"content-type": "application/json", "x-seen": "yes"},
        "cookies": [f"last={order['id']}; Path=/", "seen=1"],
        "body": json.dumps(order),
    }
