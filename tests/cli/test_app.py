from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys

import pytest

from inspector import __version__
from inspector.cli import app
from inspector.cli.exit import MEANINGS, Exit
from inspector.runtime.python_process import module_command

pytestmark = pytest.mark.slow


def test_version(inspector):
    done = inspector("--version")
    assert (done.returncode, done.stdout) == (0, f"inspector {__version__}\n")


def test_help_lists_every_command_and_every_exit_code(inspector):
    done = inspector("--help")
    assert done.returncode == 0
    listed = [line.split()[0] for line in done.stdout.splitlines() if line.strip()]
    for command in app.COMMANDS:
        assert command.name in listed
    words = " ".join(done.stdout.split())
    for code in Exit:
        assert f"{code.value} {MEANINGS[code]}" in words


def test_help_loads_no_proxy_no_screen_and_no_definitions():
    listing = (
        "import sys; from inspector.cli.app import main; main(['--help']); print(*sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", listing], capture_output=True, text=True, check=True, timeout=60
    )
    loaded = set(done.stdout.splitlines()[-1].split())
    assert not loaded & {"mitmproxy", "textual", "httpx", "yaml", "inspector.definitions"}


@pytest.mark.parametrize("command", [command.name for command in app.COMMANDS])
def test_each_command_explains_itself(inspector, command):
    done = inspector(command, "--help")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"usage: inspector {command} ")
    examples = done.stdout.partition("\nexamples:\n")[2]
    assert f"inspector {command}" in examples


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["nope"], "invalid choice: 'nope'"),
        (["--nope"], "unrecognized arguments: --nope"),
        (["check"], "the following arguments are required: DEFINITION"),
        (["up", "a.yaml", "--listen", "there"], "argument --listen: 'there' is no address"),
        (["up", "a.yaml", "--keep", "long"], "argument --keep: 'long' is not a duration"),
        (["up", "a.yaml", "--max-size", "big"], "argument --max-size: 'big' is not a size"),
        (["up", "a.yaml", "--backend", "a"], "argument --backend: 'a' is not NAME=VALUE"),
        (["up", "a.yaml", "--backend", "a=b"], "not an http or https URL: b"),
        (["up", "a.yaml", "--stage-variable", "=b"], "'=b' is not NAME=VALUE"),
    ],
)
def test_wrong_usage_is_one_sentence_and_a_hint(inspector, arguments, sentence):
    done = inspector(*arguments)
    assert done.returncode == Exit.USAGE
    assert done.stdout == ""
    assert sentence in done.stderr
    assert "--help` lists what is understood." in done.stderr
    assert "Traceback" not in done.stderr


def test_a_fault_of_ours_is_a_sentence_and_a_traceback_only_when_asked(monkeypatch, capsys):
    def broken(_arguments):
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr(app, "run", broken)
    monkeypatch.delenv("INSPECTOR_DEBUG", raising=False)
    assert app.main([]) == Exit.FAILED
    told = capsys.readouterr().err
    assert "ZeroDivisionError: division by zero" in told
    assert "INSPECTOR_DEBUG=1" in told
    monkeypatch.setenv("INSPECTOR_DEBUG", "1")
    with pytest.raises(ZeroDivisionError):
        app.main([])


def test_a_reader_that_leaves_is_no_error(petstore):
    with subprocess.Popen(
        module_command("inspector", "check", "--json", *[str(petstore)] * 40),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        told = process.stderr.read()
        process.wait(60)
    assert b"Traceback" not in told
    assert b"Broken pipe" not in told


def test_colours_only_on_a_terminal_that_wants_them(inspector, tmp_path):
    (tmp_path / "broken.yaml").write_text("a: [")
    done = inspector("check", "broken.yaml", FORCE_COLOR="")
    assert "\x1b" not in done.stdout + done.stderr
    assert os.environ.get("NO_COLOR") is None


@pytest.mark.parametrize("charset", ["ascii", "iso8859-1"])
def test_a_terminal_without_our_marks_gets_others(inspector, petstore, charset):
    done = inspector("invoke", petstore, "GET", "/health", PYTHONIOENCODING=charset)
    assert "fault of inspector" not in done.stderr
    assert "GET /dev/health -> 200" in done.stdout
    assert "+ Method" in done.stdout


def test_json_stays_json_in_every_character_set(inspector, petstore):
    done = inspector("invoke", petstore, "GET", "/é€😀", "--json", PYTHONIOENCODING="ascii")
    assert json.loads(done.stdout)["request"]["target"].endswith("/é€😀")


@pytest.mark.parametrize("closed", [0, 1, 2])
def test_a_closed_stream_takes_everything(petstore, closed):
    command = shlex.join(module_command("inspector", "check", str(petstore), "--json"))
    done = subprocess.run(
        ["sh", "-c", f"{command} {closed}>&-"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == Exit.OK
    assert "fault of inspector" not in done.stderr


@pytest.mark.parametrize("action", ["info", "prune", "extract"])
def test_each_action_of_db_has_examples_of_its_own(inspector, action):
    examples = inspector("db", action, "--help").stdout.partition("\nexamples:\n")[2].splitlines()
    assert examples
    assert all(line.startswith(f"  inspector db {action} ") for line in examples)


@pytest.mark.parametrize("command", [command.name for command in app.COMMANDS])
def test_descriptions_fit_the_terminal(inspector, command):
    text = inspector(command, "--help", COLUMNS="80").stdout.partition("\nexamples:\n")[0]
    assert max(len(line) for line in text.splitlines()) < 80
