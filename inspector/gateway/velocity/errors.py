"""What goes wrong in a template, always with the place where it did."""

from __future__ import annotations


class TemplateError(Exception):
    """A template cannot be parsed, or its run failed.

    `line` and `column` count from 1 as Velocity does (a tab reaches to the next multiple of 8);
    `java_class` names the exception that the Java engine throws, where it is known.
    """

    def __init__(
        self, message: str, line: int | None = None, column: int | None = None, java_class: str = ""
    ) -> None:
        super().__init__(message)
        self.message = message
        self.line = line
        self.column = column
        self.java_class = java_class

    def __str__(self) -> str:
        where = "" if self.line is None else f" at line {self.line}, column {self.column}"
        return f"{self.message}{where}"


class TemplateSyntaxError(TemplateError):
    """The text is no Velocity template."""


class BudgetExceededError(TemplateError):
    """A run asked for more than its `Budget` grants; `resource` says of what."""

    def __init__(
        self, resource: str, limit: int, line: int | None = None, column: int | None = None
    ) -> None:
        super().__init__(
            f"the template exceeds its budget: {resource} over {limit:,}", line, column
        )
        self.resource = resource
        self.limit = limit
