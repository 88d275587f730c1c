"""What a sample's requests are signed with: tokens of an issuer of the demo's own, example keys."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import sample_apis
from inspector.message import Request
from inspector.replay.signing import Credentials, Purpose, signed
from inspector.runtime import issuer_places, keyring
from inspector.runtime.keyring import Keyring
from inspector.runtime.local_issuer import LocalIssuer

#: Seconds that a token of the demo lasts, unless its request says otherwise.
LASTS = 3600


class DemoCredentials:
    """Completes the requests of one sample. Its issuer's keys live in `folder`."""

    def __init__(self, sample: sample_apis.Sample, folder: Path, region: str) -> None:
        self.keys = sample.keys
        self._region = region
        self._ring = Keyring() if sample.keys is None else keyring.read(sample.keys)
        wants_tokens = any(each.token is not None for each in sample.requests)
        self.issuer = LocalIssuer.open(folder / "issuer-keys.json") if wants_tokens else None

    @property
    def issuers(self) -> dict[str, str]:
        """Where the gateway finds the keys of every issuer (`runtime.issuer_places`)."""
        if self.issuer is None:
            return {}
        return {issuer_places.ALL: f"{issuer_places.LOCAL}:{self.issuer.path}"}

    def complete(self, asked: sample_apis.SampleRequest, request: Request) -> Request:
        """The request with the Authorization header that its sample describes, if any."""
        if asked.token is not None:
            token = self._token(asked.token)
            fields = request.headers.replacing("Authorization", f"Bearer {token}")
            return Request(request.method, request.target, fields, request.body)
        if asked.signer is not None:
            return signed(request, self._credentials(asked.signer), Purpose(self._region))
        return request

    def _token(self, wanted: Mapping[str, Any]) -> str:
        """`wanted` are claims; `lasts` is how many seconds from now the token expires."""
        assert self.issuer is not None
        now = int(time.time())
        claims = {"iat": now, "exp": now + int(wanted.get("lasts", LASTS)), **wanted}
        claims.pop("lasts", None)
        return self.issuer.sign(claims, {"alg": "RS256", "kid": self.issuer.signing})

    def _credentials(self, signer: Mapping[str, str]) -> Credentials:
        """The access key that the request claims; `secret_of` names the key that really signs."""
        by_name = {key.identity.access_key: key for key in self._ring.keys}
        claimed = signer["access_key"]
        return Credentials(claimed, by_name[signer.get("secret_of", claimed)].secret)


@contextmanager
def credentials_of(sample: sample_apis.Sample, region: str) -> Iterator[DemoCredentials]:
    """The same, for as long as the demo lasts."""
    with TemporaryDirectory(prefix="inspector-demo-") as folder:
        yield DemoCredentials(sample, Path(folder), region)
