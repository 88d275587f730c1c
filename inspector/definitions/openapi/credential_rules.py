"""Which credentials Amazon takes for an integration.

Sources: users of Terraform (hashicorp/terraform-provider-aws#7916) and CDK (aws/aws-cdk#1465) for a
service without a role, of the Java SDK (aws/aws-sdk-java#860) for what is no ARN; captures-2026.md
section 6 for the caller's own credentials. Served here all the same: the role is not assumed.
"""

from __future__ import annotations

from inspector.definitions.diagnostics import Notes
from inspector.definitions.openapi.place import Place
from inspector.model import AwsService, Method

#: Asks for the caller's own credentials.
CALLER = "arn:aws:iam::*:user/*"


def check_credentials(method: Method, place: Place, notes: Notes) -> None:
    """Note credentials that Amazon refuses, or misses."""
    integration = method.integration
    if integration is None:
        return
    given, source = integration.credentials, integration.source
    if given is None:
        if isinstance(integration, AwsService):
            reason = "Role ARN must be specified for AWS integrations"
            remedy = "Add credentials: the ARN of a role that apigateway.amazonaws.com may assume."
            notes.warning("no-credentials", place.unable("put integration", reason), source, remedy)
    elif not given.startswith(("arn:", "${")):
        reason = "Invalid ARN specified in the request"
        remedy = f"Write the ARN of a role, or {CALLER}; {given!r} is neither."
        notes.warning("credentials", place.unable("put integration", reason), source, remedy)
    elif given == CALLER and method.authorization_type != "AWS_IAM":
        message = (
            f"{place.method} {place.path} passes on the caller's credentials, and its "
            f"authorization is {method.authorization_type}: Amazon refuses that (400)"
        )
        remedy = "Let the method authorize by AWS_IAM, or name a role."
        notes.warning("caller-credentials", message, source, remedy)
