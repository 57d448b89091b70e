"""One verifier that signs nothing costs the network nothing; two cost it every verdict."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from pausenet.cli.exits import ExitCode
from pausenet.cli.main import invoke

VERIFIERS = tuple(f"verifier-{number}" for number in range(1, 5))
PAIRS = tuple(itertools.combinations(VERIFIERS, 2))
"""Every other pair falls silent in the middle, the rest from the start on."""
LABS = ("elm", "fir")
STORY = """\
question: What do the others find when some verifiers sign nothing?
seed: 4
periods: 12
labs:
  - {name: elm, accelerators: 9000, sites: 1}
  - {name: fir, accelerators: 5000, sites: 1}
cheats:
  - {by: elm, kind: under-declaration, from: 5, amount: 20 %}
"""
EXPECT = """\
expect:
  labs: {elm: discrepancy, fir: no-breach-found-in-what-was-declared}
  findings: [{accused: elm, fault: F7, grade: plausible}]
"""
EXPECT_NOTHING = """\
expect:
  labs: {elm: not-demonstrated, fir: not-demonstrated}
  findings: []
"""


def run(
    directory: Path,
    capsys: pytest.CaptureFixture[str],
    muted: Iterable[str],
    expect: str,
    start: int = 0,
) -> dict[str, Any]:
    """What `pausenet run` answers where these verifiers are mute; asserts it is as expected."""
    story = directory / f"story-{'-'.join(muted)}.yaml"
    cheats = (f"  - {{by: {name}, kind: mute-verifier, from: {start}}}\n" for name in muted)
    story.write_text(f"{STORY}{''.join(cheats)}{expect}", encoding="utf-8")
    out = directory / story.stem
    arguments = ["run", str(story), "--format", "json", "--display", "none", "--out", str(out)]
    code = invoke(arguments, debug=True)
    printed = capsys.readouterr()
    assert code == ExitCode.HOLDS, printed.err
    found: dict[str, Any] = json.loads(printed.out.splitlines()[-1])
    assert set(found["labs"]) == set(LABS)
    return found


def verdicts(answer: dict[str, Any]) -> dict[str, Any]:
    """What stands in an answer's appraisals, but for where the evidence lies."""
    return {
        lab: [
            found["status"],
            found["claims"],
            [{**each, "bundle": ""} for each in found["findings"]],
        ]
        for lab, found in answer["labs"].items()
    }


def test_one_mute_verifier_leaves_the_same_appraisals(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    undisturbed = verdicts(run(tmp_path, capsys, (), EXPECT))
    for muted in VERIFIERS:
        assert verdicts(run(tmp_path, capsys, (muted,), EXPECT)) == undisturbed


@pytest.mark.parametrize(
    ("muted", "start"), [(pair, 6 * (at % 2)) for at, pair in enumerate(PAIRS)]
)
def test_two_mute_verifiers_leave_every_lab_not_demonstrated(
    muted: tuple[str, str], start: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = run(tmp_path, capsys, muted, EXPECT_NOTHING, start)
    assert {lab["status"] for lab in answer["labs"].values()} == {"not-demonstrated"}
    assert answer["bundles"] == []
