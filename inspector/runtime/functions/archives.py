"""Code that comes in an archive, or in a template's own text, as folders of this machine."""

from __future__ import annotations

import tempfile
import time
import zipfile
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

#: Bytes that an archive may unpack to, as at Amazon (250 MB).
_MOST = 250 * 1024 * 1024
#: Seconds between two looks at the archives.
_LOOK = 0.1


class UnpackError(Exception):
    """An archive that cannot be unpacked; the message says which, and why."""


class Archives:
    """What was unpacked, until `close`."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="inspector-functions-")
        self._seen: dict[Path, tuple[int, int]] = {}
        self._next_look = 0.0

    def unpacked(self, path: Path) -> Path:
        """The folder with what the archive holds now. Raises `UnpackError`."""
        try:
            self._seen[path] = stamp = _stamp(path)
            root = self._fresh(f"{path}\0{stamp}")
            if not any(root.iterdir()):
                _unpack(path, root)
        except (OSError, ValueError, RuntimeError, zipfile.BadZipFile) as error:
            raise UnpackError(f"{path} cannot be unpacked: {error}") from error
        return root

    def written(self, name: str, text: str) -> Path:
        """A folder with one file of this text."""
        root = self._fresh(f"{name}\0{text}")
        file = root / name
        if not file.exists():
            file.write_text(text, "utf-8")
        return root

    def have_changed(self) -> bool:
        """Whether an archive is another by now. Looks at them ten times a second at most."""
        now = time.monotonic()
        if not self._seen or now < self._next_look:
            return False
        self._next_look = now + _LOOK
        return any(_stamp_or_none(path) not in (None, stamp) for path, stamp in self._seen.items())

    def close(self) -> None:
        """Remove it all."""
        self._folder.cleanup()

    def _fresh(self, key: str) -> Path:
        root = Path(self._folder.name) / sha256(key.encode()).hexdigest()[:16]
        root.mkdir(exist_ok=True)
        return root


def _unpack(path: Path, root: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        size = sum(each.file_size for each in archive.infolist())
        if size > _MOST:
            # In Lambda's words.
            raise ValueError(f"Unzipped size must be smaller than {_MOST} bytes")
        archive.extractall(root)
    with suppress(OSError):
        (root / "bootstrap").chmod(0o755)


def _stamp(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_mtime_ns, status.st_size


def _stamp_or_none(path: Path) -> tuple[int, int] | None:
    """None while it is being replaced."""
    with suppress(OSError):
        return _stamp(path)
    return None
