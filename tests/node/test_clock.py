"""Network time: the same for every node, and never backwards (reliability.md 4, O7)."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from pausenet.errors import NodeError
from pausenet.node.clock import NetworkClock
from pausenet.node.store.mark import Mark
from pausenet.values import INTEGER_MAX, NetworkTime

START, ZERO, DAY = 1_000, NetworkTime(50_000_000), 86_400
S = 1_000_000_000


class Hands:
    """Both clocks of a machine, moved by hand."""

    def __init__(self, wall_s: float, steady_s: float = 77.0) -> None:
        self.wall, self.steady = int(wall_s * S), int(steady_s * S)

    def passes(self, seconds: float) -> None:
        self.wall += int(seconds * S)
        self.steady += int(seconds * S)


def clock(
    path: Path,
    hands: Hands,
    speed: int = DAY,
    start: int = START,
    stands_at: NetworkTime | None = None,
) -> NetworkClock:
    return NetworkClock(
        started_at=start,
        time_zero=ZERO,
        speed=speed,
        floor=Mark(path / "clock"),
        stands_at=stands_at,
        wall_ns=lambda: hands.wall,
        steady_ns=lambda: hands.steady,
    )


def test_time_runs_at_its_speed_from_the_start(tmp_path: Path) -> None:
    hands = Hands(START + 1.5)
    now = clock(tmp_path, hands)
    assert now.now() == ZERO + 1.5 * DAY
    hands.passes(2)
    assert now.now() == ZERO + 3.5 * DAY


def test_two_nodes_started_at_different_moments_agree(tmp_path: Path) -> None:
    first, second = Hands(START + 1), Hands(START + 9, steady_s=3)
    early = clock(tmp_path, first)
    first.passes(8)
    assert early.now() == clock(tmp_path, second).now()


def test_before_the_start_time_stands(tmp_path: Path) -> None:
    hands = Hands(START - 5)
    now = clock(tmp_path, hands)
    assert now.now() == ZERO
    assert now.seconds_until(ZERO) == 5.0
    hands.passes(6)
    assert now.now() == ZERO + DAY


@pytest.mark.parametrize("step_s", [-3_600, 86_400])
def test_a_stepped_wall_clock_moves_nothing_while_running(tmp_path: Path, step_s: int) -> None:
    hands = Hands(START + 10)
    now = clock(tmp_path, hands)
    before = now.now()
    hands.wall += step_s * S
    assert now.now() == before


def test_a_restart_with_the_wall_clock_set_back_does_not_go_back(tmp_path: Path) -> None:
    hands = Hands(START + 10)
    first = clock(tmp_path, hands)
    handed_out = first.now()
    first.remember()
    again = clock(tmp_path, Hands(START + 4))
    assert again.now() == handed_out


def test_the_wait_for_a_moment_ends_when_it_has_come(tmp_path: Path) -> None:
    hands = Hands(START)
    now = clock(tmp_path, hands, speed=7)
    at = NetworkTime(ZERO + 10)
    hands.passes(now.seconds_until(at) + 1e-9)
    assert now.now() == at
    assert now.seconds_until(at) == 0.0


def test_a_network_that_is_not_up_has_no_time(tmp_path: Path) -> None:
    with pytest.raises(NodeError, match="not been brought up"):
        clock(tmp_path, Hands(0), start=0)


def test_time_out_of_range_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NodeError, match="out of range"):
        clock(tmp_path, Hands(INTEGER_MAX), speed=10_000_000).now()


@pytest.mark.parametrize("data", [b"", b"\x00" * 12, b"\xff" * 12, b"x" * 5, b"x" * 13])
def test_a_torn_mark_counts_for_nothing(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "clock").write_bytes(data)
    assert Mark(tmp_path / "clock").value == 0


def test_a_mark_only_grows(tmp_path: Path) -> None:
    mark = Mark(tmp_path / "clock")
    for value in (5, 3, 9, 9, 1):
        mark.set(value)
    assert Mark(tmp_path / "clock").value == 9


def test_where_the_samples_end_time_stands_still_and_no_later_moment_comes(tmp_path: Path) -> None:
    hands, end = Hands(START), NetworkTime(ZERO + 3 * DAY)
    now = clock(tmp_path, hands, stands_at=end)
    assert now.seconds_until(end) == 3.0
    assert now.seconds_until(NetworkTime(end + 1)) == math.inf
    for passes_s, expected in ((2, ZERO + 2 * DAY), (1, end), (50, end), (INTEGER_MAX, end)):
        hands.passes(passes_s)
        assert now.now() == expected
    assert clock(tmp_path, Hands(START + 9), stands_at=end).now() == end
