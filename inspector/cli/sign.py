"""`inspector sign`: sign a request for an IAM method, and print it as curl; a handshake as wscat."""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
from pathlib import Path
from urllib.parse import quote, urlsplit

from inspector.cli import narration
from inspector.cli.exit import CommandError, Exit
from inspector.cli.help_text import HelpText
from inspector.cli.request_options import body_of, header, method
from inspector.message import Headers, Request
from inspector.replay.signing import Credentials, NotSignedError, Purpose, signed
from inspector.runtime import keyring

_EPILOG = """\
examples:
  inspector sign GET https://abcdef1234.execute-api.us-east-1.amazonaws.com/prod/pets
  inspector sign POST https://abcdef1234.execute-api.eu-west-1.amazonaws.com/prod/pets \\
      -H 'Content-Type: application/json' -d '{"name": "Rex"}' --profile dev
  inspector sign GET https://abcdef1234.execute-api.us-east-1.amazonaws.com/prod/pets \\
      --keys keys.yaml --to http://127.0.0.1:8080
  inspector sign GET https://api.example/pets --region us-east-1 --query --expires 900 --json
  inspector sign GET http://127.0.0.1:8080/prod/pets --keys keys.yaml | sh
  inspector sign GET wss://abcdef1234.execute-api.us-east-1.amazonaws.com/prod --query

The key comes from --keys, --profile, or this shell (AWS_ACCESS_KEY_ID …, then ~/.aws). The region
comes from --region, the host, or AWS_REGION. Nothing is sent unless --send says so. A handshake
(ws:// or wss://, always GET) is printed as a wscat command, with --query for a browser.
exit codes: 0 signed (with --send: answered below 400), 1 answered 400 or above, or not answered,
2 the command line makes no sense, or there is no key
"""
#: Seconds that a presigned URL may last (SigV4's own limit).
_LONGEST = 604_800
_HOST = re.compile(r"\.execute-api\.([a-z0-9-]+)\.")


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """`inspector sign METHOD URL [options]`."""
    parser = commands.add_parser(
        "sign",
        help="sign a request (SigV4) and print it as curl, a handshake as wscat",
        description="Sign a request for a method with IAM authorization, as an AWS SDK would, and "
        "print it as a curl command; of a WebSocket's URL the handshake, as wscat.",
        usage="inspector sign METHOD URL [options]",
        epilog=_EPILOG,
        formatter_class=HelpText,
    )
    parser.add_argument("method", metavar="METHOD", type=method, help="such as GET")
    parser.add_argument("url", metavar="URL", help="the whole URL, as the client knows it")
    parser.add_argument(
        "-H", "--header", metavar="NAME: VALUE", action="append", default=[], type=header,
        help="a header; may be repeated",
    )  # fmt: skip
    parser.add_argument("-d", "--data", metavar="BODY", default="", help="text, @FILE or -")
    whose = parser.add_mutually_exclusive_group()
    whose.add_argument("--keys", type=Path, metavar="FILE", help="a file of keys, as for `up`")
    whose.add_argument("--profile", metavar="NAME", help="a profile of ~/.aws")
    parser.add_argument(
        "--access-key", metavar="KEY", help="which of the file's keys (default: the first)"
    )
    parser.add_argument("--region", metavar="REGION", help="the API's region")
    parser.add_argument(
        "--service", metavar="NAME", default="execute-api", help="default: %(default)s"
    )
    parser.add_argument(
        "--query", action="store_true", help="put the signature into the query (a presigned URL)"
    )
    parser.add_argument(
        "--expires", metavar="SECONDS", type=_seconds, default=300,
        help="how long a presigned URL lasts, up to 604800 (default: %(default)s)",
    )  # fmt: skip
    parser.add_argument(
        "--to", metavar="URL", type=_base_url,
        help="where to send it: http://127.0.0.1:8080; URL's host is signed",
    )  # fmt: skip
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--json", action="store_true", help="print the signed request as JSON")
    how.add_argument("--send", action="store_true", help="send it, and print the answer")


def run(args: argparse.Namespace) -> int:
    """Sign, then print or send."""
    request = _request(args)
    purpose = Purpose(_region(args), args.service, args.expires if args.query else None)
    try:
        made = signed(request, _credentials(args), purpose)
    except NotSignedError as error:
        raise CommandError(Exit.USAGE, str(error), "Leave --query out.") from error
    socket = _is_socket(args.url)
    base = (args.to or _base(args.url)).rstrip("/")
    secure = urlsplit(base).scheme in ("https", "wss")
    scheme = ("wss" if secure else "ws") if socket else ("https" if secure else "http")
    base = f"{scheme}://{base.partition('://')[2]}"
    if args.send and socket:
        hint = "Leave --send out, and connect with the wscat command that is printed."
        raise CommandError(Exit.USAGE, "--send opens no WebSocket.", hint)
    if args.send:
        return _send(made, base)
    if args.json:
        print(json.dumps(_as_data(made, base), ensure_ascii=False))
    else:
        from inspector.replay.curl import to_curl  # noqa: PLC0415  only here
        from inspector.replay.sockets import to_wscat  # noqa: PLC0415

        print(to_wscat(made, base) if socket else to_curl(made, base, secrets=True))
    return Exit.OK


