"""`inspector env`: the exports that send a shell's traffic through the gateway."""

from __future__ import annotations

import argparse
import os
import shlex
from pathlib import Path

from inspector.cli import listen
from inspector.cli.exit import CommandError, Exit
from inspector.cli.help_text import HelpText

#: Variables that name a bundle of authorities, by who reads them: OpenSSL (Python, Ruby, Go on
#: Linux), requests, curl, Node.js (which adds to its own), the AWS command line and its kin.
BUNDLES = (
    "SSL_CERT_FILE",
    "REQUESTS_CA_BUNDLE",
    "CURL_CA_BUNDLE",
    "NODE_EXTRA_CA_CERTS",
    "AWS_CA_BUNDLE",
)
NO_PROXY = "localhost,127.0.0.1,::1"
EXAMPLES = """examples:
  eval "$(inspector env)"             # bash, zsh
  inspector env | source              # fish
  eval "$(inspector env --listen 127.0.0.1:9090)" """.rstrip()
CA_FILE = "mitmproxy-ca-cert.pem"


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """`inspector env [--listen HOST:PORT] [--shell bash|zsh|fish]`."""
    parser = commands.add_parser(
        "env",
        help="print what a shell needs to send its traffic through the gateway",
        description="Print exports for a shell: proxy, certificate authority, exceptions.",
        epilog=EXAMPLES,
        formatter_class=HelpText,
    )
    listen.add_argument(parser)
    parser.add_argument(
        "--shell", choices=("bash", "zsh", "fish"), help="whose syntax (default: that of $SHELL)"
    )
    parser.add_argument(
        "--confdir",
        type=Path,
        default=Path("~/.mitmproxy"),
        help="where mitmproxy keeps its certificate authority (default ~/.mitmproxy)",
    )


def run(args: argparse.Namespace) -> int:
    """Print one export a line."""
    authority = args.confdir.expanduser() / CA_FILE
    if not authority.is_file():
        raise CommandError(
            Exit.FAILED,
            f"There is no certificate authority yet: {authority} does not exist.",
            "`inspector up` makes one when it first starts; start it once, then ask again.",
        )
    fish = (args.shell or Path(os.environ.get("SHELL", "")).name) == "fish"
    for name, value in variables(args.listen.url, authority).items():
        print(
            f"set -gx {name} {_fish_quoted(value)}"
            if fish
            else f"export {name}={shlex.quote(value)}"
        )
    return Exit.OK


def variables(proxy: str, authority: Path) -> dict[str, str]:
    """Names and values. Both spellings of the proxy's, because programs read one or the other."""
    values: dict[str, str] = {}
    for name, value in (("HTTP_PROXY", proxy), ("HTTPS_PROXY", proxy), ("NO_PROXY", NO_PROXY)):
        values[name] = value
        values[name.lower()] = value
    values.update(dict.fromkeys(BUNDLES, str(authority)))
    values["NODE_USE_ENV_PROXY"] = "1"
    return values


def _fish_quoted(value: str) -> str:
    """In fish's single quotes a backslash escapes the quote and itself, nothing else."""
    if shlex.quote(value) == value:
        return value
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"
