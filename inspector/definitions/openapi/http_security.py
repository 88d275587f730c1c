"""Security schemes and requirements of an HTTP API: JWT and Lambda authorizers, IAM."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal, cast

from inspector.definitions.cursor import Cursor
from inspector.definitions.http_authorizer_rules import faults
from inspector.definitions.openapi.context import Context
from inspector.definitions.openapi.method_auth import declared_auth
from inspector.model import HttpAuthorizer, HttpRequestAuthorizer, JwtAuthorizer

_AUTHORIZER = "x-amazon-apigateway-authorizer"
_WELL_KNOWN = "/.well-known/openid-configuration"
_SETTINGS = {
    "version": "authorizerPayloadFormatVersion",
    "simple": "enableSimpleResponses",
    "ttl": "authorizerResultTtlInSeconds",
}
AuthorizationType = Literal["NONE", "AWS_IAM", "CUSTOM", "JWT"]


@dataclass(slots=True)
class HttpAccess:
    """What a route demands of its callers."""

    authorization_type: AuthorizationType = "NONE"
    authorizer: str | None = None
    scopes: tuple[str, ...] = ()


@dataclass(slots=True)
class HttpSecurity:
    """The document's schemes by name, and the authorizers among them."""

    context: Context
    schemes: dict[str, Cursor] = field(default_factory=dict)
    authorizers: dict[str, HttpAuthorizer] = field(default_factory=dict)

    @classmethod
    def of(cls, context: Context) -> HttpSecurity:
        """Read all schemes."""
        security = cls(context)
        components = context.root.get("components")
        for name, entry in context.mapping(components, "securitySchemes") if components else ():
            cursor = context.resolve(entry)
            if cursor is None:
                continue
            security.schemes[name] = cursor
            declared = cursor.get(_AUTHORIZER)
            authorizer = None if declared is None else _read(context, name, cursor, declared)
            if authorizer is not None:
                security.authorizers[name] = authorizer
        return security

    def access(self, operation: Cursor) -> HttpAccess:
        """A route's own `security` replaces the document's, also an empty one."""
        access = HttpAccess()
        own = operation.get("security")
        requirements = own if own is not None else self.context.root.get("security")
        names = set()
        for requirement in requirements.items() if requirements is not None else ():
            for name, scopes in requirement.entries():
                self._demand(access, name, scopes)
                names.add(name)
        if requirements is not None and len(names) > 1:
            message = (
                "Multiple security requirements are not supported: each operation can have only "
                "one of IAM authorization, a Lambda authorizer, or a JWT authorizer"
            )
            remedy = f"Keep one of {', '.join(sorted(names))}."
            self.context.notes.error("many-security", message, requirements.key_source, remedy)
        if declared_auth(self.context, operation) == "AWS_IAM":
            access.authorization_type, access.authorizer = "AWS_IAM", None
        return access

    def _demand(self, access: HttpAccess, name: str, scopes: Cursor) -> None:
        scheme = self.schemes.get(name)
        authorizer = self.authorizers.get(name)
        if scheme is None:
            message = f"no security scheme is named {name!r}"
            remedy = "Define it under components.securitySchemes."
            self.context.notes.warning("missing-scheme", message, scopes.key_source, remedy)
        elif isinstance(authorizer, JwtAuthorizer):
            access.authorization_type, access.authorizer = "JWT", name
            access.scopes = tuple(item.text for item in scopes.items())
        elif authorizer is not None:
            access.authorization_type, access.authorizer = "CUSTOM", name
        elif (self.context.text(scheme, "x-amazon-apigateway-authtype") or "").lower() == (
            "awssigv4"
        ):
            access.authorization_type = "AWS_IAM"
        else:
            message = f"the security scheme {name!r} has no authorizer and protects nothing"
            remedy = f"Add {_AUTHORIZER} to it; without, Amazon leaves the route open."
            self.context.notes.warning("open-scheme", message, scopes.key_source, remedy)


def _read(context: Context, name: str, scheme: Cursor, declared: Cursor) -> HttpAuthorizer | None:
    kind = (context.text(declared, "type") or "").lower()
    sources = identity_sources(context.texts(declared, "identitySource"))
    if kind == "jwt":
        settings = declared.get("jwtConfiguration")
        issuer = context.text(settings, "issuer") if settings is not None else None
        discovery = context.text(scheme, "openIdConnectUrl") or ""
        return JwtAuthorizer(
            name=name,
            source=declared.source,
            identity_source=sources,
            issuer=issuer or discovery.removesuffix(_WELL_KNOWN),
            audience=context.texts(settings, "audience") if settings is not None else (),
        )
    uri = context.text(declared, "authorizerUri")
    if kind != "request" or uri is None:
        wrong = "authorizerUri is missing" if kind == "request" else f"the type {kind!r} is none"
        message = f"the authorizer {name!r} cannot be used: {wrong}"
        remedy = "HTTP APIs know the types jwt and request."
        context.notes.error("authorizer", message, declared.source, remedy)
        return None
    version = context.text(declared, "authorizerPayloadFormatVersion")
    _warn(context, name, declared, sources)
    return HttpRequestAuthorizer(
        name=name,
        source=declared.source,
        uri=uri,
        identity_source=sources,
        payload_version=cast("Any", version if version in ("1.0", "2.0") else "1.0"),
        simple_responses=bool(context.flag(declared, "enableSimpleResponses")),
        ttl_seconds=context.integer(declared, "authorizerResultTtlInSeconds"),
        credentials=context.text(declared, "authorizerCredentials"),
    )


def _warn(context: Context, name: str, declared: Cursor, sources: tuple[str, ...]) -> None:
    """An import that cannot make an authorizer warns of it (users' pastes) and goes on."""
    found = faults(
        context.text(declared, "authorizerPayloadFormatVersion"),
        context.integer(declared, "authorizerResultTtlInSeconds"),
        sources,
        simple=bool(context.flag(declared, "enableSimpleResponses")),
    )
    for each in found:
        holder = declared.get(_SETTINGS[each.setting])
        source = declared.source if holder is None else holder.source
        message = f"Unable to create Authorizer '{name}': {each.message}"
        context.notes.warning("authorizer-refused", message, source, each.remedy)


def identity_sources(written: tuple[str, ...]) -> tuple[str, ...]:
    """A list of sources, or one text with commas between them."""
    return tuple(part.strip() for each in written for part in each.split(",") if part.strip())
