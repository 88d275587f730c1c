"""What the template's resources answer when they are referred to: ids that stay the same."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from inspector.definitions.cloudformation.evaluate import Evaluator
from inspector.definitions.cloudformation.faults import Fault
from inspector.definitions.cloudformation.known_types import KNOWN_TYPES, KnownType
from inspector.definitions.cloudformation.template import Declared, Template, guess
from inspector.definitions.nodes import MapNode, Node
from inspector.definitions.openapi.paths import base36, resource_id
from inspector.model.place import domain_of, partition_of, served_at

REST = "AWS::ApiGateway::"
V2 = "AWS::ApiGatewayV2::"
API_TYPES = (f"{REST}RestApi", f"{V2}Api")
#: The property that is the answer to Ref, where it is not an id that Amazon makes.
_NAMED_BY = {
    f"{REST}Stage": "StageName",
    f"{V2}Stage": "StageName",
    f"{REST}DomainName": "DomainName",
    f"{V2}DomainName": "DomainName",
    f"{REST}Model": "Name",
}
#: Attributes that say the same as Ref.
_SAME_AS_REF = frozenset(
    {
        "ApiId",
        "ApiKeyId",
        "APIKeyId",
        "AuthorizerId",
        "ClientCertificateId",
        "DeploymentId",
        "DocumentationPartId",
        "Id",
        "IntegrationId",
        "ModelId",
        "RequestValidatorId",
        "ResourceId",
        "RestApiId",
        "RouteId",
        "RoutingRuleId",
        "UsagePlanId",
        "VpcLinkId",
    }
)


@dataclass(slots=True)
class Identities:
    """Answers to Ref and Fn::GetAtt for resources. `places` tells API and path of resource ids."""

    template: Template
    taken: frozenset[str]
    places: dict[str, tuple[str, str]] = field(default_factory=dict)
    owners: dict[str, str] = field(default_factory=dict)
    _evaluator: Evaluator | None = None
    _known: dict[str, str] = field(default_factory=dict)
    _busy: list[str] = field(default_factory=list)

    @property
    def evaluator(self) -> Evaluator:
        """The evaluator that asks here."""
        if self._evaluator is None:
            self._evaluator = Evaluator(self.template, self)
        return self._evaluator

    def created(self, resource: Declared) -> bool:
        """Whether the resource's condition holds; a fault counts as no. Raises nothing."""
        name = resource.cursor.get("Condition")
        if name is None:
            return True
        try:
            return self.evaluator.condition(name.text, name.node)
        except Fault as fault:
            source = self.template.workshop.cursor(fault.node).source
            self.template.notes.error(fault.code, fault.message, source, fault.remedy)
            return False

    def id_of(self, logical_id: str, length: int = 6) -> str:
        """Lower-case letters and digits, from the stack's name and the logical id."""
        digest = hashlib.sha256(f"{self.template.stack}/{logical_id}".encode()).digest()
        return base36(digest, length)

    def url_id(self, logical_id: str) -> str:
        """The id of a function URL, the first part of its host."""
        return self.id_of(logical_id, 32)

    def ref(self, logical_id: str, node: Node) -> str:
        """The answer to Ref. Raises Fault."""
        resource = self._existing(logical_id, node, "Ref")
        if logical_id not in self._known:
            with self._entered(logical_id, node):
                found = self._made(resource)
            self._known[logical_id] = found
            self.owners.setdefault(found, logical_id)
        return self._known[logical_id]

    def attribute(self, logical_id: str, attribute: str, node: Node) -> str:
        """The answer to Fn::GetAtt. Raises Fault."""
        resource = self._existing(logical_id, node, "Fn::GetAtt")
        name = self.ref(logical_id, node)
        kind = resource.type
        if kind == f"{REST}RestApi" and attribute == "RootResourceId":
            root = resource_id(name, "/")
            self.places[root] = (name, "/")
            return root
        known = KNOWN_TYPES.get(kind)
        with self._entered(logical_id, node):
            special = self._special(resource, name, attribute)
            if special is not None:
                return special
            if known is not None and attribute in known.attributes:
                return self._filled(known.attributes[attribute], resource, known)
        if attribute in _SAME_AS_REF and kind.startswith("AWS::ApiGateway"):
            return name
        if known is None and not kind.startswith(("AWS::ApiGateway", "AWS::Lambda")):
            return self._unknown(resource, attribute)
        message = (
            f"Template error: resource {logical_id} does not support attribute type {attribute} "
            "in Fn::GetAtt"
        )
        raise Fault(
            "attribute", message, node, guess(attribute, list(known.attributes) if known else [])
        )

    @contextmanager
    def _entered(self, logical_id: str, node: Node) -> Iterator[None]:
        """What is asked of a resource within does not ask for it again. Raises Fault."""
        if logical_id in self._busy:
            cycle = ", ".join(self._busy[self._busy.index(logical_id) :])
            message = f"Circular dependency between resources: [{cycle}]"
            raise Fault("circular", message, node, "Break the circle of references.")
        self._busy.append(logical_id)
        try:
            yield
        finally:
            self._busy.pop()

    def text(self, resource: Declared, name: str) -> str | None:
        """A property as text, None if it is not there or no text. Raises Fault."""
        properties = resource.properties
        cursor = properties.get(name) if properties is not None else None
        if cursor is None:
            return None
        value = self.evaluator.resolved(cursor.node)
        if value is None or not hasattr(value, "text"):
            return None
        return self.template.workshop.cursor(value).text

    def _existing(self, logical_id: str, node: Node, function: str) -> Declared:
        resource = self.template.resources.get(logical_id)
        if resource is not None and self.created(resource):
            return resource
        names = [*self.template.resources, *self.template.section("Parameters")]
        if function == "Ref":
            message = (
                f"Template format error: Unresolved resource dependencies [{logical_id}] in the "
                "Resources block of the template"
            )
        else:
            message = (
                f"Template error: instance of Fn::GetAtt references undefined resource {logical_id}"
            )
        remedy = guess(logical_id, names)
        if resource is not None:
            remedy = f"{logical_id} is not created: its condition does not hold."
        raise Fault("unknown-logical-id", message, node, remedy)

    def _made(self, resource: Declared) -> str:
        kind, logical_id = resource.type, resource.logical_id
        if kind in API_TYPES:
            return self._api_id(resource)
        if kind == f"{REST}Resource":
            return self._resource(resource)
        if kind == f"{V2}Integration":
            return self.id_of(logical_id, 7)
        if kind == "AWS::Lambda::Url":
            return self.function_arn(self.text(resource, "TargetFunctionArn") or "")
        if kind in _NAMED_BY:
            return self.text(resource, _NAMED_BY[kind]) or logical_id
        if kind in ("AWS::Lambda::Version", "AWS::Lambda::Alias"):
            function = self.text(resource, "FunctionName") or ""
            own = "1" if kind.endswith("Version") else self.text(resource, "Name") or logical_id
            return f"{self.function_arn(function)}:{own}"
        known = KNOWN_TYPES.get(kind)
        if known is not None:
            return self._filled(known.ref, resource, known)
        if kind.startswith(("AWS::ApiGateway", "AWS::Lambda")):
            return self.id_of(logical_id, 10 if kind.endswith("ApiKey") else 6)
        return logical_id

    def _api_id(self, resource: Declared) -> str:
        options = self.template.options
        only = len(self.template.of_type(*API_TYPES)) == 1
        if options.api_id and only and options.api_id not in self.taken:
            return options.api_id
        for attempt in range(1000):
            found = self.id_of(resource.logical_id + (f"/{attempt}" if attempt else ""), 10)
            if found not in self.taken:
                break
        return found

    def _resource(self, resource: Declared) -> str:
        parent = self.text(resource, "ParentId") or ""
        api_id = self.text(resource, "RestApiId") or ""
        part = self.text(resource, "PathPart") or ""
        above = self.places.get(parent)
        if above is None or above[0] != api_id:
            properties = resource.properties
            message = f"Invalid Resource identifier specified: {parent or 'none'}"
            node = properties.node if properties is not None else resource.cursor.node
            remedy = "ParentId is !GetAtt API.RootResourceId, or !Ref of another resource of it."
            raise Fault("parent", message, node, remedy)
        path = f"{above[1].rstrip('/')}/{part}"
        found = resource_id(api_id, path)
        self.places[found] = (api_id, path)
        return found

    def function_arn(self, name: str) -> str:
        """A function's ARN from its name, its partial or whole ARN."""
        if name.startswith("arn:"):
            return name
        template = self.template
        name = name.rpartition("function:")[2]
        partition = partition_of(template.region)
        return f"arn:{partition}:lambda:{template.region}:{template.account}:function:{name}"

    def _special(self, resource: Declared, name: str, attribute: str) -> str | None:
        kind, region = resource.type, self.template.region
        if kind == f"{V2}Api" and attribute == "ApiEndpoint":
            scheme = "wss" if self.text(resource, "ProtocolType") == "WEBSOCKET" else "https"
            return f"{scheme}://{served_at(name, region)}"
        if kind.endswith("::DomainName") and attribute.endswith("DomainName"):
            return served_at(f"d-{self.id_of(resource.logical_id, 10)}", region)
        if kind.endswith("::DomainName") and attribute.endswith("HostedZoneId"):
            return "Z1UJRXOUMOOFQ8"
        if kind == "AWS::Lambda::Url" and attribute == "FunctionUrl":
            return f"https://{self.url_id(resource.logical_id)}.lambda-url.{region}.on.aws/"
        if kind == "AWS::Lambda::Version" and attribute == "Version":
            return name.rpartition(":")[2]
        if kind.startswith("AWS::Lambda::") and attribute in ("FunctionArn", "AliasArn"):
            return name
        return None

    def _filled(self, text: str, resource: Declared, known: KnownType) -> str:
        name = (self.text(resource, known.name) if known.name else None) or resource.logical_id
        for key, value in (
            ("{name}", name),
            ("{region}", self.template.region),
            ("{domain}", domain_of(self.template.region)),
            ("{account}", self.template.account),
            ("{partition}", partition_of(self.template.region)),
        ):
            text = text.replace(key, value)
        return text

    def _unknown(self, resource: Declared, attribute: str) -> str:
        message = f"{resource.type} is not made here: its {attribute} is a stand-in"
        remedy = "Set the value with a parameter if an answer depends on it."
        self.template.notes.info("stand-in", message, resource.cursor.key_source, remedy)
        if attribute.endswith("Arn"):
            service = f"{resource.type}::".split("::")[1].lower()
            region, account = self.template.region, self.template.account
            arn = f"arn:{partition_of(region)}:{service}:{region}:{account}"
            return f"{arn}:{resource.logical_id}"
        return f"{resource.logical_id}.{attribute}"


def entries_of(node: Node | None) -> dict[str, Node]:
    """The values of a mapping by key; nothing for anything else."""
    if not isinstance(node, MapNode):
        return {}
    return {key: pair[1] for key, pair in node.entries.items()}
