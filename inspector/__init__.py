"""A terminal debugger for Amazon API Gateway style APIs."""

from __future__ import annotations

#: The release, as in pyproject.toml; recorded with every exchange so that a re-run can say
#: which engine answered first.
__version__ = "0.1.0"
