"""What a stand-in (LocalStack, moto, DynamoDB local) needs otherwise than Amazon's services.

Amazon's services take an action in the query beside `X-Amz-Target`; stand-ins go by the header.
Amazon's SSM answers the old query protocol (fact 197), and its query services answer JSON to
`Accept: application/json` (fact 195): stand-ins answer XML, or know no query protocol there. The
members of such a JSON answer are those of the service's model, null where absent (fact 197).
Amazon's services write `Content-Type` where some stand-ins write `content-type`, and mappings are
told by the case (fact 132).
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from inspector.gateway.effects import BackendAnswer, BackendRequest, CallService
from inspector.message import Headers
from inspector.runtime.services import models, query_xml

#: Services that take queries at Amazon, and JSON only at stand-ins.
_QUERY_AT_AMAZON = frozenset({"ssm"})


@dataclass(frozen=True, slots=True)
class Adapted:
    """A request as the stand-in takes it; `action` where it is one of the query protocol."""

    request: BackendRequest
    action: str | None = None
    translated: bool = False


def adapt_request(effect: CallService) -> Adapted:
    """The request for a stand-in."""
    request = effect.request
    if request.headers.get("x-amz-target") is not None:
        return Adapted(_in_json(_without_action(request), effect))
    pairs = _pairs(request)
    action = dict(pairs).get("Action")
    if action is None or effect.service not in _QUERY_AT_AMAZON:
        return Adapted(request, action)
    model = models.of(effect.service, action)
    if model is None:
        return Adapted(request, action)
    body = json.dumps(models.inputs(model, dict(pairs))).encode()
    headers = [
        pair
        for pair in request.headers.fields
        if pair[0].lower() not in ("content-type", "content-length")
    ]
    headers += [
        ("Content-Type", f"application/x-amz-json-{model.json_version}"),
        ("X-Amz-Target", f"{model.target_prefix}.{action}"),
        ("Content-Length", str(len(body))),
    ]
    base = request.url.partition("?")[0]
    return Adapted(BackendRequest("POST", base, Headers.of(headers), body), action, translated=True)


def adapt_answer(effect: CallService, adapted: Adapted, answer: BackendAnswer) -> BackendAnswer:
    """The answer as Amazon's service would give it."""
    answer = _cased(answer)
    accept = (effect.request.headers.get("accept") or "").lower()
    if adapted.action is None or "json" not in accept:
        return answer
    try:
        document = _as_json(effect, adapted, adapted.action, answer)
    except RecursionError:  # nested deeper than any answer of a service
        document = None
    if document is None:
        return answer
    body = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
    changed = {"content-type": "application/json", "content-length": str(len(body))}
    fields = [(name, changed.get(name.lower(), value)) for name, value in answer.headers.fields]
    return replace(answer, headers=Headers.of(fields), body=body)


def _cased(answer: BackendAnswer) -> BackendAnswer:
    """Names of HTTP's own headers as Amazon's services write them; their own begin with x-amz."""
    fields = answer.headers.fields
    if not any(name.islower() and not name.startswith("x-") for name, _ in fields):
        return answer
    written = [
        (name if name.startswith("x-") or not name.islower() else _title(name), value)
        for name, value in fields
    ]
    return replace(answer, headers=Headers.of(written))


def _title(name: str) -> str:
    return "ETag" if name == "etag" else "-".join(map(str.capitalize, name.split("-")))


def _as_json(
    effect: CallService, adapted: Adapted, action: str, answer: BackendAnswer
) -> dict[str, Any] | None:
    if adapted.translated:
        return _wrapped(effect, action, answer)
    if answer.body.lstrip()[:1] == b"<":
        return query_xml.as_json(answer.body, models.of(effect.service, action))
    return None


def _wrapped(effect: CallService, action: str, answer: BackendAnswer) -> dict[str, Any] | None:
    """A JSON protocol's answer as the query protocol's."""
    try:
        result = json.loads(answer.body or b"{}")
    except ValueError:
        return None
    if not isinstance(result, dict):
        return None
    request_id = answer.headers.get("x-amzn-requestid") or ""
    if answer.status >= 400:
        code = str(result.get("__type", "")).rpartition("#")[2]
        message = result.get("message") or result.get("Message")
        error = {"Code": code, "Message": message, "Type": "Sender"}
        return {"Error": error, "RequestId": request_id}
    model = models.of(effect.service, action)
    full = result if model is None else models.with_nulls(model.output, result)
    meta = {"RequestId": request_id}
    return {f"{action}Response": {f"{action}Result": full, "ResponseMetadata": meta}}


def _in_json(request: BackendRequest, effect: CallService) -> BackendRequest:
    """Amazon's services take `application/json` as well, some stand-ins only their own type."""
    if (request.headers.get("content-type") or "").partition(";")[0] != "application/json":
        return request
    action = (request.headers.get("x-amz-target") or "").rpartition(".")[2]
    model = models.of(effect.service, action)
    if model is None:
        return request
    own = f"application/x-amz-json-{model.json_version}"
    fields = [
        (name, own if name.lower() == "content-type" else value) for name, value in request.headers
    ]
    return replace(request, headers=Headers.of(fields))


def _without_action(request: BackendRequest) -> BackendRequest:
    parts = urlsplit(request.url)
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    kept = [pair for pair in pairs if pair[0] not in ("Action", "Version")]
    if len(kept) == len(pairs):
        return request
    base = request.url.partition("?")[0]
    return replace(request, url=f"{base}?{urlencode(kept)}" if kept else base)


def _pairs(request: BackendRequest) -> list[tuple[str, str]]:
    """The parameters of a query protocol: of the URL, and of a form body."""
    pairs = parse_qsl(urlsplit(request.url).query, keep_blank_values=True)
    media_type = (request.headers.get("content-type") or "").lower()
    if media_type.startswith("application/x-www-form-urlencoded"):
        text = request.body.decode("utf-8", "replace").strip()
        pairs += parse_qsl(text, keep_blank_values=True)
    return pairs
