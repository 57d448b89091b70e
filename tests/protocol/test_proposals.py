"""The words of an amendment as bytes: what is refused, and limits put together."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pausenet.errors import MalformedStatement
from pausenet.protocol.amending import amended_limit
from pausenet.statements.canonical import Json
from pausenet.statements.fields import Fields
from pausenet.statements.proposal import Proposal
from pausenet.statements.stage import Amendable, Amended, Ceiling, with_ceiling
from tests.protocol.halving import changing, lowered, wants

LOWER = 60_000
TOTAL = Amendable.TOTAL_CAP


@pytest.mark.parametrize(
    "bent",
    [
        {"clause": "staged-cap"},
        {"clause": "amendment"},
        {"limit_pflop": -1},
        {"limit_pflop": 2**53},
        {"start": -1},
        {"start": "9"},
        {"stands": True},
        {"agreement": ""},
    ],
    ids=str,
)
def test_a_proposal_of_another_shape_is_refused(bent: dict[str, Json]) -> None:
    fields = {**wants(changing(), LOWER, 9).to_json(), **bent}
    with pytest.raises(MalformedStatement, match=next(iter(bent))):
        read_whole(fields)
    assert read_whole(wants(changing(), LOWER, 9).to_json()) == wants(changing(), LOWER, 9)


def read_whole(value: dict[str, Json]) -> Proposal:
    fields = Fields(value, "body")
    found = Proposal.read(fields)
    fields.done()
    return found


@pytest.mark.parametrize(
    "limits", [(), ((7, 5), (7, 4)), ((7, 5), (8, 5)), ((8, 5), (7, 4)), ((7, 4), (8, 5))]
)
def test_limits_of_an_appraisal_that_do_not_fall_period_by_period_are_refused(
    limits: tuple[tuple[int, int], ...],
) -> None:
    with pytest.raises(MalformedStatement, match="limits"):
        Amended.read(lowered(TOTAL, *limits).to_json(), "amended")


@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), max_size=10))
def test_limits_put_together_are_at_every_period_the_least_of_all(
    said: list[tuple[int, int]],
) -> None:
    held: tuple[Ceiling, ...] = ()
    for each in lowered(TOTAL, *said).limits:
        held = with_ceiling(held, each)
    for period in range(14):
        reached = [limit for start, limit in said if start <= period]
        amended = (Amended(clause=TOTAL, limits=held),) if held else ()
        assert amended_limit(amended, TOTAL, period) == min(reached, default=None)
    assert [each.limit_pflop for each in held] == sorted(
        {each.limit_pflop for each in held}, reverse=True
    )
