"""Random documents, paths and half-broken JSON for the comparison with the real engines."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from random import Random

NAMES = ["a", "b", "c", "id", "n", "price", "isbn", "items", "x-y", "k s", "0", "length", "size()"]
STRINGS = [
    "",
    "a",
    "b",
    "abc",
    "1",
    "2",
    "10",
    "null",
    "true",
    "1.0",
    "it's",
    "a/b",
    "é€",
    "😀",
    "a.b",
]
NUMBERS = [0, 1, 2, 3, 10, -1, 1.0, 1.5, 8.95, 1e10, 1e-7, 12345678901, 123456789012345678901]
OPERATORS = ["==", "!=", "<", "<=", ">", ">=", "=~"]
REGEXES = ["/a.*/", "/A.*/i", "/.*b/", "/[0-9]+/", "/x/", "/a|abc/", "/.*/", "/nul+/"]


def document(random: Random, depth: int = 4) -> object:
    """A JSON value with names and values that the paths below are likely to meet."""
    kind = random.random()
    if depth == 0 or kind < 0.3:
        leaves = [random.choice(STRINGS), random.choice(NUMBERS), True, False, None, "abc"]
        return random.choice(leaves)
    size = random.randrange(5)
    if kind < 0.65:
        return {random.choice(NAMES): document(random, depth - 1) for _ in range(size)}
    if kind < 0.8:
        return [
            {name: document(random, depth - 2 if depth > 1 else 0) for name in NAMES[:size]}
            for _ in range(size)
        ]
    return [document(random, depth - 1) for _ in range(size)]


def body(random: Random) -> str:
    """An object or array at the top, mostly."""
    for _ in range(3):
        value = document(random)
        if isinstance(value, dict | list):
            break
    return json.dumps(value, ensure_ascii=random.random() < 0.5)


def path(random: Random) -> str:
    """A path, mostly one that compiles."""
    start = random.choices(["$", "@", ""], [20, 1, 1])[0]
    text = start + "".join(_step(random) for _ in range(random.choice([0, 1, 1, 2, 2, 2, 3, 4])))
    if random.random() < 0.08:
        return mutated(random, text)
    return text


def _step(random: Random) -> str:
    kind = random.randrange(14)
    name = random.choice(NAMES)
    if kind < 4:
        return f".{name}"
    if kind == 4:
        return f"['{name}']"
    if kind == 5:
        return "['" + "','".join(random.choices(NAMES, k=random.randrange(1, 4))) + "']"
    if kind == 6:
        return random.choice([".*", "[*]", "..*"])
    if kind == 7:
        return f"..{random.choice([name, '*', '[0]', '[*]', f'[{_filter(random)}]'])}"
    if kind in (8, 9):
        return f"[{random.choice([0, 0, 1, 2, -1, 7])}]"
    if kind == 10:
        return f"[{_slice(random)}]"
    if kind == 11:
        tail = random.choice(["(@.length-1)", "(@.length - 2)", "(@.size()-1)", "@.length-1"])
        return f"[{tail}]"
    return f"[{_filter(random)}]"


def _slice(random: Random) -> str:
    first, last = random.choice([0, 1, 2, -1, -2]), random.choice([0, 1, 2, 3, -1, 9])
    forms = [f"{first}:", f":{last}", f"{first}:{last}", f"{first},{last}", f"{first}, {last},1"]
    return random.choice([*forms, f"{first}:{last}:1", ":", f"{first} :{last}"])


def _filter(random: Random) -> str:
    terms = [_term(random)]
    while random.random() < 0.25:
        terms.append(random.choice(["&&", " && ", "||", " || "]))
        terms.append(_term(random))
    text = "".join(terms)
    return random.choice([f"?({text})"] * 8 + [f"? ( {text} )", f"?(({text}))", "?", f"?{text}"])


def _term(random: Random) -> str:
    left = _inner_path(random)
    if random.random() < 0.3:
        return random.choice(["", "", "!"]) + left
    operator = random.choice(OPERATORS)
    right = random.choice(REGEXES) if operator == "=~" else _literal(random)
    if random.random() < 0.06:
        left, right = right, left
    space = random.choice(["", " "])
    return f"{left}{space}{operator}{space}{right}"


def _inner_path(random: Random) -> str:
    start = random.choices(["@", "$"], [9, 1])[0]
    steps = [f".{random.choice(NAMES[:8])}", f"['{random.choice(NAMES)}']", "[0]", ""]
    return start + "".join(random.choices(steps, [8, 2, 1, 1], k=random.choice([1, 1, 1, 2])))


def _literal(random: Random) -> str:
    kind = random.randrange(7)
    if kind < 2:
        return "'" + random.choice(STRINGS).replace("'", "\\'") + "'"
    if kind < 4:
        return json.dumps(random.choice(NUMBERS))
    words = ["true", "false", "null", '"abc"', "abc", "$.price", "@.n", "$.a", "/a/", "", "5e0"]
    return random.choice(words)


NOISE = list("{}[]:,\"'\\/ \t\n\r-+.eE0123456789abnftNu?*@$()&|=!<>~é😀\x7f\x01\x1a")


def mutated(random: Random, text: str) -> str:
    """`text` with a few characters put in, taken out or replaced."""
    chars = list(text)
    for _ in range(random.choice([1, 1, 1, 2, 4])):
        at = random.randrange(len(chars) + 1)
        action = random.randrange(3)
        if action == 0 or at == len(chars):
            chars.insert(at, random.choice(NOISE))
        elif action == 1:
            del chars[at]
        else:
            chars[at] = random.choice(NOISE)
    return "".join(chars)


PIECES = [
    "{", "}", "[", "]", ":", ",", " ", "\n", '"a"', "'b'", "c", "1", "-", "1.5", "1e", "1e5", "-0",
    "-.5", "1.", "00012", "1e400", "true", "null", "nullx", "NaN", "Infinity", "-Infinity", "é",
    '"\\u00e9"', '"\\x41"', '"\\q"', "'it\\'s'", '"\\ud83d\\ude00"', "1.23456789012345678901",
    "123456789012345678901234", "~", '"a\x7fb"', '"\\n\x7f"', "12é", "a b", "1 2", '"', "'",
    "0.000000000000000000001", "-0.000000000000000000", "1e99999999999", "1.0e+25", "12345678.9",
]  # fmt: skip


KEYS = ["k", '"k"', "'k'", "k k", "1"]


def loose_json(random: Random) -> str:
    """Text that is nearly JSON, or a salad of its tokens."""
    if random.random() < 0.4:
        return "".join(random.choices(PIECES, k=random.randrange(1, 10)))
    if random.random() < 0.5:
        return mutated(random, body(random))
    members = ",".join(
        random.choice(KEYS) + random.choice([":", " : "]) + random.choice(PIECES[8:])
        for _ in range(random.randrange(4))
    )
    items = random.choice([",", ", ", " "]).join(random.choices(PIECES[8:], k=3))
    return random.choice([f"{{{members}}}", f"[{items}]", f"[{{{members}}},{items}]"])
