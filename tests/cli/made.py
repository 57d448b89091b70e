"""One small run and one small measurement, made once and copied by whoever changes them."""

from __future__ import annotations

from contextlib import redirect_stdout
from dataclasses import replace
from io import StringIO
from pathlib import Path

from pausenet.cli.main import invoke
from pausenet.files.resolved import write_scenario
from pausenet.scenario.plan import CheatKind
from tests.simulator.small import SMALL, cheating

STORY = replace(
    cheating(CheatKind.UNDER_DECLARATION, amount_ppm=30_000), verifiers=SMALL.verifiers[:1]
)
RUNS = 3


def make_run(directory: Path) -> None:
    """A finished run of the story at `directory`/run, its scenario beside it."""
    _make(directory)


def make_measurement(directory: Path) -> None:
    """A finished measurement of the story at `directory`/run, its scenario beside it."""
    _make(directory, "--replications", str(RUNS), "--jobs", "1")


def make_kernel(directory: Path) -> None:
    """A finished measurement of the story by kernels at `directory`/run."""
    _make(directory, "--replications", "500", "--fidelity", "kernel")


def make_both(directory: Path) -> None:
    """A finished measurement by runs and by kernels at `directory`/run."""
    _make(directory, "--replications", "2", "--fidelity", "both", "--jobs", "1")


def _make(directory: Path, *more: str) -> None:
    directory.mkdir()
    file = directory / "small.yaml"
    file.write_text(write_scenario(STORY), encoding="utf-8")
    out = str(directory / "run")
    with redirect_stdout(StringIO()):
        code = invoke(["run", str(file), "--out", out, "--display", "none", *more], debug=False)
    assert code == 0
