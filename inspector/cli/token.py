"""`inspector token`: tokens of a local issuer, good ones and broken ones, and its keys served."""

from __future__ import annotations

import argparse
import json
import time
from base64 import urlsafe_b64encode
from pathlib import Path
from typing import Any

from inspector.cli import api_options, listen, narration, quantities, token_route, token_server
from inspector.cli.exit import CommandError, Exit
from inspector.cli.help_text import HelpText
from inspector.gateway.jwt.fitting import SUBJECT
from inspector.gateway.jwt.verifying import ALGORITHMS
from inspector.runtime import local_issuer
from inspector.runtime.local_issuer import LocalIssuer, LocalIssuerError

_ISSUER = "https://issuer.example"
_HOUR = 3600
_EPILOG = """\
examples:
  inspector token api.yaml GET /orders            a token that this route takes
  inspector token --iss https://issuer.example --aud orders --sub ann --scope 'read write'
  inspector token api.yaml GET /orders --claim 'groups=["admin"]' --claim level=7 --expires 10m
  inspector token api.yaml GET /orders --expired  one that is refused, to see how
  curl -H "$(inspector token api.yaml GET /orders --header)" http://127.0.0.1:8080/orders
  inspector token --serve                         keys and discovery on loopback

A gateway takes these tokens with `inspector up … --issuer local`, whatever issuers its definition
names (--issuer local:FILE for keys elsewhere); with --serve, any program does that is told where
the issuer is. The private keys are in $XDG_STATE_HOME/inspector/issuer-keys.json, or where
--key-file says, for you alone (0600).
exit codes: 0 done, 2 the command line or a file makes no sense, 3 the definition is broken
"""


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """`inspector token [DEFINITION METHOD PATH] [options]`."""
    parser = commands.add_parser(
        "token",
        help="make a token for a route, or a broken one; serve the keys",
        description="Make a token of a local issuer, for tests and demonstrations.",
        usage="inspector token [DEFINITION METHOD PATH] [options]",
        epilog=_EPILOG,
        formatter_class=HelpText,
    )
    parser.add_argument("definition", nargs="?", type=Path, metavar="DEFINITION",
                        help="take issuer, audience and scopes from the authorizer of")  # fmt: skip
    parser.add_argument("method", nargs="?", metavar="METHOD", help="this method")
    parser.add_argument("path", nargs="?", metavar="PATH", help="and path, without the stage")
    _add_claims(parser)
    _add_faults(parser)
    more = parser.add_argument_group("keys and output")
    more.add_argument("--alg", choices=sorted(ALGORITHMS), default="RS256",
                      help="the algorithm (default RS256)")  # fmt: skip
    more.add_argument("--kid", help="the key's id in the header (default: of the key that signs)")
    more.add_argument("--key-file", type=Path, metavar="FILE", help="the private keys, JWKS, 0600")
    more.add_argument(
        "--rotate", action="store_true",
        help="make another key, which signs from now on; those before stay known",
    )  # fmt: skip
    more.add_argument("--header", action="store_true", help="print `Authorization: Bearer …`")
    more.add_argument("--json", action="store_true", help="print token, header and claims as JSON")
    more.add_argument(
        "--serve", nargs="?", const=listen.parse("127.0.0.1:9000"), type=listen.parse,
        metavar="HOST:PORT", help="serve keys and discovery there (default 127.0.0.1:9000)",
    )  # fmt: skip


def _add_claims(parser: argparse.ArgumentParser) -> None:
    claims = parser.add_argument_group("claims")
    claims.add_argument("--iss", metavar="URL", help=f"the issuer (default {_ISSUER})")
    claims.add_argument("--sub", metavar="NAME", help=f"the subject (default {SUBJECT})")
    claims.add_argument("--aud", metavar="NAME", action="append", default=[],
                        help="an audience; may be repeated")  # fmt: skip
    claims.add_argument("--scope", metavar="SCOPES", help="scopes, with blanks between them")
    claims.add_argument("--expires", metavar="AGE", type=quantities.seconds, default=_HOUR,
                        help="how long it is good, such as 10m (default 1h)")  # fmt: skip
    claims.add_argument("--claim", metavar="NAME=VALUE", action="append", default=[],
                        type=api_options.pair,
                        help="any claim; JSON, else text; may be repeated")  # fmt: skip
    claims.add_argument("--without", metavar="NAME", action="append", default=[],
                        help="leave this claim out; may be repeated")  # fmt: skip


