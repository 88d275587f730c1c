"""AWS::Lambda::Url: an API with a single route, all of it answered by one function.

Read where a template makes no API of API Gateway; beside one it is left out, because an address
of this machine could not tell which of both is meant.
"""

from __future__ import annotations

from inspector.definitions.cloudformation.http_apis import read_cors
from inspector.definitions.cloudformation.parts import Part, Parts
from inspector.definitions.diagnostics import ACCESS_NOT_ENFORCED
from inspector.gateway.http_api.surface import TIMEOUT_MS
from inspector.model import Function, HttpApi, HttpApiIntegration, Route, Stage

TYPE = "AWS::Lambda::Url"
_KEY = "$default"


def read_function_urls(parts: Parts, functions: tuple[Function, ...]) -> tuple[HttpApi, ...]:
    """Every function URL that is created."""
    return tuple(_url(parts, part, functions) for part in parts.of_type(TYPE))


def leave_out(parts: Parts) -> None:
    """Say that they are not served."""
    for part in parts.of_type(TYPE):
        message = f"{part.logical_id}: a function URL is not served beside an API"
        parts.template.notes.info("left-out", message, part.source)


def _url(parts: Parts, part: Part, functions: tuple[Function, ...]) -> HttpApi:
    template = parts.template
    arn = parts.identities.function_arn(parts.text(part, "TargetFunctionArn") or "")
    qualifier = parts.text(part, "Qualifier")
    _check_callers(parts, part, arn, functions)
    integration = HttpApiIntegration(
        id=part.logical_id,
        type="AWS_PROXY",
        source=part.source,
        uri=f"{arn}:{qualifier}" if qualifier else arn,
        method="POST",
        payload_version="2.0",
        timeout_ms=TIMEOUT_MS,
        streams=parts.text(part, "InvokeMode") == "RESPONSE_STREAM",
    )
    return HttpApi(
        id=template.options.api_id or parts.identities.url_id(part.logical_id),
        name=part.logical_id,
        source=part.source,
        account=template.account,
        region=template.region,
        routes={_KEY: Route(id=_KEY, key=_KEY, source=part.source, integration=integration.id)},
        integrations={integration.id: integration},
        cors=read_cors(parts, part.cursor.get("Cors"), methods=("*",)),
        stages=(Stage(_KEY, {}, part.source, auto_deploy=True),),
        function_url=True,
    )


def _check_callers(parts: Parts, part: Part, arn: str, functions: tuple[Function, ...]) -> None:
    """Who may call: everybody where AuthType is NONE, if a permission says so; else signers."""
    notes = parts.template.notes
    if (parts.text(part, "AuthType") or "").upper() == "AWS_IAM":
        message = f"{part.logical_id}: signatures of callers are not checked at a function URL"
        declared = part.cursor.get("AuthType")
        source = part.source if declared is None else declared.source
        notes.warning(ACCESS_NOT_ENFORCED, message, source, "At Amazon only signers get in.")
        return
    permissions = [
        each for function in functions if function.arn == arn for each in function.permissions
    ]
    if functions and not any(each.action.endswith("InvokeFunctionUrl") for each in permissions):
        message = f"{part.logical_id}: no permission lets anybody call it: Amazon answers 403"
        remedy = (
            "Add an AWS::Lambda::Permission with Action lambda:InvokeFunctionUrl, Principal '*' and "
            "FunctionUrlAuthType NONE."
        )
        notes.warning(ACCESS_NOT_ENFORCED, message, part.source, remedy)
