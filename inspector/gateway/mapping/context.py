"""`$context`: its maps, their order, and what a template left in the override maps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from inspector.gateway.mapping.hash_order import hash_order

REQUEST_OVERRIDES: Final = ("path", "header", "querystring")
RESPONSE_OVERRIDES: Final = ("header",)

IDENTITY: Final = (
    "cognitoIdentityPoolId",
    "accountId",
    "cognitoIdentityId",
    "caller",
    "sourceIp",
    "principalOrgId",
    "accessKey",
    "cognitoAuthenticationType",
    "cognitoAuthenticationProvider",
    "userArn",
    "userAgent",
    "user",
)
"""The members of `$context.identity` of an open method, as recorded (facts 97, 98)."""

_INSERTED: Final = (
    "resourceId",
    "resourcePath",
    "httpMethod",
    "extendedRequestId",
    "requestTime",
    "path",
    "accountId",
    "protocol",
    "requestOverride",
    "stage",
    "domainPrefix",
    "requestTimeEpoch",
    "requestId",
    "identity",
    "domainName",
    "deploymentId",
    "responseOverride",
    "apiId",
)


class ContextMap(dict[str, object]):
    """A map below `$context`. On AWS it prints as nothing (fact 100)."""

    __slots__ = ()

    java_class = "java.util.HashMap"

    def velocity_text(self) -> str:
        """The printed form: none."""
        return ""


def recorded_order(context: Mapping[str, object]) -> dict[str, object]:
    """The members of a REST API's `$context`, identity completed, in the recorded orders.

    Facts 96, 97 and 99: the maps are HashMaps, the override maps exist from the start, and the
    twelve members of the identity are there when they are null.
    """
    members = dict(context)
    members.setdefault("requestOverride", {})
    members.setdefault("responseOverride", {})
    known = members.get("identity")
    identity = {**dict.fromkeys(IDENTITY), **(known if isinstance(known, Mapping) else {})}
    members["identity"] = {name: identity[name] for name in hash_order(identity)}
    inserted = [name for name in _INSERTED if name in members]
    return {name: members[name] for name in hash_order([*inserted, *members])}


def context_variable(
    context: Mapping[str, object], overrides: Mapping[str, object], *, quiet: bool
) -> dict[str, object]:
    """The value of `$context`: a deep copy in the given order, with the override maps in it.

    `overrides` are those that an earlier template of the exchange left (facts 58, 60); `quiet` maps
    print nothing, as on AWS.
    """
    make: type[dict[str, object]] = ContextMap if quiet else dict
    variable = _copied(dict(context), make)
    if overrides:
        variable.update(_copied(dict(overrides), make))
    elif "requestOverride" not in variable and "responseOverride" not in variable:
        _empty_overrides(variable, make)
        return variable
    _child(variable, "requestOverride", REQUEST_OVERRIDES, make)
    _child(variable, "responseOverride", RESPONSE_OVERRIDES, make)
    return variable


def _copied(target: dict[str, object], make: type[dict[str, object]]) -> dict[str, object]:
    """Copy what members hold, maps and lists by value. On the way of every request, hence the types."""
    for name, value in target.items():
        kind = type(value)
        if kind is str or value is None or kind is int:
            continue
        if kind is dict or isinstance(value, Mapping):
            # A new value for a key that is there leaves the iteration as it is.
            inner = target[name] = make(value)  # type: ignore[call-overload]  # a Mapping either way
            for member in inner.values():
                if type(member) is not str and member is not None:
                    _copied(inner, make)
                    break
        elif isinstance(value, list):
            target[name] = list(value)
    return target


def _empty_overrides(variable: dict[str, object], make: type[dict[str, object]]) -> None:
    """The override maps of most requests, written out: loops over six names would cost as much again."""
    request = variable["requestOverride"] = make()
    request["path"] = make()
    request["header"] = make()
    request["querystring"] = make()
    response = variable["responseOverride"] = make()
    response["header"] = make()


def _child(
    variable: dict[str, object],
    name: str,
    members: tuple[str, ...],
    make: type[dict[str, object]],
) -> None:
    found = variable.get(name)
    if not isinstance(found, dict):
        found = variable[name] = make()
        for member in members:
            found[member] = make()
        return
    for member in members:
        if member not in found:
            found[member] = make()


def override_of(context: object, name: str) -> dict[str, object]:
    """What a template left under `$context.<name>`, as plain maps and values."""
    found = context.get(name) if isinstance(context, dict) else None
    return _plain(found) if isinstance(found, dict) else {}


def _plain(value: dict[str, object]) -> dict[str, object]:
    return {
        str(name): _plain(member) if isinstance(member, dict) else member
        for name, member in value.items()
    }
