"""Who may sign: access keys with their secrets, and the only place that ever sees a secret.

A file of keys is YAML or JSON, a list of:

    - access_key: AKIDEXAMPLE
      secret_key: …
      arn: arn:aws:iam::123456789012:user/ann
      session_token: …               # of temporary keys
      expires: 2026-11-24T12:00:00Z  # of the session
      caller: AIDAEXAMPLE
      policies: [{Version: …, Statement: […]}]
      conditions: {aws:MultiFactorAuthPresent: true, aws:PrincipalTag/team: blue}
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from inspector.gateway.access_effects import CheckSignature, SignatureChecked, SignedText
from inspector.gateway.identity import Identity
from inspector.gateway.policy import document
from inspector.gateway.sigv4.canonical import signature, signing_key
from inspector.gateway.sigv4.claim import Scope
from inspector.gateway.sigv4.query import octets

_KNOWN = {"access_key", "secret_key", "arn", "session_token", "expires", "caller", "policies",
          "organization", "conditions", "session_policies"}  # fmt: skip
_ALLOW_ALL = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "execute-api:*", "Resource": "*"}],
}


class KeyringError(Exception):
    """A file of keys that cannot be used; the message says why."""


@dataclass(frozen=True, slots=True)
class Key:
    """One access key. `policies` in the identity: what it may do; none given: everything."""

    identity: Identity
    secret: str
    token: str | None = None
    expires: datetime | None = None


class Keyring:
    """Performs `CheckSignature`."""

    def __init__(self, keys: Iterable[Key] = ()) -> None:
        self._keys = {key.identity.access_key: key for key in keys}
        self._derived: dict[tuple[str, str], bytes] = {}

    def __len__(self) -> int:
        return len(self._keys)

    @property
    def keys(self) -> tuple[Key, ...]:
        """All keys, in the order in which they were given."""
        return tuple(self._keys.values())

    def check(self, effect: CheckSignature, now: datetime) -> SignatureChecked:
        """The answer; comparisons take the same time whatever differs."""
        key = self._keys.get(effect.access_key)
        if key is None:
            return SignatureChecked(None)
        if key.token is not None and effect.token is None:
            return SignatureChecked(key.identity, session="wrong")
        if effect.token is not None and not _same(effect.token, key.token or ""):
            return SignatureChecked(key.identity, session="wrong")
        if key.expires is not None and now >= key.expires:
            return SignatureChecked(key.identity, session="expired")
        matched = self._match(key, effect.texts, effect.signature)
        if matched is not None or not effect.any_key:
            return SignatureChecked(key.identity, matched)
        for other in self._keys.values():
            if other is not key and self._match(other, effect.texts[:1], effect.signature) == 0:
                return SignatureChecked(key.identity, 0, other_key=other.identity.access_key)
        return SignatureChecked(key.identity)

    def _match(self, key: Key, texts: tuple[SignedText, ...], claimed: str) -> int | None:
        for index, each in enumerate(texts):
            if _same(signature(self._derive(key, each.scope), each.text), claimed):
                return index
        return None

    def _derive(self, key: Key, scope: str) -> bytes:
        name = (key.identity.access_key, scope)
        derived = self._derived.get(name)
        if derived is None:
            if len(self._derived) > 1_000:
                self._derived.clear()
            date, region, service, _ = scope.split("/", 3)
            derived = signing_key(key.secret, Scope(date, region, service))
            self._derived[name] = derived
        return derived


def read(path: Path) -> Keyring:
    """The keys in a file. Raises `KeyringError`."""
    try:
        entries = yaml.safe_load(path.read_text("utf-8"))
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise KeyringError(f"{path}: {reason}") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        where = f":{mark.line + 1}" if (mark := getattr(error, "problem_mark", None)) else ""
        problem = getattr(error, "problem", None) or "not text in UTF-8"
        raise KeyringError(f"{path}{where}: neither YAML nor JSON: {problem}") from error
    if not isinstance(entries, list):
        raise KeyringError(f"{path}: a list of keys is expected, each with access_key, secret_key")
    return Keyring(_keys(path, entries))


def from_environment(environment: Mapping[str, str], account: str) -> Keyring:
    """The key of the user's shell, allowed to do everything."""
    access_key = environment.get("AWS_ACCESS_KEY_ID")
    secret = environment.get("AWS_SECRET_ACCESS_KEY")
    if not access_key or not secret:
        return Keyring()
    arn = f"arn:aws:iam::{account}:user/local"
    identity = Identity(access_key, arn, account, "AIDALOCAL", policies=(json.dumps(_ALLOW_ALL),))
    return Keyring([Key(identity, secret, environment.get("AWS_SESSION_TOKEN") or None)])


def _keys(path: Path, entries: list[Any]) -> Iterator[Key]:
    for number, entry in enumerate(entries, 1):
        if not isinstance(entry, dict):
            raise KeyringError(f"{path}: key {number} is no object")
        unknown = sorted(map(str, entry.keys() - _KNOWN))
        if unknown:
            raise KeyringError(f"{path}: key {number} has unknown members: {', '.join(unknown)}")
        yield _key(path, number, entry)


def _key(path: Path, number: int, entry: dict[str, Any]) -> Key:
    try:
        access_key, secret = str(entry["access_key"]), str(entry["secret_key"])
    except KeyError as error:
        raise KeyringError(f"{path}: key {number} lacks {error.args[0]}") from error
    arn = str(entry.get("arn", "arn:aws:iam::123456789012:user/local"))
    account = arn.split(":")[4] if arn.count(":") >= 5 else "123456789012"
    identity = Identity(
        access_key,
        arn,
        account,
        str(entry.get("caller", "AIDALOCAL")),
        entry.get("organization"),
        tuple(_policies(path, number, entry.get("policies", [_ALLOW_ALL]))),
        tuple(_conditions(path, number, entry.get("conditions", {}))),
        tuple(_policies(path, number, entry.get("session_policies", []))),
    )
    expires = entry.get("expires")
    if isinstance(expires, str):
        expires = datetime.fromisoformat(expires)
    if isinstance(expires, datetime) and expires.tzinfo is None:
        expires = expires.replace(tzinfo=UTC)
    return Key(identity, secret, entry.get("session_token"), expires)


def _policies(path: Path, number: int, policies: Any) -> Iterator[str]:
    if not isinstance(policies, list):
        raise KeyringError(f"{path}: key {number}: policies is a list of policy documents")
    for each in policies:
        text = json.dumps(each, default=str)  # YAML reads 2012-10-17 as a date
        try:
            document.read(json.loads(text))
        except document.PolicyError as error:
            raise KeyringError(f"{path}: key {number}: policies: {error}") from error
        yield text


def _conditions(path: Path, number: int, conditions: Any) -> Iterator[tuple[str, str]]:
    if not isinstance(conditions, dict):
        raise KeyringError(f"{path}: key {number}: conditions is an object of condition keys")
    for name, value in conditions.items():
        yield str(name), str(value).lower() if isinstance(value, bool) else str(value)


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(octets(one), octets(other))
