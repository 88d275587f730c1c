"""The extension keys that Amazon documents, where they belong, and guesses at misspelt ones."""

from __future__ import annotations

from difflib import get_close_matches

from inspector.definitions.cursor import Cursor
from inspector.definitions.diagnostics import Notes

PREFIX = "x-amazon-apigateway-"

#: Keys by the kind of object that may hold them.
KNOWN: dict[str, frozenset[str]] = {
    "document": frozenset(
        PREFIX + name
        for name in (
            "api-key-source",
            "binary-media-types",
            "cors",
            "documentation",
            "endpoint-access-mode",
            "endpoint-configuration",
            "gateway-responses",
            "importexport-version",
            "minimum-compression-size",
            "policy",
            "request-validator",
            "request-validators",
            "security-policy",
        )
    ),
    "path item": frozenset({PREFIX + "any-method"}),
    "operation": frozenset(
        PREFIX + name for name in ("auth", "integration", "request-validator", "authtype")
    ),
    "security scheme": frozenset({PREFIX + "authorizer", PREFIX + "authtype"}),
    "components": frozenset({PREFIX + "integrations"}),
    "tag": frozenset({PREFIX + "tag-value"}),
}
_ALL = sorted(frozenset().union(*KNOWN.values()))

INTEGRATION_PROPERTIES = frozenset(
    {
        "cacheKeyParameters",
        "cacheNamespace",
        "connectionId",
        "connectionType",
        "contentHandling",
        "credentials",
        "httpMethod",
        "integrationSubtype",
        "integrationTarget",
        "passthroughBehavior",
        "payloadFormatVersion",
        "requestParameters",
        "requestTemplates",
        "responseTransferMode",
        "responses",
        "timeoutInMillis",
        "tlsConfig",
        "type",
        "uri",
    }
)


def check_extensions(cursor: Cursor, kind: str, notes: Notes) -> None:
    """Warn of Amazon's keys that an object of this kind does not have."""
    for key, value in cursor.entries():
        if key.lower().startswith("x-amazon-") and key not in KNOWN[kind]:
            if key in _ALL:
                homes = " or ".join(f"a {home}" for home, keys in KNOWN.items() if key in keys)
                message, remedy = f"{key} has no effect in a {kind}", f"It belongs into {homes}."
            else:
                message, remedy = f"{key} is not a key that Amazon knows", guess(key, _ALL)
            notes.warning("unknown-extension", message, value.key_source, remedy)


def check_integration(cursor: Cursor, notes: Notes) -> None:
    """Warn of properties that an integration does not have."""
    for key, value in cursor.entries():
        if key not in INTEGRATION_PROPERTIES and not key.startswith("x-"):
            message = f"an integration has no property {key!r}; it is ignored"
            remedy = guess(key, sorted(INTEGRATION_PROPERTIES))
            notes.warning("unknown-property", message, value.key_source, remedy)


def guess(word: str, known: list[str]) -> str:
    """The known words nearest to `word`, as a remedy."""
    near = get_close_matches(word, known, n=3, cutoff=0.5)
    return f"Did you mean {' or '.join(near)}?" if near else f"Known: {', '.join(known[:12])}."
