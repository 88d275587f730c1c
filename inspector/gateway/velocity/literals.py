"""What stands in the text of a node, as Velocity gives it back: for null references and unknown macros."""

from __future__ import annotations

from typing import Final

from inspector.gateway.velocity.nodes import Node, ReferenceData
from inspector.gateway.velocity.tokens import Kind, Token

_MARKS: Final = frozenset("#$")


def special_text(images: tuple[str, ...]) -> str:
    """What is kept of terminators before a token: lone `$` and `#`, with their backslashes."""
    kept: list[str] = []
    for image in images:
        index = 0
        while index < len(image):
            if image[index] in _MARKS:
                kept.append(image[index])
            elif image[index] == "\\":
                stop = index
                while stop < len(image) and image[stop] == "\\":
                    stop += 1
                if stop < len(image) and image[stop] == "$":
                    kept.append(image[index : stop + 1])
                    index = stop + 1
            index += 1
    return "".join(kept)


def token_literal(token: Token) -> str:
    """The text of a token with what precedes it; comments have none."""
    if token.kind is Kind.BLOCK_COMMENT:
        return ""
    if not token.special or token.special[-1].startswith("##"):
        return token.image
    return special_text(token.special) + token.image


def literal(node: Node) -> str:
    """The text of a node."""
    return "".join(map(token_literal, node.tokens()))


def images(node: Node) -> str:
    """The bare text of a node's tokens: what an unknown macro prints."""
    return "".join(token.image for token in node.tokens())


def comment_prefix(node: Node) -> str:
    """What stood in one token with the start of a comment: `$##` prints its `$`."""
    image = node.first.image
    place = image.find("##")
    if place < 0:
        place = image.find("#*")
    return image[:place] if place > 0 else ""


def reference_data(node: Node) -> ReferenceData:
    """Root, prefixes and null text of a reference. Trims the first token, as Velocity does."""
    data = ReferenceData()
    data.root = _root(node, data)
    data.literal = literal(node)
    return data


def _root(node: Node, data: ReferenceData) -> str:
    token = node.first
    if "\\!" in token.image:
        data.computable = False
        data.null_string = _without_slash(token.image)
        return data.null_string
    image = token.image
    slashes = len(image) - len(image.lstrip("\\"))
    data.escaped = slashes % 2 == 1
    data.esc_prefix = image[: slashes // 2]
    image = image[slashes:]
    dollar = image.rfind("$")
    if dollar > 0:
        data.more_prefix = image[:dollar]
        image = image[dollar:]
    token.image = image
    data.null_string = literal(node)
    following = token.next.image if token.next else ""
    if image.startswith("$!"):
        data.quiet = True
        if not data.escaped:
            data.null_string = ""
        return following if image.startswith("$!{") else image[2:]
    if image == "${":
        return following
    if image.startswith("$"):
        return image[1:]
    data.runt = True
    return image


def _without_slash(image: str) -> str:
    r"""The image of `$\\!x` with one backslash less."""
    place = image.find("$")
    if place < 0:
        return image
    slash = image.find("\\", place)
    return image if slash < 0 else image[:slash] + image[slash + 1 :]
