"""The two accounts: known answers of domain.md 2.1 and 6, errors as simulated, what is not seen."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from pausenet.errors import Misuse
from pausenet.inference.accounts import (
    UNSEEN,
    Account,
    Baseline,
    ConversionTime,
    Declared,
    Fleet,
    Frontier,
    ItemLists,
    LegalThreshold,
    Measured,
    StrategicQuantity,
    Timeliness,
    account_covariance,
    added,
    cannot_see,
    chips,
    exact,
    item_balance,
    metered,
    product,
    quotient,
    relative_sigma_needed,
    use,
    useful_flop,
)
from pausenet.inference.accounts.quantities import days_to, hidden_by_utilisation
from pausenet.inference.balance import MeterError
from pausenet.inference.meters import IT_OVER_SERVER, SERVER_OVER_CHIP, ChipKind
from pausenet.inference.sequential import calibration_blocks, use_covariance

ERROR = MeterError(random_ppm=10_000, systematic_ppm=5_000)

# ------------------------------------------------------------------- how precise, how much


@pytest.mark.parametrize(
    ("h100e", "quantity", "percent"),
    [(500_000, 1e24, 0.068), (100_000, 1e24, 0.34), (1_000_000, 1e24, 0.034), (500_000, 1e26, 6.8)],
)
def test_the_rokkasho_problem_of_compute(h100e: float, quantity: float, percent: float) -> None:
    """domain.md 2.1: 30 days, MFU 0.35, 95 % detection at 5 % false alarms."""
    needed = relative_sigma_needed(quantity, h100e=h100e, days=30, utilisation=0.35)
    assert 100 * needed == pytest.approx(percent, rel=0.01)


def test_half_a_million_chips_do_4_5e26_in_a_month() -> None:
    """domain.md 2.1, the Rokkasho problem of compute."""
    assert useful_flop(500_000, 30, 0.35) == pytest.approx(4.5e26, rel=0.005)


def test_one_point_of_utilisation_hides_1_28e25() -> None:
    assert hidden_by_utilisation(500_000, 30, 0.01) == pytest.approx(1.28e25, rel=0.002)


@pytest.mark.parametrize(
    ("flop", "h100e", "days"),
    [(1e26, 100_000, 29), (5e26, 200_000, 73), (2.1e25, 100_000, 6.1), (1e22, 16, 18)],
)
def test_breakout_times(flop: float, h100e: float, days: float) -> None:
    """domain.md 1.6, 3 (E20) and 6.7, at 40 % utilisation."""
    assert days_to(flop, h100e, 0.4) == pytest.approx(days, rel=0.02)


@pytest.mark.parametrize(("flop", "hours"), [(1e22, 7.0e3), (1e24, 702e3), (1e26, 70e6)])
def test_h100_hours_of_a_run(flop: float, hours: float) -> None:
    """domain.md 6.7."""
    assert 24 * days_to(flop, 1, 0.4) == pytest.approx(hours, rel=0.005)


COURSE = Frontier(frontier=5e26, growth_yearly=4.0, halving_months=8.0)


def test_the_lead_is_the_inverse_of_the_strategic_quantity() -> None:
    for months, elapsed in itertools.product((1.0, 3.0, 12.0), (0.0, 5.0, 30.0)):
        quantity = COURSE.strategic_quantity(months, elapsed)
        assert COURSE.lead_months(quantity.flop, elapsed) == pytest.approx(months)


def test_a_year_s_lead_at_the_start_is_a_run_one_year_s_growth_larger() -> None:
    assert COURSE.strategic_quantity(12.0, 0.0).flop == pytest.approx(4 * 5e26)


def test_the_strategic_quantity_shrinks_with_progress_and_the_legal_threshold_does_not() -> None:
    flops = [COURSE.strategic_quantity(3.0, elapsed).flop for elapsed in (0.0, 8.0, 16.0)]
    assert flops[1] == pytest.approx(flops[0] / 2)
    assert flops[2] == pytest.approx(flops[0] / 4)
    assert LegalThreshold(flop=1e26) != StrategicQuantity(flop=1e26, lead_months=3.0)


def test_too_little_covert_work_buys_no_lead() -> None:
    assert COURSE.lead_months(5e26, 0.0) == 0.0
    assert COURSE.lead_months(0.0, 12.0) == 0.0
    assert COURSE.lead_months(1e25, 3.0) == 0.0


def test_timeliness_counts_the_whole_chain() -> None:
    chain = Timeliness(detection=30, clarification=5, inspection=10, determination=14, response=7)
    assert chain.days == 66
    assert chain.margin_days(40, ConversionTime(days=20)) == -6
    assert chain.margin_days(60, ConversionTime(days=20)) == 14


def test_every_day_of_delay_adds_to_the_lead() -> None:
    def gained(inspection: float) -> float:
        chain = Timeliness(
            detection=90, clarification=5, inspection=inspection, determination=14, response=7
        )
        return chain.lead_gained(1e25, COURSE)

    leads = [gained(days) for days in (0, 30, 60, 120)]
    assert leads == sorted(leads)
    assert leads[0] < leads[-1]


@pytest.mark.parametrize("flop", [0.0, -1.0, float("inf"), float("nan")])
def test_quantities_that_mean_nothing_are_refused(flop: float) -> None:
    with pytest.raises(Misuse):
        LegalThreshold(flop=flop)
    with pytest.raises(Misuse):
        StrategicQuantity(flop=flop, lead_months=3.0)
    with pytest.raises(Misuse):
        Frontier(frontier=1e26, growth_yearly=1.0, halving_months=8.0)
    with pytest.raises(Misuse):
        ConversionTime(days=-1.0)
    with pytest.raises(Misuse):
        Timeliness(detection=1, clarification=-1, inspection=0, determination=0, response=0)


# --------------------------------------------------------------------------- propagation


def test_errors_pass_through_arithmetic_as_simulated() -> None:
    chance = np.random.default_rng(51)

    def drawn(amount: Measured) -> np.ndarray:
        return amount.value + amount.sigma * chance.standard_normal(200_000)

    a, b = metered(120.0, ERROR), metered(7.0, MeterError(random_ppm=4_000, systematic_ppm=8_000))
    for stated, seen in (
        (added((a, b)), drawn(a) + drawn(b)),
        (added((a, b.scaled(-3.0))), drawn(a) - 3 * drawn(b)),
        (product(a, b), drawn(a) * drawn(b)),
        (quotient(a, b), drawn(a) / drawn(b)),
    ):
        assert stated.value == pytest.approx(seen.mean(), rel=1e-3)
        assert stated.sigma == pytest.approx(seen.std(), rel=0.01)


def test_an_exact_amount_adds_no_error() -> None:
    a = metered(120.0, ERROR)
    left = added((a, exact(-120.0)))
    assert (left.value, left.random, left.systematic) == pytest.approx((0.0, 1.2, 0.6))
    assert exact(3.0).sigma == 0.0


def test_amounts_that_mean_nothing_are_refused() -> None:
    for value, random in ((float("nan"), 0.0), (float("inf"), 0.0), (1.0, -1.0)):
        with pytest.raises(Misuse):
            Measured(value=value, random=random, systematic=0.0)
    with pytest.raises(Misuse):
        quotient(exact(1.0), exact(0.0))


# --------------------------------------------------------------------------- use account

FLEETS = (
    use.Fleet(kind=ChipKind.H100_SXM, chips=exact(1_000), hours=168, availability=exact(0.9)),
    use.Fleet(kind=ChipKind.B200, chips=exact(200), hours=168, availability=exact(0.95)),
)
SAID = Declared(used=200_000, idle=10_000, maintenance=4_000, failures=2_000)


def test_the_registry_counts_all_kinds_in_h100_equivalents() -> None:
    expected = 168 * (1_000 * 0.9 + 200 * 0.95 * 2_250 / 989)
    assert use.capacity(FLEETS).value == pytest.approx(expected)
    left = use.cuf_of_capacity(use.capacity(FLEETS), SAID)
    assert left.value == pytest.approx(expected - 216_000)


def test_the_meter_finds_the_hours_that_drew_the_energy() -> None:
    busy, idle = 150_000.0, 18_000.0
    chips_wh = 700 * (0.9 * busy + 0.125 * idle)
    hall = metered(chips_wh * SERVER_OVER_CHIP.value * IT_OVER_SERVER.value, ERROR)
    found = use.by_power(hall, ChipKind.H100_SXM, exact(idle), exact(0.125), exact(0.9))
    assert found.value == pytest.approx(busy)
    assert found.sigma == pytest.approx(
        hall.sigma / (SERVER_OVER_CHIP.value * IT_OVER_SERVER.value * 630)
    )
    assert use.cuf_of_use(found, SAID).value == pytest.approx(busy - 200_000)


def test_the_tap_finds_the_hours_that_sent_the_traffic() -> None:
    found = use.by_network(metered(9e15, ERROR), exact(4.5e10))
    assert found.value == pytest.approx(200_000)


def test_operations_carry_the_error_of_the_utilisation() -> None:
    utilisation = Measured(value=0.35, random=0.0, systematic=0.01)
    done = use.operations(exact(500_000 * 720), utilisation)
    assert done.value == pytest.approx(useful_flop(500_000, 30, 0.35))
    assert done.systematic == pytest.approx(1.28e25, rel=0.002)


def test_the_covariance_of_one_meter_s_channel_is_the_use_account_s() -> None:
    amounts, blocks = np.array([5.0, 7.0, 6.0, 8.0]), calibration_blocks(4, 2)
    channel = [metered(amount, ERROR) for amount in amounts]
    stated = account_covariance([channel], [blocks])
    assert stated == pytest.approx(use_covariance(amounts, ERROR, blocks))
    both = account_covariance([channel, channel], [blocks, blocks])
    assert both == pytest.approx(2 * stated)


def test_channels_that_do_not_fit_are_refused() -> None:
    channel = [metered(1.0, ERROR)] * 3
    with pytest.raises(Misuse):
        account_covariance([channel], [])
    with pytest.raises(Misuse):
        account_covariance([channel], [(0, 0)])
    with pytest.raises(Misuse):
        Declared(used=1, idle=-1, maintenance=0, failures=0)
    with pytest.raises(Misuse):
        Fleet(kind=ChipKind.H100_SXM, chips=exact(1), hours=0, availability=exact(1))


def test_a_report_states_its_test_and_ends_with_what_it_cannot_see() -> None:
    balance = Measured(value=4e3, random=1e3, systematic=1e3)
    lines = use.report([("power", balance)], quantity=4.65e3, alpha=0.05)
    assert lines[0] == (
        "power: CUF 4e+03, sigma 1.41e+03, 2.83 sigmas; alarm above 1.64 at false-alarm rate "
        "0.05: alarm; finds 4.65e+03 with probability 0.95"
    )
    assert lines[1:] == cannot_see(Account.USE)
    with pytest.raises(Misuse):
        use.report([("power", exact(1.0))], quantity=1.0, alpha=0.05)


# -------------------------------------------------------------------------- chip account


def lists(**changes: str) -> ItemLists:
    said = {"opening": "abcd", "received": "e", "shipped": "a", "retired": "b", "closing": "cde"}
    return ItemLists(**{name: frozenset(uids) for name, uids in (said | changes).items()})


def test_lists_that_agree_balance() -> None:
    assert item_balance(lists()).balanced


def test_a_chip_that_was_shipped_and_came_back_balances() -> None:
    assert item_balance(lists(received="ea", closing="acde")).balanced


@pytest.mark.parametrize(
    ("changes", "missing", "unexpected"),
    [
        ({"closing": "cd"}, "e", ""),
        ({"closing": "cdef"}, "", "f"),
        ({"closing": "acde"}, "", "a"),
        ({"retired": "bz"}, "", "z"),
        ({"shipped": "ab"}, "", "b"),
        ({"received": ""}, "", "e"),
        ({"received": "ec"}, "c", ""),
    ],
)
def test_every_list_that_is_wrong_shows_a_defect(
    changes: dict[str, str], missing: str, unexpected: str
) -> None:
    balance = item_balance(lists(**changes))
    assert balance.missing == frozenset(missing)
    assert balance.unexpected == frozenset(unexpected)


def test_two_sides_of_a_transfer_are_compared_item_by_item() -> None:
    assert chips.transfer_defects(frozenset("abc"), frozenset("bcd")) == frozenset("ad")


def test_a_chip_report_says_whether_its_baseline_was_verified() -> None:
    lines = chips.report(item_balance(lists(closing="cd")), Baseline.NOT_VERIFIED)
    assert lines[0] == "items: 1 missing, 0 unexpected; baseline not verified"
    assert lines[1:] == cannot_see(Account.CHIP)


def test_what_the_accounts_cannot_see_is_what_domain_md_lists() -> None:
    assert [unseen.evasion for unseen in UNSEEN] == ["E02", "E05", "E06", "E16", "E22"]
    assert len(cannot_see(Account.USE)) == 6
    assert len(cannot_see(Account.CHIP)) == 5
