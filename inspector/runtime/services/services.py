"""AWS services, called over HTTP at a stand-in or at Amazon."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from urllib.parse import urlsplit

from inspector.gateway.effects import BackendAnswer, BackendFailure, CallBackend, CallService
from inspector.runtime.http import HttpBackends
from inspector.runtime.services import stand_ins
from inspector.runtime.services.places import AMAZON, check, place_of
from inspector.runtime.services.signing import NoCredentialsError, Signer, redirected


class Services:
    """The AWS services of a gateway. Belongs to the event loop of `http`.

    `places` a service to its URL or `aws` (see `places`). Raises `EndpointError`.
    """

    def __init__(self, places: Mapping[str, str] | None, http: HttpBackends) -> None:
        self._places = dict(places or {})
        for service, place in self._places.items():
            check(service, place)
        self._http = http
        self._signer = Signer()

    async def call(self, effect: CallService) -> BackendAnswer | BackendFailure:
        """The service's answer; one of a stand-in in the form that Amazon's service has."""
        place = place_of(self._places, effect.service)
        if place is None:
            known = ", ".join(self._places) or "none"
            detail = f"no --endpoint for {effect.service} (there are: {known})"
            return BackendFailure("no-endpoint", detail)
        if place == AMAZON:
            return await self._send(effect, amazon=True)
        adapted = await asyncio.to_thread(stand_ins.adapt_request, effect)
        prefix = _bucket(effect)
        sent = CallService(
            effect.service,
            effect.region,
            effect.action,
            redirected(adapted.request, place, prefix),
            effect.timeout_ms,
            effect.credentials,
        )
        answer = await self._send(sent, amazon=False)
        if isinstance(answer, BackendFailure):
            return answer
        return await asyncio.to_thread(stand_ins.adapt_answer, effect, adapted, answer)

    async def _send(self, effect: CallService, *, amazon: bool) -> BackendAnswer | BackendFailure:
        try:
            signed = await asyncio.to_thread(
                self._signer.sign,
                effect.request,
                effect.service,
                effect.region,
                for_amazon=amazon,
            )
        except NoCredentialsError as error:
            return BackendFailure("no-credentials", str(error))
        answer = await self._http.call(CallBackend(signed, effect.timeout_ms))
        assert isinstance(answer, BackendAnswer | BackendFailure)
        if isinstance(answer, BackendFailure):
            where = urlsplit(effect.request.url).netloc
            return BackendFailure(answer.kind, f"{effect.service} at {where}: {answer.detail}")
        return answer


def _bucket(effect: CallService) -> str:
    """S3's bucket as the first segment of the path: a stand-in has no host name for each."""
    host = urlsplit(effect.request.url).netloc
    subdomain = host.partition(f".s3.{effect.region}.")[0]
    return f"/{subdomain}" if effect.service == "s3" and subdomain != host else ""
