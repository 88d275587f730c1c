"""`java.lang.String`: every method that deals in values a template can hold."""

from __future__ import annotations

from typing import Final

from inspector.gateway.java import regex
from inspector.gateway.java.chars import is_whitespace
from inspector.gateway.java.equality import compare_strings, equals, string_hash
from inspector.gateway.java.errors import (
    JavaError,
    ValueTooLargeError,
    class_cast,
    illegal_argument,
    null_pointer,
    string_bounds,
)
from inspector.gateway.java.formatting import format_text
from inspector.gateway.java.lists import Stream
from inspector.gateway.java.overloads import Function, sized
from inspector.gateway.java.text import to_text
from inspector.gateway.java.utf16 import joined, length, printable, units
from inspector.gateway.java.values import Byte, Char, JavaArray

_CONTROL: Final = "".join(map(chr, range(0x21)))


def _given(value: object) -> str:
    """An argument that must not be null, as text."""
    if value is None:
        raise null_pointer()
    return to_text(value)


def _char_at(text: str, index: int) -> Char:
    chars = units(text)
    if not 0 <= index < len(chars):
        message = f"String index out of range: {index}"
        if index < 0:
            message = f"String index out of range: {index}"
        raise string_bounds(message)
    return Char(chars[index])


def _substring(text: str, begin: int, end: int | None = None) -> str:
    chars = units(text)
    stop = len(chars) if end is None else end
    if not 0 <= begin <= stop <= len(chars):
        raise string_bounds(f"begin {begin}, end {stop}, length {len(chars)}")
    return joined(chars[begin:stop])


def _index_of(text: str, wanted: object, start: int = 0) -> int:
    chars = units(text)
    return chars.find(_needle(wanted), min(max(start, 0), len(chars)))


def _last_index_of(text: str, wanted: object, start: int | None = None) -> int:
    chars, needle = units(text), _needle(wanted)
    if start is None:
        return chars.rfind(needle)
    return -1 if start < 0 else chars.rfind(needle, 0, start + len(needle))


def _needle(wanted: object) -> str:
    if wanted is None:
        raise null_pointer()
    if isinstance(wanted, str):
        return units(wanted)
    assert isinstance(wanted, int)
    return units(chr(wanted)) if 0 <= wanted <= 0x10FFFF else "\0" * 9


@sized
def _replace(limit: int, text: str, old: object, new: object) -> str:
    before, after = _given(old), _given(new)
    count = text.count(before)
    if len(text) + count * (len(after) - len(before)) > limit:
        raise ValueTooLargeError
    return text.replace(before, after)


@sized
def _replace_char(limit: int, text: str, old: Char, new: Char) -> str:
    return joined(units(text).replace(old.value, new.value))


@sized
def _repeat(limit: int, text: str, count: int) -> str:
    if count < 0:
        raise illegal_argument(f"count is negative: {count}")
    if len(text) * count > limit:
        raise ValueTooLargeError
    return text * count


def _starts_with(text: str, prefix: str | None, start: int = 0) -> bool:
    if start < 0:  # Java looks at the prefix only then
        return False
    if prefix is None:
        raise null_pointer()
    chars = units(text)
    return start <= len(chars) and chars.startswith(units(prefix), start)


def _ends_with(text: str, suffix: str | None) -> bool:
    if suffix is None:
        raise null_pointer()
    return text.endswith(suffix)


def _fold(text: str) -> str:
    """Java compares without case by folding each unit up, then down."""
    if text.isascii():
        return text.lower()
    return "".join(_fold_one(char) for char in units(text))


def _compare_ignoring_case(left: str, right: str) -> int:
    """By units, but by characters where neither side is Latin-1."""
    if max(left, default="") <= "\xff" or max(right, default="") <= "\xff":
        return compare_strings(_fold(left), _fold(right))
    for one, other in zip(joined(left), joined(right), strict=False):
        difference = ord(_fold_one(one)) - ord(_fold_one(other))
        if difference:
            return difference
    return length(left) - length(right)


def _fold_one(char: str) -> str:
    upper = char.upper()
    lower = (upper if len(upper) == 1 else char).lower()
    return lower[0] if len(lower) == 1 or char == "İ" else char


