"""A stranger's bundle and a hostile lab's runs cost whoever checks them no more than due."""

from __future__ import annotations

from dataclasses import replace
from time import process_time

import pytest

from pausenet.errors import InvalidEvidence
from pausenet.protocol import verdicts
from pausenet.protocol.evidence import EndorsedCut, Material, Signed, WholeLog
from pausenet.protocol.overcap import excess
from pausenet.statements.cut import Cut, Endorsement
from pausenet.values import INTEGER_MAX
from tests.protocol.builders import Paper, of_lab
from tests.protocol.paper import RUN_CAP, index
from tests.protocol.test_lineage import stated, using


def materials(**changes: object) -> tuple[Paper, tuple[Material, ...]]:
    """An appraisal of a cut that k verifiers endorsed, all of them false."""
    paper = Paper()
    for number in range(3):
        found = paper.period(number)
    entries = paper.entries()
    cut: Cut = replace(paper.cut(3), **changes)
    said = replace(of_lab(found, "birch").appraisal, cut=cut.digest)
    body = Endorsement(period=cut.period, view=cut.view, cut=cut.digest)
    verifiers = paper.register.verifiers[: paper.register.quorum.k]
    endorsed = EndorsedCut(
        cut=paper.log(verifiers[0]).say(cut),
        endorsements=tuple(paper.log(who).say(body) for who in verifiers),
    )
    logs = (
        WholeLog(origin=item.origin, entries=tuple(entries[item.origin][: item.size]))
        for item in cut.origins
    )
    log = paper.log("verifier-2")
    return paper, (Signed(entry=log.sealed(log.statement(said))), endorsed, *logs)


@pytest.mark.parametrize("period", [100_000, INTEGER_MAX - 1, INTEGER_MAX])
def test_a_cut_of_the_far_future_is_refused_at_once(period: int) -> None:
    paper, made = materials(period=index(period))
    with pytest.raises(InvalidEvidence):
        verdicts.judge_false_appraisal(paper.register, made)


def test_runs_whose_sum_no_integer_here_can_hold_are_over_the_cap_like_any() -> None:
    """The statement of the earlier period comes second, so that it is judged first."""
    ancestor = using(("old", INTEGER_MAX, ()))
    child = using(("new", RUN_CAP, ("old",)))
    found = excess(Paper().agreement, stated(ancestor, child), {})
    assert found is not None
    assert f"stands at {INTEGER_MAX + RUN_CAP} PFLOP" in found.text


def test_a_thicket_of_runs_is_work_for_seconds_at_the_most() -> None:
    """Thirty statements of sixty-four runs with sixty-four parents each, none of them over."""
    names = [[f"r{number}x{place}" for place in range(64)] for number in range(30)]
    usages = [
        using(*((each, 0, tuple(names[number - 1]) if number else ()) for each in names[number]))
        for number in range(30)
    ]
    last_names = [f"x{place}" for place in range(64)]
    last = using(*((each, RUN_CAP // 2 + 1, tuple(names[-1])) for each in last_names))
    start = process_time()
    assert excess(Paper().agreement, stated(*usages, last), {}) is None
    assert process_time() - start < 5
