"""`inspector demo` as a person meets it: a real terminal, real keys, a real gateway behind it."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.tui import shop
from tests.tui.tmux import Tmux, needs_tmux

pytestmark = [needs_tmux, pytest.mark.slow]
ROOT = Path(__file__).resolve().parent.parent.parent


WARNED = """\
Resources:
  Work:
    Type: AWS::Lambda::Function
    Properties: {Runtime: python3.12, Handler: app.handler, Role: r, Code: {S3Bucket: b, S3Key: k}}
  Api:
    Type: AWS::ApiGatewayV2::Api
    Properties: {Name: shop, ProtocolType: HTTP, Target: !GetAtt Work.Arn}
"""


@pytest.fixture(params=[(80, 24), (200, 50)], ids=["80x24", "200x50"])
def demo(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Tmux]:
    command = [
        sys.executable,
        "-m",
        "inspector",
        "demo",
        "petstore",
        "--db",
        str(tmp_path / "d.db"),
    ]
    environment = {
        "PYTHONPATH": str(ROOT), "XDG_CONFIG_HOME": str(tmp_path), "COLORTERM": "truecolor"
    }  # fmt: skip
    with Tmux(command, *request.param, environment) as terminal:
        terminal.wait(r"● live.* \d+ exchanges")
        yield terminal


def test_a_sitting(demo: Tmux) -> None:
    shown = demo.wait(r"/dev/legacy/ord")
    wide = len(max(shown.splitlines(), key=len)) > 100
    assert "petstore" in shown.splitlines()[0]
    assert ("route ✓ map ✓ backend ✓" if wide else "✓✓✓") in shown
    assert "✗" in shown

    demo.write("/status:4xx")
    demo.wait(r"shows status 4xx")
    demo.wait(r"\b3 of \d+")
    demo.press("Enter", "g", "g", "Enter")  # in one breath: each key goes where it should
    demo.wait(r"GET /dev/pets/99 → 404")
    demo.wait(r"Method .*matches GET /pets/\{petId\}")

    for key, seen in (
        ("2", r"Host"),
        ("3", r"← 404"),
        ("4", r"X-Reason"),
        ("G", r'"(message|error)"'),
        ("1", r"✓ Method"),
    ):
        demo.press(key)
        demo.wait(seen)

    demo.press("r")
    demo.wait(r"↻ replay of \d+")
    demo.wait(r"The same answer")

    demo.press("e")
    demo.wait(r"ctrl\+s send")
    demo.write("POST /dev/pets")
    demo.press("C-k")
    demo.wait(r"POST /dev/pets +│")
    demo.press("C-s")
    demo.wait(r"POST /dev/pets → ")
    demo.wait(r"~ status +404 → ")

    demo.press("Escape")
    demo.wait(lambda shown: "Difference" not in shown)
    demo.press("q")
    assert "ended with 0" in demo.wait(r"ended with \d+")


def test_marks_and_deletes_are_undone(demo: Tmux) -> None:
    demo.wait(r"/dev/legacy/ord")
    demo.press("m")
    demo.wait(r"◆ .*/dev/legacy")
    demo.press("u")
    demo.wait(lambda shown: "◆" not in shown)
    demo.press("x")
    demo.wait(lambda shown: "/dev/legacy" not in shown)
    demo.press("u")
    demo.wait(r"/dev/legacy/ord")
    demo.press("?")
    demo.wait(r"Moving, in every list")
    demo.press("q")
    demo.wait(lambda shown: "Moving, in every list" not in shown)
    demo.press("q")
    demo.wait(r"ended with 0")


def test_what_the_definition_was_warned_of_is_told_on_the_screen(tmp_path: Path) -> None:
    """It was printed, and then the screen came over it."""
    template = tmp_path / "template.yaml"
    template.write_text(WARNED)
    command = [sys.executable, "-m", "inspector", "up", str(template), "--listen", "127.0.0.1:0",
               "--db", str(tmp_path / "d.db")]  # fmt: skip
    environment = {"PYTHONPATH": str(ROOT), "XDG_CONFIG_HOME": str(tmp_path)}
    with Tmux(command, 100, 30, environment) as terminal:
        terminal.wait(r"● live[\s\S]*▌.*Work=FOLDER")
        terminal.press("!")
        terminal.wait(r"✓ \S+ +definition")
        terminal.press("q")
        terminal.wait(lambda shown: "definition" not in shown)
        terminal.press("q")
        terminal.wait(r"ended with 0")


@pytest.mark.parametrize(
    ("editor", "seen"),
    [("/none/such/vi", r"/none/such/vi could not be started"), ("sed -i s/pets/tails/", r"/tails")],
    ids=["missing", "working"],
)
def test_the_users_own_editor(tmp_path: Path, editor: str, seen: str) -> None:
    """Also where it cannot be started the screen comes back, and ctrl+c ends it."""
    recording = shop.record(tmp_path / "shop.db", shop.traffic(3))
    command = [sys.executable, "-m", "inspector", "open", str(recording)]
    environment = {"PYTHONPATH": str(ROOT), "EDITOR": editor, "XDG_CONFIG_HOME": str(tmp_path)}
    with Tmux(command, 100, 30, environment) as terminal:
        terminal.wait(r"3 exchanges")
        terminal.press("e")
        terminal.wait(r"ctrl\+e \$EDITOR")
        terminal.press("C-e")
        terminal.wait(seen)
        terminal.press("Escape")
        if editor.startswith("sed"):
            terminal.wait(r"The edit is not kept")
            terminal.press("Escape")
        terminal.wait(lambda shown: "╭" not in shown)
        terminal.press("C-c")
        terminal.wait(r"ended with 0")


def test_a_signal_gives_the_terminal_back(demo: Tmux) -> None:
    [pane] = demo.run("list-panes", "-F", "#{pane_pid}").split()
    [program] = psutil.Process(int(pane)).children()
    program.send_signal(signal.SIGTERM)
    shown = demo.wait(r"ended with \d+")
    assert "enter open" not in shown
