"""From a declared value to the line of one of its properties, found in the text when asked.

The model knows where an integration stands, not where its timeout does: nobody wants that but
whoever explains, and it costs every load. So the text is read again, and the JSON pointer walked
on from there. Names are those of OpenAPI's extensions; a CloudFormation resource spells them with
a capital, keeps them in `Properties`, and has a few of its own.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from inspector.definitions.bundle import Bundle
from inspector.definitions.cursor import Cursor
from inspector.definitions.marks import document_of, place_of
from inspector.definitions.nodes import ListNode, MapNode, ScalarNode, Unreadable
from inspector.definitions.oddities import odd_names
from inspector.definitions.references import Reference, references
from inspector.gateway.explain.case import Odd
from inspector.model import Source

#: What CloudFormation calls properties that OpenAPI's extensions name otherwise.
_RENAMED: Mapping[str, tuple[str, ...]] = {
    "httpMethod": ("IntegrationHttpMethod", "IntegrationMethod"),
    "uri": ("IntegrationUri",),
    "type": ("IntegrationType", "AuthorizerType", "Type"),
    "x-amazon-apigateway-cors": ("CorsConfiguration",),
    "x-amazon-apigateway-integration": ("Integration",),
    "x-amazon-apigateway-request-validator": ("RequestValidatorId",),
    "x-amazon-apigateway-request-validators": ("RequestValidators",),
    "x-amazon-apigateway-api-key-source": ("ApiKeySourceType",),
    "x-amazon-apigateway-binary-media-types": ("BinaryMediaTypes",),
    "x-amazon-apigateway-auth": ("AuthorizationType",),
    "responses": ("IntegrationResponses",),
}
Key = str | int
#: The words within names such as `petId`, `HTTPApi` and `GetPets2`.
_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+|\d+")


@dataclass(slots=True)
class Places:
    """The lines of a definition's files."""

    files: Mapping[str, str]
    _roots: dict[str, Cursor | None] = field(default_factory=dict)
    _words: Counter[str] = field(default_factory=Counter)
    _referred: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, bundle: Bundle) -> Places:
        """Those of a bundle, included files too."""
        return cls({**bundle.includes, **bundle.files})

    def at(self, source: Source | None, *keys: Key) -> Source | None:
        """Where the property at `keys` below `source` stands; None where it is not written."""
        cursor = self._cursor(source, keys)
        return None if cursor is None else cursor.source

    def key(self, source: Source | None, *keys: Key) -> Source | None:
        """The same for the key that holds the property, be it a scalar or not."""
        cursor = self._cursor(source, keys)
        return None if cursor is None else cursor.key_source

    def children(self, source: Source | None, *keys: Key) -> list[tuple[str, Source]]:
        """The members of a mapping or list with their places."""
        cursor = self._cursor(source, keys)
        if cursor is None:
            return []
        if cursor.is_list:
            return [(str(index), item.source) for index, item in enumerate(cursor.items())]
        return [(key, child.key_source) for key, child in cursor.entries()]

    def value(self, source: Source | None, *keys: Key) -> Any:
        """A property as plain data, functions of CloudFormation left as they are."""
        cursor = self._cursor(source, keys)
        return None if cursor is None else cursor.plain()

    def line(self, source: Source | None) -> str | None:
        """The text of the line that a place is on."""
        if source is None:
            return None
        lines = self.files.get(source.file, "").splitlines()
        return lines[source.line - 1] if 0 < source.line <= len(lines) else None

    def inside(self, source: Source, line: int, column: int = 1) -> Source:
        """The place in the file of a line and column of the template at `source`."""
        text = self.files.get(source.file)
        if text is None:
            return source
        at, over = place_of(text, source, line, column)
        return Source(source.file, at, over, source.pointer)

    def resources(self, kind: str) -> Iterator[tuple[str, Source]]:
        """The resources of a type in all templates, by logical id."""
        for file in self.files:
            root = self._root(file)
            section = root.get("Resources") if root is not None else None
            for name, resource in section.entries() if section is not None else ():
                declared = resource.get("Type")
                if declared is not None and declared.text == kind:
                    yield name, resource.key_source

    def references(self) -> list[Reference]:
        """Who refers to whom in all templates."""
        roots = [root for file in self.files if (root := self._root(file)) is not None]
        return [each for root in roots for each in references(root)]

    def logical_ids(self) -> Iterator[tuple[str, Source]]:
        """All resources of all templates."""
        for file in self.files:
            root = self._root(file)
            section = root.get("Resources") if root is not None else None
            for name, resource in section.entries() if section is not None else ():
                yield name, resource.key_source

    def referred(self, logical_id: str) -> bool:
        """Whether any resource refers to this one."""
        if not self._referred:
            self._referred.update(each.target for each in self.references())
        return logical_id in self._referred

    def familiar(self, name: str) -> int:
        """How often the words of a name stand in the files: a slip's hardly do."""
        return sum(self._counts(name))

    def rarest(self, name: str) -> int:
        """How often the rarest word of a name stands in the files."""
        return min(self._counts(name), default=0)

    def _counts(self, name: str) -> list[int]:
        if not self._words:
            for text in self.files.values():
                self._words.update(word.lower() for word in _WORDS.findall(text))
        return [min(self._words[word.lower()], 4) for word in _WORDS.findall(name)]

    def holding(self, source: Source, words: set[str]) -> Source | None:
        """The first scalar or key below `source` that is one of these texts."""
        start = self._cursor(source, ())
        waiting = [] if start is None else [start]
        while waiting:
            here = waiting.pop(0)
            for key, child in here.entries():
                if key in words:
                    return child.key_source
                if not child.is_map and not child.is_list and child.text in words:
                    return child.source
                waiting.append(child)
            waiting += [item for item in here.items() if item.is_map or item.is_list]
        return None

    def parameter(self, source: Source | None, *keys: Key) -> Source | None:
        """Where the value comes from that a property only refers to: the parameter's default."""
        cursor = self._cursor(source, keys)
        if cursor is None:
            return None
        name = _referred(cursor)
        root = self._root(cursor.document.file)
        section = root.get("Parameters") if root is not None and name else None
        declared = section.get(name) if section is not None and name else None
        default = declared.get("Default") if declared is not None else None
        return None if default is None else default.source

    def odd(self) -> list[Odd]:
        """Names in the files that nobody reads."""
        roots = [root for file in self.files if (root := self._root(file)) is not None]
        return [odd for root in roots for odd in odd_names(root)]

    def _root(self, file: str) -> Cursor | None:
        if file not in self._roots:
            try:
                self._roots[file] = Cursor.root(document_of(file, self.files[file]))
            except (KeyError, Unreadable):
                self._roots[file] = None
        return self._roots[file]

    def _cursor(self, source: Source | None, keys: tuple[Key, ...]) -> Cursor | None:
        if source is None:
            return None
        root = self._root(source.file)
        here = None if root is None else root.at(source.pointer)
        if here is None and root is not None:
            # A value that a function computed: its pointer ends in the function's name.
            here = root.at(source.pointer.rpartition("/")[0])
        for key in keys:
            if here is None:
                return None
            here = self._child(self._followed(here), key)
        return here

    def _child(self, here: Cursor, key: Key) -> Cursor | None:
        if isinstance(key, int):
            # A single member may stand without its list (policies, tags).
            return here.child(str(key)) if isinstance(here.node, ListNode) else here
        names = (key, key[:1].upper() + key[1:], *_RENAMED.get(key, ()))
        holders = [here]
        properties = here.get("Properties")
        if properties is not None and here.get("Type") is not None:
            holders.insert(0, properties)
        for holder in holders:
            for name in names:
                found = holder.get(name)
                if found is not None:
                    return found
        return None

    def _followed(self, here: Cursor) -> Cursor:
        """Behind a `$ref` of the same file."""
        reference = here.get("$ref")
        if reference is None or not reference.text.startswith("#/"):
            return here
        root = self._root(here.document.file)
        return (root.at(reference.text[1:]) if root is not None else None) or here


def _referred(cursor: Cursor) -> str | None:
    """The name in `!Ref NAME` or `{Ref: NAME}`."""
    node = cursor.node
    if isinstance(node, ScalarNode) and node.tag == "!Ref":
        return node.text
    if isinstance(node, MapNode) and list(node.entries) == ["Ref"]:
        return cursor.get("Ref").text  # type: ignore[union-attr]
    return None
