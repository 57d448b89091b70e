"""How precise must a meter be for this fleet and this cap: the Rokkasho problem of compute.

A plant can be so large that an error of one percent hides many significant quantities. Here the
plant is a fleet, the quantity the compute that a cap forbids, and the balance the one over the
whole fleet and the whole time. What is asked for is the relative standard deviation of that
balance, all its terms together; a meter is one term of them, so a meter that is too coarse alone
settles the question, and one that is fine enough does not.

| symbol | here | meaning | unit |
|---|---|---|---|
| N | `h100e` | fleet | H100e |
| T | `days` | time over which the balance is closed | days |
| u | `utilisation` | useful share of the peak | 1 |
| Q | `cap_flop` | quantity to be found | FLOP |
| alpha, beta | `alpha`, `beta` | chance of a false alarm, chance to miss Q | 1 |
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from pausenet.errors import Misuse
from pausenet.inference.accounts.quantities import relative_sigma_needed, useful_flop
from pausenet.inference.accounts.unseen import Account, cannot_see
from pausenet.inference.detection import detection_probability, sigmas_needed
from pausenet.inference.fusion.quantity import ENERGY_MEDIAN
from pausenet.inference.meters import (
    METER_CLASS_02S,
    METER_CLASS_C,
    METER_RANDOM,
    METER_SYSTEMATIC,
    MFU_OF_THE_EXAMPLE,
    PEAK,
    ChipKind,
    Standing,
)

_PPM: Final = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Instrument:
    """Something that reads a fleet's energy, with its relative standard deviation and its basis."""

    name: str
    sigma: float
    standing: Standing
    basis: str

    def __post_init__(self) -> None:
        if not (self.sigma > 0.0 and self.name and self.basis):
            raise Misuse(f"Instrument {self.name!r}: expected a name, an error and a basis")


INSTRUMENTS: Final = (
    Instrument(
        name="energy estimated from outside",
        sigma=math.sqrt(2.0) / math.log(2.0) * ENERGY_MEDIAN.value,
        standing=Standing.DERIVED,
        basis=f"median error {ENERGY_MEDIAN}; sigma of errors exponential in size",
    ),
    Instrument(
        name="meter of the example",
        sigma=_PPM * math.hypot(METER_RANDOM.value, METER_SYSTEMATIC.value),
        standing=Standing.ASSUMPTION,
        basis=f"random {METER_RANDOM}; systematic the same; one reading",
    ),
    Instrument(
        name="billing meter, class C",
        sigma=_PPM * METER_CLASS_C.value,
        standing=METER_CLASS_C.standing,
        basis=f"{METER_CLASS_C.basis}; its limit taken as one sigma",
    ),
    Instrument(
        name="billing meter, class 0.2 S",
        sigma=_PPM * METER_CLASS_02S.value,
        standing=METER_CLASS_02S.standing,
        basis=f"{METER_CLASS_02S.basis}; its limit taken as one sigma",
    ),
)
"""From coarse to fine. One calibration lasts the whole time, so that many readings do not help."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A fleet, a time, a quantity to be found, and how surely."""

    h100e: float
    days: float
    cap_flop: float
    alpha: float = 0.05
    beta: float = 0.05
    utilisation: float = MFU_OF_THE_EXAMPLE.value

    def __post_init__(self) -> None:
        amounts = (self.h100e, self.days, self.cap_flop)
        if not all(math.isfinite(each) and each > 0.0 for each in amounts):
            raise Misuse("Question: expected a fleet, a time and a cap above 0")
        if not 0.0 < self.utilisation <= 1.0:
            raise Misuse(f"Question: expected a utilisation up to 1, found {self.utilisation}")
        if not (self.alpha > 0.0 and self.beta > 0.0 and self.alpha + self.beta < 1.0):
            raise Misuse("Question: expected alpha and beta above 0, together below 1")

    @property
    def whole_flop(self) -> float:
        """The useful operations of the whole fleet in that time."""
        return useful_flop(self.h100e, self.days, self.utilisation)


def precision_needed(question: Question) -> float:
    """The relative standard deviation that the balance may have at most."""
    return relative_sigma_needed(
        question.cap_flop,
        h100e=question.h100e,
        days=question.days,
        utilisation=question.utilisation,
        detection=1.0 - question.beta,
        alpha=question.alpha,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """What one instrument could do at best, were every other term of the balance exact."""

    instrument: Instrument
    enough: bool
    detection: float
    least_flop: float
    largest_fleet: float


def reach(question: Question, instrument: Instrument) -> Reach:
    """Whether it is fine enough, how often it finds the quantity, and what it can find."""
    sigmas = question.cap_flop / (question.whole_flop * instrument.sigma)
    needed = sigmas_needed(1.0 - question.beta, question.alpha)
    return Reach(
        instrument=instrument,
        enough=sigmas >= needed,
        detection=detection_probability(sigmas, question.alpha),
        least_flop=needed * instrument.sigma * question.whole_flop,
        largest_fleet=question.h100e * sigmas / needed,
    )


def lines(question: Question) -> Iterator[str]:
    """The answer in words, line by line, and what such a balance cannot see."""
    needed = precision_needed(question)
    peak = PEAK[ChipKind.H100_SXM]
    whole = question.whole_flop
    yield (
        f"{question.h100e:,.0f} H100e over {question.days:g} days do {_flop(whole)} "
        f"useful FLOP; {_flop(question.cap_flop)} is {_share(question.cap_flop / whole)} of them."
    )
    if question.cap_flop > whole:
        yield (
            "That is more than this fleet can do in that time: there is no such quantity to be "
            "found here, and what follows is arithmetic only. Ask for a larger fleet, more days "
            "or less FLOP."
        )
    yield (
        f"To find {_flop(question.cap_flop)} FLOP with {100 * (1 - question.beta):g} % at "
        f"{100 * question.alpha:g} % false alarms, the balance of the whole fleet may err by "
        f"{_share(needed)} (one standard deviation)."
    )
    for each in INSTRUMENTS:
        found = reach(question, each)
        word = "fine enough" if found.enough else f"{_times(each.sigma / needed)} times too coarse"
        yield (
            f"- {each.name}, {_share(each.sigma)}: {word}; finds the quantity with "
            f"{_share(found.detection)}, and nothing below {_flop(found.least_flop)} FLOP as "
            f"surely; enough for {found.largest_fleet:,.0f} H100e"
        )
    yield "A meter is one term of the balance: what is fine enough alone may not be with the rest."
    yield "The numbers rest on:"
    yield f"- peak of an H100: {peak}"
    yield f"- utilisation {question.utilisation:g}: {_utilisation(question)}"
    yield "- fleet, days, cap, alpha and beta: as asked"
    for each in INSTRUMENTS:
        yield f"- {each.name}: {each.standing}: {each.basis}"
    yield from cannot_see(Account.USE)


def _flop(amount: float) -> str:
    return f"{amount:.3g}".replace("e+", "e")


def _share(share: float) -> str:
    """A share in per cent: two digits where it is small, whole per cents from ten on.

    >>> _share(0.00068), _share(1.0), _share(11.4)
    ('0.068 %', '100 %', '1,140 %')
    """
    percent = 100 * share
    return f"{percent:,.0f} %" if percent >= 9.95 else f"{percent:.2g} %"


def _times(ratio: float) -> str:
    return f"{ratio:.2g}" if ratio < 10 else f"{ratio:,.0f}"


def _utilisation(question: Question) -> str:
    figure = MFU_OF_THE_EXAMPLE
    return str(figure) if question.utilisation == figure.value else "as asked"
