"""`inspector up`: the gateway in one process, the screen (or a plain list) in another."""

from __future__ import annotations

import argparse
import sys
from contextlib import closing
from io import StringIO
from pathlib import Path

from inspector.cli import (
    api_options,
    check,
    headless,
    listen,
    narration,
    quantities,
    reach_options,
    screen,
    service_options,
    trial,
    uris,
)
from inspector.cli.caller import read_caller
from inspector.cli.exit import CommandError, Exit
from inspector.cli.gateway_child import GatewayChild
from inspector.cli.help_text import HelpText
from inspector.cli.listen import Address
from inspector.cli.renewing import Renewal
from inspector.cli.settings import Settings
from inspector.definitions import Loaded, load
from inspector.gateway.environment import Caller
from inspector.recording import sessions
from inspector.recording.schema import open_for_writing

RECORDING = Path("inspector.db")
EXAMPLES = """examples:
  inspector up api.yaml --backend pets.example.com=http://127.0.0.1:9000
  inspector up template.yaml --function Orders=src/orders:app.handler --headless
  inspector up a.yaml b.yaml --listen 127.0.0.1:0 --keep 7d --max-size 2GB --json"""


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """`inspector up DEFINITION… [options]`."""
    parser = commands.add_parser(
        "up",
        help="run the gateway of these definitions and watch its traffic",
        description="Run the gateway of these definitions, record its traffic and show it.",
        usage="inspector up DEFINITION… [options]",
        epilog=EXAMPLES,
        formatter_class=HelpText,
    )
    api_options.add_arguments(parser)
    listen.add_argument(parser)
    parser.add_argument(
        "--db",
        type=Path,
        default=RECORDING,
        metavar="FILE",
        help=f"the recording, continued where it exists (default {RECORDING})",
    )
    parser.add_argument(
        "--keep", metavar="AGE", type=quantities.seconds, help="forget what is older, such as 7d"
    )
    parser.add_argument(
        "--max-size", metavar="SIZE", type=quantities.size, help="bound the recording, such as 2GB"
    )
    parser.add_argument(
        "--max-body",
        metavar="SIZE",
        type=quantities.size,
        help="keep bodies up to this size (default 16MiB, 1MiB of what streams past)",
    )
    reach_options.add_arguments(parser)
    parser.add_argument(
        "--headless", action="store_true", help="no screen: one line for each exchange"
    )
    parser.add_argument(
        "--json", action="store_true", help="headless, one JSON object for each exchange"
    )


def run(args: argparse.Namespace) -> int:
    """Check everything that can be checked first, then run until told to stop."""
    options = api_options.options(args)
    caller = read_caller(args.caller) if args.caller else Caller()
    loaded = loaded_or_refused(load(args.definition, options))
    reach_options.check(args, loaded)
    service_options.announce(args, loaded.apis)
    for line in check.told_once(uris.unset_variables(loaded), sys.stderr):
        narration.say(line)
    address = listen.claim(args.listen)
    if not address.loopback:
        _warn_of_strangers(address)
    another = _warn_of_another(args.db)
    settings = Settings(
        definitions=tuple(str(path) for path in args.definition),
        options=options,
        host=address.host,
        port=address.port,
        db=str(args.db),
        backends=dict(args.backend),
        functions=dict(args.function),
        endpoints=dict(args.endpoint),
        issuers=dict(args.issuer),
        truststores=dict(args.truststore),
        debug=tuple(args.debug),
        keys=str(args.keys) if args.keys else None,
        caller=caller,
        keep_seconds=args.keep,
        max_bytes=args.max_size,
        max_body=args.max_body,
    )
    plain = args.headless or args.json or not screen.possible()
    with GatewayChild(settings) as gateway:
        served = listen.parse(gateway.wait_ready())
        if plain:
            return headless.watch(gateway, loaded.definition, args.db, served, as_json=args.json)
        title = screen.title_of(loaded.apis)
        places = settings.backends
        renewal = Renewal(args.keys, args.account, args.issuer)
        _, call = next(trial.trials(loaded.definition, served.url), ("", ""))
        return screen.show(
            gateway,
            args.db,
            served,
            title=title,
            places=places,
            renewal=renewal,
            trial=call,
            warnings="\n".join(filter(None, [another, warnings_of(loaded)])),
        )


def warnings_of(loaded: Loaded) -> str:
    """The first of the definition, and how many more: they were printed, the screen covers them."""
    found = [each for each in loaded.diagnostics if each.level == "warning"]
    lines = list(check.told_once(found, StringIO()))
    if len(lines) < 2:
        return "".join(lines)
    first = lines[0].partition("\n")[0]
    return f"{first}\n… and {len(found) - 1} more: `inspector check` shows all."


def loaded_or_refused(loaded: Loaded) -> Loaded:
    """The same, its findings narrated. Raises `CommandError` where it cannot be served."""
    worth = (each for each in loaded.diagnostics if each.level != "info")
    for line in check.told_once(worth, sys.stderr):
        narration.say(line)
    if loaded.broken:
        raise CommandError(
            Exit.DEFINITION,
            f"Nothing to serve: {check.verdict(loaded)}.",
            "`inspector check` repeats this without starting anything.",
        )
    return loaded


def _warn_of_another(db: Path) -> str:
    """Who asks a gateway something, asks by its recording: of two, whoever looks first answers.

    What was printed, for the screen that covers it.
    """
    with closing(open_for_writing(db)) as connection:
        others = [each for each in sessions.listed(connection) if each.role == "gateway"]
    other = next((each for each in others if each.running), None)
    if other is None:
        return ""
    told = (
        f"a gateway{f' at {other.listen}' if other.listen else ''} records into {db}, too: "
        "`inspector connections` and `state`, and what the screen asks, reach either of them."
    )
    remedy = "Name another recording for this one: --db FILE."
    narration.warn(told)
    narration.say(f"  {remedy}")
    return f"warning: {told} {remedy}"


def _warn_of_strangers(address: Address) -> None:
    narration.warn(
        f"listening on {address}: whoever reaches this machine can use this gateway, read what it "
        "answers, and as its proxy reach whatever this machine reaches."
    )
    narration.say("  Without --listen only this machine can.")
