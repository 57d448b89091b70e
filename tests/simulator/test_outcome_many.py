"""What many runs say together: counts, tables, and lines that are read back as written."""

from __future__ import annotations

import doctest
import importlib
from dataclasses import replace

import pytest

from pausenet.cli.measured_words import gained_sentences
from pausenet.errors import Misuse
from pausenet.files.scenario import parse_scenario
from pausenet.scenario.plan import CheatKind
from pausenet.simulator.outcome.kernel import measure_by_kernel
from pausenet.simulator.outcome.lines import read_line, write_line
from pausenet.simulator.outcome.measured import measure, watched_days
from pausenet.simulator.outcome.replication import PartySeen, Replication, replicate
from pausenet.simulator.outcome.rows import PARTY_COLUMNS, RUN_COLUMNS, party_rows, run_row
from pausenet.simulator.outside import CATALOGUE
from pausenet.statements.finding import Fault
from pausenet.values import ParticipantId, PeriodIndex
from tests.simulator.small import AURORA, BIRCH, SMALL, cheating

HIDES = replace(
    cheating(CheatKind.UNDER_DECLARATION, amount_ppm=200_000), verifiers=SMALL.verifiers[:1]
)
TWICE = """
question: How long is somebody watched who evades twice?
periods: 16
period: 7 days
labs:
  - {name: aurora, accelerators: 20000}
  - {name: birch, accelerators: 12000}
evasions:
  - {by: birch, kind: E12, from: 5, with: {odds: 20}}
  - {by: birch, kind: E12, from: 14, with: {odds: 20, whole: 1}}
channels: [gaps]
"""


@pytest.fixture(scope="module")
def hidden() -> Replication:
    return replicate(HIDES, 0)


@pytest.mark.parametrize(
    "module",
    ["intervals", "survival", "stopping", "gained", "replication", "rows"],
)
def test_the_examples_of_the_docstrings_run(module: str) -> None:
    found = importlib.import_module(f"pausenet.simulator.outcome.{module}")
    done = doctest.testmod(found)
    assert (done.failed, done.attempted > 0) == (0, True)


def of(run: Replication, party: ParticipantId) -> PartySeen:
    return next(seen for seen in run.parties if seen.party == party)


def test_a_line_is_read_back_as_it_was_written(hidden: Replication) -> None:
    for run in (hidden, replace(hidden, broken=("P1: said \n so",), parties=())):
        assert read_line(write_line(run)) == run


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"number":0', '"number":"0"'),
        ('"number":0', '"number": 0'),
        ('"F7"', '"F77"'),
        ('"plausible"', '"certain"'),
        ('"early":[]', '"early":{}'),
        ('"stands":true', '"stands":1'),
        ('"trace"', '"tracer"'),
        ("}\n", ',"more":1}\n'),
        ("\n", ""),
        ('"lead_months":"0.0"', '"lead_months":"0"'),
    ],
)
def test_a_line_that_is_not_as_written_is_refused(hidden: Replication, old: str, new: str) -> None:
    line = write_line(hidden)
    assert old in line
    with pytest.raises(Misuse):
        read_line(line.replace(old, new))


def test_every_column_is_filled_and_described(hidden: Replication) -> None:
    row = run_row(HIDES, hidden)
    assert list(row) == list(RUN_COLUMNS)
    assert (row["evaders"], row["evaders_found"], row["false_findings"]) == (1, 1, 0)
    rows = party_rows(HIDES, hidden)
    assert [list(each) for each in rows] == [list(PARTY_COLUMNS)] * 2
    birch = next(each for each in rows if each["party"] == BIRCH)
    assert (birch["fault"], birch["found"], birch["proven"]) == ("F7", 1, 0)
    assert birch["delay_days"] == pytest.approx(9.0, abs=0.5)


def many(hidden: Replication, found: int, of_runs: int) -> list[Replication]:
    """So many runs, in the first of which birch is found."""
    birch = of(hidden, BIRCH)
    unseen = replace(birch, found=(), stands=False)
    return [
        replace(
            hidden,
            number=number,
            parties=(of(hidden, AURORA), birch if number < found else unseen),
        )
        for number in range(of_runs)
    ]


