"""Help is quick and light, codes are those of the plan, and nobody sees a traceback."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest
import typer

from pausenet.cli import main
from pausenet.errors import (
    MalformedBundle,
    MalformedFile,
    Misuse,
    NodeError,
    PausenetError,
    SigningRefused,
)
from tests.cli.conftest import Called

HEAVY = (
    *("grpc", "sqlalchemy", "numpy", "ruamel", "cryptography", "google.protobuf"),
    *("polars", "altair", "vl_convert", "jinja2", "markdown_it"),
)


def _commands() -> Iterator[tuple[str, typer.core.TyperCommand]]:
    def walk(name: str, command: object) -> Iterator[tuple[str, typer.core.TyperCommand]]:
        for child_name, child in getattr(command, "commands", {}).items():
            yield from walk(f"{name} {child_name}".strip(), child)
        if getattr(command, "hidden", False):  # what its group does with a word that it lacks
            yield name.rpartition(" ")[0], command
        elif not getattr(command, "commands", {}) or getattr(command, "invoke_without_command", 0):
            yield name, command

    yield from walk("", typer.main.get_command(main.app))


@pytest.mark.parametrize(
    "arguments", [["--help"], ["demo", "--help"], ["run", "--help"], ["lab", "--help"]]
)
def test_help_imports_nothing_heavy(arguments: list[str]) -> None:
    program = (
        "import sys; from pausenet.cli.main import invoke; "
        f"code = invoke({arguments!r}, debug=False); "
        f"print([name for name in {HEAVY!r} if name in sys.modules]); sys.exit(code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"


def test_help_takes_under_half_a_second_of_processor_time() -> None:
    """Wall time is the machine's; what this program asks of a processor is its own."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [sys.executable, "-m", "pausenet", "--help"], check=True, stdout=subprocess.DEVNULL
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 0.5


@pytest.mark.parametrize(("name", "command"), list(_commands()))
def test_every_command_has_an_example_that_can_be_copied(
    name: str, command: typer.core.TyperCommand
) -> None:
    assert command.epilog is not None
    assert f"pausenet {name}" in command.epilog


@pytest.mark.parametrize(("name", "command"), list(_commands()))
def test_every_flag_is_also_an_environment_variable(
    name: str, command: typer.core.TyperCommand
) -> None:
    for parameter in command.params:
        if parameter.param_type_name == "option" and parameter.name != "help":
            flag = max(parameter.opts, key=len)
            assert parameter.envvar == "PAUSENET_" + flag.lstrip("-").upper().replace("-", "_")


def test_the_version_is_printed(call: Callable[..., Called]) -> None:
    called = call("--version")
    assert called.code == 0
    assert called.out.startswith("pausenet 0.")


@pytest.mark.parametrize(
    "arguments",
    [
        ["no-such-command"],
        ["run"],
        ["run", "two-faces", "--seed", "-1"],
        ["run", "two-faces", "--format", "xml"],
        ["run", "no-such-scenario"],
        ["run", "missing/scenario.yaml"],
        ["verify", "missing.json"],
        ["verify", __file__, "--network-id", "zz"],
        ["log", "list", "--run", "missing"],
        ["log", "check", "missing"],
        ["statement", "inspect", "aurora#1"],
        ["evidence", "list", "--run", "missing"],
        ["net", "status", "--net", "missing"],
        ["keys", "new", "keys", "--id", "Not An Id"],
        ["healthcheck", "--net", "missing", "--id", "aurora"],
    ],
)
def test_wrong_usage_and_bad_input_exit_2(
    call: Callable[..., Called], arguments: list[str]
) -> None:
    called = call(*arguments)
    assert called.code == 2
    assert "Traceback" not in called.err + called.out
    assert called.err


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (MalformedFile("s.yaml", 14, 5, "unknown key"), 2),
        (MalformedBundle("no"), 2),
        (Misuse("no"), 2),
        (NodeError("port taken"), 4),
        (SigningRefused("guard"), 4),
        (OSError(28, "No space left on device", "x"), 4),
        (RuntimeError("a slip"), 4),
        (KeyboardInterrupt(), 130),
    ],
)
def test_every_error_has_its_exit_code_and_no_traceback(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    error: BaseException,
    code: int,
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(main, "app", fail)
    assert main.invoke(["x"], debug=False) == code
    text = capsys.readouterr().err
    assert "Traceback" not in text
    if isinstance(error, PausenetError):
        assert str(error) in text
    assert ("interrupted" in text) == isinstance(error, KeyboardInterrupt)


def test_a_traceback_is_shown_with_debug(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("a slip")

    monkeypatch.setattr(main, "app", fail)
    main.invoke(["x"], debug=True)
    assert "Traceback" in capsys.readouterr().err


def test_whoever_stops_reading_is_not_told_that_a_violation_is_proven() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "pausenet", "attack", "list"],
            stdout=writing,
            stderr=subprocess.PIPE,
            check=False,
        )
    finally:
        os.close(writing)
    assert done.returncode == 4
    assert b"Traceback" not in done.stderr
