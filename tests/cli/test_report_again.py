"""`pausenet report`: the page that a run had, made anew, and never over anything."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Called
from tests.cli.made import make_both, make_kernel, make_measurement, make_run
from tests.cli.test_check import described
from tests.once import once

Call = Callable[..., Called]


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("made-run", make_run),
        ("made-measurement", make_measurement),
        ("made-kernel", make_kernel),
        ("made-both", make_both),
    ],
)
def test_a_page_made_anew_is_the_same_bytes(
    name: str,
    make: Callable[[Path], None],
    call: Call,
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    run = once(tmp_path_factory, name, make) / "run"
    out = tmp_path / "page.html"
    called = call("report", str(run), "--out", str(out), "--display", "none")
    assert (called.code, called.out) == (0, f"Report: {out}\n")
    assert out.read_bytes() == (run / "report.html").read_bytes()


def test_nothing_is_written_over_and_no_run_is_changed(
    call: Call, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    made = once(tmp_path_factory, "made-kernel", make_kernel) / "run"
    run = Path(shutil.copytree(made, tmp_path / "run"))
    there = tmp_path / "there.html"
    there.write_text("mine")
    inside = call("report", str(run), "--out", str(run / "charts" / "again.html"))
    over = call("report", str(run), "--out", str(there))
    assert (inside.code, "inside the run" in inside.err) == (2, True)
    assert (over.code, "never written over" in over.err) == (2, True)
    assert there.read_text() == "mine"
    assert call("check", str(run)).code == 0


def test_what_was_changed_or_cannot_be_made_has_no_page(
    call: Call, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    made = once(tmp_path_factory, "made-run", make_run) / "run"
    out = tmp_path / "page.html"
    for claims, told in (
        ({"made_by": "processes"}, "real processes made it"),
        ({"version": "0.0.1"}, "version 0.0.1 made it"),
    ):
        run = Path(shutil.copytree(made, tmp_path / told[:4]))
        described(run, lambda whole, claims=claims: whole.update(claims))
        called = call("report", str(run), "--out", str(out))
        assert (called.code, told in called.err) == (2, True)
    (run / "results.csv").write_text("")
    called = call("report", str(run), "--out", str(out))
    assert (called.code, "changed since the run was made" in called.err) == (2, True)
    assert not out.exists()