def test_a_measurement_counts_runs_and_lab_years(hidden: Replication) -> None:
    runs = many(hidden, 93, 100)
    found = measure(HIDES, runs, goal_days=10.0, level=0.95)
    birch = found.evasions[0]
    assert (birch.within.count, birch.within.of, birch.proven.count) == (93, 100, 0)
    assert birch.delay.quantile(0.5).value == pytest.approx(9.0, abs=0.5)
    assert not birch.delay.quantile(0.95).reached
    assert birch.faults == ((Fault.F7, 93),)
    assert found.followers.suspected.count == 0
    assert found.followers.suspected.exposure == pytest.approx(100 * 16 / 365)
    assert found.intervals == (birch.within.interval,)
    sooner = measure(HIDES, runs, goal_days=8.0, level=0.95).evasions[0]
    assert (sooner.within.count, sooner.by_end.count) == (0, 93)


def test_a_median_of_compute_is_not_reached_where_half_are_never_found(
    hidden: Replication,
) -> None:
    few = measure(HIDES, many(hidden, 4, 10), goal_days=10.0, level=0.95)
    birch = few.evasions[0]
    assert not birch.gained_by_finding[0].reached
    assert not birch.delay.quantile(0.5).reached
    assert gained_sentences(few) == ("birch: no median, as in 6 of 10 runs nothing was found.",)


def test_a_false_alarm_is_counted_against_the_lab_and_its_run(hidden: Replication) -> None:
    runs = many(hidden, 5, 10)
    wrong = replace(of(hidden, AURORA), found=of(hidden, BIRCH).found)
    runs[3] = replace(runs[3], parties=(wrong, runs[3].parties[1]))
    followers = measure(HIDES, runs, goal_days=10.0, level=0.95).followers
    assert (followers.suspected.count, followers.runs_with_any.count) == (1, 1)
    assert followers.convicted.count == 0
    assert followers.faults == ((Fault.F7, 1),)


def test_where_nobody_evades_the_false_alarms_decide_how_many_runs(hidden: Replication) -> None:
    calm = [replace(hidden, parties=(of(hidden, AURORA),))]
    found = measure(SMALL, calm, goal_days=10.0, level=0.95)
    assert found.evasions == ()
    assert found.intervals == (found.followers.runs_with_any.interval,)


def test_who_evades_twice_is_watched_from_the_first_time_on() -> None:
    once = cheating(CheatKind.UNDER_DECLARATION)
    twice = replace(once, cheats=(*once.cheats, replace(once.cheats[0], start=PeriodIndex(10))))
    other = replace(once.cheats[0], by=AURORA, start=PeriodIndex(10))
    assert watched_days(twice) == watched_days(once)
    assert watched_days(replace(once, cheats=(*once.cheats, other))) == watched_days(once) - 8.0


def test_a_goal_longer_than_the_runs_watch_is_refused(hidden: Replication) -> None:
    longest = watched_days(HIDES)
    assert measure(HIDES, [hidden], goal_days=longest, level=0.95).runs == 1
    with pytest.raises(Misuse):
        measure(HIDES, [hidden], goal_days=longest + 2.0, level=0.95)
    with pytest.raises(Misuse):
        measure(HIDES, [], goal_days=longest, level=0.95)


def test_the_goal_of_somebody_who_evades_twice_counts_from_the_first_time() -> None:
    twice = parse_scenario(TWICE, name="here", stem="here", catalogue=CATALOGUE)
    once = replace(twice, evasions=twice.evasions[:1])
    assert watched_days(twice) == watched_days(once)
    assert measure_by_kernel(twice, 40, goal_days=60.0).evasions[0].within.count > 0
    both = replace(twice, evasions=(twice.evasions[0], replace(twice.evasions[1], by=AURORA)))
    assert watched_days(both) < watched_days(once), "aurora has begun later, and is watched less"
