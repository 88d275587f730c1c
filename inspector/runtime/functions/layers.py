"""Where runtimes look for what layers bring: a layer's folder stands for `/opt`.

Source: the Lambda developer guide, "Layer paths for each Lambda runtime" and "Defined runtime
environment variables". What two layers both bring is taken from the later one.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

_SITE = f"lib/python{sys.version_info.major}.{sys.version_info.minor}/site-packages"


def python(layers: Sequence[Path]) -> list[str]:
    """For PYTHONPATH, behind the function's own folder."""
    return _found(layers, f"python/{_SITE}", "python")


def node(layers: Sequence[Path], runtime: str) -> list[str]:
    """For NODE_PATH, before the function's own folder."""
    version = runtime.removeprefix("nodejs").partition(".")[0]
    return _found(layers, f"nodejs/node{version}/node_modules", "nodejs/node_modules")


def programs(layers: Sequence[Path]) -> list[str]:
    """For PATH, behind all others."""
    return _found(layers, "bin")


def _found(layers: Sequence[Path], *names: str) -> list[str]:
    places = [layer / name for layer in reversed(layers) for name in names]
    return [str(place) for place in places if place.is_dir()]
