"""What Amazon refuses of an HTTP API as a whole, whichever file declares it: CORS and quotas.

Sources: developer guide, "HTTP API quotas" and the same of WebSocket APIs (limits.md; those that
can be raised are warnings), API reference, Cors; the sentence on credentials is Amazon's
(aws/aws-cdk#9076).
"""

from __future__ import annotations

from collections.abc import Sized

from inspector.definitions.diagnostics import Notes
from inspector.model import Cors, HttpApi, JwtAuthorizer, Source, WebSocketApi

_SHORTEST_AGE, _LONGEST_AGE = -1, 86_400
_AUDIENCES, _SCOPES, _INTEGRATIONS, _VARIABLES = 50, 10, 300, 100
#: Quotas that can be raised: what is counted, how many there may be.
_ROUTES, _STAGES, _AUTHORIZERS = 300, 10, 10


def check_cors(cors: Cors, notes: Notes) -> None:
    """What cannot be saved."""
    if cors.allow_credentials and "*" in cors.allow_origins:
        message = "allow-credentials is not supported if 'allow-origin' is *"
        remedy = "Name the origins, or leave credentials out."
        notes.error("cors-credentials", message, cors.source, remedy)
    if cors.max_age is not None and not _SHORTEST_AGE <= cors.max_age <= _LONGEST_AGE:
        message = f"max-age is {cors.max_age} seconds; Amazon takes -1 to {_LONGEST_AGE}"
        notes.error("cors-max-age", message, cors.source, "-1 says that nothing is kept.")


def check_quotas(api: HttpApi | WebSocketApi, notes: Notes) -> None:
    """Note what there is too much of. Of WebSocket APIs the guide has all quotas raised."""
    source = api.source
    # How many integrations an import makes of operations that have the same is not known.
    same = len(api.integrations) == len(api.routes)
    count = _raisable if same or isinstance(api, WebSocketApi) else _fixed
    count("Integrations per API", api.integrations, _INTEGRATIONS, source, notes)
    _raisable("Routes per API", api.routes, _ROUTES, source, notes)
    _raisable("Stages per API", api.stages, _STAGES, source, notes)
    _raisable("Authorizers per API", api.authorizers, _AUTHORIZERS, source, notes)
    for route in api.routes.values():
        _fixed("Scopes per route", route.authorization_scopes, _SCOPES, route.source, notes)
    for authorizer in api.authorizers.values():
        if isinstance(authorizer, JwtAuthorizer):
            name, found = "Audiences per authorizer", authorizer.audience
            _fixed(name, found, _AUDIENCES, authorizer.source, notes)
    for stage in api.stages:
        _fixed("Stage variables per stage", stage.variables, _VARIABLES, stage.source, notes)


def _fixed(name: str, found: Sized, most: int, source: Source, notes: Notes) -> None:
    if len(found) > most:
        message = f"{name}: {len(found)}, and Amazon takes {most}"
        notes.error("quota", message, source, "This quota cannot be raised: declare fewer.")


def _raisable(name: str, found: Sized, most: int, source: Source, notes: Notes) -> None:
    if len(found) > most:
        message = f"{name}: {len(found)}, and the quota of an account is {most}"
        notes.warning("quota", message, source, "Have the quota raised, or declare fewer.")
