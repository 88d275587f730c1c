r"""The canonical request in what a client writes when it is asked to tell what it signs.

Known: botocore's debug log, `aws4`'s `canonicalString()` printed, `curl -v` (its "Canonical request
(enclosed in [])"), the AWS SDKs for Java and Go, Amazon's own error message, and any of these as
one line with `\n` in it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_METHOD = re.compile(r"(?:^|[^A-Za-z])(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)$")
_PAYLOAD = re.compile(r"([0-9a-f]{64}|UNSIGNED-PAYLOAD|STREAMING-[A-Z0-9-]+)(?![0-9A-Za-z])")
_SIGNED = re.compile(r"[!-:<-~]+(?:;[!-:<-~]+)*")
_HEADER = re.compile(r"([!-9;-~]+):(.*)", re.DOTALL)
#: Lines behind a method within which its canonical request has to end: headers of a usual request.
_LONGEST = 200
#: What a request line or a header in a log begins with where it is no canonical request.
_NO_PATH = ("//", "/ HTTP/")


@dataclass(frozen=True, slots=True)
class ClientCanonical:
    """A canonical request in its parts. `headers` are pairs of name and value."""

    method: str
    path: str
    query: str
    headers: tuple[tuple[str, str], ...]
    signed: str
    payload: str


def canonical_requests(log: str) -> list[ClientCanonical]:
    """All of them, in the order in which they stand in the log."""
    if "\\n" in log:
        log += "\n" + log.replace("\\r", "").replace("\\n", "\n")
    lines = [line.rstrip("\r") for line in log.split("\n")]
    found = []
    for number, line in enumerate(lines):
        method = _METHOD.search(line.rstrip())
        if method is not None:
            request = _read(method[1], lines[number + 1 : number + _LONGEST])
            if request is not None:
                found.append(request)
    return found


def _read(method: str, lines: list[str]) -> ClientCanonical | None:
    """Path, query, headers, an empty line, the signed names, the payload's hash."""
    if len(lines) < 5 or not lines[0].startswith("/") or lines[0].startswith(_NO_PATH):
        return None
    if "" not in lines[2:-2]:
        return None
    end = lines.index("", 2)
    headers = [_HEADER.fullmatch(line) for line in lines[2:end]]
    signed, payload = _SIGNED.fullmatch(lines[end + 1]), _PAYLOAD.match(lines[end + 2])
    if not all(headers) or signed is None or payload is None:
        return None
    pairs = tuple((header[1], header[2]) for header in headers if header)
    return ClientCanonical(method, lines[0], lines[1], pairs, signed[0], payload[1])
