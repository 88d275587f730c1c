"""The gateway in process, for your own tests: routes, mappings and refusals in milliseconds.

    from inspector.testing import Gateway

    gateway = Gateway("api.yaml", backend=lambda request: {"name": "rex"})
    result = gateway.get("/pets/7", headers={"Accept": "application/json"})
    assert result.status == 200
    assert result.backend_requests[0].url == "http://pets.example/v1/7"

The same core answers here, in the proxy and in re-runs. Nothing touches the network, and time and
ids are fixed unless an `Environment` is given.
"""

from __future__ import annotations

import json
import random
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from inspector.definitions import Bundle, Diagnostic, Loaded, Options, load, read
from inspector.definitions.places import Places
from inspector.gateway.access_effects import CheckCertificate, CheckSignature
from inspector.gateway.connection_effects import (
    ConnectionState,
    DeleteConnection,
    GetConnection,
    PostToConnection,
)
from inspector.gateway.deploy import deploy
from inspector.gateway.domains import domain_of, local_host
from inspector.gateway.effects import (
    BackendRequest,
    CallBackend,
    CallService,
    CheckToken,
    Draw,
    Drawn,
    Effect,
    InvokeFunction,
    LookUp,
    Meter,
    Reply,
    Store,
    StreamEnded,
    TokenChecked,
)
from inspector.gateway.environment import Caller, Environment
from inspector.gateway.explain import Case, Explanation, Hint, explain
from inspector.gateway.limits import without as limits_without
from inspector.gateway.pipeline import converse
from inspector.message import Headers, Request
from inspector.model import ApiKey, UsagePlan
from inspector.runtime.caches import Caches
from inspector.runtime.drive import drive
from inspector.runtime.jose import KeySet, KeySetError
from inspector.runtime.keyring import Key, Keyring
from inspector.runtime.meters import Meters
from inspector.runtime.truststores import Truststores, certificates_of
from inspector.testing_result import ENVIRONMENT, Result
from inspector.testing_socket import TestSocket, handshake
from inspector.testing_stand_ins import Answerable, Functions, answered, invoked

__all__ = ["ENVIRONMENT", "Canary", "DefinitionError", "Gateway", "Key", "Result", "TestSocket"]

Backend = Callable[[BackendRequest], Answerable]
#: What stands in for AWS services: the unsigned call in, an answer out.
Service = Callable[[CallService], Answerable]


@dataclass(frozen=True, slots=True)
class Canary:
    """A canary release: its `percent` of the traffic, what it serves, and its stage variables.

    `definition` is a path or a document; None: what the stage serves.
    """

    percent: float
    definition: str | Path | Mapping[str, Any] | None = None
    variables: Mapping[str, str] = field(default_factory=dict)


#: Results that a gateway holds.
RESULTS = 20


