"""Garbage gives output or an error with a place, in bounded time: never a crash, never a hang.

Some hundreds by default; `INSPECTOR_GARBAGE_CASES=100000` for many, `INSPECTOR_FUZZ_SEED` for others.
"""

from __future__ import annotations

import json
import os
import string
import time
from random import Random

import pytest

from inspector.gateway.velocity import Budget, TemplateError, compile_template
from tests.gateway.velocity import generator
from tests.gateway.velocity.cases import MODES, inputs, load

CASES = int(os.environ.get("INSPECTOR_GARBAGE_CASES", "600"))
SEED = int(os.environ.get("INSPECTOR_FUZZ_SEED", "20"))
LONGEST = 20.0  # seconds of the processor's time: behind that it counts as a hang
BUDGET = Budget(nodes=100_000, iterations=1_000, output=1_000_000, value=1_000_000)
SYNTAX = ["$", "#", "{", "}", "(", ")", "[", "]", '"', "'", "\\", ".", "!", "#if(", "#foreach($x in ",
    "#set($a = ", "#end", "#macro(m $p)", "#m(", "#[[", "]]#", "#*", "*#", "##", "#define($d)", "#evaluate(",
    "..", "&&", "99999999999999999999", "1e308", "$x.y(", "$input.path('$..*')", "\n", " "]  # fmt: skip
BOMBS = [
    "(" * 3000, "[" * 3000, "#if(true)" * 2000, '#set($a = "' * 500, "#set($x = " + "(" * 500 + "1" + ")" * 500 + ")$x",
    "#set($x = " + "!" * 3000 + "true)$x", "#set($x = " + "[" * 300 + "]" * 300 + ")$x",
    "#set($x = 1" + "+1" * 3000 + ")$x", "$a" + ".b" * 5000, "$a" + "[0]" * 3000, "$a" + ".b(" * 400,
    "#set($x = " + "9" * 20000 + ")#set($y = $x * $x)#set($y = $y * $y)$y",
    "#set($x = 'ab')#foreach($i in [1..1000])#set($x = $x + $x)#end$x.length()",
    "#set($x = 'ab')#foreach($i in [1..1000])#set($x = \"$x$x\")#end$x",
    "#set($x = 'ab')#foreach($i in [1..1000])#set($x = $x.replaceAll('', 'aaaaaaaaaa'))#end",
    "#set($x = 'ab')#foreach($i in [1..1000])#set($x = $x.replace('a', 'aaaaaaaaaa'))#end",
    "#set($x = 'ab')#foreach($i in [1..1000])#set($x = $x.concat($x))#end",
    "#set($x = 'ab')#foreach($i in [1..1000])#set($x = $util.urlEncode($x + '%'))#set($x = $x + $x)#end",
    "#set($l = [1])#foreach($i in [1..1000])#set($b = $l.addAll($l))#end$l.size()",
    "#set($l = [1])#foreach($i in [1..1000])#set($l = [$l, $l])#end$l",
    "#set($l = [1])#foreach($i in [1..1000])#set($l = [$l, $l])#end#if($l == $l)a#end",
    "#set($m = {})#foreach($i in [1..1000])#set($m = {'a': $m, 'b': $m})#end$m.hashCode()",
    "#foreach($a in [1..1000])#foreach($b in [1..1000])#foreach($c in [1..1000])#end#end#end",
    "#foreach($a in [1..1000])#foreach($b in [1..1000])x#foreach($c in [1..1000])y#end#end#end",
    "#set($r = [1..2000000000])$r.size()", "#set($r = [-2147483648..2147483647])",
    "#macro(m)#m()#m()#end#m()", "#macro(m $p)#m($p $p)$p#end#m('x')", "#define($d)$d$d#end$d",
    "#define($d)#evaluate('$d$d')#end$d", "#set($e = '#evaluate($e)')#evaluate($e)",
    "#set($s = 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!')$s.matches('(a+)+')",
    "#set($s = 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!')$s.replaceAll('(a|aa)+$', '')",
    "#set($s = 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!')$s.split('(a*)*b')",
    "#set($s = 'ab')$s.matches('" + "(" * 5000 + "')", "#set($s = 'ab')$s.matches('" + "[" * 5000 + "')",
    "#set($s = 'ab')$s.replaceAll('a{2147483647}{2147483647}', 'x')",
    "#set($s = 'ab')$s.replaceAll('(((a{1000}){1000}){1000}){1000}', 'x')",
    "#set($s = 'ab')$s.repeat(2000000000)", "$s.format('%2000000000d', 1)#set($s = 'x')$s.format('%999999999d', 1)",
    "#set($x = 1)$x.toString().format('%1$999999999s', 'a')", "#set($s = 'x')$s.indent(2000000000)",
    "#set($x = 1e308 * 10)$x", "#set($b = $input.path('$.big'))$b.pow(999999999)", "$big.shiftLeft(2000000000)",
    "#set($l = [1, 2])#set($x = $l.set(0, $l))$l", "#set($m = {})#set($m.m = $m)$m$m.hashCode()",
    "#foreach($x in $l)#set($y = $l.add($x))#end", "#set($l = [1])#foreach($x in $l)#set($y = $l.add($x))#end",
]  # fmt: skip


def garbage(random, templates):
    """One text: bytes, syntax, a mutated or truncated template, a bomb."""
    kind = random.randrange(6)
    if kind == 0:
        return bytes(random.randrange(256) for _ in range(random.randrange(80))).decode("latin-1")
    if kind == 1:
        return "".join(random.choice(SYNTAX) for _ in range(random.randrange(1, 40)))
    if kind == 2:
        return random.choice(SYNTAX) * random.randrange(1, 400)
    text = random.choice(templates) if kind < 5 else generator.Templates(random).template()
    if kind == 3:
        return text[: random.randrange(len(text) + 1)]
    for _ in range(random.randrange(1, 6)):
        at = random.randrange(len(text) + 1)
        piece = random.choice([*SYNTAX, random.choice(string.printable), ""])
        text = text[:at] + piece + text[at + random.randrange(4) :]
    return text


def survives(template, mode):
    """What is wrong with how a template ends; None where nothing is."""
    case = {"body": json.dumps(generator.BODY), "params": {}, "context": {}, "stageVariables": {}}
    start = time.process_time()
    try:
        program = compile_template(template, mode)
        variables = inputs(case).variables(amazon=mode == "amazon", max_visits=100_000)
        assert isinstance(program.render(variables, BUDGET).output, str)
    except TemplateError as fault:
        if not (isinstance(fault.line, int) and isinstance(fault.column, int)):
            return f"an error without a place: {fault}"
    except Exception as fault:  # noqa: BLE001  # this is what must not happen
        return f"a crash: {fault!r}"
    took = time.process_time() - start
    return f"{took:.1f} seconds" if took > LONGEST else None


@pytest.mark.slow
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("template", BOMBS, ids=range(len(BOMBS)))
def test_bombs_are_bounded(template, mode):
    assert survives(template, mode) is None


def test_garbage_ends_in_output_or_an_error_with_its_place():
    random = Random(SEED)
    templates = [case["template"] for case in load("golden.jsonl")]
    found = []
    for _ in range(CASES):
        text, mode = garbage(random, templates), random.choice(MODES)
        wrong = survives(text, mode)
        if wrong is not None:
            found.append((text[:300], mode, wrong))
    assert found[:5] == []
