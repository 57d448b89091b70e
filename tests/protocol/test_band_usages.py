"""The first usage that shows a report to be too late is the one that a plain search finds."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from pausenet.protocol.bands import _usages
from pausenet.statements.codec import Statement
from pausenet.statements.usage import ComputeUsage
from pausenet.values import Period
from tests.protocol.banded import Banded

PAPER = Banded()
for number in range(5):
    PAPER.use("birch", number)
SAID = PAPER.statements("birch")
USAGE = [each for each in SAID if isinstance(each.body, ComputeUsage)]
OTHERS = [each for each in SAID if each not in USAGE]
SCHEDULE = PAPER.register.agreement.schedule
LOGS = st.dictionaries(st.integers(0, 30), st.sampled_from([*USAGE, *OTHERS, None]))
"""Usage in any order, as a lab may write it, with gaps, as evidence shows it."""


@given(LOGS, st.integers(-2, 6), st.integers(0, 31))
def test_in_whatever_order_a_lab_states_its_periods(
    log: dict[int, Statement | None], due: int, before: int
) -> None:
    plain = [
        at
        for at, said in sorted(log.items())
        if said in USAGE and said.period.index >= due and at < before
    ]
    assert len(USAGE) == 5
    assert OTHERS
    found = _usages(PAPER.register.agreement, log.items()).first(due, before=before)
    assert found == (plain[0] if plain else None)


def test_usage_of_a_period_that_the_schedule_does_not_have_shows_nothing() -> None:
    (last,) = (each for each in USAGE if each.period.index == 4)
    true = SCHEDULE.period(last.period.index)
    odd = Period(index=true.index, start=true.start, end=type(true.end)(true.end + 1))
    assert _usages(PAPER.register.agreement, [(0, last)]).first(0, before=1) == 0
    assert _usages(PAPER.register.agreement, [(0, replace(last, period=odd))]).places == ()
