"""Where evidence is looked for: in a run, or in a network that still stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from pausenet.cli import main
from pausenet.node.config import NETWORK_FILE


def test_a_network_without_evidence_has_an_empty_list(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / NETWORK_FILE).write_text("{}")
    assert main.invoke(["evidence", "list", "--run", str(tmp_path)], debug=False) == 0
    assert capsys.readouterr().out == ""


def test_every_verifiers_evidence_is_looked_at(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / NETWORK_FILE).write_text("{}")
    place = tmp_path / "verifier-2" / "evidence"
    place.mkdir(parents=True)
    (place / "x.json").write_text("no bundle")
    assert main.invoke(["evidence", "list", "--run", str(tmp_path)], debug=False) == 2
    assert "Traceback" not in capsys.readouterr().err


def test_what_is_neither_a_run_nor_a_network_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main.invoke(["evidence", "list", "--run", str(tmp_path)], debug=False) == 2
    assert "not a run and not a network" in capsys.readouterr().err
