"""Adopts a pet: a Lambda function behind `POST /pets/{petId}/adoption`."""

import json


def handler(event, context):
    """An adoption, confirmed. Number 13 has never brought luck."""
    pet, sent = event["pathParameters"]["petId"], json.loads(event["body"])
    print(f"{sent['by']} adopts pet {pet}")
    confirmed = {"pet": pet, "by": sent["by"], "reference": context.aws_request_id}
    if pet == "13":
        # The most common mistake of all: a body that is not text.
        return {"statusCode": 201, "body": confirmed}
    return {
        "statusCode": 201,
        "headers": {"Content-Type": "application/json"},
        "multiValueHeaders": {"Set-Cookie": ["adopted=yes", f"pet={pet}"]},
        "body": json.dumps(confirmed),
    }