def _region(  # Java's method has as many
    text: str,
    ignore: bool,
    start: int,
    other: str | None,
    offset: int,
    size: int,
) -> bool:
    if other is None:
        raise null_pointer()
    one, two = units(text), units(other)
    if offset < 0 or start < 0 or start > len(one) - size or offset > len(two) - size:
        return False
    size = max(size, 0)
    left, right = one[start : start + size], two[offset : offset + size]
    return _fold(left) == _fold(right) if ignore else left == right


def _compare_to(text: str, other: object) -> int:
    if other is None:
        raise null_pointer()
    if not isinstance(other, str):
        raise class_cast("not a java.lang.String")
    return compare_strings(text, other)


def _code_point(text: str, index: int) -> int:
    chars = units(text)
    if not 0 <= index < len(chars):
        raise string_bounds(f"Index {index} out of bounds for length {len(chars)}")
    return ord(joined(chars[index : index + 2])[0])


def _strip(text: str, *, left: bool = True, right: bool = True) -> str:
    start, stop = 0, len(text)
    while left and start < stop and is_whitespace(text[start]):
        start += 1
    while right and stop > start and is_whitespace(text[stop - 1]):
        stop -= 1
    return text[start:stop]


def _concat(text: str, other: str | None) -> str:
    if other is None:
        raise null_pointer('Cannot invoke "String.isEmpty()" because "str" is null')
    return joined(text + other)


@sized
def _join(limit: int, _: str, glue: object, parts: object) -> str:
    separator = _given(glue)
    if parts is None:
        raise null_pointer()
    if not hasattr(parts, "__iter__"):
        raise class_cast("not an Iterable")
    texts = []
    total = 0
    for part in parts:
        if part is not None and not isinstance(part, str):
            raise class_cast("class cannot be cast to class java.lang.CharSequence")
        texts.append(to_text(part))
        total += len(texts[-1]) + len(separator)
        if total > limit:
            raise ValueTooLargeError
    return separator.join(texts)


def _bytes(text: str) -> JavaArray:
    data = printable(text).encode()
    return JavaArray((Byte(each - 256 if each > 127 else each) for each in data), "[B")


def _array(text: str) -> JavaArray:
    return JavaArray(map(Char, units(text)), "[C")


def _of_chars(_: str, chars: JavaArray | None) -> str:
    if chars is None:
        raise null_pointer()
    return joined("".join(map(str, chars)))


@sized
def _split(limit: int, text: str, pattern: object, count: int = 0) -> JavaArray:
    return JavaArray(regex.pattern(_given(pattern)).split(text, count), "[Ljava.lang.String;")


@sized
def _replace_all(limit: int, text: str, pattern: object, new: object) -> str:
    found = regex.pattern(_given(pattern))
    if new is None and not found.occurs(text):  # Java looks at what it needs only
        return text
    return found.replace(text, _given(new), limit)


@sized
def _replace_first(limit: int, text: str, pattern: object, new: object) -> str:
    return regex.pattern(_given(pattern)).replace(text, _given(new), limit, once=True)


@sized
def _format(limit: int, _: str, pattern: str | None, arguments: JavaArray | None) -> str:
    if pattern is None:
        raise null_pointer()
    return format_text(pattern, arguments, limit)


@sized
def _format_in(limit: int, s: str, _: None, pattern: str | None, given: JavaArray | None) -> str:
    return str(_format(limit, s, pattern, given))


@sized
def _formatted(limit: int, text: str, arguments: JavaArray | None) -> str:
    return format_text(text, arguments, limit)


def _lines(text: str) -> list[str]:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return lines[:-1] if lines[-1] == "" else lines


@sized
def _indent(limit: int, text: str, count: int) -> str:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if not text:
        return ""
    if not lines[-1]:
        lines.pop()
    if len(text) + max(count, 0) * len(lines) > limit:
        raise ValueTooLargeError
    if count > 0:
        return "".join(" " * count + line + "\n" for line in lines)
    return "".join(_unindent(line, -count) + "\n" for line in lines)


