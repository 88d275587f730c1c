"""The keys of an issuer, and whether one of them made a token's signature.

The signature itself is joserfc's business; which algorithms count is decided by the core, and
here once more, so that no key of the issuer ever serves as a shared secret.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from inspector.gateway.effects import TokenChecked
from inspector.gateway.jwt.token import LONGEST, Malformed, decode
from inspector.gateway.jwt.verifying import ALGORITHMS

if TYPE_CHECKING:
    # Otherwise imported when the first key is: it takes a tenth of a second.
    from joserfc.jwk import RSAKey
    from joserfc.jws import JWSRegistry


class KeySetError(Exception):
    """What came is no key set; the message says why."""


@dataclass(frozen=True, slots=True)
class KeySet:
    """Public RSA keys by id. `url` is where they were found, `fetched_ms` when."""

    url: str
    fetched_ms: int
    keys: Mapping[str, RSAKey]

    @classmethod
    def read(cls, content: bytes | Mapping[str, Any], url: str, fetched_ms: int) -> KeySet:
        """The RSA keys of a JWKS document; others are passed over. Raises `KeySetError`."""
        try:
            document = json.loads(content) if isinstance(content, bytes) else content
        except (ValueError, RecursionError) as error:
            raise KeySetError(f"not JSON: {error}") from error
        listed = document.get("keys") if isinstance(document, Mapping) else None
        if not isinstance(listed, list):
            raise KeySetError("a list `keys` is expected")
        found: dict[str, RSAKey] = {}
        for entry in listed:
            if isinstance(entry, dict) and entry.get("kty") == "RSA" and entry.get("use") != "enc":
                key = _public(entry)
                if key is not None:
                    found[str(entry.get("kid", ""))] = key
        return cls(url, fetched_ms, found)

    def check(self, text: str) -> TokenChecked:
        """Whether one of these keys signed the token."""
        token = decode(text)
        if isinstance(token, Malformed):
            return self._reply("no-key", token.sentence)
        if token.key_id is None:
            return self._reply("no-key", "the token's header has no kid")
        key = self.keys.get(token.key_id)
        if key is None:
            return self._reply("no-key")
        if token.algorithm not in ALGORITHMS:
            return self._reply("bad-signature", "not an algorithm of RSA keys")
        fault = _fault(text, key, token.algorithm)
        if fault is not None:
            return self._reply("bad-signature", fault)
        return self._reply("good")

    def _reply(self, verdict: Any, detail: str = "") -> TokenChecked:
        return TokenChecked(verdict, self.url, tuple(self.keys), self.fetched_ms, detail)


def _public(entry: Mapping[str, Any]) -> RSAKey | None:
    """The public part of a key, None for one that cannot be used."""
    from joserfc.errors import JoseError  # noqa: PLC0415
    from joserfc.jwk import RSAKey  # noqa: PLC0415

    wanted = {name: entry[name] for name in ("kty", "n", "e", "kid", "alg") if name in entry}
    try:
        return RSAKey.import_key(wanted)
    except (JoseError, ValueError, TypeError):
        return None


def _fault(text: str, key: RSAKey, algorithm: str) -> str | None:
    """What is wrong with the signature, None for a good one."""
    from joserfc import jws  # noqa: PLC0415
    from joserfc.errors import BadSignatureError, JoseError  # noqa: PLC0415

    try:
        jws.deserialize_compact(text, key, registry=_registry(algorithm))
    except BadSignatureError:
        return f"key {key.kid} did not make it: another key did, or the token was changed"
    except (JoseError, ValueError, TypeError) as error:
        return str(error)
    return None


@cache
def _registry(algorithm: str) -> JWSRegistry:
    """Joserfc's rules for this algorithm and no other, with Amazon's sizes."""
    from joserfc.jws import JWSRegistry  # noqa: PLC0415

    registry = JWSRegistry(algorithms=[algorithm], strict_check_header=False)
    registry.max_header_length = LONGEST
    registry.max_payload_length = LONGEST
    registry.max_signature_length = LONGEST
    return registry
