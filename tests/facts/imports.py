"""Cases of kind `import`: a document, and what Amazon's import made of it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from inspector.definitions import Bundle, Loaded, Options, read
from inspector.definitions.diagnostics import AMAZONS_WARNINGS, DEPLOY_CODES
from inspector.definitions.put import put
from inspector.model import RestApi
from tests.facts.compare import checks, differs, subset
from tests.facts.imported import authorizer_of, method_of, settings_of
from tests.facts.shortfall import Shortfall, unknown

#: `ignore` (documentation) and the endpoint's type change nothing that a case looks at.
_PARAMETERS = {"basepath", "failonwarnings", "ignore", "endpointConfigurationTypes"}


def run(case: Mapping[str, Any]) -> Iterator[Shortfall]:
    """Import the document, onto an API that exists where the case has one; compare."""
    parameters = case.get("parameters") or {}
    yield from (unknown(f"parameters.{key}") for key in parameters.keys() - _PARAMETERS)
    loaded = _imported(case, parameters)
    api = _resulting(case, loaded)

    def of_api(name: str) -> Any:
        def check(wanted: Any) -> Iterator[Shortfall]:
            got = None if api is None else settings_of(api).get(name)
            yield from differs(name, wanted, got)

        return check

    def methods(wanted: Mapping[str, Mapping[str, Any]]) -> Iterator[Shortfall]:
        by_path = {} if api is None else {each.path: each for each in api.resources}
        for name, expected in wanted.items():
            verb, _, path = name.partition(" ")
            resource = by_path.get(path)
            method = None if resource is None else resource.methods.get(verb)
            if api is None or resource is None or method is None:
                yield Shortfall(name, expected, None)
            else:
                yield from _told(name, expected, method_of(api, resource, method))

    def authorizers(wanted: list[Mapping[str, Any]]) -> Iterator[Shortfall]:
        found = [] if api is None else [authorizer_of(each) for each in api.authorizers.values()]
        yield from differs("authorizers", len(wanted), len(found))
        named = {each["name"]: each for each in found}
        for expected, in_order in zip(wanted, found, strict=False):
            # Amazon lists them in an order of its own.
            yield from _told("authorizer", expected, named.get(expected.get("name"), in_order))

    yield from checks(
        case["expect"],
        {
            "error": lambda wanted: differs(
                "error", wanted or None, _error(loaded, wanted, fail_on_warnings=_fails(parameters))
            ),
            "warnings": lambda wanted: differs("warnings", wanted or [], _warnings(loaded)),
            "methods": methods,
            "authorizers": authorizers,
            **{name: of_api(name) for name in ("resources", "binaryMediaTypes", "apiKeySource",
                "requestParameters", "models", "name", "version", "description",
                "requestValidators", "gatewayResponses", "minimumCompressionSize",
                "disableExecuteApiEndpoint", "policy")},
        },
    )  # fmt: skip


def _told(what: str, wanted: Mapping[str, Any], got: Mapping[str, Any]) -> Iterator[Shortfall]:
    """What the case names; a member that Amazon does not tell is null there and absent here."""
    for key, value in wanted.items():
        found = got.get(key)
        if value is None or found is None:
            yield from differs(f"{what} {key}", value, found)
        else:
            yield from subset(f"{what} {key}", value, found)


def _imported(case: Mapping[str, Any], parameters: Mapping[str, Any]) -> Loaded:
    text = case.get("api_text") or json.dumps(case["api"])
    options = Options(
        base_path_mode=parameters.get("basepath", "ignore"),
        fail_on_warnings=_fails(parameters),
        api_type="rest",
    )
    return read(Bundle({"case.json" if "api" in case else "case": text}, options))


def _resulting(case: Mapping[str, Any], loaded: Loaded) -> RestApi | None:
    if not loaded.definition.rest_apis:
        return None
    api = loaded.definition.rest_apis[0]
    existing = case.get("existing")
    if existing is None:
        return api
    before = existing.get("api") or {
        "openapi": "3.0.1",
        "info": {"title": "existing", "version": "1"},
        "paths": {},
        "x-amazon-apigateway-binary-media-types": existing.get("binaryMediaTypes", []),
    }
    bundle = Bundle({"before.json": json.dumps(before)}, Options(api_type="rest"))
    return put(read(bundle).definition.rest_apis[0], api, case.get("mode", "merge"))


def _fails(parameters: Mapping[str, Any]) -> bool:
    return str(parameters.get("failonwarnings", "")).lower() == "true"


def _error(loaded: Loaded, wanted: str | None, *, fail_on_warnings: bool) -> str | None:
    """Amazon's sentence; ours may go on behind it."""
    first = next((each for each in loaded.diagnostics if each.level == "error"), None)
    if first is not None and first.code not in DEPLOY_CODES:
        message = first.message
    elif fail_on_warnings and _warnings(loaded):
        message = "\n\t".join(["Warnings found during import:", *_warnings(loaded)])
    else:
        return None
    return wanted if wanted and message.startswith(wanted) else message


def _warnings(loaded: Loaded) -> list[str]:
    return [each.message for each in loaded.diagnostics if each.code in AMAZONS_WARNINGS]
