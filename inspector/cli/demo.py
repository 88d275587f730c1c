"""`inspector demo`: a sample API with its backend, its requests sent through the gateway."""

from __future__ import annotations

import argparse
import json
import shlex
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import httpx

import sample_apis
from inspector.cli import demo_sockets, exchange_data, exchange_text, narration, screen
from inspector.cli.demo_credentials import DemoCredentials, credentials_of
from inspector.cli.exit import CommandError, Exit
from inspector.cli.gateway_child import GatewayChild
from inspector.cli.help_text import HelpText
from inspector.cli.listen import Address, claim, parse
from inspector.cli.renewing import Renewal
from inspector.cli.settings import Settings
from inspector.definitions import Options, load
from inspector.message import Headers, Request
from inspector.recording.filters import EVERYTHING
from inspector.recording.reader import Reader
from inspector.recording.schema import open_for_writing

#: Seconds that one request of a sample may take; the slow ones have timeouts of their own.
PATIENCE = 40.0
EXAMPLES = """examples:
  inspector demo
  inspector demo --text
  inspector demo --json | jq .response.status
  inspector demo inventory --db inventory.db"""


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """`inspector demo [NAME] [--db FILE] [--json]`."""
    parser = commands.add_parser(
        "demo",
        help="run a sample API with its backend, and look at its traffic",
        description="Run a sample API with its own backend, send its requests through the "
        "gateway and show them: on the screen, or as text where there is no terminal.",
        epilog=EXAMPLES,
        formatter_class=HelpText,
    )
    parser.add_argument(
        "sample", nargs="?", metavar="SAMPLE", default="petstore", choices=sample_apis.names(),
        help=f"{', '.join(sample_apis.names())} (default %(default)s)",
    )  # fmt: skip
    parser.add_argument("--db", type=Path, metavar="FILE", help="keep the recording here")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print the exchanges as JSON lines")
    form.add_argument(
        "--text", action="store_true", help="print the exchanges, also where there is a terminal"
    )


def run(args: argparse.Namespace) -> int:
    """Start everything on free ports, send the requests, show what came of them."""
    with sample_apis.load(args.sample).editable() as sample:
        return _run(args, sample)


def _run(args: argparse.Namespace, sample: sample_apis.Sample) -> int:
    options = Options(stage_variables=sample.stage_variables)
    loaded = load(sample.definitions, options)
    [api, *_] = loaded.apis
    with (
        _recording(args.db) as db,
        _running(sample) as running,
        credentials_of(sample, api.region) as credentials,
    ):
        open_for_writing(db).close()
        with Reader(db) as reader:
            before = reader.newest_id() or 0
        address = claim(Address("127.0.0.1", 0))
        settings = Settings(
            definitions=tuple(str(path) for path in sample.definitions),
            options=options,
            host=address.host,
            port=address.port,
            db=str(db),
            backends=running.backends,
            endpoints=running.endpoints,
            issuers=credentials.issuers,
            keys=None if credentials.keys is None else str(credentials.keys),
        )
        with GatewayChild(settings) as gateway:
            served = parse(gateway.wait_ready())
            stage = f"{served.url}{api.stages[0].prefix}"
            narration.say(f"{sample.title}: {_announced(sample)} {stage}/")
            for each in sample.left_out:
                narration.say(f"Left out: {each}.")
            surprises = [each for each in send(sample, stage, credentials) if each]
            surprises += demo_sockets.speak(sample.conversation, stage)
            if not (args.json or args.text) and screen.possible():
                kept = args.db is not None
                return screen.show(
                    gateway,
                    db,
                    served,
                    title=screen.title_of(loaded.apis),
                    places=running.backends,
                    renewal=Renewal(credentials.keys, None, credentials.issuers.items()),
                    kept=kept,
                )
        show(db, before, sample, as_json=args.json)
    if args.db is not None:
        narration.say(
            f"The recording is {args.db}: `inspector open {shlex.quote(str(args.db))}` shows it again."
        )
    if surprises:
        raise CommandError(Exit.FAILED, "; ".join(surprises))
    return Exit.OK


def send(sample: sample_apis.Sample, stage: str, credentials: DemoCredentials) -> Iterator[str]:
    """Send the sample's requests; for each what was answered otherwise than expected, or ""."""
    base = urlsplit(stage)
    with httpx.Client(timeout=PATIENCE, trust_env=False) as client:
        for each in sample.requests:
            fields = each.headers
            if not any(name.lower() == "host" for name, _ in fields):
                fields = (("Host", base.netloc), *fields)
            target = f"{base.path}{each.path}"
            request = Request(each.method, target, Headers(fields), each.body)
            request = credentials.complete(each, request)
            try:
                answer = client.request(
                    request.method,
                    f"{base.scheme}://{base.netloc}{request.target}",
                    headers=dict(request.headers),
                    content=request.body or None,
                )
            except httpx.HTTPError as error:
                yield f"{each.name}: no answer: {error}"
                continue
            expected = answer.status_code == each.expect
            surprise = f"{each.name}: expected {each.expect}, got {answer.status_code}"
            sample.make_edit(each)
            yield "" if expected else surprise


def _announced(sample: sample_apis.Sample) -> str:
    if sample.conversation:
        return f"{len(sample.conversation)} turns of a conversation on the WebSockets of"
    return f"{len(sample.requests)} requests to"


def show(db: Path, before: int, sample: sample_apis.Sample, *, as_json: bool) -> None:
    """Print each exchange since the id `before` with its steps, under the name of its request."""
    with Reader(db) as reader:
        for name, number in _named(sample, reader, before):
            exchange = reader.exchange(number)
            if as_json:
                data = {"name": name, **exchange_data.as_data(exchange)}
                print(json.dumps(data, ensure_ascii=False))
            else:
                print(narration.paint(f"# {name}", narration.DIM, sys.stdout))
                print("\n".join(exchange_text.story(exchange)), end="\n\n")


def _named(sample: sample_apis.Sample, reader: Reader, before: int) -> Iterator[tuple[str, int]]:
    if sample.conversation:
        yield from demo_sockets.named(sample.conversation, reader, before)
        return
    names = [request.name for request in sample.requests]
    rows = reader.page(EVERYTHING, after=before, limit=len(names))
    # In the order of sending: a stream is recorded when it ends.
    rows.sort(key=lambda row: row.started_us)
    for name, row in zip(names, rows, strict=False):
        yield name, row.id


@contextmanager
def _running(sample: sample_apis.Sample) -> Iterator[sample_apis.Running]:
    try:
        with sample.running() as running:
            yield running
    except sample_apis.MissingError as error:
        raise CommandError(Exit.FAILED, str(error)) from error


@contextmanager
def _recording(db: Path | None) -> Iterator[Path]:
    if db is not None:
        yield db
        return
    with tempfile.TemporaryDirectory(prefix="inspector-demo-") as folder:
        yield Path(folder) / "demo.db"
