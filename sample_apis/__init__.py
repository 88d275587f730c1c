"""Real APIs to run, each a folder: definition, backend, requests. Tests use the same files.

`load(name)` gives a `Sample`; `Sample.running()` starts its backend for as long as a `with` lasts.
"""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml

from inspector.runtime.python_process import module_command
from sample_apis.conversations import Turn, turn

FOLDER = Path(__file__).parent
MANIFEST = "sample.yaml"


@dataclass(frozen=True, slots=True)
class SampleRequest:
    """One request of a sample. `path` is below the stage; `expect` is the status to come here.

    `token` holds the claims of a token to send, with `lasts` for the seconds until it expires;
    `signer` the access key to sign with, with `secret_of` for another key's secret. `edit` is made
    in the definition once the request is answered: a text, and what replaces it.
    """

    name: str
    method: str
    path: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    expect: int
    token: Mapping[str, Any] | None = None
    signer: Mapping[str, str] | None = None
    edit: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Running:
    """A sample whose backends run: where its hosts and its AWS services are found."""

    backends: dict[str, str]
    endpoints: dict[str, str]


class MissingError(Exception):
    """A sample needs something that is not installed; the message says how to get it."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A sample as its folder describes it.

    `left_out` are requests that cannot be sent here; `keys` is a file of access keys (`--keys`).
    `conversation` is what is said on the WebSockets of a WebSocket API.
    """

    name: str
    title: str
    definitions: tuple[Path, ...]
    stand_ins: dict[str, str]
    stage_variables: dict[str, str]
    requests: tuple[SampleRequest, ...]
    left_out: tuple[str, ...] = ()
    services: dict[str, str] = field(default_factory=dict)
    needs: dict[str, str] = field(default_factory=dict)
    keys: Path | None = None
    conversation: tuple[Turn, ...] = ()

    @contextmanager
    def editable(self) -> Iterator[Sample]:
        """The sample itself, or a copy in a folder of its own where requests of it edit it."""
        if not any(each.edit for each in self.requests):
            yield self
            return
        with TemporaryDirectory(prefix="inspector-sample-") as folder:
            copy = Path(folder) / self.name
            shutil.copytree(FOLDER / self.name, copy, ignore=shutil.ignore_patterns("__pycache__"))
            yield replace(self, definitions=tuple(copy / each.name for each in self.definitions))

    def make_edit(self, request: SampleRequest) -> None:
        """What is done to the definition after this request. Only to an `editable` sample."""
        if request.edit is None:
            return
        old, new = request.edit
        [file, *_] = self.definitions
        text = file.read_text("utf-8")
        if text.count(old) != 1:
            raise ValueError(f"{request.name}: {old!r} stands {text.count(old)} times in {file}")
        file.write_text(text.replace(old, new), "utf-8")

    @contextmanager
    def running(self) -> Iterator[Running]:
        """Start what stands in for the definition's hosts and services, and stop it at the end.

        Raises `MissingError`.
        """
        for module, package in self.needs.items():
            if find_spec(module) is None:
                raise MissingError(f"The sample {self.name} needs {_missing(module, package)}")
        with ExitStack() as stack:
            started: dict[str, str] = {}
            for kind in dict.fromkeys((*self.stand_ins.values(), *self.services.values())):
                start = _dead() if kind == "dead" else _backend(f"sample_apis.{self.name}.{kind}")
                started[kind] = stack.enter_context(start)
            yield Running(
                {host: started[kind] for host, kind in self.stand_ins.items()},
                {service: started[kind] for service, kind in self.services.items()},
            )


def names() -> list[str]:
    """The samples there are."""
    return sorted(path.parent.name for path in FOLDER.glob(f"*/{MANIFEST}"))


def load(name: str) -> Sample:
    """The sample of this name. Raises `KeyError` where there is none."""
    if name not in names():
        raise KeyError(name)
    folder = FOLDER / name
    manifest = yaml.safe_load((folder / MANIFEST).read_text("utf-8"))
    requests, said = _entries(folder / "requests.yaml"), _entries(folder / "conversation.yaml")
    return Sample(
        name=name,
        title=manifest["title"],
        definitions=tuple(folder / file for file in manifest["definitions"]),
        stand_ins=manifest.get("backends", {}),
        stage_variables=manifest.get("stage_variables", {}),
        requests=tuple(_request(each) for each in requests if _lack(each) is None),
        left_out=tuple(
            f"{each['name']} ({lack})"
            for each in (*requests, *said)
            if (lack := _lack(each)) is not None
        ),
        services={
            service: kind
            for service, kind in manifest.get("services", {}).items()
            if _lack(manifest.get("optional", {}).get(service, {})) is None
        },
        needs=manifest.get("needs", {}),
        keys=folder / manifest["keys"] if "keys" in manifest else None,
        conversation=tuple(turn(each) for each in said if _lack(each) is None),
    )


def _entries(file: Path) -> list[dict[str, Any]]:
    """What is to be sent, in order; nothing where a sample has no such file."""
    return yaml.safe_load(file.read_text("utf-8")) if file.is_file() else []


def _lack(entry: dict[str, Any]) -> str | None:
    """What a request or a service needs and this machine lacks: a `program`, or a `module`."""
    program, module = entry.get("program"), entry.get("module")
    if program is not None and shutil.which(program) is None:
        return f"{program} is not installed"
    if module is not None and find_spec(module) is None:
        return f"it needs {_missing(module, entry['package'])}"
    return None


def _missing(module: str, package: str) -> str:
    return f"{module}: pip install '{package}'"


def _request(entry: dict[str, Any]) -> SampleRequest:
    if "json" in entry:
        body = json.dumps(entry["json"], ensure_ascii=False, default=str)
    else:
        body = entry.get("body", "")
    return SampleRequest(
        name=entry["name"],
        method=entry["method"],
        path=entry["path"],
        headers=tuple(entry.get("headers", {}).items()),
        body=body.encode("utf-8"),
        expect=entry["expect"],
        token=entry.get("token"),
        signer=entry.get("signer"),
        edit=tuple(entry["edit"]) if "edit" in entry else None,
    )


@contextmanager
def _backend(module: str) -> Iterator[str]:
    """A backend process; its standard input is its lifeline, so it never outlives us."""
    with subprocess.Popen(
        module_command(module, "--port", "0"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            url = process.stdout.readline().strip()
            if not url:
                raise RuntimeError(f"{module} did not start")
            yield url
        finally:
            process.stdin.close()


@contextmanager
def _dead() -> Iterator[str]:
    """An address that refuses connections: the port is ours, and nobody listens on it."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{held.getsockname()[1]}"
