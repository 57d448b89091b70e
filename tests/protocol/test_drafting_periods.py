"""Two agreements whose periods differ in length are compared by the time that counts last."""

from __future__ import annotations

from dataclasses import replace

from pausenet.files.agreement import parse_agreement
from pausenet.protocol.drafting import Direction, diff
from tests.protocol.test_drafting import text_of


def test_a_longer_period_is_told_in_each_sides_own_time() -> None:
    """The same spans of a file round up to other counts: what is compared is how long they last."""
    text = text_of("peer-conditional")
    for was, wanted in (("notice: 84 days", "notice: 365 days"), (" 182 days", " 735 days")):
        assert text.count(was) == 1
        text = text.replace(was, wanted)
    assert text.count("  period: 7 days #") == 1
    longer = text.replace("  period: 7 days #", "  period: 14 days #", 1)
    before = parse_agreement(text, name="a").agreement
    after = parse_agreement(longer, name="b").agreement
    there = {each.where: each for each in diff(before, after)}
    notice = there["C21 Leaving, notice"]
    assert (notice.before, notice.after) == ("53 periods (371 days)", "27 periods (378 days)")
    assert notice.direction is Direction.TIGHTENED
    lift = there["lift, conditions"]
    assert "105 periods (735 days)" in lift.before
    assert "53 periods (742 days)" in lift.after
    assert before.annex.baseline_periods != after.annex.baseline_periods
    assert not [where for where in there if "baseline" in where], "70 days are 70 days"


def test_counts_that_stay_while_the_period_doubles_last_twice_as_long() -> None:
    before = parse_agreement(text_of("peer-conditional"), name="a").agreement
    schedule = replace(before.schedule, period_s=2 * before.schedule.period_s)
    there = {each.where: each for each in diff(before, replace(before, schedule=schedule))}
    assert there["C21 Leaving, notice"].direction is Direction.TIGHTENED
    assert there["annex, baseline"].direction is Direction.LOOSENED
    assert there["annex, baseline"].before == "10 periods (70 days)"
    assert there["annex, baseline"].after == "10 periods (140 days)"
