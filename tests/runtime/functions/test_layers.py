"""Layers of a template, on this machine: what they bring is found, the last one first."""

from __future__ import annotations

import json
import shutil
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from inspector.definitions import Bundle, read
from inspector.gateway.effects import FunctionAnswer
from inspector.runtime.functions.functions import Functions
from tests.runtime.functions.test_declared import Shop, invoke, template

pytestmark = pytest.mark.slow

LAYERS = [{"Ref": "First"}, {"Ref": "Second"}]
NODE = {"Runtime": "nodejs20.x", "Handler": "index.handler", "Layers": LAYERS}


class Layered(Shop):
    """Two layers, `first` and `second`, of which the function uses both."""

    def put(self, name: str, text: str) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def declare(self, first: object = "first", **more: Any) -> None:
        contents = {"First": first, "Second": "second"}
        layers = {
            name: {"Type": "AWS::Lambda::LayerVersion", "Properties": {"Content": content}}
            for name, content in contents.items()
        }
        resources = layers | template(**({"Layers": LAYERS} | more))
        bundle = Bundle({str(self.folder / "t.json"): json.dumps({"Resources": resources})})
        loaded = read(bundle)
        self.functions = loaded.definition.functions
        self.told = [each.message for each in loaded.diagnostics if "layer" in each.message]


@pytest.fixture
def shop(tmp_path: Path) -> Layered:
    return Layered(tmp_path)


def test_a_python_function_imports_what_they_bring(shop: Layered) -> None:
    site = f"lib/python{sys.version_info.major}.{sys.version_info.minor}/site-packages"
    shop.put("src/app.py", "import both, one, two\n"
             "def handler(e, c): return [one.NAME, two.NAME, both.NAME]\n")  # fmt: skip
    shop.put("first/python/one.py", "NAME = 'one'\n")
    shop.put("first/python/both.py", "NAME = 'of the first'\n")
    shop.put(f"second/python/{site}/two.py", "NAME = 'two'\n")
    shop.put("second/python/both.py", "NAME = 'of the second'\n")
    shop.declare()
    assert shop.told == []
    assert shop.result(None) == ["one", "two", "of the second"]


@pytest.mark.skipif(shutil.which("node") is None, reason="there is no Node.js here")
def test_a_node_function_requires_what_they_bring(shop: Layered) -> None:
    shop.put("src/index.js", "exports.handler = async () => [require('one'), require('two')];\n")
    shop.put("first/nodejs/node_modules/one/index.js", "module.exports = 'one';\n")
    shop.put("second/nodejs/node20/node_modules/two/index.js", "module.exports = 'two';\n")
    shop.declare(**NODE)
    assert shop.result(None) == ["one", "two"]


def test_programs_are_found_behind_all_others(shop: Layered) -> None:
    shop.put("second/bin/tool", "")
    shop.declare()
    [path] = shop.result(["PATH"])  # type: ignore[misc]  a list
    assert path.endswith(f":{shop.folder / 'second' / 'bin'}")


def test_an_archive_is_unpacked(shop: Layered) -> None:
    shop.put("src/app.py", "import one\ndef handler(e, c): return one.NAME\n")
    with zipfile.ZipFile(shop.folder / "first.zip", "w") as made:
        made.writestr("python/one.py", "NAME = 'zipped'\n")
    shop.declare(first="first.zip")
    assert shop.result(None) == "zipped"


def test_an_edit_of_a_layer_counts_with_the_next_invocation(shop: Layered) -> None:
    shop.put("src/app.py", "import one\ndef handler(e, c): return one.NAME\n")
    shop.put("first/python/one.py", "NAME = 'before'\n")
    shop.declare()
    found: list[object] = []

    async def use(functions: Functions) -> None:
        while "afterwards" not in found:
            answer = await invoke(functions, None)
            assert isinstance(answer, FunctionAnswer)
            found.append(json.loads(answer.payload))
            shop.put("first/python/one.py", "NAME = 'afterwards'\n")

    shop.run(use)
    assert found[0] == "before"


def test_a_layer_that_is_elsewhere_is_told_of(shop: Layered) -> None:
    elsewhere = {"S3Bucket": "b", "S3Key": "k"}
    public = "arn:aws:lambda:us-east-1:017000801446:layer:Powertools:79"
    shop.declare(first=elsewhere, Layers=[*LAYERS, public])
    assert shop.told == [
        "layer First is not on this machine: functions are run without it",
        f"layer {public} is not on this machine: functions are run without it",
    ]
