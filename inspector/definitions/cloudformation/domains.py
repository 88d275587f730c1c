"""Custom domain names with their mappings and routing rules."""

from __future__ import annotations

from typing import Any, cast

from inspector.definitions.cloudformation.parts import Part, Parts
from inspector.definitions.cloudformation.stages import REST, V2, choice
from inspector.definitions.cursor import Cursor
from inspector.model import (
    DomainMapping,
    DomainName,
    HeaderMatch,
    RoutingCondition,
    RoutingRule,
)

_MODES = ("API_MAPPING_ONLY", "ROUTING_RULE_ONLY", "ROUTING_RULE_THEN_API_MAPPING")
_ENDPOINTS = ("REGIONAL", "EDGE", "PRIVATE")


def read_domains(parts: Parts) -> tuple[DomainName, ...]:
    """Domain names of both versions of the API; mappings of domains not declared here too."""
    mappings = _mappings(parts)
    rules = _rules(parts)
    found = {}
    for part in parts.of_type(f"{REST}DomainName", f"{REST}DomainNameV2", f"{V2}DomainName"):
        name = (parts.text(part, "DomainName") or "").lower()
        found[name] = _domain(parts, part, name, mappings.get(name, []), rules.get(name, []))
    for name, left in mappings.items():
        if name not in found:
            found[name] = DomainName(name=name, source=left[0].source, mappings=tuple(left))
    return tuple(found.values())


def _domain(
    parts: Parts, part: Part, name: str, mappings: list[DomainMapping], rules: list[RoutingRule]
) -> DomainName:
    context, cursor = parts.context, part.cursor
    listed = cursor.get("DomainNameConfigurations")
    inner = next(listed.items(), cursor) if listed is not None else cursor
    tls = cursor.get("MutualTlsAuthentication")
    configuration = cursor.get("EndpointConfiguration")
    kinds = context.texts(configuration, "Types") if configuration is not None else ()
    kind = kinds[0] if kinds else choice(parts, inner, "EndpointType", _ENDPOINTS)
    default = "EDGE" if part.type == f"{REST}DomainName" else "REGIONAL"
    mode = choice(parts, cursor, "RoutingMode", _MODES)
    certificate = context.text(inner, "CertificateArn")
    return DomainName(
        name=name,
        source=part.source,
        endpoint_type=cast("Any", kind if kind in _ENDPOINTS else default),
        truststore_uri=context.text(tls, "TruststoreUri") if tls is not None else None,
        truststore_version=context.text(tls, "TruststoreVersion") if tls is not None else None,
        security_policy=context.text(inner, "SecurityPolicy"),
        certificate=certificate or context.text(inner, "RegionalCertificateArn"),
        routing_mode=cast("Any", mode or "API_MAPPING_ONLY"),
        mappings=tuple(mappings),
        rules=tuple(sorted(rules, key=lambda rule: rule.priority)),
    )


def _mappings(parts: Parts) -> dict[str, list[DomainMapping]]:
    found: dict[str, list[DomainMapping]] = {}
    for part in parts.of_type(
        f"{REST}BasePathMapping", f"{REST}BasePathMappingV2", f"{V2}ApiMapping"
    ):
        first = part.type.startswith(REST)
        key = parts.text(part, "BasePath" if first else "ApiMappingKey") or ""
        api_id = parts.text(part, "RestApiId" if first else "ApiId") or ""
        if not parts.api_exists(api_id):
            message = f"Invalid API identifier specified: {api_id}"
            remedy = "Refer to an API of this template."
            named = part.cursor.get("RestApiId" if first else "ApiId")
            source = part.source if named is None else named.source
            parts.template.notes.error("unknown-api", message, source, remedy)
        path = "" if key == "(none)" else key.strip("/")
        domain = parts.text(part, "DomainName") or _in_arn(parts.text(part, "DomainNameArn"))
        domain = domain.lower()
        mapping = DomainMapping(
            path, api_id, parts.text(part, "Stage"), part.source, "base-path" if first else "api"
        )
        earlier = found.setdefault(domain, [])
        if any(other.path == path for other in earlier):
            message = f"Base path already exists for this domain name: {path or '(none)'}"
            parts.template.notes.error("same-mapping", message, part.source, "Remove one of them.")
        earlier.append(mapping)
    return found


def _in_arn(arn: str | None) -> str:
    """The name in `arn:aws:apigateway:REGION::/domainnames/NAME`, with a private one's id left out."""
    return (arn or "").rpartition("/domainnames/")[2].partition("+")[0]


def _rules(parts: Parts) -> dict[str, list[RoutingRule]]:
    found: dict[str, list[RoutingRule]] = {}
    for part in parts.of_type(f"{V2}RoutingRule"):
        domain = _in_arn(parts.text(part, "DomainNameArn")).lower()
        priority = parts.context.integer(part.cursor, "Priority")
        actions, conditions = part.cursor.get("Actions"), part.cursor.get("Conditions")
        action = next(actions.items(), None) if actions is not None else None
        invoke = action.get("InvokeApi") if action is not None else None
        if invoke is None or priority is None:
            message = "a routing rule needs a Priority and an action InvokeApi"
            parts.template.notes.error("routing-rule", message, part.source)
            continue
        rule = RoutingRule(
            source=part.source,
            priority=priority,
            api_id=parts.context.text(invoke, "ApiId") or "",
            stage=parts.context.text(invoke, "Stage") or "",
            conditions=tuple(
                _condition(parts, item)
                for item in (conditions.items() if conditions is not None else ())
            ),
            strip_base_path=bool(parts.context.flag(invoke, "StripBasePath")),
        )
        found.setdefault(domain, []).append(rule)
    return found


def _condition(parts: Parts, item: Cursor) -> RoutingCondition:
    paths, headers = item.get("MatchBasePaths"), item.get("MatchHeaders")
    any_of = headers.get("AnyOf") if headers is not None else None
    return RoutingCondition(
        parts.context.texts(paths, "AnyOf") if paths is not None else (),
        tuple(
            HeaderMatch(
                (parts.context.text(match, "Header") or "").lower(),
                parts.context.text(match, "ValueGlob") or "",
            )
            for match in (any_of.items() if any_of is not None else ())
        ),
    )
