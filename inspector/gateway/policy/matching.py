"""Names with wildcards: `*` stands for any characters, `?` for one. No backtracking explodes."""

from __future__ import annotations

#: The parts of an ARN: arn, partition, service, region, account, resource.
_PARTS = 6


def like(pattern: str, text: str) -> bool:
    """Whether the whole of `text` fits `pattern`. In time of their product, whatever they are."""
    p = t = 0
    star, resume = -1, 0
    while t < len(text):
        if p < len(pattern) and pattern[p] == "*":
            star, resume = p, t
            p += 1
        elif p < len(pattern) and pattern[p] in ("?", text[t]):
            p += 1
            t += 1
        elif star >= 0:
            p = star + 1
            resume += 1
            t = resume
        else:
            return False
    return all(character == "*" for character in pattern[p:])


def action_like(pattern: str, action: str) -> bool:
    """Actions are compared without case (IAM user guide, Action)."""
    return like(pattern.lower(), action.lower())


def arn_like(pattern: str, arn: str) -> bool:
    """ARNs part by part: a wildcard spans slashes, never the colons between the parts.

    A pattern of fewer parts is filled up with `*` (IAM user guide, Resource: "incomplete ARN").
    """
    if pattern == "*":
        return True
    wanted = pattern.split(":", _PARTS - 1)
    given = arn.split(":", _PARTS - 1)
    if len(given) < _PARTS:
        return like(pattern, arn)
    if len(wanted) < _PARTS and not wanted[-1].endswith("*"):
        return False
    wanted += ["*"] * (_PARTS - len(wanted))
    return all(like(part, text) for part, text in zip(wanted, given, strict=True))
