"""The rules are bytes with a digest, and their vectors hold."""

from __future__ import annotations

import pytest

from pausenet.inference.balance import MeterError, exceeds, z_milli
from pausenet.protocol import rules
from pausenet.statements import canonical
from pausenet.values import Digest, WattHours


def test_the_digest_is_over_text_tables_and_vectors() -> None:
    value = canonical.decode(rules.RULES_BYTES, maximum_bytes=100_000)
    assert value == rules.RULES
    assert Digest.of(rules.RULES_BYTES) == rules.RULES_DIGEST


@pytest.mark.parametrize("member", sorted(rules.RULES))
def test_no_member_of_the_rules_can_change_without_the_digest(member: str) -> None:
    changed = {**rules.RULES, member: "other"}
    assert Digest.of(canonical.encode(changed)) != rules.RULES_DIGEST


@pytest.mark.parametrize("vector", rules.VECTORS, ids=lambda vector: f"z={vector['z']}")
def test_every_vector_gives_its_z(vector: dict[str, int]) -> None:
    error = MeterError(random_ppm=vector["random_ppm"], systematic_ppm=vector["systematic_ppm"])
    declared, metered = WattHours(vector["declared_wh"]), WattHours(vector["metered_wh"])
    assert z_milli(declared, metered, error) == vector["z"]
    assert exceeds(declared, metered, error, rules.Z) == (vector["z"] >= rules.Z * 1000)


@pytest.mark.parametrize(
    ("correlation", "ppm"), [(0, 100), (1, 119), (25, 119), (26, 141), (83, 193), (1000, 10_000)]
)
def test_a_correlation_between_two_steps_takes_the_larger_rate(correlation: int, ppm: int) -> None:
    assert rules.joint_ppm(correlation) == ppm


@pytest.mark.parametrize(
    ("quantity", "percent"), [(0, 0), (249, 0), (250, 1), (2_500, 56), (6_000, 99), (10**9, 99)]
)
def test_a_quantity_between_two_steps_takes_the_smaller_power(quantity: int, percent: int) -> None:
    assert rules.power_percent(quantity) == percent
