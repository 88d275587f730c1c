"""What Amazon refuses of a route, of HTTP and WebSocket APIs alike: where it leads, who may call it.

The sentences are Amazon's, as seen on deploying (badmintoncryer/cdk-preflight,
terraform-aws-modules/terraform-aws-apigateway-v2#80).
"""

from __future__ import annotations

from inspector.definitions.cloudformation.parts import Part, Parts
from inspector.definitions.cloudformation.stages import V2
from inspector.model import Source


def _error(parts: Parts, code: str, message: str, source: Source, remedy: str) -> None:
    parts.template.notes.error(code, message, source, remedy)


def check_target(parts: Parts, part: Part) -> None:
    """How a route names its integration."""
    target = part.cursor.get("Target")
    if target is not None and not target.text.startswith("integrations/"):
        message = (
            "Unexpected or malformed target in route. Correct format should be "
            "integrations/<integration_id>."
        )
        remedy = "Write Target: !Sub integrations/${Integration}."
        _error(parts, "route-target", message, target.source, remedy)


def check_access(parts: Parts, part: Part) -> None:
    """The authorizer that its type of authorization asks for, and scopes where there can be some."""
    kind = parts.text(part, "AuthorizationType") or "NONE"
    scopes = part.cursor.get("AuthorizationScopes")
    scoped = bool(parts.context.texts(part.cursor, "AuthorizationScopes"))
    if kind in ("JWT", "CUSTOM"):
        _check_guard(parts, part, kind, scoped=scoped)
    if scopes is not None and scoped and kind != "JWT":
        message = (
            "Authorization Scopes are only valid for COGNITO_USER_POOLS and JWT authorization type"
        )
        remedy = "Set AuthorizationType: JWT, or drop AuthorizationScopes."
        authorizer = parts.by_id(parts.text(part, "AuthorizerId"), f"{V2}Authorizer")
        for_tokens = authorizer is not None and parts.text(authorizer, "AuthorizerType") == "JWT"
        asked = part.cursor.get("AuthorizationType") if for_tokens else None
        source = scopes.source if asked is None else asked.source
        _error(parts, "authorization-scopes", message, source, remedy)


def _check_guard(parts: Parts, part: Part, kind: str, *, scoped: bool) -> None:
    """A route's authorizer has to be of the type that the route asks for."""
    wanted = "JWT" if kind == "JWT" else "REQUEST"
    holder = part.cursor.get("AuthorizerId")
    authorizer = parts.by_id(parts.text(part, "AuthorizerId"), f"{V2}Authorizer")
    if holder is not None and authorizer is None:
        return  # Said where the route is read.
    if authorizer is not None and parts.text(authorizer, "AuthorizerType") == wanted:
        return
    asked = part.cursor.get("AuthorizationType")
    if holder is not None and not (scoped and kind == "CUSTOM"):
        asked = holder  # Of the two that do not go together, the one that scopes do not speak for.
    message = f"Setting the authorization type to {kind} requires a valid {wanted} authorizer."
    remedy = f"Set AuthorizerId to !Ref of an authorizer of type {wanted}."
    source = part.source if asked is None else asked.source
    _error(parts, "authorizer-id", message, source, remedy)
