"""What the execution log of a REST API says of its Lambda authorizer, before the usage plan.

Source: logs-and-metrics.md, section 1 (lines of a TOKEN authorizer recorded in 2017, its failures in
the console of 2023). Not recorded: the lines of a cached result, which leave the call out here, and
those of a policy that denies.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from inspector.gateway.effects import Effect, FunctionAnswer, InvokeFunction, Reply
from inspector.gateway.told import Told
from inspector.gateway.trace import Step

_CONFIGURATION = "Execution failed due to configuration error: "
_TYPE = "AuthorizerConfigurationException"
#: Codes of refusals that come before anything is asked, or as the function said.
_UNAUTHORIZED = frozenset({"identity-missing", "identity-invalid", "said-unauthorized"})
Performed = tuple[Effect, Reply, int]


def step_of(told: Told) -> Step | None:
    """The step of a Lambda authorizer, None where another or nobody was asked."""
    for step in told.answer.trace:
        if step.stage == "authorize" and "identity" in step.facts:
            return step
    return None


def call_of(told: Told) -> Performed | None:
    """The authorizer's own invocation among all that was performed."""
    step = step_of(told)
    if step is None or "function" not in step.facts:
        return None
    return next((each for each in told.performed if isinstance(each[0], InvokeFunction)), None)


def events(told: Told, endpoint: Callable[[InvokeFunction], Iterator[str]]) -> Iterator[str]:
    """The lines; `endpoint` words the request to Lambda."""
    step = step_of(told)
    if step is None:
        return
    code = step.code.rpartition(".")[2]
    if code in ("identity-missing", "identity-invalid"):
        yield f"Unauthorized request: {told.environment.request_id}"
        return
    identity = step.facts["identity"]
    assert isinstance(identity, dict)
    yield f"Starting authorizer: {step.facts['authorizer']} for request: {told.environment.request_id}"
    yield f"Incoming identity: {', '.join(map(masked, identity.values()))}"
    call = call_of(told)
    if call is not None:
        effect, reply, _ = call
        assert isinstance(effect, InvokeFunction)
        yield from endpoint(effect)
        if isinstance(reply, FunctionAnswer):
            text = reply.payload.decode("utf-8", "replace")
            yield f"Authorizer result body before parsing: {text}"
    yield from _outcome(told, step, code)


def _outcome(told: Told, step: Step, code: str) -> Iterator[str]:
    if code in ("allowed", "denied", "not-allowed"):
        principal = masked(str(step.facts.get("principal") or ""))
        yield f"Using valid authorizer policy for principal: {principal}"
        if code == "allowed":
            yield "Successfully completed authorizer execution"
    elif code in _UNAUTHORIZED:
        yield f"Unauthorized request: {told.environment.request_id}"
    elif code == "invalid-answer":
        yield f"{_CONFIGURATION}{step.facts.get('logged') or step.facts['reason']}"
        yield _TYPE
    else:
        if code in ("no-permission", "permission-elsewhere", "role-lacks", "unreachable"):
            yield f"{_CONFIGURATION}Invalid permissions on Lambda function"
        elif code == "role-not-trusting":
            role = step.facts["role"]
            yield (
                f"{_CONFIGURATION}API Gateway does not have permission to assume the provided "
                f"role {role}"
            )
        yield f"{_CONFIGURATION}Authorizer error"
        yield _TYPE


def masked(value: str) -> str:
    """All but the last six characters starred out."""
    return f"{'*' * max(0, len(value) - 6)}{value[-6:]}"
