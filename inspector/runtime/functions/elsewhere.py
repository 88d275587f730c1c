"""Functions that something else runs: an endpoint with Lambda's Invoke API, Lambda, a file.

Source of the Invoke API: the Lambda API reference, Invoke
(`POST /2015-03-31/functions/NAME/invocations`, `X-Amz-Function-Error`, `X-Amz-Log-Result`).
"""

from __future__ import annotations

import asyncio
import json
import re
from base64 import b64decode
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote, urlsplit

from inspector.gateway.effects import (
    BackendAnswer,
    BackendFailure,
    BackendRequest,
    CallBackend,
    FailureKind,
    FunctionAnswer,
    InvokeFunction,
)
from inspector.message import Headers
from inspector.runtime.functions.invocation import error_object
from inspector.runtime.http import HttpBackends
from inspector.runtime.services.signing import NoCredentialsError, Signer

_PATH = "/2015-03-31/functions/"
_LATE = re.compile(rb"Task timed out after [\d.]+ seconds")


class Endpoint:
    """`sam local start-lambda`, LocalStack, moto, the Runtime Interface Emulator.

    `url` is the endpoint, or the whole address of the function's invocations. Calls are signed,
    because some tell the service by the signature; it is that of other stand-ins.
    """

    def __init__(self, name: str, url: str, http: HttpBackends) -> None:
        whole = _PATH in urlsplit(url).path
        self._url = url if whole else f"{url.rstrip('/')}{_PATH}{quote(name, safe='')}/invocations"
        self._http = http
        self._signer = Signer()

    async def invoke(self, effect: InvokeFunction) -> FunctionAnswer | BackendFailure:
        """The answer of whoever runs it."""
        named = effect.function.split(":")
        region = named[3] if len(named) > 4 and named[3] else "us-east-1"
        call = await _signed(self._signer, _call(self._url, effect), region, for_amazon=False)
        answer = await self._http.call(call)
        if isinstance(answer, BackendFailure):
            return replace(answer, detail=f"{self._url}: {answer.detail}")
        assert isinstance(answer, BackendAnswer)
        if effect.asynchronous and answer.status in (200, 202):
            # The emulators run it at once, and tell its result all the same.
            return FunctionAnswer(b"", request_id=answer.headers.get("x-amzn-RequestId") or "")
        return _of_emulator(answer) or read(answer)


class Amazon:
    """The real function, invoked with the user's own credentials."""

    def __init__(self, arn: str, http: HttpBackends) -> None:
        self._arn = arn
        _, partition, _, self._region, *_ = arn.split(":")
        domain = "amazonaws.com.cn" if partition == "aws-cn" else "amazonaws.com"
        self._url = (
            f"https://lambda.{self._region}.{domain}{_PATH}{quote(arn, safe='')}/invocations"
        )
        self._http = http
        self._signer = Signer()

    async def invoke(self, effect: InvokeFunction) -> FunctionAnswer | BackendFailure:
        """Lambda's answer."""
        call = _call(self._url, effect)
        try:
            signed = await _signed(self._signer, call, self._region, for_amazon=True)
        except NoCredentialsError as error:
            detail = f"there are no AWS credentials to invoke {self._arn}: {error}"
            return BackendFailure("other", detail)
        answer = await self._http.call(signed)
        return read(answer) if isinstance(answer, BackendAnswer) else _failure(answer)


class Reply:
    """A file that holds the answer, read anew each time.

    A JSON object with `errorMessage` and `errorType` answers as a function that failed.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    async def invoke(self, effect: InvokeFunction) -> FunctionAnswer | BackendFailure:
        """What the file holds."""
        try:
            payload = self._path.read_bytes()
            json.loads(payload)
        except OSError as error:
            return BackendFailure("other", f"{self._path}: {error.strerror}")
        except ValueError as error:
            return BackendFailure("other", f"{self._path} holds no JSON: {error}")
        return FunctionAnswer(
            b"" if effect.asynchronous else payload.strip(),
            "Unhandled" if _is_error(payload) else None,
        )


def read(answer: BackendAnswer) -> FunctionAnswer | BackendFailure:
    """The outcome in an answer of the Invoke API."""
    if answer.status not in (200, 202):
        text = answer.body.decode("utf-8", "replace")[:500]
        kind: FailureKind = "throttled" if answer.status == 429 else "other"
        return BackendFailure(kind, f"the Invoke API answered {answer.status}: {text}")
    log = answer.headers.get("X-Amz-Log-Result") or ""
    try:
        printed = b64decode(log).decode("utf-8", "replace")
    except ValueError:
        printed = log
    return FunctionAnswer(
        answer.body,
        answer.headers.get("X-Amz-Function-Error") or None,
        answer.headers.get("x-amzn-RequestId") or "",
        printed,
    )


def _of_emulator(answer: BackendAnswer) -> FunctionAnswer | None:
    """A function's error as the Runtime Interface Emulator tells it, without Lambda's header.

    Like any other result, where the process has ended with a status of 502; and of a function that
    took too long in a sentence, of older releases.
    """
    if answer.status not in (200, 502) or answer.headers.get("X-Amz-Function-Error"):
        return None
    body = answer.body
    if _LATE.fullmatch(body.strip()):
        body = error_object("Sandbox.Timedout", body.decode().strip())
    return FunctionAnswer(body, "Unhandled") if _is_error(body) else None


def _is_error(payload: bytes) -> bool:
    """Whether this is how a runtime describes an error."""
    if b'"errorType"' not in payload:
        return False
    try:
        document = json.loads(payload)
    except ValueError:
        return False
    return isinstance(document, dict) and {"errorMessage", "errorType"} <= document.keys()


def _call(url: str, effect: InvokeFunction) -> CallBackend:
    fields = [
        ("Host", urlsplit(url).netloc),
        ("Content-Type", "application/json"),
        ("X-Amz-Invocation-Type", "Event" if effect.asynchronous else "RequestResponse"),
        ("X-Amz-Log-Type", "None" if effect.asynchronous else "Tail"),
    ]
    if effect.trace_id:
        fields.append(("X-Amzn-Trace-Id", effect.trace_id))
    request = BackendRequest("POST", url, Headers.of(fields), effect.payload)
    return CallBackend(request, effect.timeout_ms)


async def _signed(
    signer: Signer, call: CallBackend, region: str, *, for_amazon: bool
) -> CallBackend:
    """In a thread: credentials may have to be fetched, and botocore to be imported."""
    request = await asyncio.to_thread(
        signer.sign, call.request, "lambda", region, for_amazon=for_amazon
    )
    return replace(call, request=request)


def _failure(answer: object) -> BackendFailure:
    assert isinstance(answer, BackendFailure)
    return answer
