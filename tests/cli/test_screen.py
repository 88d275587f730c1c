from __future__ import annotations

import os
import pty
import sys
from pathlib import Path

import pytest

from inspector.cli import screen, up
from inspector.definitions import Bundle, Options, read


@pytest.mark.parametrize(
    ("terminal", "possible"), [("xterm-256color", True), ("dumb", False), (None, True)]
)
def test_a_dumb_terminal_is_only_printed_on(monkeypatch, terminal, possible):
    ours, theirs = pty.openpty()
    with os.fdopen(ours, "rb", buffering=0), os.fdopen(theirs, "r") as stream:
        for name in ("stdin", "stdout", "stderr"):
            monkeypatch.setattr(sys, name, stream)
        monkeypatch.delenv("TERM", raising=False)
        if terminal is not None:
            monkeypatch.setenv("TERM", terminal)
        assert screen.possible() is possible


def test_without_a_terminal_there_is_no_screen(monkeypatch):
    with Path(os.devnull).open() as nothing:
        monkeypatch.setattr(sys, "stdin", nothing)
        assert not screen.possible()


@pytest.mark.parametrize(
    ("functions", "ending"),
    [(1, "--function F0=FOLDER:FILE.HANDLER."), (3, "… and 2 more: `inspector check` shows all.")],
)
def test_few_lines_tell_the_screen_of_warnings(functions, ending):
    """It would be covered by more; `inspector check` has room for all."""
    text = (
        "Resources:\n  Api: {Type: 'AWS::ApiGatewayV2::Api', Properties: "
        "{Name: a, ProtocolType: HTTP, Target: !GetAtt F0.Arn}}\n"
    )
    for number in range(functions):
        text += f"  F{number}: {{Type: 'AWS::Lambda::Function', Properties: {{Runtime: python3.12, "
        text += "Handler: a.b, Role: r, Code: {S3Bucket: b, S3Key: k}}}\n"
    said = up.warnings_of(read(Bundle({"t.yaml": text}, Options())))
    assert "warning: the code of F0 is not on this machine" in said
    assert said.endswith(ending)
    assert len(said.splitlines()) == 2


def test_a_definition_without_warnings_says_nothing():
    text = "openapi: 3.0.1\ninfo: {title: a, version: '1'}\npaths: {}\n"
    assert up.warnings_of(read(Bundle({"a.yaml": text}, Options()))) == ""
