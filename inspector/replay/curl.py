"""A request as a curl command, with what looks like a secret masked unless asked otherwise."""

from __future__ import annotations

import base64
import re
import shlex
from urllib.parse import urlsplit

from inspector.message import Request

MASK = "***"
#: Header names, and names of parameters and JSON members, whose values are secrets.
SECRET_HEADERS = frozenset((
    "authorization", "proxy-authorization", "cookie", "set-cookie", "x-api-key",
    "x-amz-security-token", "x-auth-token", "x-csrf-token", "x-xsrf-token",
))  # fmt: skip
_SECRET = (
    r"(?:access|refresh|id|auth|session|security|csrf)?[_-]?token|api[_-]?key|client[_-]?secret"
    r"|secret(?:[_-]?(?:key|access[_-]?key))?|pass(?:word|wd|phrase)?|pwd|authorization"
    r"|private[_-]?key|x-amz-(?:signature|security-token|credential)|assertion|saml(?:response)?"
)
_IN_PAIRS = re.compile(rf"(^|[?&])((?:{_SECRET})=)[^&#]*", re.IGNORECASE)
_IN_JSON = re.compile(
    rf'("(?:{_SECRET})"\s*:\s*)("(?:[^"\\]|\\.)*"|[-\w.]+)', re.IGNORECASE | re.DOTALL
)
#: What curl adds by itself.
_OWN = frozenset(("host", "content-length", "transfer-encoding", "connection"))


def to_curl(request: Request, base: str, *, secrets: bool = False) -> str:
    """The command that sends `request` to `base` (`http://host:port`), ready for a POSIX shell.

    A target in absolute form wins over `base`.
    """
    url = url_of(request, base)
    words = ["curl", shlex.quote(url if secrets else masked_pairs(url))]
    if ".." in url or "/./" in url:
        words.append("--path-as-is")
    if re.search(r"[\[\]{}]", url):
        words.append("--globoff")
    words += _method(request)
    for name, value in request.headers:
        if name.lower() in _OWN and not _says_more(name, value, url):
            continue
        words.append("-H " + shlex.quote(_header(name, value, secrets=secrets)))
    if "accept-encoding" in request.headers:
        words.append("--compressed")
    return _with_body(words, request.body, secrets=secrets)


def url_of(request: Request, base: str) -> str:
    """The whole URL, with each octet that is not ASCII percent-encoded."""
    target = request.target
    url = target if target.startswith(("http://", "https://")) else base.rstrip("/") + target
    return "".join(
        char if 0x20 < ord(char) < 0x7F else "".join(f"%{each:02X}" for each in _octets(char))
        for char in url
    )


def masked_pairs(text: str) -> str:
    """A URL or a form with the values of secret parameters masked."""
    return _IN_PAIRS.sub(rf"\1\2{MASK}", text)


def masked_body(text: str) -> str:
    """A body with the values of secret members masked."""
    if text.lstrip()[:1] in {"{", "["}:
        return _IN_JSON.sub(rf'\1"{MASK}"', text)
    return masked_pairs(text)


def masked_header(name: str, value: str) -> str:
    """A header's value, masked where it is a secret. The scheme of an Authorization stays."""
    if name.lower() not in SECRET_HEADERS:
        return value
    scheme, blank, _ = value.partition(" ")
    if name.lower().endswith("authorization") and blank:
        return f"{scheme} {MASK}"
    return MASK


def _octets(char: str) -> bytes:
    return char.encode("latin-1") if ord(char) < 0x100 else char.encode("utf-8", "replace")


def _method(request: Request) -> list[str]:
    usual = "POST" if request.body else "GET"
    if request.method == "HEAD" and not request.body:
        return ["--head"]
    return [] if request.method == usual else ["-X " + shlex.quote(request.method)]


def _says_more(name: str, value: str, url: str) -> bool:
    """Host is worth saying where it is another than the URL's."""
    return name.lower() == "host" and value.lower() != urlsplit(url).netloc.lower()


def _header(name: str, value: str, *, secrets: bool) -> str:
    shown = value if secrets else masked_header(name, value)
    if not shown.isascii():
        try:
            shown = shown.encode("latin-1").decode("utf-8")
        except ValueError:
            pass
    return f"{name}: {shown}" if shown else f"{name};"  # curl's way to send an empty one


def _with_body(words: list[str], body: bytes, *, secrets: bool) -> str:
    command = " \\\n  ".join([" ".join(words[:2]), *words[2:]])
    if not body:
        return command
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        encoded = base64.b64encode(body).decode("ascii")
        return f"printf %s {encoded} | base64 -d | {command} \\\n  --data-binary @-"
    shown = text if secrets else masked_body(text)
    return f"{command} \\\n  --data-raw {shlex.quote(shown)}"
