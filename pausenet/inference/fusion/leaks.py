"""How long a secret site stays secret: an interval, never one number.

The time until people who know give a site away is taken as a gamma distribution whose mean falls
with the number of workers N, mu(N) = A / log10(N)^B years, and whose variance is 3.88 mu. The
design document (2.2) gives A = 23.36 and B = 1.749, by way of two means, from 12 covert nuclear
sites of a public collection. Those that were found are a selected sample: sites that nobody ever
found are in no collection. So the chance to be found by a date is an interval,

    from (1 - u) x the least of the fits    to    the greatest of the fits,

over the fit that was given and, with A by maximum likelihood and B as given, fits to all cases,
to all but one, and to all with every open number at the end that makes sites live longest, or
shortest. u, the share of sites never found, is up to one half.

The cases stand in `sites`. Their own fit is A = 23.75, beside the 23.36 that was given; B is not
settled by so few.

| symbol | here | meaning | unit |
|---|---|---|---|
| A, B | `scale`, `exponent` | of the mean | years, 1 |
| 3.88 | `dispersion` | variance over mean | years |
| N | `workers` | people who know | people |
| u | `undiscovered` | share of sites that nobody ever finds | 1 |
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pausenet.errors import Misuse
from pausenet.inference.fusion.sites import SITES, FoundSite
from pausenet.inference.gamma import digamma, lower
from pausenet.inference.roots import crossing

_SCALE_LEAST: Final = 0.01
_SCALE_MOST: Final = 10_000.0
UNDISCOVERED_MOST: Final = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class LeakModel:
    """The distribution of the years until a site of N workers, from 2, is found."""

    scale: float
    exponent: float
    dispersion: float

    def __post_init__(self) -> None:
        if not min(self.scale, self.exponent, self.dispersion) > 0.0:
            raise Misuse("LeakModel: expected a scale, exponent and dispersion above 0")

    def mean_years(self, workers: float) -> float:
        """The mean of those that are found, A / log10(N)^B."""
        if not workers >= 2.0:
            raise Misuse(f"mean_years: expected two workers at least, found {workers}")
        return float(self.scale / math.log10(workers) ** self.exponent)

    def found_by(self, years: float, workers: float) -> float:
        """P(found within so many years), if all sites are found some day."""
        return lower(self.mean_years(workers) / self.dispersion, years / self.dispersion)


GIVEN: Final = LeakModel(scale=23.36, exponent=1.749, dispersion=3.88)
"""The fit to 12 discovered sites, as the design document gives it."""


def through(few: tuple[float, float], many: tuple[float, float], *, dispersion: float) -> LeakModel:
    """The model whose mean passes through two points (workers, years).

    B = ln(years / years') / ln(log10(N') / log10(N)), and A from either point.
    """
    (fewer, longer), (more, shorter) = few, many
    if not (2.0 <= fewer < more and longer > shorter > 0.0):
        raise Misuse("through: expected more workers to be found sooner")
    exponent = math.log(longer / shorter) / math.log(math.log10(more) / math.log10(fewer))
    scale = longer * math.log10(fewer) ** exponent
    return LeakModel(scale=scale, exponent=exponent, dispersion=dispersion)


def fitted(cases: Sequence[FoundSite], *, exponent: float, dispersion: float) -> LeakModel:
    """The model whose A makes the cases likeliest, B and the dispersion as given.

    With c_i = log10(N_i)^-B / dispersion the score sum c_i (ln(t_i / dispersion) - digamma(A c_i))
    falls with A; its zero is the estimate.
    """
    if not cases:
        raise Misuse("fitted: expected a case at least")
    pairs = [(case.workers, case.years) for case in cases]
    return _likeliest(pairs, exponent=exponent, dispersion=dispersion)


def ends(cases: Sequence[FoundSite], given: LeakModel = GIVEN) -> tuple[LeakModel, LeakModel]:
    """The fits with every open number at the end that makes sites live longest, and shortest.

    Many people who keep a secret for long, or few who lose it soon.
    """
    if not cases:
        raise Misuse("ends: expected a case at least")
    longest = [(case.most, case.latest) for case in cases]
    shortest = [(case.fewest, case.soonest) for case in cases]
    first, second = (
        _likeliest(pairs, exponent=given.exponent, dispersion=given.dispersion)
        for pairs in (longest, shortest)
    )
    return first, second


def _likeliest(
    pairs: Sequence[tuple[float, float]], *, exponent: float, dispersion: float
) -> LeakModel:
    weights = [
        (math.log10(workers) ** -exponent / dispersion, math.log(years / dispersion))
        for workers, years in pairs
    ]

    def score(scale: float) -> float:
        return math.fsum(c * (log_time - digamma(scale * c)) for c, log_time in weights)

    scale = crossing(score, _SCALE_LEAST, _SCALE_MOST)
    return LeakModel(scale=scale, exponent=exponent, dispersion=dispersion)


def leave_one_out(cases: Sequence[FoundSite], given: LeakModel = GIVEN) -> tuple[LeakModel, ...]:
    """One fit for each case, from all the others."""
    if len(cases) < 2:
        raise Misuse("leave_one_out: expected two cases at least")
    return tuple(
        fitted(
            [*cases[:left], *cases[left + 1 :]],
            exponent=given.exponent,
            dispersion=given.dispersion,
        )
        for left in range(len(cases))
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class LeakInterval:
    """The least and the greatest chance that a site is found in time."""

    low: float
    high: float
    cases: int

    def __str__(self) -> str:
        return (
            f"found with {100 * self.low:.2g} % to {100 * self.high:.2g} % "
            f"(a selected sample: {self.cases} cases that were found; not a confidence interval)"
        )


def leak_interval(
    years: float,
    workers: float,
    *,
    cases: Sequence[FoundSite] = SITES,
    undiscovered: float = UNDISCOVERED_MOST,
) -> LeakInterval:
    """The interval over the given fit, those of the cases, and 0 to `undiscovered`."""
    if not 0.0 <= undiscovered < 1.0:
        raise Misuse(f"leak_interval: expected a share from 0 to below 1, found {undiscovered}")
    whole = fitted(cases, exponent=GIVEN.exponent, dispersion=GIVEN.dispersion)
    models = (GIVEN, whole, *leave_one_out(cases), *ends(cases))
    chances = [model.found_by(years, workers) for model in models]
    return LeakInterval(
        low=(1.0 - undiscovered) * min(chances), high=max(chances), cases=len(cases)
    )
