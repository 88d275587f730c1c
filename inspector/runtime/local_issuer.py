"""The issuer of `inspector token`: RSA keys of the user's own, and tokens signed with them.

The file holds private keys, so it is for its owner alone (0600), like an ssh key, and one that
others may read is refused. A gateway trusts it only where the user says `--issuer …=local`.
"""

from __future__ import annotations

import base64
import hmac
import json
import os
import secrets
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from inspector.runtime.jose import KeySet

if TYPE_CHECKING:
    from joserfc.jwk import RSAKey

_BITS = 2048


class LocalIssuerError(Exception):
    """The file of keys cannot be used; the message says why."""


def default_path() -> Path:
    """`$XDG_STATE_HOME/inspector/issuer-keys.json`."""
    home = os.environ.get("XDG_STATE_HOME") or str(Path("~/.local/state").expanduser())
    return Path(home) / "inspector" / "issuer-keys.json"


@dataclass(frozen=True, slots=True)
class LocalIssuer:
    """Keys by id, the one that signs first."""

    path: Path
    keys: Mapping[str, RSAKey]

    @classmethod
    def open(cls, path: Path) -> LocalIssuer:
        """The keys in the file, which is made where there is none. Raises `LocalIssuerError`."""
        try:
            if not path.exists():
                _create(path)
            mode = path.stat().st_mode
            if mode & 0o077:
                raise LocalIssuerError(f"{path}: others may read these private keys: chmod 600 it")
            return cls(path, _keys(path.read_bytes()))
        except OSError as error:
            raise LocalIssuerError(f"{path}: {error.strerror}") from error
        except (ValueError, KeyError, TypeError) as error:
            raise LocalIssuerError(f"{path}: no file of `inspector token`: {error}") from error

    @property
    def signing(self) -> str:
        """The id of the key that signs unless another is named."""
        return next(iter(self.keys))

    def public(self) -> dict[str, Any]:
        """The JWKS document."""
        extra = {"use": "sig"}
        return {"keys": [{**key.as_dict(private=False), **extra} for key in self.keys.values()]}

    def key_set(self) -> KeySet:
        """The same, ready to check signatures."""
        return KeySet.read(self.public(), str(self.path), time.time_ns() // 1_000_000)

    def rotated(self) -> LocalIssuer:
        """With another key before those that were there. Raises `LocalIssuerError`."""
        made = new_key()
        keys = {str(made.kid): made, **self.keys}
        try:
            draft = _draft(self.path, keys.values())
            draft.replace(self.path)
        except OSError as error:
            raise LocalIssuerError(f"{self.path}: {error.strerror}") from error
        return LocalIssuer(self.path, keys)

    def with_shared_secret(self, claims: Mapping[str, Any], header: Mapping[str, Any]) -> str:
        """What an attacker makes who takes the public key for a secret; it must be refused."""
        return sign_with_secret(claims, header, self.keys[self.signing].as_pem(private=False))

    def sign(self, claims: Mapping[str, Any], header: Mapping[str, Any]) -> str:
        """A token; `header` has `alg` of the RSA family, and the `kid` that says which key."""
        key = self.keys.get(str(header.get("kid")), self.keys[self.signing])
        return sign(claims, header, key)


def sign(claims: Mapping[str, Any], header: Mapping[str, Any], key: Any) -> str:
    """A token signed by this key."""
    from joserfc import jws  # noqa: PLC0415  a tenth of a second

    algorithms = [str(header["alg"])]
    return jws.serialize_compact(dict(header), _compact(claims), key, algorithms=algorithms)


def sign_with_secret(claims: Mapping[str, Any], header: Mapping[str, Any], secret: bytes) -> str:
    """A token whose `alg` is HS256, HS384 or HS512.

    By hand: newer releases of joserfc refuse a public key as the secret.
    """
    signed = b".".join(map(_packed, (_compact(header), _compact(claims))))
    digest = "sha" + str(header["alg"]).removeprefix("HS")
    return b".".join((signed, _packed(hmac.digest(secret, signed, digest)))).decode("ascii")


def _compact(part: Mapping[str, Any]) -> bytes:
    return json.dumps(part, ensure_ascii=False, separators=(",", ":")).encode()


def _packed(part: bytes) -> bytes:
    return base64.urlsafe_b64encode(part).rstrip(b"=")


def new_key(key_id: str | None = None) -> RSAKey:
    """A key that nobody knows."""
    from joserfc.jwk import RSAKey  # noqa: PLC0415

    return RSAKey.generate_key(_BITS, {"kid": key_id or f"local-{secrets.token_hex(4)}"})


def _create(path: Path) -> None:
    """Written whole under another name first, so that nobody ever reads half of it."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = _draft(path, [new_key()])
    try:
        os.link(draft, path)
    except FileExistsError:
        pass  # somebody else made one meanwhile: that one counts
    finally:
        draft.unlink()


def _draft(path: Path, keys: Iterable[RSAKey]) -> Path:
    content = json.dumps({"keys": [key.as_dict(private=True) for key in keys]}, indent=1).encode()
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    file = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(file, "wb") as out:
        out.write(content)
    return draft


def _keys(content: bytes) -> dict[str, RSAKey]:
    from joserfc.errors import JoseError  # noqa: PLC0415
    from joserfc.jwk import RSAKey  # noqa: PLC0415

    try:
        found = [RSAKey.import_key(entry) for entry in json.loads(content)["keys"]]
    except JoseError as error:
        raise ValueError(str(error)) from error
    if not found:
        raise ValueError("it has no keys")
    return {str(key.kid): key for key in found}
