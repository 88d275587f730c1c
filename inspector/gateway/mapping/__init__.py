"""Mapping templates as API Gateway runs them: the variables, the rendering, what went wrong."""

from inspector.gateway.mapping.context import recorded_order
from inspector.gateway.mapping.explain import Explanation, Piece, claims_json, explain
from inspector.gateway.mapping.inputs import TemplateInputs
from inspector.gateway.mapping.render import MappingResult, render

__all__ = [
    "Explanation",
    "MappingResult",
    "Piece",
    "TemplateInputs",
    "claims_json",
    "explain",
    "recorded_order",
    "render",
]
