"""What the gateway process is told, in the form it crosses over in: one line of JSON."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field

from inspector.definitions import Options
from inspector.gateway.environment import Caller, ClientCertificate


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that `inspector up` was asked for.

    `definitions` are file names as the user gave them, relative to the directory he is in;
    `backends` maps a host as declared to the URL that stands in for it,
    `functions` a function's name to its place (`runtime.functions.places`); those in `debug` wait
    for a debugger; `endpoints` an AWS service to its place (`runtime.services.places`);
    `issuers` a token's issuer to the place of its keys (`runtime.issuer_places`);
    `truststores` a custom domain to a PEM file;
    `keep_seconds` and `max_bytes` bound the recording (None: no bound),
    `max_body` each body in it (None: the defaults of who records).
    """

    definitions: tuple[str, ...]
    options: Options
    host: str
    port: int
    db: str
    backends: dict[str, str] = field(default_factory=dict)
    functions: dict[str, str] = field(default_factory=dict)
    endpoints: dict[str, str] = field(default_factory=dict)
    issuers: dict[str, str] = field(default_factory=dict)
    truststores: dict[str, str] = field(default_factory=dict)
    debug: tuple[str, ...] = ()
    keys: str | None = None
    caller: Caller = field(default_factory=Caller)
    keep_seconds: int | None = None
    max_bytes: int | None = None
    max_body: int | None = None

    def to_json(self) -> str:
        """One line."""
        return json.dumps(asdict(self), ensure_ascii=True, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> Settings:
        """What `to_json` wrote."""
        data = json.loads(text)
        certificate = data["caller"].pop("certificate")
        caller = Caller(
            **data.pop("caller"),
            certificate=None
            if certificate is None
            else ClientCertificate(**{**certificate, "chain": tuple(certificate["chain"])}),
        )
        options = data.pop("options")
        options = Options(**{**options, "no_limits": tuple(options["no_limits"])})
        definitions, debug = tuple(data.pop("definitions")), tuple(data.pop("debug"))
        return cls(definitions=definitions, options=options, caller=caller, debug=debug, **data)
