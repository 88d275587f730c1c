"""Random paths and random near-JSON, answered by the real engines and by ours.

Needs Java and the engines (tests/oracle); a few hundred cases by default,
`INSPECTOR_FUZZ_CASES=20000 pytest tests/gateway/jsonpath` for many, `INSPECTOR_FUZZ_SEED` for others.
Whatever differed stands in tests/data/jsonpath and is tested without Java.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from random import Random

import pytest

from inspector.gateway.jsonpath.errors import JsonPathError
from inspector.gateway.jsonpath.paths import compile_path
from inspector.gateway.jsonpath.reader import parse_json
from tests.gateway.jsonpath import generator
from tests.gateway.jsonpath.test_recorded import both_forms
from tests.oracle.engine import answers

CASES = int(os.environ.get("INSPECTOR_FUZZ_CASES", "300"))
SEED = int(os.environ.get("INSPECTOR_FUZZ_SEED", "20"))
PATHS = "#set($p=$stageVariables.p)J:$input.json($p) P:$!input.path($p)"
TEXTS = "#set($x=$util.parseJson($stageVariables.p))P:$!x J:$input.json('$')"


def path_case(random: Random) -> dict[str, object]:
    return {
        "template": PATHS,
        "body": generator.body(random),
        "stageVariables": {"p": generator.path(random)},
    }


def text_case(random: Random) -> dict[str, object]:
    text = generator.loose_json(random)
    return {"template": TEXTS, "body": text, "stageVariables": {"p": text}}


def our_path(case: dict[str, str]) -> str:
    try:
        document = parse_json(case["body"])
    except JsonPathError:
        document = None
    value = None if document is None else compile_path(case["stageVariables"]["p"]).read(document)
    return both_forms(value, "J:{J} P:{P}")


def our_text(case: dict[str, str]) -> str:
    return both_forms(parse_json(case["body"]), "P:{P} J:{J}")


def differs(case: dict[str, str], answer: dict[str, object], ours: Callable) -> object:
    """What the two say, where they do not say the same; else None."""
    try:
        # Half a surrogate pair cannot be written; Java's stream makes a question mark of it.
        output = ours(case).encode("utf-8", "replace").decode("utf-8")
    except JsonPathError as error:
        # The words differ where a path has several faults and Jayway meets another one first.
        same = "error" in answer and answer["error"].get("cause") == error.java_class
        return None if same else (error.described(), answer)
    return None if output == answer.get("output") else (output, answer)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("make", "ours"), [(path_case, our_path), (text_case, our_text)], ids=["paths", "texts"]
)
def test_no_divergence(make, ours):
    random = Random(SEED)
    cases = [{"id": str(number), **make(random)} for number in range(CASES)]
    found = [
        (json.dumps(case), difference)
        for case, answer in zip(cases, answers(cases, mode="velocity"), strict=True)
        if (difference := differs(case, answer, ours)) is not None
    ]
    assert found[:5] == []
