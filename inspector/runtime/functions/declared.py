"""Functions as templates declare them (`AWS::Lambda::Function`), found with their code."""

from __future__ import annotations

import tempfile
import time
import zipfile
from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path

from inspector.model import Function
from inspector.runtime.functions import folder
from inspector.runtime.functions.spec import FunctionSpec

#: Bytes that an archive may unpack to, as at Amazon (250 MB).
_MOST = 250 * 1024 * 1024
#: Seconds between two looks at what is beside the definitions.
_LOOK = 0.1


class Finder:
    """Looks a function up by its name or its logical id, then beside the definitions.

    `functions` gives those that are declared now; an edit of the template counts at once.
    """

    def __init__(
        self, functions: Callable[[], tuple[Function, ...]], definitions: Sequence[str]
    ) -> None:
        self._functions = functions
        self._paths = tuple(Path(name) for name in definitions)
        self._known: tuple[Function, ...] = ()
        self._specs: dict[str, FunctionSpec] = {}
        self._beside: dict[str, tuple[float, FunctionSpec | None]] = {}
        self._unpacked = tempfile.TemporaryDirectory(prefix="inspector-functions-")

    def __call__(self, name: str) -> FunctionSpec | None:
        """The function of this name, with its code on this machine."""
        functions = self._functions()
        if functions is not self._known:
            self._known = functions
            self._specs = self._read(functions)
        return self._specs.get(name) or self._find_beside(name)

    def names(self) -> set[str]:
        """Those that are declared, and those beside the definitions."""
        return {each.name for each in self._functions()} | folder.names(self._paths)

    def close(self) -> None:
        """Remove what was unpacked."""
        self._unpacked.cleanup()

    def _find_beside(self, name: str) -> FunctionSpec | None:
        """Looked for on the disk ten times a second at most: a request should not pay for it."""
        now = time.monotonic()
        looked, spec = self._beside.get(name, (-_LOOK, None))
        if now - looked >= _LOOK:
            spec = folder.find(self._paths, name)
            self._beside[name] = (now, spec)
        return spec

    def _read(self, functions: tuple[Function, ...]) -> dict[str, FunctionSpec]:
        specs: dict[str, FunctionSpec] = {}
        for function in functions:
            root = self._root(function)
            if root is None or function.runtime is None:
                continue
            parts = function.arn.split(":")
            spec = FunctionSpec(
                name=function.name,
                runtime=function.runtime,
                handler=function.handler or "index.handler",
                root=root,
                region=parts[3] if len(parts) > 4 else "us-east-1",
                account=parts[4] if len(parts) > 4 else "123456789012",
                environment=dict(function.environment),
                timeout_ms=int(function.timeout_seconds * 1000),
                memory_mb=function.memory_mb,
            )
            specs[function.logical_id] = spec
            specs[function.name] = spec
        return specs

    def _root(self, function: Function) -> Path | None:
        """The folder of the code: as written, unpacked, or made of the text in the template."""
        if function.zip_file is not None:
            python = (function.runtime or "").startswith("python")
            name = "index.py" if python else "index.js"
            root = self._fresh(f"{function.name}\0{function.zip_file}")
            (root / name).write_text(function.zip_file, "utf-8")
            return root
        if function.code_path is None:
            return None
        path = (Path(function.source.file).parent / function.code_path).resolve()
        if path.suffix not in (".zip", ".jar") or not path.is_file():
            return path
        return self._unpack(path)

    def _unpack(self, path: Path) -> Path:
        status = path.stat()
        root = self._fresh(f"{path}\0{status.st_mtime_ns}\0{status.st_size}")
        if any(root.iterdir()):
            return root
        with zipfile.ZipFile(path) as archive:
            if sum(each.file_size for each in archive.infolist()) > _MOST:
                return path
            archive.extractall(root)
        for program in root.glob("bootstrap"):
            program.chmod(0o755)
        return root

    def _fresh(self, key: str) -> Path:
        root = Path(self._unpacked.name) / sha256(key.encode()).hexdigest()[:16]
        root.mkdir(exist_ok=True)
        return root
