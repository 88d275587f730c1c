"""What can go wrong in JsonPath and json-smart, each under the Java exception it stands for.

`java_class` and `message` are what a template's error shows on API Gateway's engine:
`Invocation of method 'json' in ... threw exception <java_class>: <message>`.
"""

from __future__ import annotations


class JsonPathError(Exception):
    """Any error of this package; `str(error)` is the message."""

    java_class: str = "com.jayway.jsonpath.JsonPathException"

    def described(self) -> str:
        """Java's `toString()`: the class, and the message if there is one."""
        message = str(self)
        return f"{self.java_class}: {message}" if message else self.java_class


class InvalidJsonError(JsonPathError):
    """The text is not JSON, not even to json-smart's permissive parser."""

    java_class = "com.jayway.jsonpath.InvalidJsonException"


class InvalidNumberError(JsonPathError):
    """Text that began like a number and is none; it also comes out of comparisons in filters."""

    java_class = "java.lang.NumberFormatException"


class InvalidPathError(JsonPathError):
    """The path does not compile, or a step of it cannot be applied to what it met."""

    java_class = "com.jayway.jsonpath.InvalidPathException"


class PathNotFoundError(InvalidPathError):
    """Nothing is there; `$input.path` answers null and `$input.json` two quotes."""

    java_class = "com.jayway.jsonpath.PathNotFoundException"


class EmptyPathError(JsonPathError):
    """The path is null or empty."""

    java_class = "java.lang.IllegalArgumentException"


class FilterCastError(JsonPathError):
    """`=~` met something that is not a pattern."""

    java_class = "java.lang.ClassCastException"


class MissingFilterError(JsonPathError):
    """`[?]` stands for a filter given from outside, and none is."""

    java_class = "java.lang.NullPointerException"


class PathEndError(JsonPathError):
    """The path ends with a scan that has nothing to look for."""

    java_class = "java.lang.IllegalStateException"


class VisitLimitError(JsonPathError):
    """A path looked at more values than its budget allows (ours, not Java's)."""

    java_class = "BudgetExceeded"
