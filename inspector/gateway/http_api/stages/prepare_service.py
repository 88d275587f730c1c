"""The call of an AWS service by a first-class integration.

Sources: developer guide, "Integration subtype reference". A parameter whose source is absent makes
the request a 400 `Bad Request` (aws-samples/sessions-with-aws-sam#38), and the access log says
`Unable to resolve property … from source …` (hashicorp/terraform-provider-aws#19443, where the
sentence goes on; its end is not known here).
"""

from __future__ import annotations

from inspector.gateway.http_api import service_call
from inspector.gateway.http_api.mapped_request import scope_of
from inspector.gateway.http_api.refusal import HttpRefusal
from inspector.gateway.http_api.results import Matched, Prepared
from inspector.gateway.http_api.subtypes import REGION, Subtype
from inspector.gateway.trace import Fact, Step
from inspector.model import HttpApiIntegration


def prepare_service(
    matched: Matched, integration: HttpApiIntegration, subtype: Subtype, trace: list[Step]
) -> Prepared | HttpRefusal:
    """What the service is asked, or why it cannot be asked."""
    scope = scope_of(matched)
    values: dict[str, str] = {}
    for each in matched.plan.service_parameters:
        value = each.value(scope)
        if value is None:
            return _refused(integration, subtype, each.name, each.expression, "absent")
        values[each.name] = value
    region = values.pop(REGION, None) or matched.staged.deployment.api.region
    try:
        effect = service_call.build(
            subtype, values, region, integration.timeout_ms, integration.credentials
        )
    except service_call.WrongValueError as error:
        return _refused(integration, subtype, error.name, "", error.expected)
    facts: dict[str, Fact] = {
        "service": subtype.service,
        "region": region,
        "action": subtype.action,
        "request": effect.request.method,
        "url": effect.request.url,
        "parameters": values,
    }
    trace.append(Step("map-request", "ok", "map-request.service", facts, integration.source))
    return Prepared(matched, effect)


def _refused(
    integration: HttpApiIntegration, subtype: Subtype, name: str, expression: str, wrong: str
) -> HttpRefusal:
    facts: dict[str, Fact] = {
        "subtype": subtype.name,
        "parameter": name,
        "expression": expression,
        "wrong": wrong,
        "integration_error": f"Unable to resolve property {name} from source {expression}",
    }
    return HttpRefusal(
        "map-request", "map-request.unresolved", "BAD_REQUEST_PARAMETERS", facts, integration.source
    )
