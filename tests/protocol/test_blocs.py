"""One bloc that decides alone is warned of, and no other is."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from pausenet.protocol.blocs import bloc_powers, register_powers
from pausenet.values import Quorum
from tests.protocol.movements import network

BLOCS = st.lists(st.sampled_from(["east", "west", "north"]), min_size=4, max_size=16)


@given(BLOCS)
def test_a_bloc_is_named_exactly_where_it_is_a_quorum_or_the_rest_is_none(
    blocs: list[str],
) -> None:
    quorum = Quorum(n=len(blocs))
    found = {power.bloc: power.makes for power in bloc_powers(quorum, blocs)}
    for bloc, count in Counter(blocs).items():
        can_make, can_block = count >= quorum.k, len(blocs) - count < quorum.k
        assert (bloc in found) is (can_make or can_block)
        assert found.get(bloc, False) is can_make


def test_one_of_each_bloc_decides_nothing_alone() -> None:
    assert bloc_powers(Quorum(n=7), [f"bloc-{number}" for number in range(7)]) == ()


def test_a_single_verifier_always_decides_alone() -> None:
    (power,) = bloc_powers(Quorum(n=1), ["east"])
    assert power.makes


def test_a_networks_verifiers_of_one_bloc_are_warned_of() -> None:
    (power,) = register_powers(network())
    assert power.makes
    assert "alone makes the quorum of 3" in power.text
