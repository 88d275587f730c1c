"""Security schemes and requirements: authorizers, IAM and API keys."""

from __future__ import annotations

from dataclasses import dataclass, field

from inspector.definitions.cursor import Cursor
from inspector.definitions.openapi.context import Context
from inspector.definitions.openapi.method_auth import declared_auth
from inspector.definitions.openapi.place import Place
from inspector.model import Authorizer, CognitoAuthorizer, RequestAuthorizer, TokenAuthorizer

_AUTHORIZER = "x-amazon-apigateway-authorizer"
_AUTH_TYPE = "x-amazon-apigateway-authtype"
_API_KEY_HEADER = "x-api-key"


@dataclass(slots=True)
class Access:
    """What a method demands of its callers, in the model's terms."""

    authorization_type: str = "NONE"
    authorizer: str | None = None
    scopes: tuple[str, ...] = ()
    api_key_required: bool = False


@dataclass(slots=True)
class Security:
    """The document's schemes by name, and the authorizers among them."""

    context: Context
    schemes: dict[str, Cursor] = field(default_factory=dict)
    authorizers: dict[str, Authorizer] = field(default_factory=dict)

    @classmethod
    def of(cls, context: Context) -> Security:
        """Read all schemes: authorizers that no method uses are created too (fact 278)."""
        security = cls(context)
        components = context.root if context.swagger else context.root.get("components")
        key = "securityDefinitions" if context.swagger else "securitySchemes"
        for name, entry in context.mapping(components, key) if components else ():
            cursor = context.resolve(entry)
            if cursor is None:
                continue
            security.schemes[name] = cursor
            declared = cursor.get(_AUTHORIZER)
            if declared is not None:
                authorizer = _read_authorizer(context, name, cursor, declared)
                if authorizer is not None:
                    security.authorizers[name] = authorizer
        return security

    def access(self, operation: Cursor, place: Place) -> Access:
        """A method's own `security` replaces the document's, also an empty one (facts 277, 279)."""
        access = Access()
        own = operation.get("security")
        requirements = own if own is not None else self.context.root.get("security")
        for requirement in requirements.items() if requirements is not None else ():
            for name, scopes in requirement.entries():
                self._demand(access, name, scopes, place)
        declared = declared_auth(self.context, operation)
        if declared is not None:
            access.authorization_type, access.authorizer = declared, None
        return access

    def _demand(self, access: Access, name: str, scopes: Cursor, place: Place) -> None:
        scheme = self.schemes.get(name)
        if scheme is None:
            message = f"no security scheme is named {name!r}"
            remedy = "Define it under the document's security schemes."
            self.context.notes.warning("missing-scheme", message, scopes.key_source, remedy)
        elif name in self.authorizers:
            self._authorize(access, name, scopes)
        elif scheme.get(_AUTHORIZER) is not None:
            reason = (
                "Invalid authorizer ID specified. Setting the authorization type to CUSTOM or "
                "COGNITO_USER_POOLS requires a valid authorizer."
            )
            message = place.no_method(reason)
            remedy = f"Correct the authorizer of the security scheme {name}."
            self.context.notes.error("invalid-authorizer", message, scheme.source, remedy)
        elif (self.context.text(scheme, _AUTH_TYPE) or "").lower() == "awssigv4":
            access.authorization_type = "AWS_IAM"
        elif self._is_api_key(scheme):
            access.api_key_required = True
        else:
            self._open(name, scheme, scopes)

    def _open(self, name: str, scheme: Cursor, scopes: Cursor) -> None:
        """A scheme that protects nothing, in Amazon's words where users report them of imports."""
        kind = self.context.text(scheme, "type") or "apiKey"
        if kind != "apiKey":
            code, remedy = (
                "open-scheme",
                f"Amazon leaves the method open: use apiKey, {_AUTHORIZER}.",
            )
            message = f"Unsupported security definition type '{kind}' for '{name}'. Ignoring."
        else:
            code, remedy = (
                "open-header",
                f"Add {_AUTHORIZER}; without, Amazon leaves the method open.",
            )
            message = f"the security scheme {name!r} has no authorizer and protects nothing"
        self.context.notes.warning(code, message, scopes.key_source, remedy)

    def _authorize(self, access: Access, name: str, scopes: Cursor) -> None:
        cognito = isinstance(self.authorizers[name], CognitoAuthorizer)
        access.authorization_type = "COGNITO_USER_POOLS" if cognito else "CUSTOM"
        access.authorizer = name
        access.scopes = tuple(item.text for item in scopes.items()) if cognito else ()

    def _is_api_key(self, scheme: Cursor) -> bool:
        name = self.context.text(scheme, "name") or ""
        return self.context.text(scheme, "type") == "apiKey" and name.lower() == _API_KEY_HEADER


def _read_authorizer(
    context: Context, name: str, scheme: Cursor, declared: Cursor
) -> Authorizer | None:
    kind = (context.text(declared, "type") or "").lower()
    auth_type = context.text(scheme, _AUTH_TYPE)
    ttl = context.integer(declared, "authorizerResultTtlInSeconds")
    credentials = context.text(declared, "authorizerCredentials")
    header = f"method.request.header.{context.text(scheme, 'name') or 'Authorization'}"
    source = context.text(declared, "identitySource")
    if kind == "cognito_user_pools":
        arns = context.texts(declared, "providerARNs")
        if not arns:
            given = declared.get("type")
            message = f"the authorizer {name!r} cannot be used: providerARNs are missing"
            remedy = "Name the ARNs of its user pools; a function's authorizer is of type token."
            place = declared.source if given is None else given.source
            context.notes.error("authorizer", message, place, remedy)
            return None
        return CognitoAuthorizer(
            name=name, source=declared.source, auth_type=auth_type, ttl_seconds=ttl,
            identity_source=source or header, provider_arns=arns,
            identity_validation=context.text(declared, "identityValidationExpression"),
        )  # fmt: skip
    uri = context.text(declared, "authorizerUri")
    known = kind in ("token", "request") or (not kind and declared.get("type") is None)
    if uri is None or not known:
        wrong = "authorizerUri is missing" if known else f"the type {kind!r} is none"
        message = f"the authorizer {name!r} cannot be used: {wrong}"
        remedy = "REST APIs know the types token, request and cognito_user_pools."
        if kind == "jwt":
            message = f"the authorizer {name!r} checks JWTs, which is built here for HTTP APIs only"
            remedy = "For a user pool declare cognito_user_pools, else a Lambda authorizer."
        # Pools without a URI are those of a user pool's authorizer, whose type was meant.
        of_pool = uri is None and declared.get("providerARNs") is not None
        given = declared.get("type") if of_pool or not known else None
        source_of = declared.source if given is None else given.source
        context.notes.error("authorizer", message, source_of, remedy)
        return None
    if kind == "request":
        return RequestAuthorizer(
            name=name, source=declared.source, auth_type=auth_type, ttl_seconds=ttl,
            identity_source=source, uri=uri, credentials=credentials,
        )  # fmt: skip
    return TokenAuthorizer(
        name=name, source=declared.source, auth_type=auth_type, ttl_seconds=ttl,
        identity_source=source or header, uri=uri, credentials=credentials,
        identity_validation=context.text(declared, "identityValidationExpression"),
    )  # fmt: skip
