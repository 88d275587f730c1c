"""The variables in a text of Fn::Sub."""

from __future__ import annotations

import re
from collections.abc import Iterator

_VARIABLE = re.compile(r"\$\{(!?)([^{}$]*)\}")


def pieces(text: str) -> Iterator[tuple[str | None, str]]:
    """A variable's name, or None and a literal piece. `${!x}` stands for the literal `${x}`.

    What is no name between the braces (such as `${stageVariables.x}`, which looks like an
    attribute of a resource) is told like any variable: CloudFormation refuses it too.
    """
    at = 0
    for match in _VARIABLE.finditer(text):
        if match.start() > at:
            yield None, text[at : match.start()]
        at = match.end()
        if match.group(1):
            yield None, "${" + match.group(2) + "}"
        else:
            yield match.group(2).strip(), ""
    if at < len(text):
        yield None, text[at:]
