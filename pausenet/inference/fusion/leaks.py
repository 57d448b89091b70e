"""How long a secret site stays secret: an interval, never one number.

The time until people who know give a site away is taken as a gamma distribution whose mean falls
with the number of workers N, mu(N) = A / log10(N)^B years, and whose variance is 3.88 mu. The
design document (2.2) gives A = 23.36 and B = 1.749 from 12 covert nuclear sites of a public
collection. Those 12 are a selected sample: sites that nobody ever found are in no collection. So
the chance to be found by a date is an interval,

    from (1 - u) x the least of the fits    to    the greatest of the fits,

over the fit that was given and fits that leave one case out, with u, the share of sites never
found, up to one half.

Of the 12 cases the design document gives four with workers and years. The other eight
(`CASES_MISSING`) are not here: whoever has them passes all 12 as `cases`. With four cases the
data do not settle B, which stays as given; A is fitted by maximum likelihood.

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
from pausenet.inference.gamma import digamma, lower
from pausenet.inference.roots import crossing

_SCALE_LEAST: Final = 0.01
_SCALE_MOST: Final = 10_000.0
CASES_MISSING: Final = 8
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


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundSite:
    """A covert site that was found: how many knew of it, and after how many years."""

    name: str
    workers: float
    years: float

    def __post_init__(self) -> None:
        if not (self.workers >= 2.0 and self.years > 0.0):
            raise Misuse(f"FoundSite {self.name}: expected two workers and years above 0")


CASES: Final = (
    FoundSite(name="Fordow", workers=150.0, years=1.0),
    FoundSite(name="Natanz", workers=350.0, years=2.0),
    FoundSite(name="PC-3", workers=3_500.0, years=4.0),
    FoundSite(name="Al-Kibar", workers=115.0, years=6.0),
)
"""The four of the 12 cases whose data the design document gives, all about; Natanz is "below 2"."""


def fitted(cases: Sequence[FoundSite], *, exponent: float, dispersion: float) -> LeakModel:
    """The model whose A makes the cases likeliest, B and the dispersion as given.

    With c_i = log10(N_i)^-B / dispersion the score sum c_i (ln(t_i / dispersion) - digamma(A c_i))
    falls with A; its zero is the estimate.
    """
    if not cases:
        raise Misuse("fitted: expected a case at least")
    weights = [
        (math.log10(case.workers) ** -exponent / dispersion, math.log(case.years / dispersion))
        for case in cases
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
    cases: Sequence[FoundSite] = CASES,
    undiscovered: float = UNDISCOVERED_MOST,
) -> LeakInterval:
    """The interval over the given fit, its leave-one-out fits, and 0 to `undiscovered`."""
    if not 0.0 <= undiscovered < 1.0:
        raise Misuse(f"leak_interval: expected a share from 0 to below 1, found {undiscovered}")
    chances = [model.found_by(years, workers) for model in (GIVEN, *leave_one_out(cases))]
    return LeakInterval(
        low=(1.0 - undiscovered) * min(chances), high=max(chances), cases=len(cases)
    )
