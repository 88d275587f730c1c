"""The values of a template's parameters: set by the user, else their defaults."""

from __future__ import annotations

from inspector.definitions.cloudformation.faults import Fault
from inspector.definitions.cloudformation.template import Template, guess
from inspector.definitions.cursor import Cursor
from inspector.definitions.nodes import Plain
from inspector.model import Source

ParameterValue = Plain | list[str]
_CONSTRAINTS = ("AllowedPattern", "MaxLength", "MaxValue", "MinLength", "MinValue")


def check_given(template: Template) -> None:
    """Note values given for parameters that the template does not have."""
    known = list(template.section("Parameters"))
    for name in template.options.parameters:
        if name not in known:
            message = f"Parameters: [{name}] do not exist in the template"
            source = Source(template.root.document.file, 0, 0, "")
            template.notes.error("unknown-parameter", message, source, guess(name, known))


def parameter_value(template: Template, name: str, cursor: Cursor) -> ParameterValue:
    """The value, a list for list types. Raises Fault where there is none or it is not allowed."""
    given = template.options.parameters.get(name)
    default = cursor.get("Default")
    kind = cursor.get("Type")
    type_name = kind.text if kind is not None else "String"
    if given is None and default is None:
        message = f"Parameters: [{name}] must have values"
        remedy = f"Give it: --parameter {name}=…, or write a Default."
        raise Fault("missing-parameter", message, cursor.node, remedy)
    if given is None and default is not None and (default.is_map or default.is_list):
        message = f"Template format error: every Default member must be a string. ({name})"
        raise Fault("parameter-default", message, default.node, "Quote it, joined by commas.")
    text = given if given is not None else default.text if default is not None else ""
    if type_name.startswith("AWS::SSM::Parameter::Value"):
        message = f"the parameter {name} names an SSM parameter, which is not looked up"
        remedy = f"Its own text stands in; give the value with --parameter {name}=…"
        template.notes.warning("ssm-parameter", message, cursor.key_source, remedy)
    _check(name, text, cursor)
    _note_constraints(template, name, cursor)
    if type_name == "CommaDelimitedList" or "List<" in type_name:
        return [item.strip() for item in text.split(",")] if text else []
    return text


def _check(name: str, text: str, cursor: Cursor) -> None:
    allowed = cursor.get("AllowedValues")
    values = [item.text for item in allowed.items()] if allowed is not None else []
    if values and text not in values:
        message = f"Parameter '{name}' must be one of AllowedValues"
        remedy = f"Use one of {', '.join(values[:20])}."
        raise Fault("parameter-value", message, cursor.node, remedy)
    kind = cursor.get("Type")
    if kind is not None and kind.text == "Number":
        try:
            float(text)
        except ValueError:
            message = f"Parameter '{name}' must be a number."
            raise Fault("parameter-value", message, cursor.node, "Give digits.") from None


def _note_constraints(template: Template, name: str, cursor: Cursor) -> None:
    for key in _CONSTRAINTS:
        found = cursor.get(key)
        if found is not None:
            message = f"{key} of the parameter {name} is not checked here"
            template.notes.info("not-checked", message, found.key_source)
