"""What is wrong with the mapping templates of a definition, each finding at its line of the file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from inspector.definitions import Diagnostic, Loaded
from inspector.definitions.template_lines import lines_ahead
from inspector.gateway.velocity.findings import Finding, Level
from inspector.gateway.velocity.lint import lint
from inspector.model import Integration, RestApi, Template, WebSocketApi, WebSocketIntegration

_LEVELS: Final = {Level.ERROR: "warning", Level.WARNING: "warning", Level.NOTE: "info"}
"""Amazon takes any text for a template, and fails when it is run: hence no error."""


def template_diagnostics(loaded: Loaded) -> list[Diagnostic]:
    """The findings of `lint` for every template of REST and WebSocket APIs, once for each place."""
    found: dict[tuple[str, str], list[Diagnostic]] = {}
    for template in _templates(loaded):
        source = template.source
        key = source.file, source.pointer
        if key not in found:
            text = loaded.bundle.files.get(source.file, "")
            ahead = lines_ahead(text, source, template.text)
            found[key] = [_diagnostic(each, template, ahead) for each in lint(template.text)]
    return [each for several in found.values() for each in several]


def _diagnostic(finding: Finding, template: Template, ahead: int | None) -> Diagnostic:
    source, message = template.source, finding.reason
    if ahead is None or template.text.count("\n") == 0:
        if "\n" in template.text:
            message = f"line {finding.line} of the template: {message}"
    else:
        source = replace(source, line=ahead + finding.line)
    mark = " (inferred, not recorded on AWS)" if finding.inferred else ""
    level = _LEVELS[finding.level]
    return Diagnostic(level, f"template-{finding.rule}", message + mark, source, finding.mend)  # type: ignore[arg-type]  # one of the levels


def _templates(loaded: Loaded) -> Iterator[Template]:
    for api in loaded.apis:
        if isinstance(api, RestApi):
            for resource in api.resources:
                for method in resource.methods.values():
                    yield from _of(method.integration)
        elif isinstance(api, WebSocketApi):
            for integration in api.integrations.values():
                yield from _of(integration)


def _of(integration: Integration | WebSocketIntegration | None) -> Iterator[Template]:
    yield from getattr(integration, "request_templates", {}).values()
    for response in getattr(integration, "responses", ()):
        yield from response.templates.values()
