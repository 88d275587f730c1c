"""What a proxy integration declares and never uses."""

from __future__ import annotations

from inspector.model import HttpProxy, Integration, IntegrationResponse, LambdaProxy


def unused(integration: Integration | None) -> bool:
    """Whether it says how to map (55). The plain default that the console writes says nothing."""
    if not isinstance(integration, LambdaProxy | HttpProxy):
        return False
    return bool(integration.request_templates) or any(map(_says, integration.responses))


def _says(response: IntegrationResponse) -> bool:
    plain = response.status == "200" and response.selection_pattern is None
    return not plain or bool(response.parameters or response.templates)
