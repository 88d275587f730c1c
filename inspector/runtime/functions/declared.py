"""Functions as templates declare them (`AWS::Lambda::Function`), found with their code."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path

from inspector.model import Function
from inspector.runtime.functions import folder
from inspector.runtime.functions.archives import Archives, UnpackError
from inspector.runtime.functions.spec import FunctionSpec

#: Seconds between two looks at what is beside the definitions.
_LOOK = 0.1


class Finder:
    """Looks a function up by its name or its logical id, then beside the definitions.

    `functions` gives those that are declared now; an edit of the template counts at once, and so
    does another archive in the place of one.
    """

    def __init__(
        self, functions: Callable[[], tuple[Function, ...]], definitions: Sequence[str]
    ) -> None:
        self._functions = functions
        self._paths = tuple(Path(name) for name in definitions)
        self._known: tuple[Function, ...] = ()
        self._specs: dict[str, FunctionSpec] = {}
        self._beside: dict[str, tuple[float, FunctionSpec | None]] = {}
        self._archives = Archives()

    def __call__(self, name: str) -> FunctionSpec | None:
        """The function of this name, with its code on this machine, or why it is not here."""
        functions = self._functions()
        if functions is not self._known or self._archives.have_changed():
            self._known = functions
            self._specs = self._read(functions)
        declared = self._specs.get(name)
        if declared is not None and not declared.missing:
            return declared
        return self._find_beside(name) or declared

    def name_of(self, given: str) -> str:
        """The name of the function of this logical id; any other name as it is. Reads no code."""
        return next((each.name for each in self._functions() if each.logical_id == given), given)

    def names(self) -> set[str]:
        """Those that are declared, and those beside the definitions."""
        return {each.name for each in self._functions()} | folder.names(self._paths)

    def close(self) -> None:
        """Remove what was unpacked."""
        self._archives.close()

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
            spec = self._spec(function)
            specs[function.logical_id] = spec
            specs[function.name] = spec
        return specs

    def _spec(self, function: Function) -> FunctionSpec:
        parts = function.arn.split(":")
        root, missing = self._root(function)
        layers = [self._folder(function, each) for each in function.layer_paths]
        return FunctionSpec(
            name=function.name,
            runtime=function.runtime or "",
            handler=function.handler or "index.handler",
            root=root,
            layers=tuple(folder for folder, _ in layers),
            region=parts[3] if len(parts) > 4 else "us-east-1",
            account=parts[4] if len(parts) > 4 else "123456789012",
            environment=dict(function.environment),
            timeout_ms=int(function.timeout_seconds * 1000),
            memory_mb=function.memory_mb,
            reserved=function.reserved_concurrency,
            log_format=function.log_format,
            log_level=function.log_level,
            log_group=function.log_group,
            missing=next((why for _, why in [(root, missing), *layers] if why), ""),
        )

    def _root(self, function: Function) -> tuple[Path, str]:
        """The folder of the code: as written, unpacked, or made of the text in the template.

        Else why there is none.
        """
        if function.zip_file is not None:
            python = (function.runtime or "").startswith("python")
            name = "index.py" if python else "index.js"
            return self._archives.written(name, function.zip_file), ""
        if function.code_path is None:
            return Path(function.source.file).parent, _not_here(function)
        return self._folder(function, function.code_path)

    def _folder(self, function: Function, written: str) -> tuple[Path, str]:
        """A place as the template writes it: a folder, or an archive unpacked."""
        try:
            path = (Path(function.source.file).parent / written).resolve()
            path.is_file()
        except (OSError, ValueError):
            here = Path(function.source.file).parent
            return here, f"{written!r} is no name that a folder or an archive could have"
        if path.suffix not in (".zip", ".jar") or not path.is_file():
            return path, ""
        try:
            return self._archives.unpacked(path), ""
        except UnpackError as error:
            return path, str(error)


def _not_here(function: Function) -> str:
    name, source = function.logical_id, function.source
    return (
        f"the code of {name} is in S3 or an image ({source.file}:{source.line}), not on this "
        f"machine: put it into functions/{function.name}/ beside the definition, or give "
        f"--function {function.name}=URL, ARN, FILE.json or FOLDER:FILE.HANDLER"
    )
