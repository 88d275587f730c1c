"""What Java's methods throw."""

from __future__ import annotations


class NoSuchMethodError(Exception):
    """A method refuses the types of its arguments: to the template it does not exist.

    Java picks a method by the argument types, so `$util.urlEncode(1)` is not a failed call but
    an unresolved reference.
    """


class JavaError(Exception):
    """A Java method throws: the engine turns it into a `TemplateError` at the call's position.

    `java_class` is the full name of the exception's class, `message` its text (None as in Java).
    """

    def __init__(self, java_class: str, message: str | None = None) -> None:
        super().__init__(message or java_class)
        self.java_class = java_class
        self.message = message

    @property
    def text(self) -> str:
        """`toString()` of the exception."""
        return self.java_class if self.message is None else f"{self.java_class}: {self.message}"


class ValueTooLargeError(Exception):
    """A value would grow over the limit a run sets for any one value."""


def null_pointer(message: str | None = None) -> JavaError:
    """A `NullPointerException`."""
    return JavaError("java.lang.NullPointerException", message)


def out_of_bounds(index: int, size: int) -> JavaError:
    """What a list says to an index it does not have."""
    message = f"Index {index} out of bounds for length {size}"
    return JavaError("java.lang.IndexOutOfBoundsException", message)


def string_bounds(message: str) -> JavaError:
    """What a string says to an index it does not have."""
    return JavaError("java.lang.StringIndexOutOfBoundsException", message)


def unsupported() -> JavaError:
    """What a view says to an attempt to add to it."""
    return JavaError("java.lang.UnsupportedOperationException")


def illegal_argument(message: str) -> JavaError:
    """An `IllegalArgumentException`."""
    return JavaError("java.lang.IllegalArgumentException", message)


def class_cast(message: str) -> JavaError:
    """A `ClassCastException`."""
    return JavaError("java.lang.ClassCastException", message)


def number_format(text: str, radix: int = 10) -> JavaError:
    """What `parseInt` and its like say to text that is no number."""
    under = "" if radix == 10 else f" under radix {radix}"
    return JavaError("java.lang.NumberFormatException", f'For input string: "{text}"{under}')
