"""Every refusal explains itself: what happened, which line decided, what to try."""

from __future__ import annotations

from inspector.gateway.explain.case import Case, Hint
from inspector.gateway.explain.explain import explain
from inspector.gateway.explain.explanation import Check, Explanation, Note, Try, to_data

__all__ = ["Case", "Check", "Explanation", "Hint", "Note", "Try", "explain", "to_data"]
