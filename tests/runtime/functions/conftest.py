"""A workshop for every test."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.runtime.functions.workshop import Workshop


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    """A folder for a function called `work`, in Python unless said otherwise."""
    return Workshop(tmp_path)
