"""Guards that cannot do their work here: said before anything starts, and as long as it runs.

An authorizer whose function has no code, signatures without a single key to check them, issuers
that may not be asked: the gateway refuses every caller then, which is right and looks like a fault of
the caller. What is declared and not enforced at all comes from the definition's reader.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from inspector.cli.exit import CommandError, Exit
from inspector.definitions import Diagnostic, Loaded
from inspector.definitions.diagnostics import ACCESS_NOT_ENFORCED
from inspector.gateway.functions import function_name
from inspector.gateway.http_api.deploy import function_in
from inspector.gateway.uri import fill_stage_variables
from inspector.model import (
    Authorizer,
    CognitoAuthorizer,
    HttpApi,
    HttpAuthorizer,
    JwtAuthorizer,
    Method,
    Route,
    Servable,
    WebSocketApi,
)
from inspector.runtime.functions.declared import Finder
from inspector.runtime.issuer_places import IssuerPlaces, Place
from inspector.runtime.means import Means


@dataclass(frozen=True, slots=True)
class Known:
    """What the guards can be given: is there this function, any key, and where are issuers.

    `truststores` are the custom domains for which there is one.
    """

    function: Callable[[str], bool]
    keys: int
    issuers: IssuerPlaces
    truststores: frozenset[str] = frozenset()


def unguarded(loaded: Loaded, known: Known) -> list[Diagnostic]:
    """Every guard that cannot work, each with what to do about it."""
    told = [each for each in loaded.diagnostics if each.code == ACCESS_NOT_ENFORCED]
    for api in loaded.apis:
        told.extend(_of_api(api, known))
    told.extend(_of_domains(loaded, known))
    return told


def known_of(means: Means, functions: Mapping[str, str], find: Finder) -> Known:
    """What a gateway with these means can give its guards."""
    return Known(
        lambda name: name in functions or find(name) is not None,
        len(means.keyring),
        means.issuers.places,
        means.truststores.domains,
    )


def refuse(found: list[Diagnostic], *, strict: bool) -> None:
    """With `--strict` nothing starts that cannot guard. Raises `CommandError`."""
    if strict and found:
        hint = "Without --strict it is served so, and says it."
        raise CommandError(Exit.DEFINITION, f"refused: {told(found)}", hint)


def told(found: list[Diagnostic]) -> str:
    """The same as one notice; its first line has to do where there is room for one."""
    first = f"Not guarded as at Amazon: {found[0].message}"
    if len(found) == 1:
        return f"{first}.\n{found[0].remedy}".rstrip()
    lines = [f"{each.message}. {each.remedy}".rstrip() for each in found]
    return "\n".join([f"{first} (and {len(found) - 1} more)", *lines])


def _of_api(api: Servable, known: Known) -> Iterator[Diagnostic]:
    asked = list(_asked(api))
    signed = next((each for each in asked if each.authorization_type == "AWS_IAM"), None)
    if signed is not None and not known.keys:
        message = (
            f"{api.name}: signatures are asked for, and no access key is known; all are refused"
        )
        remedy = "Give the keys that may sign with --keys FILE, or export one in this shell."
        yield Diagnostic("warning", ACCESS_NOT_ENFORCED, message, signed.source, remedy)
    declared: Mapping[str, Authorizer | HttpAuthorizer] = api.authorizers
    for name in dict.fromkeys(each.authorizer for each in asked):
        authorizer = declared.get(name or "")
        if authorizer is not None:
            found = _fault(api, authorizer, known)
            if found is not None:
                message = f"authorizer {authorizer.name}: {found[0]}"
                yield Diagnostic(
                    "warning", ACCESS_NOT_ENFORCED, message, authorizer.source, found[1]
                )


def _of_domains(loaded: Loaded, known: Known) -> Iterator[Diagnostic]:
    """Certificates that are asked for and checked against nothing."""
    for domain in loaded.definition.domains:
        if domain.truststore_uri is not None and domain.name not in known.truststores:
            message = f"{domain.name} asks for client certificates, which are not checked here"
            remedy = f"Say what {domain.truststore_uri} is: --truststore {domain.name}=FILE."
            yield Diagnostic("warning", ACCESS_NOT_ENFORCED, message, domain.source, remedy)


def _asked(api: Servable) -> Iterator[Method | Route]:
    """What asks who calls."""
    guarded: Iterator[Method | Route] = (
        iter(api.routes.values())
        if isinstance(api, HttpApi | WebSocketApi)
        else (method for resource in api.resources for method in resource.methods.values())
    )
    return (each for each in guarded if each.authorization_type != "NONE")


def _fault(
    api: Servable, authorizer: Authorizer | HttpAuthorizer, known: Known
) -> tuple[str, str] | None:
    """Why it lets nobody in, and what to do."""
    wrong = _wrong_source(api, authorizer)
    if wrong is not None:
        return wrong
    if isinstance(authorizer, CognitoAuthorizer):
        return None
    if isinstance(authorizer, JwtAuthorizer):
        return _fault_of_issuer(authorizer, known)
    variables = api.stages[0].variables if api.stages else {}
    function = function_in(fill_stage_variables(authorizer.uri, variables))
    if function is None or known.function(function_name(function)):
        return None
    name = function_name(function)
    return (
        f"no code is known for its function {name}; every caller is refused with 500",
        f"Declare it, put it into functions/{name}/, or give --function {name}=PLACE.",
    )


def _wrong_source(api: Servable, authorizer: Authorizer | HttpAuthorizer) -> tuple[str, str] | None:
    """An identity source of a form that no request ever has."""
    declared = authorizer.identity_source
    if isinstance(declared, tuple) and isinstance(api, WebSocketApi):
        sources, form, such = declared, _SOCKET_SOURCE, "route.request.header.Authorization"
    elif isinstance(declared, tuple):
        sources, form, such = declared, _HTTP_SOURCE, "$request.header.Authorization"
    else:
        sources = tuple(part.strip() for part in (declared or "").split(",") if part.strip())
        form, such = _REST_SOURCE, "method.request.header.Authorization"
    wrong = next((each for each in sources if not form.fullmatch(each)), None)
    if wrong is None:
        return None
    return (f"its identity source {wrong!r} is none; every caller is refused with 401",
            f"Write it as {such}.")  # fmt: skip


_HTTP_SOURCE = re.compile(
    r"\$request\.(?:header|querystring)\..+|\$context\..+|\$stageVariables\..+"
)
_SOCKET_SOURCE = re.compile(
    r"route\.request\.(?:header|querystring)\..+|context\..+|stageVariables\..+"
)
_REST_SOURCE = re.compile(
    r"method\.request\.(?:header|querystring)\..+|context\..+|stageVariables\..+"
)


def _fault_of_issuer(authorizer: JwtAuthorizer, known: Known) -> tuple[str, str] | None:
    if not authorizer.audience:
        return "it names no audience; every token is refused", "Name one (JwtConfiguration)."
    place = known.issuers.place_of(authorizer.issuer)
    if isinstance(place, Place) and place.refused:
        return (
            f"no keys of {authorizer.issuer!r} ({place.refused}); every token is refused",
            f"Say where it is: --issuer {authorizer.issuer}=URL.",
        )
    return None
