"""Definition files to the model, each value with its place in them."""

from __future__ import annotations

from inspector.definitions.bundle import Bundle, Options
from inspector.definitions.diagnostics import Diagnostic, render
from inspector.definitions.loading import Loaded, load, read

__all__ = ["Bundle", "Diagnostic", "Loaded", "Options", "load", "read", "render"]
