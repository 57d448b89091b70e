"""Every number of the physics says what it rests on, and the derived ones follow."""

from __future__ import annotations

import pytest

from pausenet.errors import Misuse
from pausenet.inference.meters import (
    FIGURES,
    MFU,
    PEAK,
    POWER,
    ChipKind,
    Figure,
    Standing,
    h100_equivalents,
    watts_at,
)


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_names_an_address_or_says_that_it_is_assumed(name: str) -> None:
    figure = FIGURES[name]
    assert figure.basis
    if figure.standing is Standing.SOURCE:
        assert "." in figure.basis
    assert str(figure.standing) in str(figure)


def test_every_kind_of_chip_has_a_peak_and_no_power_is_made_up() -> None:
    assert set(PEAK) == set(ChipKind)
    assert set(ChipKind) - set(POWER) == {ChipKind.TPU_V6E, ChipKind.TPU_V7}


def test_what_nobody_confirmed_is_an_assumption() -> None:
    """domain.md 6.4 marks these [M]."""
    for kind in (ChipKind.A100, ChipKind.GB200, ChipKind.TPU_V7):
        assert PEAK[kind].standing is Standing.ASSUMPTION
    for kind in (ChipKind.MI355X, ChipKind.TRAINIUM2, ChipKind.TPU_V5P):
        assert POWER[kind].standing is Standing.ASSUMPTION
    assert MFU.standing is Standing.ASSUMPTION


def test_the_power_chain_of_an_h100() -> None:
    """domain.md 6.5: 1.07, 1.22 and 1.71 kW."""
    assert [watts / 1000 for watts in watts_at(ChipKind.H100_SXM)] == pytest.approx(
        [1.07, 1.22, 1.71], abs=5e-3
    )


def test_the_derived_figure_follows_from_its_parts() -> None:
    assert FIGURES["H100 at the facility"].value == pytest.approx(watts_at(ChipKind.H100_SXM)[2])


def test_sixteen_h100_are_15_840_tflop_per_second() -> None:
    """domain.md 1.6 counts 990 TFLOP/s a chip, 0.1 % above the 989 of 6.4."""
    assert 16 * PEAK[ChipKind.H100_SXM].value == pytest.approx(15_840e12, rel=2e-3)
    assert h100_equivalents(ChipKind.H100_SXM, 16) == 16


@pytest.mark.parametrize(
    ("low", "high", "unit", "basis"),
    [
        (2.0, 3.0, "W", "page.org"),
        (0.0, 0.5, "W", "page.org"),
        (1.0, 1.0, "", "p"),
        (1, 1, "W", ""),
    ],
)
def test_figures_without_basis_or_outside_their_range_are_refused(
    low: float, high: float, unit: str, basis: str
) -> None:
    with pytest.raises(Misuse):
        Figure(value=1.0, low=low, high=high, unit=unit, standing=Standing.ASSUMPTION, basis=basis)


def test_a_figure_without_a_unit_says_none() -> None:
    share, power = (
        Figure(
            value=0.5,
            low=0.1,
            high=0.9,
            unit=unit,
            standing=Standing.ASSUMPTION,
            basis="as in the question",
        )
        for unit in ("1", "MW")
    )
    assert str(share) == "0.5 (0.1 to 0.9) [assumption: as in the question]"
    assert str(power) == "0.5 (0.1 to 0.9) MW [assumption: as in the question]"
