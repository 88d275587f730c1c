"""Resources of a CloudFormation template, as values."""

from __future__ import annotations

from typing import Any


def declared(kind: str, **properties: Any) -> dict[str, Any]:
    """`declared("ApiGateway::RestApi", Name="pets")`."""
    return {"Type": f"AWS::{kind}", "Properties": properties}
