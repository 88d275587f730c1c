"""The formats of a WebSocket API's access logs: what Amazon refuses, and variables that are none.

The sentence on the ids is Amazon's for both kinds of version 2 (badmintoncryer/cdk-preflight); that
on line ends is recorded for HTTP APIs (captures-2026.md, section 4). What becomes of variables that
WebSocket APIs do not have (developer guide, "logging variables for WebSocket APIs") is not known.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from inspector.definitions.cloudformation.parts import Parts
from inspector.definitions.template_lines import line_holding
from inspector.gateway.mapping.members import LOG_MEMBERS, ApiKind, is_member
from inspector.model import AccessLog, WebSocketApi

_ERRORS = "The following errors are found in Access Log Format: "
_EITHER = "$context.requestId or $context.extendedRequestId"
_VARIABLE = re.compile(r"\$context\.([A-Za-z_][\w.-]*\w)|\$\{context\.([^}]*)\}")
#: Beside what the guide lists; recorded (websocket_lifecycle, rest_websocket_logs).
_MORE = frozenset({"domainName", "integrationLatency", "integrationStatus", "messageDirection"})


def check_logs(parts: Parts, api: WebSocketApi) -> None:
    """Note what is wrong with the formats of all stages."""
    for stage in api.stages:
        log = stage.access_log
        if log is not None and log.format:
            _check(parts, log, log.format)


def _check(parts: Parts, log: AccessLog, form: str) -> None:
    notes, text = parts.template.notes, parts.template.workshop.document.text
    names = list(_names(form))
    complaint = None
    if "\n" in form or "\r" in form:
        complaint = f"{_ERRORS}Access Log format must be single line: '{form}'"
    elif not {"requestId", "extendedRequestId"} & {name for _, name in names}:
        complaint = f"{_ERRORS}Access Log format must include either {_EITHER} : '{form}'"
    if complaint is not None:
        source = line_holding(text, log.source, ".requestId")
        notes.error("access-log-format", complaint, source, "Log $context.requestId, in one line.")
    for written, name in names:
        if not is_member(name, LOG_MEMBERS[ApiKind.WEBSOCKET]) and name not in _MORE:
            message = f"{written} is no logging variable of WebSocket APIs: `-` stands in its place"
            remedy = "See the guide's list of logging variables for WebSocket APIs."
            source = line_holding(text, log.source, written)
            notes.warning("access-log-format", message, source, remedy)


def _names(form: str) -> Iterator[tuple[str, str]]:
    """Each variable as written, and its name."""
    return ((found[0], found[1] or found[2]) for found in _VARIABLE.finditer(form))
