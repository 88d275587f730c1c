"""`--client-canonical FILE`: what a client says it signed, beside what it should have signed."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

from inspector.cli.exit import CommandError, Exit
from inspector.gateway.sigv4.client_log import ClientCanonical, canonical_requests
from inspector.gateway.sigv4.comparing import Compared, closest
from inspector.gateway.trace import Trace

_HINT = (
    "Give the debug log of the client: botocore.session.Session().set_debug_logger(), "
    "console.log(new aws4.RequestSigner(…).canonicalString()), curl -v --aws-sigv4 …"
)


def add_argument(parser: argparse.ArgumentParser) -> None:
    """--client-canonical FILE."""
    parser.add_argument(
        "--client-canonical",
        type=Path,
        metavar="FILE",
        help="a client's debug log with its canonical request (botocore, aws4, curl -v, SDKs for "
        "Java and Go): compared with ours line by line where the signature does not match",
    )


def read(path: Path) -> list[ClientCanonical]:
    """The canonical requests in a log. Raises `CommandError` where there is none."""
    try:
        text = path.read_text("utf-8", "replace")
    except OSError as error:
        raise CommandError(Exit.USAGE, f"--client-canonical {path}: {error.strerror}.") from error
    found = canonical_requests(text)
    if not found:
        raise CommandError(Exit.USAGE, f"--client-canonical {path}: no canonical request.", _HINT)
    return found


def compared(trace: Trace, clients: list[ClientCanonical]) -> tuple[Compared, ...] | None:
    """None where the request got by the signature, or never came to it."""
    texts = (step.facts.get("canonical") for step in trace)
    text = next((each for each in texts if isinstance(each, str)), None)
    if text is None:
        return None
    ours = canonical_requests(text)
    return closest(ours[0], clients) if ours else None


def words(found: tuple[Compared, ...] | None) -> Iterator[str]:
    """Lines for people, the first byte that differs marked."""
    if found is None:
        yield "The signature was not refused: there is nothing to compare."
        return
    if all(each.same for each in found):
        yield "The client's canonical request is ours: the key or the string to sign differs."
        return
    yield "Canonical request, the client's beside ours:"
    for each in found:
        if each.same:
            yield f"  = {each.part}"
            continue
        yield f"  ≠ {each.part}, from byte {each.at}"
        yield f"      client  {'(absent)' if each.client is None else each.client}"
        yield f"      ours    {'(absent)' if each.ours is None else each.ours}"
        yield f"              {' ' * (each.at or 0)}^"


def as_data(found: tuple[Compared, ...] | None) -> object:
    """The same as JSON values."""
    if found is None:
        return None
    return [
        {"part": each.part, "same": each.same, "client": each.client, "ours": each.ours,
         "at": each.at}
        for each in found
    ]  # fmt: skip
