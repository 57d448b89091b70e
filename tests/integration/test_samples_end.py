"""A network whose samples end stands still: nobody is found silent for want of samples."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from pausenet.cli.detached import bring_down
from pausenet.cli.live import appraisals_of
from pausenet.cli.main import invoke
from pausenet.cli.standing import has_ended
from pausenet.statements.finding import Fault
from pausenet.values import ParticipantId

pytestmark = [pytest.mark.processes, pytest.mark.slow]

STORY = """\
question: What is found by the end of the samples?
name: short
seed: 3
periods: 12
period: 1 day
clock: {speed: 86400}
labs:
  - {name: aurora, accelerators: 20000}
  - {name: birch, accelerators: 12000}
cheats:
  - {by: birch, kind: silent, from: 9}
"""
LONG_S = 120.0
PERIODS_MORE_S = 6.0
"""Six periods more, at a second each."""


def test_time_stands_still_and_the_status_tells_what_was_found_up_to_then(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    story, net = tmp_path / "short.yaml", tmp_path / "net"
    story.write_text(STORY, encoding="utf-8")
    try:
        # The command ends and its network stays: so it is a process of its own here too.
        command = ["net", "up", str(story), "--net", str(net), "--display", "none"]
        up = subprocess.run(
            [sys.executable, "-m", "pausenet", *command], capture_output=True, text=True, check=True
        )
        assert "the samples end with period 11: network time stands still" in up.stdout
        until = time.monotonic() + LONG_S
        while not has_ended(net):
            assert time.monotonic() < until
            time.sleep(0.5)
        time.sleep(PERIODS_MORE_S)
        assert invoke(["net", "status", "--net", str(net)], debug=False) == 0
        told = capsys.readouterr().out
        found = appraisals_of(net, ParticipantId("verifier-1"))
    finally:
        bring_down(net)
    assert "the samples have ended with period 11" in told
    assert "for aurora there is no breach found in what was declared" in told
    assert "birch: what was due was not there on time" in told
    faults = {(str(a.lab), f.fault) for a in found for f in a.findings}
    # Who falls silent may leave a draw unanswered as well, by when it was drawn.
    assert ("birch", Fault.F5) in faults
    assert faults <= {("birch", Fault.F5), ("birch", Fault.F10R)}
    assert {int(a.period) for a in found} == {11}
