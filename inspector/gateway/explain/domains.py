"""Custom domains that lead nowhere, elsewhere, or to a stage that is none (pains 2 and 10)."""

from __future__ import annotations

from collections.abc import Iterator

from inspector.gateway import narration
from inspector.gateway.domains import lead
from inspector.gateway.explain.case import Case
from inspector.gateway.explain.explanation import Cause
from inspector.gateway.explain.near import nearest
from inspector.gateway.narration import Evidence
from inspector.gateway.paths import location_of
from inspector.gateway.trace import Step
from inspector.model import DomainName, Source

#: How alike a name must be to a domain's to be taken for it.
_ALIKE = 0.7


def nowhere(case: Case, step: Step) -> Cause:
    """Nothing is mapped there, or another API."""
    cause = Cause(narration.describe(step), narration.remedy(step), part="path")
    for name, value in step.facts.items():
        if isinstance(value, str | int) and not isinstance(value, bool):
            cause.evidence.append(Evidence(name.replace("_", " "), str(value)))
    paths = step.facts.get("base_paths")
    listed = [str(each) for each in paths] if isinstance(paths, list) else []
    cause.evidence.append(Evidence("base paths", ", ".join(listed) or "none"))
    first = str(step.facts.get("path") or "").lstrip("/").partition("/")[0]
    meant = nearest(first, listed, 0.6)
    if not listed:
        strays = list(_strays(case))
        if strays:
            cause.add("A mapping of the definition names a domain that is none of its own.")
            cause.remedy = "Name the domain itself there: !Ref of its DomainName."
        cause.line(*strays)
    for domain in case.definition.domains:
        if domain.name != step.facts.get("domain"):
            continue
        ordered = sorted(domain.mappings, key=lambda each: each.path != meant)
        for mapping in ordered:
            place = case.places.at(mapping.source, "BasePath")
            place = place or case.places.at(mapping.source, "ApiMappingKey")
            cause.line(place or mapping.source)
    return cause.line(step.source)


def _strays(case: Case) -> Iterator[Source]:
    """Where mappings name their domain, of those whose domain is known by its mapping only."""
    for domain in case.definition.domains:
        for mapping in domain.mappings:
            place = case.places.at(mapping.source, "DomainName")
            if place is not None and mapping.source == domain.source:
                yield place


def blame_mapping(case: Case, cause: Cause, given: str) -> None:
    """Where a domain led the request to a stage that is none, or its name is nearly a domain's."""
    host = (case.header("host") or "").partition(":")[0].lower()
    domain = next((each for each in case.definition.domains if each.name.lower() == host), None)
    if domain is not None:
        _of_mapping(case, cause, domain, given)
        return
    if case.api is not None and host == case.api.host.lower():
        return
    names = [each.name for each in case.definition.domains]
    meant = nearest(host, names, _ALIKE)
    if meant is not None:
        cause.sentence = f"No custom domain is called {host}, but {meant} is. {cause.sentence}"
        cause.remedy = f"Call it {host} in the definition, or call the API by {meant}."
        cause.part = "header Host"
        [found] = [each for each in case.definition.domains if each.name == meant]
        cause.line(case.places.at(found.source, "DomainName") or found.source)


def _of_mapping(case: Case, cause: Cause, domain: DomainName, given: str) -> None:
    led = lead(domain, location_of(case.request.target)[0], case.request.headers)
    if led is None:
        return
    written = case.places.at(led.source, "Stage")
    stages = ", ".join(each.name for each in case.api.stages) if case.api is not None else ""
    if written is not None:
        cause.sentence = (
            f"The mapping of {domain.name} leads to stage {given!r}, which the API does not have."
        )
        cause.remedy = f"Map it to one of the API's stages: {stages}."
        cause.tries.clear()
        cause.line(written)
        return
    cause.sentence = (
        f"The mapping of {domain.name} names no stage, so that the path's first part has to: "
        f"{given!r} is none."
    )
    cause.remedy = f"Name the stage in the mapping, or begin the path with it: {stages}."
    cause.line(case.places.key(led.source, "Properties"), led.source)
