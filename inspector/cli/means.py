"""What a gateway can reach, made of what the user asked for; the same for `up` and `invoke`."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from inspector.cli.issuer_option import issuers_of
from inspector.runtime import keyring
from inspector.runtime.functions.declared import Finder
from inspector.runtime.functions.functions import Functions
from inspector.runtime.functions.places import functions_of, idle_functions
from inspector.runtime.functions.surroundings import Around, variables
from inspector.runtime.http import HttpBackends
from inspector.runtime.keyring import Keyring
from inspector.runtime.means import Means
from inspector.runtime.services.services import Services
from inspector.runtime.truststores import Truststores

#: The account of the keys that a user's shell holds.
_ACCOUNT = "123456789012"


def means_of(  # noqa: PLR0913  what the user may say of each
    finder: Finder,
    http: HttpBackends,
    *,
    functions: Mapping[str, str],
    debug: Sequence[str],
    endpoints: Mapping[str, str],
    issuers: Mapping[str, str],
    truststores: Mapping[str, str] | None = None,
    keys: str | None,
    account: str | None,
    idle: bool = False,
    around: Around | None = None,
) -> Means:
    """Belongs to the running event loop. `idle`: no function runs; `around`: what those find that do.

    Raises `PlaceError`, `KeyringError`, `TruststoreError`.
    """
    stand_ins = variables(endpoints, os.environ, Path.home())
    if idle:
        places: Functions = idle_functions(functions, debug, finder.name_of)
    else:
        places = functions_of((), functions, http, debug, finder, stand_ins, names=finder.names,
                              around=around)  # fmt: skip
    ring = ring_of(keys, account, os.environ)
    return Means(
        http,
        places,
        Services(endpoints, http),
        ring,
        issuers=issuers_of(issuers, endpoints),
        truststores=Truststores.of_files(
            {domain: Path(file) for domain, file in (truststores or {}).items()}
        ),
    )


def ring_of(keys: str | None, account: str | None, environment: Mapping[str, str]) -> Keyring:
    """The keys in the file, else that of the user's shell. Raises `KeyringError`."""
    if keys is None:
        return keyring.from_environment(environment, account or _ACCOUNT)
    return keyring.read(Path(keys))
