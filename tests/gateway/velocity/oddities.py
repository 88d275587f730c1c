"""Random templates of the odder kinds: what `generator` seldom makes.

Methods with odd arguments, formats, numbers at the edges, macros within macros, escapes, blank space
round directives, assignments deep into maps and lists, JSON read and written again, long loops.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tests.gateway.jsonpath import generator as paths
from tests.gateway.velocity.generator import Templates

if TYPE_CHECKING:
    from random import Random

STRINGS = [
    "", "a", "abc", "Hello World", " x ", "a,b,,c,,", "it''s", "1", "-7", "2.50", "0x1F", "é€ß", "😀x😀", "İI",
    "tab\there", "line\nbreak", "AAA", "a.b.c", "null", "true", "1e5", "$x", "a/b?c=d&e", "\\\\d+", "%s", "ǅ",
]  # fmt: skip
NUMBERS = [
    "0", "1", "-1", "2", "7", "10", "255", "2147483647", "-2147483648", "2147483648", "9223372036854775807",
    "9223372036854775808", "0.5", "1.0", "-2.75", "0.1", "1e3", "1.0E-5", "123456789.125", "1e21", "100.0", "3.0e-3",
]  # fmt: skip
STRING_METHODS = [
    "length()", "isEmpty()", "isBlank()", "trim()", "strip()", "stripLeading()", "toUpperCase()", "toLowerCase()",
    "hashCode()", "intern()", "toString()", "charAt(I)", "codePointAt(I)", "substring(I)", "substring(I,I)",
    "subSequence(I,I)", "indexOf(S)", "indexOf(I)", "indexOf(S,I)", "lastIndexOf(S)", "lastIndexOf(S,I)",
    "contains(S)", "startsWith(S)", "startsWith(S,I)", "endsWith(S)", "equals(V)", "equalsIgnoreCase(S)",
    "compareTo(S)", "compareToIgnoreCase(S)", "concat(S)", "replace(S,S)", "replaceAll(P,R)", "replaceFirst(P,R)",
    "matches(P)", "split(P)", "split(P,I)", "repeat(I)", "toCharArray()", "toCharArray().length", "format(F,V,V)",
    "join(S,L)", "valueOf(V)", "split(P).size()", "split(P).get(I)", "split(P)[I]", "contentEquals(S)",
    "regionMatches(I,S,I,I)", "bytes", "empty", "class.name", "getBytes().size()", "lines()", "chars()", "indent(I)",
    "format(F,V)", "format(F)", "formatted(V)", "join(S,S,S)", "isEmpty", "codePointCount(I,I)",
]  # fmt: skip
NUMBER_METHODS = [
    "intValue()", "longValue()", "doubleValue()", "floatValue()", "shortValue()", "byteValue()", "toString()",
    "hashCode()", "compareTo(N)", "equals(N)", "parseInt(S)", "valueOf(N)", "valueOf(S)", "toHexString(N)",
    "toBinaryString(N)", "toOctalString(N)", "max(N,N)", "min(N,N)", "sum(N,N)", "signum(N)", "bitCount(N)",
    "reverse(N)", "MAX_VALUE", "isNaN()", "isInfinite()", "parseDouble(S)", "parseLong(S)", "class.simpleName",
    "toString(N)", "toString(N,N)", "compare(N,N)", "parseInt(S,N)", "highestOneBit(N)", "abs()", "negate()",
    "add(N)", "numberOfLeadingZeros(N)", "remainderUnsigned(N,N)", "decode(S)", "rotateLeft(N,I)", "bitLength()",
]  # fmt: skip
LIST_METHODS = [
    "size()", "isEmpty()", "get(I)", "get(V)", "contains(V)", "indexOf(V)", "lastIndexOf(V)", "add(V)", "add(I,V)",
    "set(I,V)", "remove(I)", "remove(S)", "addAll(L)", "addAll(I,L)", "removeAll(L)", "retainAll(L)", "containsAll(L)",
    "subList(I,I)", "subList(I,I).size()", "toArray().size()", "toString()", "hashCode()", "equals(L)", "clear()",
    "iterator().next()", "empty", "size", "iterator().hasNext()", "listIterator().next()", "toArray()[I]", "first",
    "getFirst()", "stream().count()", "sort(V)", "reversed()", "toJSONString()", "appendElement(V)", "ensureCapacity(I)",
]  # fmt: skip
MAP_METHODS = [
    "size()", "isEmpty()", "get(V)", "get(S)", "put(V,V)", "containsKey(V)", "containsValue(V)", "remove(V)", "keySet()",
    "values()", "entrySet()", "getOrDefault(V,V)", "putIfAbsent(S,V)", "putAll(M)", "replace(S,V)", "hashCode()",
    "toString()", "equals(M)", "clear()", "keySet().contains(V)", "keySet().size()", "values().contains(V)", "k", "size",
    "empty", "entrySet().iterator().next()", "keySet().iterator().next()", "keySet().toArray()[I]", "entrySet().size()",
    "remove(S,V)", "replace(S,V,V)", "values().remove(V)", "keySet().remove(V)", "class.simpleName", "keySet().removeAll(L)",
]  # fmt: skip
FORMATS = [
    "%s", "%S", "%10s", "%-10s|", "%.2s", "%d", "%5d", "%05d", "%,d", "%+d", "%(d", "%x", "%X", "%o", "%f", "%.2f",
    "%10.3f", "%-8.1f|", "%e", "%.0e", "%g", "%b", "%B", "%c", "%h", "%n", "%%", "%1$s %1$s", "%2$s", "%s %s", "%<s",
    "%,.2f", "%08.2f", "%#x", "% d", "%a", "%t", "%q", "%", "%-d", "%.3d", "%tY", "x%sy%sz", "%010d", "%+.1e", "%5%",
]  # fmt: skip
PATTERNS = [
    "a", "[a-c]+", "\\s+", ",", "(.)(.)", "^.", ".$", "\\d{2,}", "x*", "(?i)h", "\\bW", "[^a-z]", "(a|b)?c", ".", "\\.",
    "|", "", "(?<n>a)", "\\w+?", "[.]", "\\p{L}+", "\\p{Lu}", "(?=b)", "(?!a).", "\\Qa.b\\E", "[a-z&&[^b]]", "(", "[",
    "*", "\\", "a{2}", "(?s).*", "\\u0041", "\\x61", "\\p{IsAlphabetic}", "(?m)^", "\\R", "\\h", "[\\w.]+@", "(a)\\1",
]  # fmt: skip
REPLACEMENTS = [
    "",
    "-",
    "$1",
    "$0$0",
    "$2",
    "\\$",
    "\\\\",
    "$",
    "${n}",
    "x$1y",
    "''",
    "\\",
    "$9",
    "\\n",
]
PLACES = [
    "map.k", "map.new", "map.deep.k", "map['q']", 'map["k"]', "map[1]", "list[0]", "list[1].x", "list[-1]", "list[9]",
    "doc.m.k", "doc.items[0].name", "doc.items[1].tags[0]", "doc.l[2]", "context.requestOverride.header.X", "x.y",
    "context.requestOverride.path.id", "context.responseOverride.status", "context.requestOverride.querystring['a b']",
    "context.stage", "context.identity.new", "stageVariables.env", "input.x", "map.list[0]", "str.x", "foreach.k",
    "context.responseOverride.header['Content-Type']", "context.requestOverride.header", "map.get('k').x", "map.${x}",
]  # fmt: skip
SPACES = ["", "", " ", "  ", "\n", "\r\n", "\t", " \n", "\n\n", "\n  "]
HEAD = (
    "#set($list = [1, 'b', {'x': 3}, [4]])#set($map = {'k': 1, 'deep': {'k': 'v'}, 1: 'one', 'list': [1]})"
    "#set($str = 'Hello World')#set($num = 42)#set($dbl = 2.5)#set($doc = $input.path('$'))"
)


class Oddities(Templates):
    """Makes templates of the odder kinds."""

    def template(self) -> str:
        kinds = [self.strings, self.numbers, self.lists, self.maps, self.macros, self.blanks, self.escapes,
            self.places, self.json, self.loops, self.formats, self.mixed, self.definitions]  # fmt: skip
        made = "".join(self.pick(kinds)() for _ in range(self.random.randrange(1, 5)))
        return self.pick([HEAD, HEAD, HEAD + "\n", ""]) + made

    def fill(self, pattern: str) -> str:
        """A method with its arguments."""
        out = []
        for at, char in enumerate(pattern):
            lone = (
                char in "ISVPRFNLM"
                and pattern[at - 1 : at] in ("(", ",")
                and pattern[at + 1 : at + 2] in (")", ",")
            )
            out.append(self.filled(char) if lone else char)
        return "".join(out)

    def filled(self, kind: str) -> str:
        if self.random.random() < 0.05:
            return self.pick(["$nope", "$x", "[]", "true", "''", "$str", "$list", "{}"])
        return {
            "I": lambda: self.pick(["0", "1", "2", "-1", "3", "10", "$num", "99"]),
            "S": self.text_literal,
            "V": self.anything,
            "P": lambda: "'" + self.pick(PATTERNS) + "'",
            "R": lambda: "'" + self.pick(REPLACEMENTS) + "'",
            "F": lambda: "'" + self.pick(FORMATS) + self.pick(["", "", self.pick(FORMATS)]) + "'",
            "N": lambda: self.pick([*NUMBERS[:14], "$num", "$dbl", "$list.size()"]),
            "L": lambda: self.pick(
                ["[1]", "[1, 'b']", "$list", "$doc.l", "[]", "[1..3]", "['a','b']"]
            ),
            "M": lambda: self.pick(["{}", "{'k': 2}", "$map", "$doc.m", "{'a':1,'b':2}"]),
        }[kind]()

    def text_literal(self) -> str:
        text = self.pick(STRINGS)
        return f'"{text}"' if self.random.random() < 0.2 else f"'{text}'"

    def anything(self) -> str:
        return self.pick(
            [
                self.text_literal,
                lambda: self.pick(NUMBERS),
                lambda: self.pick(
                    [
                        "true",
                        "false",
                        "$nope",
                        "$list",
                        "$map",
                        "$doc.m",
                        "$doc.l",
                        "$num",
                        "$dbl",
                        "$str",
                        "[1, 2]",
                        "{'a': 1}",
                        "$doc.z",
                        "[]",
                    ]
                ),
            ]
        )()

    def shown(self, chain: str) -> str:
        return self.pick(
            [
                "[$!{0}]",
                "<${0}>",
                "${{{0}}}",
                "#set($r = ${0})$r",
                "#if(${0})T#{{else}}F#end",
                "#if(${0} == {1})T#{{else}}F#end",
                "#set($r = ${0})$!r.class.simpleName",
            ]
        ).format(chain, self.anything()) + self.pick(SPACES)

    def strings(self) -> str:
        chain = ".".join(
            self.fill(self.pick(STRING_METHODS)) for _ in range(self.pick([1, 1, 1, 2]))
        )
        return f"#set($s = {self.text_literal()})" + self.shown(f"s.{chain}")

    def numbers(self) -> str:
        if self.random.random() < 0.5:
            operator = self.pick(["+", "-", "*", "/", "%", "==", "<", ">=", "!=", "eq", "lt"])
            left, right = (
                self.pick([*NUMBERS, "$num", "$dbl", "'7'"]),
                self.pick([*NUMBERS, "$num", "$dbl", "'a'"]),
            )
            return f"#set($n = {left} {operator} {right}){self.pick(['$n', '$!n.class.name', '#if($n)y#end'])} "
        chain = ".".join(self.fill(self.pick(NUMBER_METHODS)) for _ in range(self.pick([1, 1, 2])))
        return f"#set($n = {self.pick(NUMBERS)})" + self.shown(f"n.{chain}")

    def formats(self) -> str:
        return self.shown(
            "str.format("
            + ", ".join(
                [self.filled("F"), *(self.anything() for _ in range(self.random.randrange(3)))]
            )
            + ")"
        )

    def lists(self) -> str:
        name = self.pick(["list", "list", "doc.l", "doc.items", "doc.el", "map.list"])
        made = "".join(
            self.shown(f"{name}." + self.fill(self.pick(LIST_METHODS)))
            for _ in range(self.pick([1, 2]))
        )
        return made + self.pick(["", "$list", f"${name}"])

    def maps(self) -> str:
        name = self.pick(
            ["map", "map", "doc.m", "doc", "doc.em", "map.deep", "stageVariables", "input.params()"]
        )
        made = "".join(
            self.shown(f"{name}." + self.fill(self.pick(MAP_METHODS)))
            for _ in range(self.pick([1, 2]))
        )
        return made + self.pick(["", "$map", "$doc.m"])

    def places(self) -> str:
        made = "".join(
            f"#set(${self.pick(PLACES)} = {self.anything()})" + self.pick(SPACES)
            for _ in range(self.pick([1, 2, 3]))
        )
        shown = ["$map", "$list", "$doc.m", "$doc.items", "$!context.requestOverride.header.X", "$input.json('$.items')",
            "$!context.responseOverride.status", "$!context.requestOverride.header.keySet()", "$stageVariables", "$!x"]  # fmt: skip
        return made + self.pick(shown)

    def blanks(self) -> str:
        pieces = ["#if(true)", "#if($nope)", "#else", "#elseif($num)", "#end", "#foreach($q in [1,2])", "#end", "#end", "#set($w = 1)",
            "## c", "#* c *#", "#[[t]]#", "$num", "$!nope", "text", "#macro(w)", "#w()", "#w", "#{end}", "#{else}", "#stop", "#define($z)", "$z"]  # fmt: skip
        made, open_blocks = "", 0
        for _ in range(self.random.randrange(2, 9)):
            piece = self.pick(pieces)
            if piece.startswith(("#if", "#for", "#macro", "#define")):
                open_blocks += 1
            elif piece in ("#end", "#{end}"):
                if not open_blocks:
                    continue
                open_blocks -= 1
            elif piece.startswith(("#else", "#{else")) and not open_blocks:
                continue
            made += self.pick(SPACES) + piece + self.pick(SPACES)
        return made + "".join(
            self.pick(SPACES) + "#end" + self.pick(SPACES) for _ in range(open_blocks)
        )

    def escapes(self) -> str:
        marks = ["$num", "$nope", "$!num", "$!nope", "${num}", "$!{nope}", "#if(true)x#end", "#set($e = 1)", "#nope", "#end_",
            "$num.x", "$str.length()", "##", "#*", "*#", "#[[", "]]#", "$", "#", "{", "!", '"', "'", "#m2()", "#{else}", "$5", "$_"]  # fmt: skip
        made = "".join(
            "\\" * self.pick([0, 0, 1, 1, 2, 3, 4])
            + self.pick(marks)
            + self.pick(["", "", " ", "\n"])
            for _ in range(self.random.randrange(1, 5))
        )
        if self.random.random() < 0.3 and '"' not in made:
            return f'#set($q = "{made}")$q'
        return made

    def json(self) -> str:
        text = paths.loose_json(self.random).replace("'", "''")
        path = paths.path(self.random).replace("'", "''")
        return self.pick([
            f"#set($j = $util.parseJson('{text}'))[$!j]#foreach($e in $j)<$e>#end",
            f"#set($j = $util.parseJson('{text}'))$!j.class.simpleName $!j.size()",
            f"$input.json('{path}')", f"#set($j = $input.path('{path}'))$!j #if($j)y#end $!j.size()$!j[0]",
            f"#foreach($e in $input.path('{path}'))$e$foreach.count #end", "$input.json('$')",
            f"#set($doc.new = $util.parseJson('{text}'))$input.json('$.new')",
            f"$util.escapeJavaScript($input.json('{path}'))", f"$util.urlEncode($input.json('{path}'))",
            f"#set($j = $input.json('{path}'))$j.length() $util.parseJson($j)",
            f"$util.base64Encode('{text}') $util.base64Decode($util.base64Encode('{text}'))",
            f"$util.urlDecode($util.urlEncode('{text}'))", "$util.urlDecode('%41%zz')", "$util.base64Decode('a')",
            f"$input.params('{self.pick(['id', 'q', 'Accept', 'nope', ''])}')", "$input.params().querystring.q",
            "$input.params().get('header').keySet()", "$input.body", "$input.nope", "$util.nope('a')", "$input.json($nope)",
        ])  # fmt: skip

    def loops(self) -> str:
        items = self.pick(["$doc.rows", "$doc.rows", "$doc.rows", "[1..12]", "$doc.groups", "$doc.many.entrySet()", "$doc.many",
            "$doc.many.keySet()", "$doc.many.values()", "$list", "$map.entrySet()", "$map", "$doc.items", "{}", "[]"])  # fmt: skip
        pieces = ["$i", "$i.a", "$!i.b", "${i.c.d}", "$foreach.count", "$foreach.index", "#if($foreach.hasNext),#end", "$i.key=$i.value",
            "#if($i.a == 'x')X#end", "#if($i.b >= 2)B#end", "#if(!$i.c)n#end", "#foreach($j in $i.in)<$j.e$i.a>#end", "$velocityCount",
            "#if($foreach.first)[#end", "#if($foreach.last)]#end", "$util.escapeJavaScript($i.a)", "$util.urlEncode($i.key)", "\n", " ",
            "#foreach($j in $i.in)$j.e#if($foreach.hasNext);#end#end", "#if($foreach.count > 3)#break#end", "#set($t = $i.b)$!t",
            "$!foreach.parent.count", "#foreach($j in $i.in)#foreach($k in $j.f)$k$j.e#end#end", "$str", "$doc.m.k", "$i.in.size()"]  # fmt: skip
        body = "".join(self.pick(pieces) for _ in range(self.random.randrange(1, 6)))
        return (
            f"#foreach($i in {items}){self.pick(SPACES)}{body}#end{self.pick(SPACES)}$!i$!foreach"
        )

    def macros(self) -> str:
        name, other = self.pick(["ma", "mb"]), self.pick(["mc", "ma"])
        inner = self.pick(["$p", "$!p", "$p.size()", "$p$q", "#set($p = 'n')$p", "#set($q.k = 1)$q", f"#{other}($p $q)", "$bodyContent",
            "#if($p)P#end", "#foreach($e in $p)$e#end", "#break", "#stop", "#set($g = $p)", f"#{name}($q)", "#evaluate($p)", "\\$p", "#define($d)$p#end$d"])  # fmt: skip
        body = self.pick(SPACES) + inner + self.pick(["", inner, self.pick(SPACES)])
        arguments = " ".join(self.anything() for _ in range(self.pick([0, 1, 2, 2, 3])))
        call = self.pick(
            [
                f"#{name}({arguments})",
                f"#{{{name}}}({arguments})",
                f"#@{name}({arguments})in $!p#end",
                f"#{name}",
            ]
        )
        return f"#macro({name} $p $q){body}#end{self.pick(SPACES)}" + self.pick(
            [call, call + call, call + "$!p$!g"]
        )

    def definitions(self) -> str:
        return self.pick([
            "#define($d)<$x>#end#set($x = 1)$d#set($x = 2)$d", "#define($d)#foreach($i in [1,2])$i#end#end$d.length()",
            "#evaluate('#set($v = 3)$v')$v", '#evaluate("$str $num")', "#evaluate('#foreach($i in $list)$i#end')", "#evaluate($doc.s)",
            '#define($d)a#end#set($y = "[$d]")$y', "#define($d)$!d#end$d", "#evaluate('#macro(ev)E#end')#ev()",
            "#set($t = '#if(true)y#end')#evaluate($t)", "#evaluate('$nope')", "#evaluate(\"#set($str = 'new')\")$str",
            "#define($d)#set($z = 'in')#end$d$!z", "#literal()$x#end", "#[[ #if ]]#", "#set($a = \"#evaluate('$num')\")$a",
        ])  # fmt: skip

    def mixed(self) -> str:
        self.depth = 1
        return self.statement()


BODY = {
    "s": "it's \"a\" \\ test/1", "z": None, "l": [3, 1, 2], "m": {"k": "v", "x-y": 1}, "el": [], "em": {}, "num": "42",
    "items": [{"id": 1, "name": "one", "tags": ["p", "q"]}, {"id": 2, "name": "two", "tags": []}, {"id": 3, "name": None}],
    "rows": [{"a": "x" if n % 3 else "y'", "b": n, "c": {"d": n / 2}, "in": [{"e": str(n), "f": [1, 2]}] * (n % 3)} for n in range(11)],
    "groups": [{"a": "g", "b": 2.5, "in": [{"e": n, "f": []} for n in range(n)]} for n in range(9)],
    "many": {f"k{n}": f"v{n}" for n in range(10)}, "u": "é€😀", "t": True,
}  # fmt: skip


def case(random: Random) -> dict[str, Any]:
    """A template with what it is given."""
    body = json.loads(json.dumps(BODY))
    if random.random() < 0.3:
        body["rows"][random.randrange(11)] = random.choice(
            [None, "text", 5, {"a": None}, [], {"a": True, "b": 1e10, "c": 3}]
        )
    return {
        "template": Oddities(random).template(),
        "body": json.dumps(body, ensure_ascii=random.random() < 0.5),
        "params": {"path": {"id": "p1"}, "querystring": {"q": "a b"}, "header": {"Accept": "*/*"}},
        "context": {"stage": "dev", "identity": {"sourceIp": "192.0.2.7"}},
        "stageVariables": {"env": "test"},
    }
