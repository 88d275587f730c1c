"""The user's own keys: a TOML file that gives other keys to the actions of `keys`.

Lines such as `replay = "ctrl+r"` or `find = ["slash", "ctrl+f"]`.
"""

from __future__ import annotations

import os
from pathlib import Path

from inspector.tui import keys


def place() -> Path:
    """Where it is looked for: `$XDG_CONFIG_HOME/inspector/keys.toml`."""
    home = os.environ.get("XDG_CONFIG_HOME") or str(Path("~/.config").expanduser())
    return Path(home) / "inspector" / "keys.toml"


def read(path: Path) -> tuple[dict[str, str], str]:
    """The keys by action, and a sentence on what was not understood (empty: nothing).

    A file that is not there gives no keys; what is wrong in one leaves the rest in force.
    """
    if not path.exists():
        return {}, ""
    import tomllib  # noqa: PLC0415  only where there is such a file

    try:
        content = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        return {}, f"{path}: {(error.strerror or str(error)).lower()}."
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        return {}, f"{path}: no TOML: {error}."
    known = {key.id for key in keys.ALL}
    found, wrong = {}, []
    for name, value in content.items():
        several = value if isinstance(value, list) else [value]
        if name not in known:
            wrong.append(f"there is no action {name!r}")
        elif not several or not all(isinstance(each, str) and each for each in several):
            wrong.append(f"{name} must be a key or a list of keys")
        else:
            found[name] = ",".join(several)
    sentence = f"{path.name}: {'; '.join(wrong)}. ? lists the actions.\n{path}"
    return found, sentence if wrong else ""
