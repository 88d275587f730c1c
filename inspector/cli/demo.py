"""`inspector demo`: a sample API with its backend, its requests sent through the gateway."""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

import sample_apis
from inspector.cli import exchange_data, exchange_text, narration, screen
from inspector.cli.exit import CommandError, Exit
from inspector.cli.gateway_child import GatewayChild
from inspector.cli.listen import Address, parse
from inspector.cli.settings import Settings
from inspector.definitions import Options
from inspector.recording.filters import EVERYTHING
from inspector.recording.reader import Reader
from inspector.recording.schema import open_for_writing

#: Seconds that one request of a sample may take; the slow ones have timeouts of their own.
PATIENCE = 40.0


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """`inspector demo [NAME] [--db FILE] [--json]`."""
    parser = commands.add_parser(
        "demo",
        help="run a sample API with its backend, and look at its traffic",
        description="Run a sample API with its own backend, send its requests through the "
        "gateway and show them: on the screen, or as text where there is no terminal.",
    )
    parser.add_argument(
        "sample", nargs="?", default="petstore", choices=sample_apis.names(), help="which sample"
    )
    parser.add_argument("--db", type=Path, metavar="FILE", help="keep the recording here")
    parser.add_argument("--json", action="store_true", help="print the exchanges as JSON lines")
    parser.add_argument(
        "--text", action="store_true", help="print the exchanges, also where there is a terminal"
    )


def run(args: argparse.Namespace) -> int:
    """Start everything on free ports, send the requests, show what came of them."""
    sample = sample_apis.load(args.sample)
    with _recording(args.db) as db, sample.running() as running:
        open_for_writing(db).close()
        settings = Settings(
            definitions=tuple(str(path) for path in sample.definitions),
            options=Options(stage_variables=sample.stage_variables),
            host="127.0.0.1",
            port=0,
            db=str(db),
            backends=running.backends,
        )
        with GatewayChild(settings) as gateway:
            served = parse(gateway.wait_ready())
            narration.say(f"{sample.title}: sending {len(sample.requests)} requests …")
            surprises = send(sample, served)
            if not (args.json or args.text) and screen.possible():
                return screen.show(gateway, db, served)
        show(db, as_json=args.json)
    if surprises:
        raise CommandError(Exit.FAILED, "; ".join(surprises))
    return Exit.OK


def send(sample: sample_apis.Sample, served: Address) -> list[str]:
    """Send the sample's requests; what was answered otherwise than it expects."""
    surprises = []
    with httpx.Client(base_url=f"{served.url}/dev", timeout=PATIENCE, trust_env=False) as client:
        for request in sample.requests:
            answer = client.request(
                request.method,
                f"{served.url}/dev{request.path}",
                headers=dict(request.headers),
                content=request.body or None,
            )
            if answer.status_code != request.expect:
                surprises.append(
                    f"{request.name}: {request.expect} was expected, {answer.status_code} came"
                )
    return surprises


def show(db: Path, *, as_json: bool) -> None:
    """Print every exchange of the recording with its steps, oldest first."""
    with Reader(db) as reader:
        rows = reader.page(EVERYTHING, limit=1000)
        for row in reversed(rows):
            exchange = reader.exchange(row.id)
            if as_json:
                print(json.dumps(exchange_data.as_data(exchange), ensure_ascii=False))
            else:
                print("\n".join(exchange_text.story(exchange)), end="\n\n")


@contextmanager
def _recording(db: Path | None) -> Iterator[Path]:
    if db is not None:
        yield db
        return
    with tempfile.TemporaryDirectory(prefix="inspector-demo-") as folder:
        yield Path(folder) / "demo.db"