def _add_faults(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("broken on purpose, to see what is answered")
    group.add_argument("--expired", action="store_true", help="it expired an hour ago")
    group.add_argument("--not-yet", action="store_true", help="it is good an hour from now")
    kinds = group.add_mutually_exclusive_group()
    kinds.add_argument("--wrong-key", action="store_true", help="signed by a key nobody knows")
    kinds.add_argument("--unsigned", action="store_true", help="alg none, no signature")
    kinds.add_argument("--shared-secret", action="store_true",
                       help="HS256 with the public key as the secret")  # fmt: skip


def run(args: argparse.Namespace) -> int:
    """Make it and print it; or serve."""
    path = args.key_file or local_issuer.default_path()
    _warn_of_commits(path)
    try:
        issuer = LocalIssuer.open(path)
        if args.rotate:
            issuer = issuer.rotated()
    except LocalIssuerError as error:
        raise CommandError(Exit.USAGE, str(error)) from error
    if args.serve is not None:
        return token_server.serve(args.serve, path, args.iss)
    claims = _claims(args)
    header = {"alg": args.alg, "typ": "JWT", "kid": args.kid or issuer.signing}
    token, header = _signed(args, issuer, claims, header)
    if args.json:
        print(json.dumps({"token": token, "header": header, "claims": claims}, ensure_ascii=False))
    else:
        print(f"Authorization: Bearer {token}" if args.header else token)
        place = "local" if args.key_file is None else f"local:{path}"
        narration.say(f"Key {header['kid']} of {path}; `inspector up … --issuer {place}` takes it.")
    return Exit.OK


def _warn_of_commits(path: Path) -> None:
    """Private keys in a work tree are soon in its history."""
    tree = next((each for each in path.absolute().parents if (each / ".git").exists()), None)
    if tree is not None:
        narration.warn(f"{path} is in the work tree {tree}: never commit these private keys.")


def _claims(args: argparse.Namespace) -> dict[str, Any]:
    now = int(time.time())
    if args.definition is None:
        claims: dict[str, Any] = {"iss": _ISSUER, "sub": SUBJECT, "iat": now,
                                  "exp": now + args.expires}  # fmt: skip
    elif args.path is None:
        hint = "Such as `inspector token api.yaml GET /orders`."
        raise CommandError(Exit.USAGE, "With DEFINITION, METHOD and PATH are wanted.", hint)
    else:
        claims = token_route.fitting_claims(args.definition, args.method, args.path, args.expires)
    given = {"iss": args.iss, "sub": args.sub, "scope": args.scope}
    claims |= {name: value for name, value in given.items() if value is not None}
    if args.aud:
        claims["aud"] = args.aud[0] if len(args.aud) == 1 else args.aud
    if args.expired:
        claims |= {"iat": now - 2 * _HOUR, "exp": now - _HOUR}
    if args.not_yet:
        claims |= {"nbf": now + _HOUR, "exp": now + 2 * _HOUR}
    claims |= {name: _value(text) for name, text in args.claim}
    return {name: value for name, value in claims.items() if name not in args.without}


def _value(text: str) -> Any:
    """JSON where it is some, else the text itself."""
    try:
        return json.loads(text)
    except ValueError:
        return text


def _signed(
    args: argparse.Namespace, issuer: LocalIssuer, claims: dict[str, Any], header: dict[str, str]
) -> tuple[str, dict[str, str]]:
    """The token and its header, which some faults change."""
    if args.unsigned:
        header = {**header, "alg": "none"}
        return f"{_segment(header)}.{_segment(claims)}.", header
    if args.shared_secret:
        header = {**header, "alg": "HS256"}
        return issuer.with_shared_secret(claims, header), header
    if args.wrong_key:
        return local_issuer.sign(claims, header, local_issuer.new_key(header["kid"])), header
    return issuer.sign(claims, header), header


def _segment(value: dict[str, Any]) -> str:
    text = json.dumps(value, separators=(",", ":")).encode()
    return urlsafe_b64encode(text).rstrip(b"=").decode()
