"""Mistakes of clients, each as the text that such a client would have signed.

A client's canonical request is not known, only its signature. So each mistake is made here on
purpose: if a text then has the client's signature, that mistake is proven, not guessed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256

from inspector.gateway import untrusted_json
from inspector.gateway.sigv4.canonical import EMPTY, Canonical, header_lines, string_to_sign
from inspector.gateway.sigv4.claim import Claim, Scope
from inspector.gateway.sigv4.moment import in_basic_form
from inspector.gateway.sigv4.wrong_paths import without_base_path, wrong_paths
from inspector.gateway.sigv4.wrong_queries import wrong_queries
from inspector.message import Request

SERVICES = ("execute-api", "apigateway", "lambda", "s3", "es", "appsync", "execute_api", "iam")
REGIONS = ("us-east-1", "us-west-2", "eu-west-1", "eu-central-1", "ap-southeast-1")
_CONTENT_TYPES = (
    "application/json", "application/x-amz-json-1.0", "application/json; charset=utf-8",
    "application/json;charset=UTF-8", "application/x-www-form-urlencoded; charset=utf-8",
    "text/plain;charset=UTF-8",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Attempt:
    """A text that may have been signed. `mistake` names it, `detail` says what was assumed."""

    mistake: str
    detail: str
    text: str
    scope: Scope


def attempts(
    right: Canonical,
    request: Request,
    claim: Claim,
    stage: str,
    names: tuple[str, ...],
    inner_path: str | None = None,
) -> Iterator[Attempt]:
    """Every mistake that this request could have been signed with, the likeliest first.

    `names` are host names under which a client may know the API.
    """
    moment = in_basic_form(claim.moment)

    def tried(mistake: str, detail: str, canonical: Canonical, scope: Scope) -> Attempt:
        return Attempt(mistake, detail, string_to_sign(canonical, moment, scope), scope)

    seen = {right}
    if inner_path is not None:
        for mistake, detail, path in without_base_path(inner_path, stage):
            canonical = replace(right, path=path)
            seen.add(canonical)
            yield tried(mistake, detail, canonical, claim.scope)
    for mistake, detail, canonical in _wrong_requests(right, request, claim, stage, names):
        if canonical not in seen:
            seen.add(canonical)
            yield tried(mistake, detail, canonical, claim.scope)
    text = string_to_sign(right, moment, claim.scope)
    for mistake, detail, scope in _wrong_scopes(claim.scope):
        yield tried(mistake, detail, right, scope)
        yield Attempt(mistake, f"{detail}, in the key alone", text, scope)


def _wrong_scopes(right: Scope) -> Iterator[tuple[str, str, Scope]]:
    for service in SERVICES:
        if service != right.service:
            yield "wrong-service", service, replace(right, service=service)
    for region in REGIONS:
        if region != right.region:
            yield "wrong-region", region, replace(right, region=region)
    for date in _days_around(right.date):
        yield "other-day", date, replace(right, date=date)


def _days_around(date: str) -> Iterator[str]:
    """The day before and the day after: a client that kept its key, or counts in local time."""
    try:
        day = datetime.strptime(date, "%Y%m%d")  # noqa: DTZ007  a date, no moment
    except ValueError:
        return
    for days in (-1, 1):
        yield (day + timedelta(days=days)).strftime("%Y%m%d")


_Wrong = tuple[str, str, Canonical]


def _wrong_requests(
    right: Canonical, request: Request, claim: Claim, stage: str, names: tuple[str, ...]
) -> Iterator[_Wrong]:
    path, _, query = request.target.partition("?")
    for name, detail, wrong in wrong_paths(right.path, path, stage):
        yield name, detail, replace(right, path=wrong)
    for name, detail, wrong in wrong_queries(right.query, query):
        yield name, detail, replace(right, query=wrong)
    yield from _hosts(right, request, names)
    yield from _headers(right, request, claim)
    yield from _bodies(right, request)
    if right.method != "GET":
        yield "wrong-method", "GET", replace(right, method="GET")
    if right.method != "POST":
        yield "wrong-method", "POST", replace(right, method="POST")


def _hosts(right: Canonical, request: Request, names: tuple[str, ...]) -> Iterator[_Wrong]:
    given = request.headers.get("Host") or ""
    bare = given.rsplit(":", 1)[0]
    for host in dict.fromkeys((*names, bare, f"{bare}:443", f"{bare}:80")):
        changed = _with_line(right, "host", host)
        if changed is not None:
            yield "other-host", host, changed
    if "host" in right.signed:
        kept = tuple(line for line in right.headers if not line.startswith("host:"))
        names_kept = tuple(name for name in right.signed if name != "host")
        yield "host-not-signed", given, replace(right, headers=kept, signed=names_kept)
    else:
        added = tuple(sorted((*right.headers, f"host:{given}")))
        yield "host-not-listed", given, replace(right, headers=added)


def _headers(right: Canonical, request: Request, claim: Claim) -> Iterator[_Wrong]:
    """What a proxy on the way may have changed after signing."""
    for name in claim.signed_headers:
        if name == "host":
            continue
        for value in _other_values(name, request.headers.get(name)):
            changed = _with_line(right, name, value)
            if changed is not None:
                yield "header-changed", f"{name}: {value}", changed
    in_order = tuple(sorted(claim.signed_headers))
    if in_order != claim.signed_headers:
        lines = tuple(header_lines(request, in_order))
        yield "headers-unsorted", "", replace(right, headers=lines, signed=in_order)
    if claim.token is not None and "x-amz-security-token" not in claim.signed_headers:
        lines = (*right.headers, f"x-amz-security-token:{claim.token}")
        signed = (*right.signed, "x-amz-security-token")
        yield "token-signed", "", replace(right, headers=lines, signed=signed)


def _other_values(name: str, value: str | None) -> Iterator[str]:
    yield ""
    if name == "content-type":
        bare = (value or "").partition(";")[0].strip()
        yield from dict.fromkeys((bare, *_CONTENT_TYPES))
    elif name == "accept-encoding":
        yield from ("identity", "gzip", "gzip, deflate", "gzip, deflate, br", "*")
    elif name == "accept":
        yield from ("*/*", "application/json", "application/json, text/plain, */*")
    elif name == "connection":
        yield from ("keep-alive", "close")
    elif name == "content-length":
        yield "0"
    if value is not None:
        yield value.lower()
        yield value.partition(",")[0].strip()


def _bodies(right: Canonical, request: Request) -> Iterator[_Wrong]:
    def of(detail: str, body: bytes) -> _Wrong:
        return "other-body", detail, replace(right, payload=sha256(body).hexdigest())

    yield "other-body", "an empty body", replace(right, payload=EMPTY)
    yield "other-body", "UNSIGNED-PAYLOAD", replace(right, payload="UNSIGNED-PAYLOAD")
    claimed = request.headers.get("X-Amz-Content-Sha256")
    if claimed:
        yield "other-body", "the X-Amz-Content-Sha256 header", replace(right, payload=claimed)
    body = request.body
    yield of("the body and a line break", body + b"\n")
    yield of("the body without white space at its ends", body.strip())
    try:
        document = untrusted_json.loads(body)
    except ValueError:
        return
    yield of("the JSON without blanks", json.dumps(document, separators=(",", ":")).encode())
    yield of("the JSON as Python writes it", json.dumps(document).encode())
    text = json.dumps(document, separators=(",", ":"), ensure_ascii=False).encode()
    yield of("the JSON as JavaScript writes it", text)
    yield of("the JSON written twice", json.dumps(body.decode("utf-8", "replace")).encode())


def _with_line(right: Canonical, name: str, value: str) -> Canonical | None:
    """The same with another value of one signed header; None where it is not signed."""
    prefix = f"{name}:"
    if not any(line.startswith(prefix) for line in right.headers):
        return None
    lines = tuple(prefix + value if line.startswith(prefix) else line for line in right.headers)
    return replace(right, headers=lines)
