"""Starting a module of ours in a Python of its own."""

from __future__ import annotations

import sys
from pathlib import Path

import inspector

#: What comes with us is importable also where nothing is installed, but last, so that it hides
#: nothing; `-P` keeps out the directory the user happens to be in.
_LAUNCH = (
    "import runpy, sys; sys.path.append(sys.argv.pop(1)); "
    "runpy.run_module(sys.argv.pop(1), run_name='__main__', alter_sys=True)"
)


def module_command(module: str, *arguments: str) -> list[str]:
    """The command line that runs `module`, as `python -m` would, safe in any directory."""
    root = Path(inspector.__file__).parent.parent
    return [sys.executable, "-P", "-c", _LAUNCH, str(root), module, *arguments]
