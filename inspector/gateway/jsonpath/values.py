"""What parsed JSON is made of.

| JSON     | Python                                    | Java (json-smart)               |
| -------- | ----------------------------------------- | ------------------------------- |
| object   | `dict`, in the order of the text          | `java.util.LinkedHashMap`       |
| array    | `list`, and no subclass of it             | `net.minidev.json.JSONArray`    |
| string   | `str`                                     | `String`                        |
| integer  | `int`                                     | `Integer`, `Long`, `BigInteger` |
| fraction | `float`; `Decimal` from 19 characters on  | `Double`; `BigDecimal`          |
| literal  | `bool`, `None`                            | `Boolean`, null                 |

A JSON array is the builtin list itself, because C's JSON scanner makes that and a second walk over
every body to wrap its arrays doubles the cost of parsing. So the exact type decides:
`type(v) is list` is a JSONArray, which prints compact JSON (`writer.array_text`); a subclass of
list is some other Java collection, which knows its own text. Maps print `{a=b}` whether they came
from JSON or from a template.
"""

from __future__ import annotations

from typing import Final, TypeAlias

JsonArray: TypeAlias = list[object]
JsonObject: TypeAlias = dict[str, object]

JSON_ARRAY_CLASS: Final = "net.minidev.json.JSONArray"
JSON_OBJECT_CLASS: Final = "java.util.LinkedHashMap"


def is_json_array(value: object) -> bool:
    """True for a JSONArray only, not for the lists that templates make themselves."""
    return type(value) is list
