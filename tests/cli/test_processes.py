"""Children end with their parent, whatever happens; and the demo is a real network."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from pausenet.cli.processes import Children, signals_noted, terminated_as_interrupt

STORY = """\
question: Do two labs that follow the rules end without a finding?
labs:
  - {name: elm, accelerators: 900}
  - {name: fir, accelerators: 500}
periods: 12
period: 1 day
expect:
  labs:
    elm: no-breach-found-in-what-was-declared
    fir: no-breach-found-in-what-was-declared
  findings: []
"""


def _children_of(pid: int) -> list[psutil.Process]:
    try:
        return psutil.Process(pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def _gone(processes: list[psutil.Process], within_s: float) -> bool:
    _, alive = psutil.wait_procs(processes, timeout=within_s)
    return not alive


def test_children_are_ended_when_the_block_is_left_by_an_error(tmp_path: Path) -> None:
    children = Children(logs=tmp_path)

    def interrupted() -> None:
        with children:
            children.start("sleeper", ["demo", "--help"])
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert all(child.poll() is not None for child in children.running.values())


def test_a_stopped_child_is_ended_too(tmp_path: Path) -> None:
    with Children(logs=tmp_path) as children:
        children.start("sleeper", ["demo", "--help"])
        children.running["sleeper"].send_signal(signal.SIGSTOP)
    assert children.running["sleeper"].poll() is not None


@pytest.mark.processes
@pytest.mark.slow
def test_the_demo_is_a_real_network_and_leaves_no_process(tmp_path: Path) -> None:
    story = tmp_path / "story.yaml"
    story.write_text(STORY, encoding="utf-8")
    arguments = ["demo", "--scenario", str(story), "--out", str(tmp_path / "run")]
    child = subprocess.Popen(
        [sys.executable, "-m", "pausenet", *arguments, "--format", "json"],
        stdout=subprocess.PIPE,
        text=True,
    )
    seen: list[psutil.Process] = []
    while child.poll() is None:
        seen = max(seen, _children_of(child.pid), key=len)
        time.sleep(0.5)
    answer, _ = child.communicate()
    found = json.loads(answer.splitlines()[-1])
    assert child.returncode == 0
    assert len(seen) == 8
    assert _gone(seen, 1)
    assert set(found["labs"]) == {"elm", "fir"}
    claims = {lab["claims"]["fleet-completeness"] for lab in found["labs"].values()}
    assert claims == {"no-conclusion"}


def test_an_interrupt_while_a_child_is_being_started_waits_and_is_not_lost() -> None:
    passed = []

    def start() -> None:
        with signals_noted():
            signal.raise_signal(signal.SIGTERM)
            passed.append(True)

    with pytest.raises(KeyboardInterrupt), terminated_as_interrupt():
        start()
    assert passed


@pytest.mark.processes
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_no_process_is_left_when_the_demo_is_ended(tmp_path: Path, number: int) -> None:
    story = tmp_path / "story.yaml"
    story.write_text(STORY, encoding="utf-8")
    arguments = ["demo", "--scenario", str(story), "--out", str(tmp_path / "run")]
    child = subprocess.Popen(
        [sys.executable, "-m", "pausenet", *arguments],
        stderr=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    until = time.monotonic() + 60
    while len(_children_of(child.pid)) < 8 and time.monotonic() < until:
        time.sleep(0.1)
    nodes = _children_of(child.pid)
    assert len(nodes) == 8
    os.kill(child.pid, number)
    assert child.wait(30) == (130 if number != signal.SIGKILL else -signal.SIGKILL)
    assert _gone(nodes, 10)
