"""A function that broke because its own call of `@connections` was refused (pains 68, 69).

The call is an exchange of its own, with its own explanation; who looks at the event that failed
should not have to know that. Source of the errors' names: the API reference of
apigatewaymanagementapi (GoneException, ForbiddenException, PayloadTooLargeException).
"""

from __future__ import annotations

import re

from inspector.gateway.explain.case import Case
from inspector.gateway.explain.explanation import Cause
from inspector.gateway.narration import Evidence
from inspector.gateway.trace import Step

_CALL = re.compile(r"\b(PostTo|Get|Delete)Connection\b|/@connections/")
_NAMED = ("GoneException", "ForbiddenException", "PayloadTooLargeException")
#: What the SDKs for Python and JavaScript raise where there is no key.
_UNSIGNED = ("NoCredentialsError", "CredentialsProviderError")
_WANTED = "run `inspector up` and connect a client; a single `invoke` has no connections."
_ITS_OWN = "The call stands in the list as an exchange of its own, before this one."


def blame_call(case: Case, step: Step, cause: Cause) -> None:
    """Say in `cause` what was wrong with the call, where it was one of `@connections`."""
    socket = case.environment.socket
    error, kind = str(step.facts.get("error") or ""), str(step.facts.get("error_type") or "")
    if socket is not None and kind in _UNSIGNED:
        cause.add(f"If it was to post to @connections: {_WANTED}")
        return
    if socket is None or not (kind in _NAMED or _CALL.search(error) or _is_away(case, error)):
        return
    expected = Evidence("endpoint of this API", _endpoint(case))
    if "Gone" in kind or "GoneException" in error:
        if socket.event == "CONNECT":
            cause.add("While $connect runs its connection takes nothing: @connections answers 410.")
            cause.remedy = "Post after $connect has answered: at the first message, for instance."
        else:
            cause.add(f"A connection that it posted to is gone. {_ITS_OWN}")
            cause.remedy = "Catch GoneException and forget the id; remove ids at $disconnect."
    elif "Forbidden" in kind or "ForbiddenException" in error:
        cause.add(f"@connections refused its call. {_ITS_OWN}")
        cause.evidence.append(expected)
        cause.remedy = (
            f"Let its endpoint be {_endpoint(case)}, the stage once; else look at the call itself."
        )
    elif "BadRequest" in kind or "BadRequestException" in error:
        cause.add(_ITS_OWN)
        cause.remedy = "Post to an id that an event had in requestContext.connectionId."
    elif "TooLarge" in kind or "PayloadTooLargeException" in error:
        cause.add("@connections takes 128 KB at once.")
        cause.remedy = "Send it in parts."
    elif _endpoint(case) in error and socket.host in ("", case.api.host if case.api else ""):
        cause.add("Nobody answers for @connections there.")
        cause.remedy = f"To try it here, {_WANTED}"
    elif kind not in _NAMED and (_is_away(case, error) or "/@connections/" in error):
        cause.add("Its call of @connections does not lead to this gateway.")
        cause.evidence.append(expected)
        cause.remedy = (
            "Take the endpoint from the event, https://{domainName}/{stage} of requestContext: "
            "that leads here as it does at Amazon."
        )


def _is_away(case: Case, error: str) -> bool:
    """Whether an error names the API's host at Amazon, where nobody is found."""
    socket = case.environment.socket
    host = "" if case.api is None else case.api.host
    return bool(host) and socket is not None and socket.host != host and host in error


def _endpoint(case: Case) -> str:
    """`https://127.0.0.1:8080/live`; a custom domain has its base path in the stage's place."""
    socket = case.environment.socket
    assert socket is not None
    host = socket.host or case.request.host
    stage = "" if case.stage is None else case.stage.name
    for domain in case.definition.domains:
        if domain.name == host.partition(":")[0].lower():
            found = (each for each in domain.mappings if each.stage in (None, stage))
            mapping = next(found, None)
            stage = stage if mapping is None else mapping.path
    return f"https://{host}/{stage}".rstrip("/")
