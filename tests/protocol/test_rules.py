"""The rules are bytes with a digest, and their vectors hold."""

from __future__ import annotations

from typing import Any

import pytest

from pausenet.inference.balance import MeterError
from pausenet.inference.series import Balance, values_milli
from pausenet.protocol import rules
from pausenet.statements import canonical
from pausenet.values import Digest, PeriodIndex, WattHours


def test_the_digest_is_over_text_tables_and_vectors() -> None:
    value = canonical.decode(rules.RULES_BYTES, maximum_bytes=100_000)
    assert value == rules.RULES
    assert Digest.of(rules.RULES_BYTES) == rules.RULES_DIGEST


@pytest.mark.parametrize("member", sorted(rules.RULES))
def test_no_member_of_the_rules_can_change_without_the_digest(member: str) -> None:
    changed = {**rules.RULES, member: "other"}
    assert Digest.of(canonical.encode(changed)) != rules.RULES_DIGEST


@pytest.mark.parametrize("vector", rules.VECTORS, ids=lambda vector: f"{vector['values']}")
def test_every_vector_gives_its_values(vector: dict[str, Any]) -> None:
    error = MeterError(
        random_ppm=max(vector["random_ppm"], 1), systematic_ppm=vector["systematic_ppm"]
    )
    energies = zip(vector["declared_wh"], vector["metered_wh"], strict=True)
    series = [
        Balance(period=PeriodIndex(at), declared=WattHours(declared), metered=WattHours(metered))
        for at, (declared, metered) in enumerate(energies)
    ]
    assert list(values_milli(series, error, vector["calibration_periods"])) == vector["values"]


@pytest.mark.parametrize(
    ("shift", "sudden", "spread"),
    [(0, 0, 4), (99, 0, 4), (100, 0, 10), (999, 0, 99), (1_000, 2, 99), (10**9, 99, 99)],
)
def test_a_shift_between_two_steps_takes_the_smaller_power(
    shift: int, sudden: int, spread: int
) -> None:
    assert (rules.sudden_percent(shift), rules.spread_percent(shift)) == (sudden, spread)