class DefinitionError(ValueError):
    """The definition cannot be served; `diagnostics` say where and why."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics = tuple(diagnostics)
        super().__init__("; ".join(f"{each.source}: {each.message}" for each in self.diagnostics))


class Gateway:
    """A definition, served in process.

    `definition`: a path, or the document itself as a mapping. `stage`, `variables`, `region`,
    `account`, `api_id` as on the command line. `backend` answers the integrations; without one,
    each is answered 200 with `{}`. `function` stands in for every Lambda function, or names one for
    each: it is given the event and answers JSON values, or raises, which is a function error.
    `parameters` are those of a CloudFormation template. `service` answers
    integrations with AWS services; without it `backend` is given their requests as well. `keys`
    may sign requests of IAM methods; `issuers` are the key sets (JWKS) of token issuers, by their URL,
    a user pool's `https://cognito-idp.REGION.amazonaws.com/POOL`; `truststores` PEM text by the
    custom domain that asks for certificates; `api_keys` and `usage_plans` add
    to what the definition declares. Results of authorizers are cached from request to request;
    `caches.forget()` forgets them. `canary` is given its share of the requests: `draws` says which,
    by a number of [0, 100) for each. `no_limits` names limits of Amazon's that shall not hold
    (`payload`, `timeout` …, or `all`).

    Raises `DefinitionError` for a definition with errors.
    """

    def __init__(  # noqa: PLR0913  the settings of `inspector up`, by the same names
        self,
        definition: str | Path | Mapping[str, Any],
        *,
        stage: str | None = None,
        variables: Mapping[str, str] | None = None,
        parameters: Mapping[str, str] | None = None,
        backend: Backend | None = None,
        function: Functions | None = None,
        service: Service | None = None,
        keys: Iterable[Key] = (),
        issuers: Mapping[str, Mapping[str, Any]] | None = None,
        truststores: Mapping[str, str] | None = None,
        api_keys: Iterable[ApiKey] = (),
        usage_plans: Iterable[UsagePlan] = (),
        canary: Canary | None = None,
        draws: Callable[[], float] | None = None,
        no_limits: Iterable[str] = (),
        environment: Environment = ENVIRONMENT,
        api_id: str | None = None,
        account: str | None = None,
        region: str | None = None,
        api_type: Literal["rest", "http"] | None = None,
    ) -> None:
        options = Options(
            stage=stage,
            stage_variables=dict(variables or {}),
            parameters=dict(parameters or {}),
            api_id=api_id,
            account=account,
            region=region,
            api_type=api_type,
            no_limits=tuple(no_limits),
        )
        loaded = _loaded(definition, canary, options)
        self.diagnostics = loaded.diagnostics
        if loaded.broken:
            raise DefinitionError(each for each in loaded.diagnostics if each.level == "error")
        declared, limits = loaded.definition, limits_without(options.no_limits)
        api_keys = (*declared.api_keys, *api_keys)
        usage_plans = (*declared.usage_plans, *usage_plans)
        self._loaded, self._api_keys, self._usage_plans = loaded, api_keys, usage_plans
        self._gateway = deploy(loaded.apis, api_keys, usage_plans, declared.domains, limits)
        self._served = self._gateway.apis[0]
        self.api = self._served.api
        self.stage = next(iter(self._served.deployments))
        self.backend: Backend = backend or (lambda request: {})
        self.function: Functions = function or (lambda event: {"statusCode": 200})
        self.service: Service = service or (lambda call: self.backend(call.request))
        self.draws: Callable[[], float] = draws or _draws()
        self.environment = environment
        self.keyring = Keyring(keys)
        self.issuers = dict(issuers or {})
        self.truststores = Truststores(
            {name.lower(): certificates_of(pem, name) for name, pem in (truststores or {}).items()}
        )
        self.caches, self.meters = Caches(), Meters()
        #: The connections of a WebSocket API, by their ids; the last results, oldest first.
        self.sockets: dict[str, TestSocket] = {}
        self.results: deque[Result] = deque(maxlen=RESULTS)

    def request(
        self,
        method: str,
        path: str = "/",
        *,
        headers: Mapping[str, str] | Iterable[tuple[str, str]] = (),
        body: bytes | str = b"",
        raw_target: str | None = None,
        caller: Caller | None = None,
        host: str | None = None,
    ) -> Result:
        """Send one request; `path` follows the stage, `raw_target` replaces both as it is.

        `host`: a custom domain of the definition, where `path` begins with its base path and names
        no stage; or the default name of another of its APIs. An API whose default endpoint is
        disabled is called as localhost unless it is named.
        """
        fields = list(headers.items() if isinstance(headers, Mapping) else headers)
        if not any(name.lower() == "host" for name, _ in fields):
            fields.append(("Host", host or local_host(self.api)))
        content = body.encode() if isinstance(body, str) else body
        target = raw_target if raw_target is not None else f"{self._prefix(fields)}{path}"
        asked = Request(method, target, Headers.of(fields), content)
        environment = replace(self.environment, caller=caller) if caller else self.environment
        return self.send(asked, environment)

    def get(self, path: str, **options: Any) -> Result:
        """`request("GET", …)`."""
        return self.request("GET", path, **options)

    def post(self, path: str, **options: Any) -> Result:
        """`request("POST", …)`."""
        return self.request("POST", path, **options)

    def connect(
        self,
        path: str = "",
        *,
        headers: Mapping[str, str] | Iterable[tuple[str, str]] = (),
        raw_target: str | None = None,
        caller: Caller | None = None,
        host: str | None = None,
    ) -> TestSocket:
        """Open a WebSocket of a WebSocket API; `path` follows the stage, such as `?token=ann`.

        A handshake that is refused gives a socket that is not open, its `handshake` says why.
        """
        fields = list(headers.items() if isinstance(headers, Mapping) else headers)
        named = host or next((value for name, value in fields if name.lower() == "host"), None)
        named = named or local_host(self.api)
        target = raw_target
        if target is None:
            target = f"{self._prefix([('Host', named)])}{path}"
        around = replace(self.environment, caller=caller) if caller else self.environment
        number = len(self.sockets) + 1
        request, environment = handshake(named, target, fields, around, number)
        limits = self._served.limits
        socket = TestSocket(self.send(request, environment), self.send, limits)
        self.sockets[socket.id] = socket
        return socket

    def _prefix(self, fields: Iterable[tuple[str, str]]) -> str:
        """What stands before the path: the stage, and nothing behind a custom domain."""
        host = next(value for name, value in fields if name.lower() == "host")
        if domain_of(self._gateway.domains, host) is not None:
            return ""
        served = self._gateway.api_for(host) or self._served
        stage = self.stage if served is self._served else next(iter(served.deployments))
        return served.deployments[stage].stage.prefix

    def send(self, request: Request, environment: Environment | None = None) -> Result:
        """Send a request that is already a value."""
        effects: list[Effect] = []
        performed: list[tuple[Effect, Reply]] = []
        around = environment or self.environment

        def perform(effect: Effect) -> Reply:
            effects.append(effect)
            reply = self._perform(effect)
            performed.append((effect, reply))
            return reply

        found = self._gateway.serving(request)
        served = self._served if found is None or found.api is self.api else found
        conversation = converse(served, request, around)
        answer = drive(conversation, perform)
        calls = (each for each in effects if isinstance(each, CallBackend | CallService))
        requests = tuple(call.request for call in calls)
        services = tuple(each for each in effects if isinstance(each, CallService))
        invocations = tuple(effect for effect in effects if isinstance(effect, InvokeFunction))
        result = Result(
            answer.response, answer, requests, invocations, tuple(effects), services,
            request, around, tuple(performed),
        )  # fmt: skip
        self.results.append(result)
        return result

    def explain(self, result: Result) -> Explanation:
        """Why a result is what it is: the rule, the definition's line, what to try."""
        loaded = self._loaded
        hints = tuple(
            Hint(each.level, each.code, each.message, each.source, each.remedy)
            for each in loaded.diagnostics
        )
        return explain(
            Case(
                result.request,
                result.environment,
                result.answer,
                replace(
                    loaded.definition,
                    api_keys=self._api_keys,
                    usage_plans=self._usage_plans,
                ),
                Places.of(loaded.bundle),
                hints,
                result.performed,
            )
        )

    def _perform(self, effect: Effect) -> Reply:
        if isinstance(effect, CallBackend):
            return answered(self.backend(effect.request))
        if isinstance(effect, CallService):
            return answered(self.service(effect))
        if isinstance(effect, InvokeFunction):
            return invoked(self.function, effect)
        if isinstance(effect, Meter):
            return self.meters.take(effect)
        if isinstance(effect, LookUp):
            return self.caches.look_up(effect)
        if isinstance(effect, Store):
            return self.caches.store(effect)
        if isinstance(effect, CheckCertificate):
            return self.truststores.check(effect)
        if isinstance(effect, CheckToken):
            return self._check_token(effect)
        if isinstance(effect, Draw):
            return Drawn(self.draws())
        if isinstance(effect, CheckSignature):
            now = datetime.fromtimestamp(self.environment.time_ms / 1000, UTC)
            return self.keyring.check(effect, now)
        if isinstance(effect, GetConnection | PostToConnection | DeleteConnection):
            found = self.sockets.get(effect.connection_id)
            return ConnectionState("unknown") if found is None else found.perform(effect)
        return StreamEnded(0, b"")

    def _check_token(self, effect: CheckToken) -> TokenChecked:
        jwks = self.issuers.get(effect.issuer)
        if jwks is None:
            return TokenChecked("discovery", effect.issuer, detail="no `issuers` were given for it")
        try:
            keys = KeySet.read(jwks, effect.issuer, self.environment.time_ms)
        except KeySetError as error:
            return TokenChecked("jwks", effect.issuer, detail=str(error))
        return keys.check(effect.token.decode("ascii", "replace"))


def _loaded(
    definition: str | Path | Mapping[str, Any], canary: Canary | None, options: Options
) -> Loaded:
    includes = {}
    if canary is not None:
        name, own = None, canary.definition
        if isinstance(own, Mapping):
            name = "canary.json"
            includes[name] = json.dumps(own, indent=1)
        elif own is not None:
            name = str(own)
        options = replace(
            options,
            canary_percent=canary.percent,
            canary_variables=dict(canary.variables),
            canary_file=name,
        )
    if not isinstance(definition, Mapping):
        return load([definition], options, includes)
    text = json.dumps(definition, indent=1)
    if options.canary_file is not None and not includes:
        includes[options.canary_file] = Path(options.canary_file).read_text("utf-8")
    return read(Bundle({"definition.json": text}, options, includes))


def _draws() -> Callable[[], float]:
    """The same numbers in each test: a share of traffic stays a share, and a test repeatable."""
    chance = random.Random(0)  # noqa: S311  no secret
    return lambda: chance.random() * 100
