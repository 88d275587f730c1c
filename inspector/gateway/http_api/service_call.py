"""The call of a first-class integration: its parameters' values made the service's request."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterator, Mapping
from urllib.parse import quote, urlencode

from inspector.gateway import untrusted_json
from inspector.gateway.content import whole
from inspector.gateway.effects import BackendRequest, CallService
from inspector.gateway.http_api.subtypes import Parameter, Subtype
from inspector.message import Headers
from inspector.model.place import domain_of

_SQS_VERSION = "2012-11-05"


class WrongValueError(Exception):
    """A parameter's value is not of the kind that the service takes."""

    def __init__(self, name: str, expected: str) -> None:
        super().__init__(f"{name}: {expected} is expected")
        self.name = name
        self.expected = expected


def build(
    subtype: Subtype,
    values: Mapping[str, str],
    region: str,
    timeout_ms: int,
    credentials: str | None,
) -> CallService:
    """The unsigned call. `values` by parameter, all required ones among them.

    Raises `WrongValueError`.
    """
    host = f"{subtype.host_prefix}{subtype.service}.{region}.{domain_of(region)}"
    make = {"json": _json, "query": _query, "rest": _rest}[subtype.protocol]
    request = make(subtype, values, host)
    return CallService(subtype.service, region, subtype.action, request, timeout_ms, credentials)


def _members(subtype: Subtype, values: Mapping[str, str]) -> Iterator[tuple[Parameter, str, str]]:
    """(parameter, its name, its value) in the order of the reference."""
    for name, parameter in subtype.parameters.items():
        if name in values:
            yield parameter, name, values[name]


def _json(subtype: Subtype, values: Mapping[str, str], host: str) -> BackendRequest:
    members: dict[str, object] = {
        parameter.member: _as_json(parameter, name, value)
        for parameter, name, value in _members(subtype, values)
    }
    document = {"Entries": [members]} if subtype.service == "events" else members
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    body = whole(text).encode()
    fields = (
        ("Host", host),
        ("Content-Type", f"application/x-amz-json-{subtype.json_version}"),
        ("X-Amz-Target", f"{subtype.target}.{subtype.action}"),
        ("Content-Length", str(len(body))),
    )
    return BackendRequest("POST", f"https://{host}/", Headers(fields), body)


def _as_json(parameter: Parameter, name: str, value: str) -> object:
    if parameter.kind == "blob":
        return b64encode(value.encode("utf-8", "surrogatepass")).decode("ascii")
    return _listed(name, value) if parameter.kind == "list" else value


def _query(subtype: Subtype, values: Mapping[str, str], host: str) -> BackendRequest:
    pairs = [("Action", subtype.action)]
    for parameter, name, value in _members(subtype, values):
        member = parameter.member
        if parameter.kind == "list":
            listed = enumerate(_listed(name, value), 1)
            pairs += [(f"{member}.{index}", each) for index, each in listed]
        elif parameter.kind == "map":
            for index, (key, attribute) in enumerate(_mapped(name, value).items(), 1):
                pairs.append((f"{member}.{index}.Name", key))
                pairs += [
                    (f"{member}.{index}.Value.{kind}", str(each))
                    for kind, each in attribute.items()
                ]
        else:
            pairs.append((member, value))
    pairs.append(("Version", _SQS_VERSION))
    body = urlencode(pairs, errors="surrogatepass").encode()
    fields = (
        ("Host", host),
        ("Content-Type", "application/x-www-form-urlencoded; charset=utf-8"),
        ("Content-Length", str(len(body))),
    )
    return BackendRequest("POST", f"https://{host}/", Headers(fields), body)


def _rest(_subtype: Subtype, values: Mapping[str, str], host: str) -> BackendRequest:
    """AppConfig's GetConfiguration."""
    parts = {name: quote(value, safe="") for name, value in values.items()}
    path = (
        f"/applications/{parts['Application']}/environments/{parts['Environment']}"
        f"/configurations/{parts['Configuration']}"
    )
    query = {"client_id": values["ClientId"]}
    if "ClientConfigurationVersion" in values:
        query["client_configuration_version"] = values["ClientConfigurationVersion"]
    url = f"https://{host}{path}?{urlencode(query)}"
    return BackendRequest("GET", url, Headers((("Host", host),)), b"")


def _listed(name: str, value: str) -> list[str]:
    """A JSON list of texts, or texts with commas between them."""
    if not value.lstrip().startswith("["):
        return [part.strip() for part in value.split(",") if part.strip()]
    try:
        found = untrusted_json.loads(value)
    except ValueError as error:
        raise WrongValueError(name, "a JSON list") from error
    return [each if isinstance(each, str) else json.dumps(each) for each in found]


def _mapped(name: str, value: str) -> dict[str, dict[str, object]]:
    """`{"name": {"DataType": "String", "StringValue": "…"}}`."""
    try:
        found = untrusted_json.loads(value)
    except ValueError as error:
        raise WrongValueError(name, "a JSON object") from error
    if not isinstance(found, dict) or not all(isinstance(each, dict) for each in found.values()):
        raise WrongValueError(name, "an object of objects with DataType and StringValue")
    return found
