"""What a test's alarm is worth: the share of such alarms that are true, and what would change it.

The rates are those that the finding itself states, in the sentence that `verify` draws anew from
the materials; nothing here estimates one. The base rate, how many candidates are thought to be
real, is nobody's measurement: it is an assumption of whoever asks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from pausenet.errors import Misuse
from pausenet.inference.fusion.odds import posterior

BASE_RATE: Final = Fraction(1, 500)
"""One real among 500 candidates: the example of the design document's base-rate trap."""
OTHER_DETECTION: Final = Fraction(80, 100)
OTHER_FALSE_ALARM: Final = Fraction(1, 100)
"""An invented second channel, to show what independence is worth."""
_PPM: Final = 10**6
_SERIES: Final = re.compile(
    r"alpha (\d+) ppm for all \d+ tests over (\d+) periods; power against (\d+) Wh: "
    r"(\d+) % in two periods that hide it each, (\d+) % spread over \d+"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """How often a test alarms: where nothing is hidden, and at least where `hidden` is.

    `at_once_wh` is what is hidden in one period, where it is all hidden so; 0 where it is spread.
    """

    candidate: str
    hidden: str
    detection: Fraction
    false_alarm: Fraction
    at_once_wh: int = 0

    def __post_init__(self) -> None:
        if not (0 <= self.detection <= 1 and 0 < self.false_alarm <= 1):
            raise Misuse("Rates: expected probabilities, and a false-alarm rate above 0")

    @property
    def ratio(self) -> Fraction:
        """The likelihood ratio of an alarm, from the detection that is sure."""
        return self.detection / self.false_alarm


def stated_rates(text: str) -> tuple[Rates, ...]:
    """The rates that a finding's sentence states, one for each way of hiding; empty where none."""
    if found := _SERIES.search(text):
        ppm, periods, quantity, sudden, spread = map(int, found.groups())
        hidden = (
            (f"hides {quantity:,} Wh in each of two periods", sudden, quantity),
            (f"hides {quantity:,} Wh spread over {periods} periods", spread, 0),
        )
        return tuple(
            Rates(
                candidate=f"series of {periods} periods of a lab",
                hidden=how,
                detection=Fraction(percent, 100),
                false_alarm=Fraction(ppm, _PPM),
                at_once_wh=at_once,
            )
            for how, percent, at_once in hidden
        )
    return ()


def read_base_rate(text: str) -> Fraction:
    """A share between 0 and 1 as `1/500`, `0.002` or `0.2 %`; raises Misuse for any other."""
    found = re.fullmatch(r"(\d{1,12}(?:\.\d{1,12})?|\d{1,12}/\d{1,12}) ?(%?)", text, re.ASCII)
    try:
        share = Fraction(found[1]) / (100 if found[2] else 1) if found else Fraction(0)
    except ZeroDivisionError:
        share = Fraction(0)
    if not 0 < share < 1:
        raise Misuse(f"base rate: expected a share between 0 and 1 such as 1/500, found {text!r}")
    return share


def read_costs(given: Sequence[str]) -> dict[str, Fraction]:
    """Costs as `CHANNEL=NUMBER`; raises Misuse for any other form, and for a channel twice."""
    costs: dict[str, Fraction] = {}
    for each in given:
        found = re.fullmatch(r"([^=]+)=(\d{1,12}(?:\.\d{1,12})?)", each, re.ASCII)
        if found is None or found[1] in costs:
            raise Misuse(f"--cost: expected CHANNEL=NUMBER, each channel once, found {each!r}")
        costs[found[1]] = Fraction(found[2])
    return costs


def worth(rates: Rates, base: Fraction, *, assumed: bool) -> Iterator[str]:
    """What an alarm is worth at a base rate, against one way of hiding."""
    if rates.ratio <= 1:
        yield (
            f"Where a {rates.candidate} {rates.hidden}, the test is sure to alarm in "
            f"{percent(rates.detection)} only, no more often than where nothing is hidden "
            f"({percent(rates.false_alarm)}): it does not see that."
        )
        return
    word = "an assumption of this program" if assumed else "as you gave it"
    yield (
        f"By its own rates the test alarms in {percent(rates.false_alarm)} of all cases where a "
        f"{rates.candidate} hides nothing, and in at least {percent(rates.detection)} where it "
        f"{rates.hidden}."
    )
    yield (
        f"If one {rates.candidate} in {_one_in(base)} does so (base rate: {word}), at least "
        f"{percent(posterior(base, rates.ratio))} of such alarms are true (positive predictive "
        "value)."
    )


def beside(rates: Rates, base: Fraction) -> Iterator[str]:
    """What is left without this channel, and what a second one would make of it."""
    second = OTHER_DETECTION / OTHER_FALSE_ALARM
    quiet = (1 - OTHER_DETECTION) / (1 - OTHER_FALSE_ALARM)
    yield (
        f"Take this channel away and {percent(base)} is what is left. A second channel of another "
        f"independence group (invented: {percent(OTHER_DETECTION)} detection, "
        f"{percent(OTHER_FALSE_ALARM)} false alarms) that alarms too would lift it to at least "
        f"{percent(posterior(base, rates.ratio * second))}; if that one stays silent, at least "
        f"{percent(posterior(base, rates.ratio * quiet))} is left. A second channel of the same "
        "group would add nothing."
    )


def percent(share: Fraction) -> str:
    """A share in percent with two digits, and never 100 or 0 where it is not."""
    value = float(100 * share)
    if 0 < 1 - share < Fraction(1, 200):
        return f"{min(value, 99.99):.2f} %"
    return f"{value:.2g} %" if value < 10 else f"{value:.0f} %"


def _one_in(base: Fraction) -> str:
    """The number of candidates to one real: whole, where it is many.

    >>> _one_in(Fraction(1, 10_000)), _one_in(Fraction(2, 5))
    ('10,000', '2.5')
    """
    number = 1 / base
    return f"{round(number):,}" if number >= 100 else f"{float(number):.4g}"
