"""Cases of kind `export`: the document that GetExport answers."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from inspector.definitions import Bundle, Options, read
from inspector.definitions.exporting import export
from tests.facts.compare import checks, differs
from tests.facts.shortfall import Shortfall, unknown

_PARAMETERS = {"extensions", "accept", "accepts"}


def run(case: Mapping[str, Any]) -> Iterator[Shortfall]:
    """Import the document, export it, compare."""
    parameters = case.get("parameters") or {}
    yield from (unknown(f"parameters.{key}") for key in parameters.keys() - _PARAMETERS)
    options = Options(stage=case.get("stage"), api_type="rest")
    api = read(Bundle({"api.json": json.dumps(case["api"])}, options)).definition.rest_apis[0]
    extensions = str(parameters.get("extensions") or "").split(",")
    stage = case.get("stage") or api.stages[0].name
    exported = export(api, stage, case["exportType"], extensions=extensions)

    def body(wanted: Any) -> Iterator[Shortfall]:
        text = json.dumps(wanted).replace("{apiId}", api.id).replace("{region}", api.region)
        yield from differs("body_json", json.loads(text), exported.document)

    yield from checks(
        case["expect"],
        {
            "body_json": body,
            "contentType": lambda wanted: differs("contentType", wanted, exported.content_type),
            "contentDisposition": lambda wanted: differs(
                "contentDisposition", wanted, exported.content_disposition
            ),
        },
    )
