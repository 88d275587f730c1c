"""Random YAML and JSON files around one template, in every style of scalar."""

from __future__ import annotations

import json

from hypothesis import strategies as st

LETTERS = st.sampled_from([*list("ab$#{}:'\"\\ \t-é🙂\u2028"), "\n", "  ", "\n\n", "# ", ": "])
TEMPLATES = st.lists(LETTERS, max_size=14).map("".join)
LINE = st.text(alphabet=list("ab$#:'\"\\ é-"), min_size=1, max_size=8)
BLANK_LINE = st.sampled_from(["", "", "  ", "      "])


@st.composite
def block_files(draw: st.DrawFn) -> str:
    """A block scalar under `template`, with every header and odd blank lines; may be invalid."""
    style = draw(st.sampled_from("|>"))
    chomping = draw(st.sampled_from(["", "-", "+"]))
    digit = draw(st.sampled_from(["", "", "2", "4"]))
    comment = draw(st.sampled_from(["", "", " # why"]))
    indent = " " * (int(digit) if digit else draw(st.sampled_from([1, 2, 4])))
    line = st.one_of(LINE.map(lambda text: indent + text), BLANK_LINE)
    lines = draw(st.lists(line, max_size=6))
    end = draw(st.sampled_from(["\n", "\r\n"]))
    closing = draw(st.sampled_from(["after: 1\n", "", "# a comment\nafter: 1\n"]))
    content = "".join(text + end for text in lines)
    if not closing and draw(st.booleans()):
        content = content.removesuffix(end)
    return f"before: x{end}template: {style}{digit}{chomping}{comment}{end}{content}{closing}"


@st.composite
def quoted_files(draw: st.DrawFn) -> str:
    """A quoted or plain scalar that may run over several lines; may be invalid."""
    style = draw(st.sampled_from(["'", '"', ""]))
    pieces = ["a", "b", " ", "  ", "\n  ", "\n\n  ", "\r\n    ", "a\tb", "é", "🙂"]
    pieces += {"'": ["''"], '"': ["\\n", "\\\n  ", "\\u00e9", "\\x41", '\\"', "\\ "], "": []}[style]
    content = "".join(draw(st.lists(st.sampled_from(pieces), max_size=12)))
    return f"before: x\ntemplate: {style}{content}{style}\nafter: 1\n"


def json_file(template: str, *, ascii_only: bool) -> str:
    return json.dumps(
        {"before": "x", "template": template, "after": 1}, indent=2, ensure_ascii=ascii_only
    )