def _seconds(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= _LONGEST:
        raise argparse.ArgumentTypeError(f"{text!r} is not 1 to {_LONGEST} seconds, a week")
    return int(text)


def _base_url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https", "ws", "wss") or not parts.netloc:
        raise argparse.ArgumentTypeError(f"{text!r} is not http://HOST:PORT")
    return text


def _request(args: argparse.Namespace) -> Request:
    parts = urlsplit(args.url)
    if parts.scheme not in ("http", "https", "ws", "wss") or not parts.netloc:
        hint = "Such as https://abcdef1234.execute-api.us-east-1.amazonaws.com/prod/pets."
        raise CommandError(Exit.USAGE, f"{args.url!r} is no whole URL.", hint)
    if _is_socket(args.url) and (args.method.upper() != "GET" or args.data):
        hint = "Write GET, without a body; messages are not signed."
        raise CommandError(Exit.USAGE, "The handshake of a WebSocket is a GET.", hint)
    target = _escaped(parts.path or "/") + (f"?{_escaped(parts.query)}" if parts.query else "")
    fields = list(args.header)
    if not any(name.lower() == "host" for name, _ in fields):
        fields.insert(0, ("Host", parts.netloc.rpartition("@")[2]))
    return Request(args.method.upper(), target, Headers.of(fields), body_of(args.data))


def _is_socket(url: str) -> bool:
    return urlsplit(url).scheme in ("ws", "wss")


def _escaped(text: str) -> str:
    """What no URL may hold, encoded; the rest as it is: it is what the client would send."""
    return quote(text, safe="/?:@!$&'()*+,;=%~-._[]|")


def _region(args: argparse.Namespace) -> str:
    found = _HOST.search(urlsplit(args.url).netloc)
    named: str | None = args.region or (found and found[1])
    named = named or os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION")
    if named is None:
        named = "us-east-1"
        narration.say(f"No region is named: signed for {named} (--region says another).")
    return named


def _credentials(args: argparse.Namespace) -> Credentials:
    if args.keys is not None:
        return _from_file(args)
    from botocore.exceptions import BotoCoreError  # noqa: PLC0415  a third of a second
    from botocore.session import Session  # noqa: PLC0415

    try:
        found = Session(profile=args.profile).get_credentials()
        if found is not None:
            frozen = found.get_frozen_credentials()
            return Credentials(frozen.access_key, frozen.secret_key, frozen.token)
    except BotoCoreError as error:
        raise CommandError(Exit.USAGE, f"{error}.") from error
    hint = "Give --keys FILE or --profile NAME, or set AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY."
    raise CommandError(Exit.USAGE, "There is no access key to sign with.", hint)


def _from_file(args: argparse.Namespace) -> Credentials:
    try:
        keys = keyring.read(args.keys).keys
    except keyring.KeyringError as error:
        raise CommandError(Exit.USAGE, f"--keys {error}") from error
    for key in keys:
        if args.access_key in (None, key.identity.access_key):
            return Credentials(key.identity.access_key, key.secret, key.token)
    names = ", ".join(key.identity.access_key for key in keys) or "none"
    raise CommandError(
        Exit.USAGE, f"--keys {args.keys}: no key {args.access_key or ''}".rstrip() + ".",
        f"The file holds: {names}.",
    )  # fmt: skip


def _base(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _as_data(request: Request, base: str) -> dict[str, object]:
    return {
        "method": request.method,
        "url": base + request.target,
        "headers": [[name, value] for name, value in request.headers],
        "body": request.body.decode("utf-8", "replace"),
    }


def _send(request: Request, base: str) -> int:
    from inspector.replay import resend  # noqa: PLC0415  httpx, only when something is sent

    try:
        response = resend.through_gateway(request, base, None)
    except resend.ResendError as error:
        raise CommandError(Exit.FAILED, str(error)) from error
    narration.say(f"{response.status} from {base}")
    for name, value in response.headers:
        narration.say(narration.plain(f"{name}: {value}"))
    sys.stdout.buffer.write(response.body)
    sys.stdout.buffer.flush()
    return Exit.OK if response.status < 400 else Exit.FAILED
