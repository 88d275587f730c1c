"""Random requests signed by aws4 (npm), live or as they were kept.

The kept ones are made anew by `NODE_PATH=… python -m tests.gateway.sigv4.aws4`, where `NODE_PATH`
names a `node_modules` that has aws4 (Debian's package node-aws4 has its own place).
"""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from inspector.message import Headers, Request
from tests.gateway.sigv4.clients import HOST, SECRET, some_request

KEPT = Path("tests/data/sigv4/aws4.json")
#: When the kept ones were signed.
MOMENT = "20261125T120000Z"
TOKEN = "a+session/token=="
_SCRIPT = Path(__file__).with_name("sign_with_aws4.cjs")
_PLACES = ("/usr/share/nodejs", "/usr/lib/nodejs")


def run(document: dict[str, Any]) -> str | None:
    """What the script writes; None where there is no Node or no aws4."""
    return _node(str(_SCRIPT), json.dumps(document))


def evaluate(script: str) -> str | None:
    """What a line of JavaScript writes."""
    return _node("--eval", "", script)


def _node(argument: str, given: str, *more: str) -> str | None:
    node = shutil.which("node") or shutil.which("nodejs")
    if node is None:
        return None
    places = [os.environ.get("NODE_PATH", ""), *_PLACES]
    environment = {**os.environ, "NODE_PATH": ":".join(filter(None, places))}
    done = subprocess.run(
        [node, argument, *more], input=given, env=environment,
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    return done.stdout if done.returncode == 0 else None


def version() -> str | None:
    return run({"version": True})


def documents(count: int, seed: int, moment: str | None) -> list[dict[str, Any]]:
    """Requests as aws4 takes them, one in four signed in its query."""
    chance, found = random.Random(seed), []
    for number in range(count):
        sent = some_request(chance)
        in_query = number % 4 == 3
        path = f"{sent.path}?{sent.query}" if sent.query else sent.path
        if in_query and moment:
            path += ("&" if sent.query else "?") + f"X-Amz-Date={moment}"
        headers = {} if in_query else dict(sent.headers)
        headers |= {} if in_query or moment is None else {"X-Amz-Date": moment}
        found.append({
            "method": sent.method, "host": HOST, "path": path, "headers": headers,
            "body": "" if in_query else sent.body.decode(), "signQuery": in_query,
        })  # fmt: skip
    return found


def signed(
    count: int, seed: int, *, token: str | None = None, moment: str | None = None
) -> list[dict[str, Any]] | None:
    credentials = {"accessKeyId": "AKIDEXAMPLE", "secretAccessKey": SECRET}
    if token is not None:
        credentials["sessionToken"] = token
    text = run({"requests": documents(count, seed, moment), "credentials": credentials})
    return None if text is None else json.loads(text)


def request_of(document: dict[str, Any]) -> Request:
    fields = [(name, str(value)) for name, value in document["headers"].items()]
    if not any(name.lower() == "host" for name, _ in fields):
        fields.append(("Host", HOST))
    body = document["body"].encode()
    return Request(document["method"], document["target"], Headers.of(fields), body)


def moment() -> datetime:
    return datetime.strptime(MOMENT, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)


def main() -> None:
    plain = signed(30, 4, moment=MOMENT)
    temporary = signed(10, 5, token=TOKEN, moment=MOMENT)
    if plain is None or temporary is None:
        raise SystemExit("there is no node with aws4 here; set NODE_PATH")
    kept = {
        "made_by": f"aws4 {version()} (npm), by python -m tests.gateway.sigv4.aws4",
        "plain": plain,
        "temporary": temporary,
    }
    KEPT.parent.mkdir(parents=True, exist_ok=True)
    KEPT.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
