"""Which API and stage a custom domain leads to: routing rules, base path and API mappings.

Sources: http-api.md section 1 (the longest matching mapping key wins, `(none)` catches all, only
mapping keys are considered); the developer guide, "Routing rules" (ascending priority, all
conditions of a rule, any of the values of a condition) and "Base path mappings" (a mapping
without a stage takes it from the next segment). Whether globs ignore case is not documented:
values are compared as they are, header names without case.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from inspector.model import DomainName, RoutingRule, Servable, Source

Domains = Mapping[str, DomainName]
NO_DOMAINS: Domains = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Led:
    """Where a request goes. `base_path` is what matched ("" for the whole domain).

    `path` is what the API sees, behind a slash; `source` the mapping or rule that decided.
    """

    api_id: str
    stage: str
    base_path: str
    path: str
    source: Source


def domain_of(domains: Domains, host: str) -> DomainName | None:
    """The domain of a Host header (a port does not count): by its name, else by `*.` and the rest.

    A wildcard stands for one label (developer guide, "Wildcard custom domain names").
    """
    name = host.partition(":")[0].lower()
    found = domains.get(name)
    return domains.get(f"*.{name.partition('.')[2]}") if found is None else found


def local_host(api: Servable) -> str:
    """The name to call an API by where nobody says otherwise: Amazon's, unless that is disabled."""
    return "localhost" if api.disable_execute_api_endpoint else api.host


def lead(domain: DomainName, path: str, headers: Iterable[tuple[str, str]]) -> Led | None:
    """Ask the rules, then the mappings, as the domain's routing mode says. None: 403 Forbidden."""
    if domain.routing_mode != "API_MAPPING_ONLY":
        known = [(name.lower(), value) for name, value in headers]
        for rule in sorted(domain.rules, key=lambda rule: rule.priority):
            matched = _matched(rule, path, known)
            if matched is not None:
                seen = _behind(matched, path) if rule.strip_base_path else path
                return Led(rule.api_id, rule.stage, matched, seen, rule.source)
        if domain.routing_mode == "ROUTING_RULE_ONLY":
            return None
    return _mapped(domain, path)


def _mapped(domain: DomainName, path: str) -> Led | None:
    for mapping in sorted(domain.mappings, key=lambda each: -len(each.path)):
        for_all = mapping.path == ""
        if not for_all and not _starts(mapping.path, path):
            continue
        rest = path if for_all else _behind(mapping.path, path)
        if mapping.stage is not None:
            return Led(mapping.api_id, mapping.stage, mapping.path, rest, mapping.source)
        stage, _, behind = rest.lstrip("/").partition("/")
        return Led(mapping.api_id, stage, mapping.path, f"/{behind}", mapping.source)
    return None


def _matched(rule: RoutingRule, path: str, headers: Sequence[tuple[str, str]]) -> str | None:
    """The base path that matched, "" where none is asked for; None: the rule does not hold."""
    base_path = ""
    for condition in rule.conditions:
        if condition.headers and not any(
            name == match.header and re.fullmatch(_pattern(match.glob), value, re.DOTALL)
            for match in condition.headers
            for name, value in headers
        ):
            return None
        if condition.base_paths:
            fitting = [each for each in condition.base_paths if _starts(each, path)]
            if not fitting:
                return None
            base_path = max(fitting, key=len).strip("/")
    return base_path


def _pattern(glob: str) -> str:
    """A pattern in which only `*` is special."""
    return ".*".join(map(re.escape, glob.split("*")))


def _starts(base_path: str, path: str) -> bool:
    """Whole segments only: `v1` is no start of `/v10`."""
    wanted = base_path.strip("/").split("/")
    return path.partition("?")[0].strip("/").split("/")[: len(wanted)] == wanted


def _behind(base_path: str, path: str) -> str:
    if not base_path:
        return path
    return "/" + path.lstrip("/")[len(base_path.strip("/")) :].lstrip("/")
