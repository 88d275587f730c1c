"""Targets: facts 30-36 (recorded)."""

from __future__ import annotations

import pytest

from inspector.gateway.paths import Target, split


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("/dev/pets", Target("dev", "/pets", "/dev/pets", "")),
        ("/dev/pets/", Target("dev", "/pets/", "/dev/pets/", "")),
        ("/dev//pets", Target("dev", "/pets", "/dev//pets", "")),
        ("//dev/pets", Target("dev", "/pets", "/dev/pets", "")),
        ("/dev/a//b", Target("dev", "/a//b", "/dev/a//b", "")),
        ("/dev", Target("dev", "/", "/dev", "")),
        ("/dev/", Target("dev", "/", "/dev/", "")),
        ("/", Target("", "/", "/", "")),
        ("", Target("", "/", "/", "")),
        ("/dev/x?a=1?b", Target("dev", "/x", "/dev/x", "a=1?b")),
        ("/dev/t%2Bs@x.com", Target("dev", "/t%2Bs@x.com", "/dev/t%2Bs@x.com", "")),
        ("http://h:80/dev/x?q", Target("dev", "/x", "/dev/x", "q")),
        ("http://h?q", Target("", "/", "/", "q")),
    ],
)
def test_a_target_is_split_as_amazon_splits_it(target: str, expected: Target) -> None:
    assert split(target) == expected
