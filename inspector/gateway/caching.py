"""Which methods of a stage keep their answers, how long, and what tells two answers apart.

Sources: developer guide, "Enabling API caching to enhance responsiveness" (GET only unless a
method's own settings say otherwise; TTL 300 seconds, at most 3,600, 0 is off; keys are parameters
of the method or the integration; 1,048,576 bytes at most) and "Set up an API Gateway canary release
deployment" (canary and production share entries only where they serve the same deployment); API
reference, MethodSetting (authorization is required and a warning given unless it says otherwise).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from inspector.gateway.parameters import CompiledMapping, Getter, compile_expression
from inspector.model import Integration, Method, MethodSettings, Resource, Source, Stage

#: Seconds.
DEFAULT_TTL, LONGEST_TTL = 300, 3_600
#: Bytes of an answer that is kept.
LARGEST = 1_048_576
_VERBS = ("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT")
_OF_THE_INTEGRATION = "integration.request."


@dataclass(frozen=True, slots=True)
class Caching:
    """One verb's cache. `keys` by the parameter's name; `source` is the setting that decided."""

    cache: str
    namespace: str
    ttl_seconds: int
    keys: tuple[tuple[str, Getter], ...]
    encrypted: bool
    require_authorization: bool
    strategy: str
    source: Source


Cachings = Mapping[str, Caching]


def cachings_of(
    place: str,
    stage: Stage,
    resource: Resource,
    method: Method,
    mappings: tuple[CompiledMapping, ...],
) -> Cachings:
    """By verb, for those that are cached. `place` names the cache."""
    integration = method.integration
    if not stage.cache_cluster_enabled or integration is None:
        return {}
    verbs = _VERBS if method.http_method == "ANY" else (method.http_method,)
    found = {}
    for verb in verbs:
        own = _own_settings(stage, resource.path, verb, method.http_method)
        settings = (*own, stage.method_settings["*/*"]) if "*/*" in stage.method_settings else own
        # What holds for all methods of the stage enables GET alone.
        deciding = _deciding(settings if verb == "GET" else own)
        ttl = _ttl(settings)
        if deciding is not None and deciding.caching_enabled and ttl:
            found[verb] = Caching(
                f"responses {place}",
                integration.cache_namespace or resource.id,
                ttl,
                _keys(integration, mappings),
                bool(_first(settings, "cache_data_encrypted")),
                _first(settings, "require_authorization_for_cache_control") is not False,
                str(
                    _first(settings, "unauthorized_cache_control_header_strategy")
                    or "SUCCEED_WITH_RESPONSE_HEADER"
                ),
                deciding.source,
            )
    return found


def _own_settings(stage: Stage, path: str, verb: str, declared: str) -> tuple[MethodSettings, ...]:
    """Those of the method by itself; an ANY method may have some for each verb."""
    names = dict.fromkeys((f"{path}/{verb}", f"{path}/{declared}"))
    known = (stage.method_settings.get(name) for name in names)
    return tuple(each for each in known if each is not None)


def _deciding(settings: tuple[MethodSettings, ...]) -> MethodSettings | None:
    return next((each for each in settings if each.caching_enabled is not None), None)


def _ttl(settings: tuple[MethodSettings, ...]) -> int:
    known = (each.cache_ttl_seconds for each in settings)
    seconds = next((value for value in known if value is not None), DEFAULT_TTL)
    return max(0, min(seconds, LONGEST_TTL))


def _first(settings: tuple[MethodSettings, ...], name: str) -> object:
    found = (getattr(each, name) for each in settings)
    return next((value for value in found if value is not None), None)


def _keys(
    integration: Integration, mappings: tuple[CompiledMapping, ...]
) -> tuple[tuple[str, Getter], ...]:
    """Parameters of the method as they are sent, those of the integration as they are mapped."""
    mapped = {f"{_OF_THE_INTEGRATION}{each.place}.{each.name}": each.get for each in mappings}
    return tuple(
        (name, mapped[name] if name in mapped else compile_expression(name))
        for name in integration.cache_key_parameters
        if name in mapped or not name.startswith(_OF_THE_INTEGRATION)
    )
