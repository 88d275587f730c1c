"""Random templates over a small world of variables, for the comparison with the real engine."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tests.gateway.jsonpath import generator as paths

if TYPE_CHECKING:
    from random import Random

BODY = {
    "a": 1, "b": "x", "s": "it's \"a\" \\ test/1, b", "n": 2.5, "neg": -7, "big": 12345678901,
    "t": True, "f": False, "z": None, "l": [3, 1, 2], "m": {"k": "v", "x-y": 1, "e": ""}, "el": [],
    "em": {}, "items": [{"id": 1, "name": "one", "tags": ["p", "q"]},
    {"id": 2, "name": "two", "tags": []}, {"id": 3, "name": None}], "u": "é€😀", "num": "42",
}  # fmt: skip
NAMES = [
    "a", "b", "x", "y", "list", "map", "str", "num", "doc", "my-var", "a_1", "nope", "item", "i",
    "foreach", "velocityCount", "input", "util", "context", "stageVariables", "d",
]  # fmt: skip
PROPERTIES = [
    "a", "b", "s", "n", "t", "z", "l", "m", "k", "items", "name", "id", "tags", "size", "empty", "key",
    "value", "class", "x-y", "length", "stage", "identity", "sourceIp", "index", "count", "hasNext", "first",
    "last", "parent", "nope", "bytes", "Name",
]  # fmt: skip
PATTERNS = [
    "a", "[aeiou]", "\\\\s+", ",\\\\s*", "(.)(.)", "[^a-z]+", "\\\\d", "x*", "(?i)T", "^.", ".$", "'", "[.]", ".",
    "|", "\\\\", "t|e", "{", "(", "\\\\bt", "[a-c&&[^b]]", "\\\\p{Alpha}+", "(a|b)?", "\\\\Q.\\\\E", "a{2}", ".*",
]  # fmt: skip
REPLACEMENTS = ["", "-", "$1", "[$0]", "\\\\\\\\", "$2$1", "x y", "\\$", "$", "''"]
METHODS: list[tuple[str, str]] = [
    *((name, "") for name in (
        "length", "size", "isEmpty", "toString", "hashCode", "trim", "toUpperCase", "toLowerCase", "keySet",
        "entrySet", "values", "iterator", "getClass", "intValue", "doubleValue", "longValue", "toCharArray",
        "getKey", "getValue", "clear", "strip", "isBlank", "booleanValue", "next", "hasNext", "json", "getName",
    )),
    *((name, "v") for name in (
        "get", "contains", "containsKey", "containsValue", "indexOf", "lastIndexOf", "equals", "add", "remove",
        "concat", "startsWith", "endsWith", "compareTo", "equalsIgnoreCase", "addAll", "charAt", "substring",
        "putAll", "removeAll", "containsAll", "repeat", "compareToIgnoreCase", "parseInt", "valueOf",
    )),
    *((name, "vv") for name in ("put", "set", "add", "substring", "replace", "getOrDefault", "subList",
        "startsWith", "indexOf", "putIfAbsent")),
    ("replaceAll", "pr"), ("replaceFirst", "pr"), ("split", "p"), ("matches", "p"), ("split", "pi"),
]  # fmt: skip
TEXTS = [
    "text", " ", "\n", "  \n", "\t", "{", "}", '"k": ', ",", "$", "#", "\\", "\\\\", "$$", "##c\n", "#*c*#",
    "#[[ $x #if ]]#", "\\$a", "\\#if", "\\\\$a", "#nope", "$5", "${", "$!", "$.", "#", "1.5", "#**doc*#", "é",
    "$!{nope}", "\\$!x", "#{else}", "#ab c", "$-", "a#b", "!", "$a.", "$a.$b", "$a-b", "${a}b", "$a[0", "$b[", "'",
    "$b()", "#set", "#end\n", "$context.", "]]#",
]  # fmt: skip


class Templates:
    """Makes templates; `random` decides."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.depth = 0

    def pick(self, items: list[Any]) -> Any:
        return self.random.choice(items)

    def template(self) -> str:
        head = self.pick(["", "#set($doc = $input.path('$'))", "#set($doc = $input.path('$'))\n"])
        setup = self.pick(["", '#set($list = [1, "b", 3])#set($map = {"k": 1, "x": "y"})', ""])
        return head + setup + self.block(self.random.randrange(1, 7))

    def block(self, count: int | None = None) -> str:
        count = self.random.randrange(4) if count is None else count
        return "".join(self.statement() for _ in range(count))

    def statement(self) -> str:
        makers = [self.text, self.text, self.reference, self.reference, self.assignment, self.condition,
            self.loop, self.rare]  # fmt: skip
        if self.depth > 3:
            return self.pick([self.text, self.reference])()
        self.depth += 1
        made = self.pick(makers)()
        self.depth -= 1
        return made

    def text(self) -> str:
        return self.pick(TEXTS)

    def space(self) -> str:
        return self.pick(["", "", "", " ", "\n", "  "])

    def name(self) -> str:
        return self.pick(NAMES)

    def reference(self) -> str:
        inner = self.chain()
        return self.pick(["${0}", "${0}", "$!{0}", "${{{0}}}", "$!{{{0}}}"]).format(inner)

    def chain(self) -> str:
        made = self.known() if self.random.random() < 0.35 else self.name()
        for _ in range(self.pick([0, 0, 1, 1, 2, 3])):
            made += self.member()
        return made

    def known(self) -> str:
        return self.pick([
            "input.path('" + paths.path(self.random).replace("'", "''") + "')",
            "input.json('$')", "input.json('$.items')", "input.params()", "input.params('id')", "input.body",
            "context.stage", "context.identity", "util.escapeJavaScript($doc.s)", "util.urlEncode($doc.s)",
            "util.base64Encode($b)", "util.parseJson($input.body)", "doc.items", "doc.m", "doc.l", "doc.s",
            "stageVariables.env", "foreach.index", "foreach.count", "foreach.hasNext", "foreach.parent.index",
        ])  # fmt: skip

    def member(self) -> str:
        kind = self.random.random()
        if kind < 0.4:
            return "." + self.pick(PROPERTIES)
        if kind < 0.5:
            return f"[{self.pick([0, 1, -1, 7, '$i', chr(34) + 'k' + chr(34), '$a', 'true'])}]"
        name, kinds = self.pick(METHODS)
        return f".{name}({', '.join(self.argument(each) for each in kinds)})"

    def argument(self, kind: str) -> str:
        if kind == "p":
            return self.quoted(self.pick(PATTERNS))
        if kind == "r":
            return self.quoted(self.pick(REPLACEMENTS))
        return str(self.random.randrange(-1, 4)) if kind == "i" else self.value()

    def quoted(self, text: str) -> str:
        text = text.replace("\\\\", "\\")
        return "'" + text.replace("'", "''") + "'"

    def value(self) -> str:
        self.depth += 1
        simple = [
            self.string,
            self.number,
            self.number,
            lambda: "$" + self.chain(),
            lambda: "$" + self.name(),
        ]
        more = [self.list, self.map, self.range, lambda: self.pick(["true", "false"])]
        made = self.pick(simple if self.depth > 3 else simple + more)()
        self.depth -= 1
        return made

    def string(self) -> str:
        return self.pick([
            '"a"', "'a'", '""', "'k'", '"x$a"', '"$!nope-"', "'$a'", '"a""b"', '"${b}c"', '"\\u0041"', "'it''s'",
            '"#if($t)y#end"', '"$doc.s"', '"a#set($x=1)b"', '"1"', '"$i$i"', '"##"', '"k"', '"null"', '"true"',
        ])  # fmt: skip

    def number(self) -> str:
        return self.pick(["0", "1", "2", "-1", "3", "10", "2147483647", "-2147483648", "9223372036854775807",
            "1.5", "0.1", "-2.0", "1e3", "1.0E10", "99999999999"])  # fmt: skip

    def list(self) -> str:
        return "[" + ", ".join(self.value() for _ in range(self.random.randrange(4))) + "]"

    def map(self) -> str:
        made = [f"{self.value()}: {self.value()}" for _ in range(self.random.randrange(3))]
        return "{" + ",".join(made) + "}"

    def range(self) -> str:
        ends = ["1", "3", "-2", "0", "$i", "$a", "$nope", "5"]
        return f"[{self.pick(ends)}..{self.pick(ends)}]"

    def expression(self) -> str:
        self.depth += 1
        kind = self.random.random()
        if self.depth > 4 or kind < 0.4:
            made = self.value()
        elif kind < 0.5:
            made = f"({self.expression()})"
        elif kind < 0.6:
            made = self.pick(["!", "! ", "not "]) + self.expression()
        else:
            operator = self.pick([
                "+", "-", "*", "/", "%", "==", "!=", "<", ">", "<=", ">=", "&&", "||", "eq", "ne", "lt", "gt",
                "le", "ge", "and", "or",
            ])  # fmt: skip
            gap = " " if operator.isalpha() else self.pick(["", " "])
            made = f"{self.expression()}{gap}{operator}{gap}{self.expression()}"
        self.depth -= 1
        return made

    def assignment(self) -> str:
        left = self.pick(["x", "y", "list", "map", "str", "num", "my-var", "i", "map.k", "doc.new", "list[0]",
            "map['q']", "doc.l[1]", "{x}", "!x", "foreach.v", "nope.x"])  # fmt: skip
        return f"{self.space()}#set({self.space()}${left} = {self.expression()}){self.space()}"

    def condition(self) -> str:
        made = f"#if({self.expression()}){self.space()}{self.block()}"
        if self.random.random() < 0.3:
            made += f"#elseif({self.expression()}){self.block()}"
        if self.random.random() < 0.4:
            made += self.pick(["#else ", "#{else}"]) + self.block()
        return made + self.pick(["#end", "#{end}", "#end\n"])

    def loop(self) -> str:
        items = self.pick(["$doc.items", "$list", "$map", "$doc.l", "[1..3]", "$map.entrySet()", "$doc.m.keySet()",
            "$nope", "[1, 2]", "$doc.m", "$map.values()", "$doc.items.iterator()", "[0..0]", "$foreach"])  # fmt: skip
        name = self.pick(["item", "i", "x", "item", "my-var"])
        inner = self.pick([
            "", "$item.id", "#if($foreach.hasNext),#end", "$velocityCount", "$item.key=$item.value", "#break",
            "$foreach.index/$foreach.count", "$item.name", "#foreach($t in $item.tags)$t$foreach.parent.count#end",
            "#if($foreach.last)!#end", "$list.add(5)", "#if($item == 2)#break#end", "$foreach.first",
        ])  # fmt: skip
        return f"#foreach(${name} in {items}){self.space()}{self.block()}{inner}#end{self.space()}"

    def rare(self) -> str:
        return self.pick([self.macro, self.define, self.evaluate, self.macro, lambda: "#stop", lambda: "#break",
            lambda: "#@m($a)" + self.block() + "#end"])()  # fmt: skip

    def macro(self) -> str:
        name = self.pick(["m", "mm"])
        body = self.block() + self.pick(
            ["", "$p", "$!p.size()$q", "#set($p = 1)$p", "$!bodyContent", "$p$p"]
        )
        define = f"#macro({name} $p $q){body}#end{self.space()}"
        call = self.pick([
            f"#{name}({self.value()} {self.value()})", f"#{name}($a)", f"#{name}()", f"#{{{name}}}($b 1)",
            f"#@{name}($a 2)in$p#end", f"#{name}($x, $y)",
        ])  # fmt: skip
        return self.pick([define + call, call + define, define + call + call])

    def define(self) -> str:
        return f"#define($d){self.block()}#end{self.pick(['$d', '$d$d', '', '#set($x = $d)$x', '$d.size()'])}"

    def evaluate(self) -> str:
        inner = self.pick(
            ['"$a$b"', "'#set($x = 4)$x'", "$str", "'#if($a)q#end'", "'$'", "'#if('", "$doc.s"]
        )
        return f"#evaluate({inner})"


def case(random: Random) -> dict[str, Any]:
    """A template with what it is given."""
    body = BODY if random.random() < 0.8 else paths.document(random)
    return {
        "template": Templates(random).template(),
        "body": json.dumps(body),
        "params": {"path": {"id": "p1"}, "querystring": {"q": "a b"}, "header": {"Accept": "*/*"}},
        "context": {"stage": "dev", "identity": {"sourceIp": "192.0.2.7"}},
        "stageVariables": {"env": "test"},
    }
