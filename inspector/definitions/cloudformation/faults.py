"""What stops the evaluation of one value."""

from __future__ import annotations

from inspector.definitions.nodes import Node


class Fault(Exception):
    """A value cannot be computed. `message` is CloudFormation's where that is known."""

    def __init__(self, code: str, message: str, node: Node, remedy: str = "") -> None:
        super().__init__(message)
        self.code, self.message, self.node, self.remedy = code, message, node, remedy
