"""Which AWS services are called."""

from __future__ import annotations

from inspector.cli.service_options import called
from tests.definitions.cloudformation.socket_template import load, template

QUEUE = "arn:aws:apigateway:us-east-1:sqs:path/123456789012/orders"


def test_services_that_a_websocket_api_calls() -> None:
    aws = {"IntegrationType": "AWS", "IntegrationMethod": "POST", "IntegrationUri": QUEUE}
    loaded = load(template(QueueIntegration=aws))
    assert not loaded.broken
    assert called(loaded.apis) == ["sqs"], "and no function's"