def _unindent(line: str, most: int) -> str:
    size = 0
    while size < min(most, len(line)) and is_whitespace(line[size]):
        size += 1
    return line[size:]


def _value_of(_: str, value: object) -> str:
    return to_text(value)


def _with_pattern(text: str, pattern: object) -> bool:
    return regex.pattern(_given(pattern)).matches(text)


def _content_equals(text: str, other: object) -> bool:
    return text == _given(other)


def _unit_count(text: str, begin: int, end: int) -> int:
    chars = units(text)
    if not 0 <= begin <= end <= len(chars):
        raise JavaError("java.lang.IndexOutOfBoundsException")
    return len(joined(chars[begin:end]))


STRING_METHODS: Final[dict[str, Function]] = {
    "length()": length,
    "isEmpty()": lambda s: not s,
    "isBlank()": lambda s: not _strip(s),
    "charAt(int)": _char_at,
    "codePointAt(int)": _code_point,
    "codePointBefore(int)": lambda s, i: ord(joined(units(_substring(s, 0, i)))[-1]),
    "codePointCount(int,int)": _unit_count,
    "substring(int)": _substring,
    "substring(int,int)": _substring,
    "subSequence(int,int)": _substring,
    "indexOf(int)": _index_of,
    "indexOf(int,int)": _index_of,
    "indexOf(String)": _index_of,
    "indexOf(String,int)": _index_of,
    "lastIndexOf(int)": _last_index_of,
    "lastIndexOf(int,int)": _last_index_of,
    "lastIndexOf(String)": _last_index_of,
    "lastIndexOf(String,int)": _last_index_of,
    "contains(CharSequence)": lambda s, other: _given(other) in s,
    "startsWith(String)": _starts_with,
    "startsWith(String,int)": _starts_with,
    "endsWith(String)": _ends_with,
    "equals(Object)": equals,
    "equalsIgnoreCase(String)": lambda s, o: o is not None and _fold(s) == _fold(o),
    "contentEquals(CharSequence)": _content_equals,
    "regionMatches(int,String,int,int)": lambda s, *rest: _region(s, False, *rest),
    "regionMatches(boolean,int,String,int,int)": _region,
    "compareTo(String)": _compare_to,
    "compareTo(Object)": _compare_to,
    "compareToIgnoreCase(String)": lambda s, o: _compare_ignoring_case(s, _given(o)),
    "hashCode()": string_hash,
    "toString()": lambda s: s,
    "intern()": lambda s: s,
    "toUpperCase()": str.upper,
    "toLowerCase()": str.lower,
    "trim()": lambda s: s.strip(_CONTROL),
    "strip()": _strip,
    "stripLeading()": lambda s: _strip(s, right=False),
    "stripTrailing()": lambda s: _strip(s, left=False),
    "concat(String)": _concat,
    "replace(char,char)": _replace_char,
    "replace(CharSequence,CharSequence)": _replace,
    "replaceAll(String,String)": _replace_all,
    "replaceFirst(String,String)": _replace_first,
    "matches(String)": _with_pattern,
    "split(String)": _split,
    "split(String,int)": _split,
    "repeat(int)": _repeat,
    "indent(int)": _indent,
    "lines()": lambda s: Stream(_lines(s)),
    "chars()": lambda s: Stream(map(ord, units(s)), "IntPipeline"),
    "toCharArray()": _array,
    "getBytes()": _bytes,
    "getBytes(String)": lambda s, _: _bytes(s),
    "getBytes(Charset)": lambda s, _: _bytes(s),
    "join(CharSequence,CharSequence[])": _join,
    "join(CharSequence,Iterable)": _join,
    "format(String,Object[])": _format,
    # Nothing but null is a Locale here, and it stands for none.
    "format(Locale,String,Object[])": _format_in,
    "formatted(Object[])": _formatted,
    "valueOf(Object)": _value_of,
    "valueOf(boolean)": _value_of,
    "valueOf(char)": _value_of,
    "valueOf(int)": _value_of,
    "valueOf(long)": _value_of,
    "valueOf(float)": _value_of,
    "valueOf(double)": _value_of,
    "valueOf(char[])": _of_chars,
    "copyValueOf(char[])": _of_chars,
}
