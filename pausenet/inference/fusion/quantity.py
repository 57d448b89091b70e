"""What an estimate of a quantity says: chips of a country, energy of a site.

Estimates from afar have heavy tails. The relative error's size is taken as exponential with the
rate k = ln 2 / median, so that half of all errors are smaller than the median (domain.md 2.2).
Against a stated share that the violation adds or removes, the likelihood ratio of a reading is

    e^(-k |e1|) / e^(-k |e0|) = 2^((|e0| - |e1|) / median),

with e0 and e1 the reading's relative errors if nothing and if that share is hidden. Both are
relative to what was declared, so that the two densities have one scale.

| symbol | here | meaning | unit |
|---|---|---|---|
| e0 | `excess` | reading / declared - 1 | 1 |
| e1 | | excess less the share, e0 - share | 1 |
| | `share` | what the violation adds to the reading, over what was declared; not 0 | 1 |
| | `median` | the median size of the relative error | 1 |
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from pausenet.errors import Misuse
from pausenet.inference.meters import Figure, Standing

_REPOSITORY: Final = "design document 2.2, which names the util.py of a public simulator"


def _said(value: float, low: float, high: float, basis: str) -> Figure:
    return Figure(value=value, low=low, high=high, unit="1", standing=Standing.SOURCE, basis=basis)


CHIP_STOCK_MEDIAN: Final = _said(0.07, 0.07, 0.07, _REPOSITORY)
ENERGY_MEDIAN: Final = _said(0.05, 0.05, 0.07, _REPOSITORY)
SATELLITE_MEDIAN: Final = _said(0.05, 0.01, 0.05, _REPOSITORY)
WEAPONS_MEDIAN: Final = _said(0.15, 0.15, 0.15, f"{_REPOSITORY}; weapons estimates 1960 to 2025")


@dataclass(frozen=True, slots=True, kw_only=True)
class QuantityChannel:
    """An estimate's median relative error, and the share that is to be found."""

    median: float
    share: float

    def __post_init__(self) -> None:
        if not (self.median > 0.0 and self.share != 0.0 and math.isfinite(self.share)):
            raise Misuse("QuantityChannel: expected a median above 0 and a share that is not 0")

    def log_ratio(self, excess: float) -> float:
        """The log-likelihood ratio of one reading, k (|e0| - |e1|)."""
        return math.log(2.0) / self.median * (abs(excess) - abs(excess - self.share))

    @property
    def max_ratio(self) -> float:
        """The largest likelihood ratio that any reading can have: 2^(|share| / median).

        >>> [round(QuantityChannel(median=0.07, share=s).max_ratio, 2) for s in (0.05, 0.1, 0.2)]
        [1.64, 2.69, 7.25]
        """
        return math.exp2(abs(self.share) / self.median)

    @property
    def information(self) -> float:
        """The mean log ratio where the share is hidden: d + e^-d - 1 nats, d = k |share|.

        The divergence of two Laplace distributions whose centres are d scales apart.
        """
        d = math.log(self.max_ratio)
        return d + math.expm1(-d)

    def alarm(self, ratio: float, hidden: float) -> float:
        """P(the likelihood ratio is at least so large) where `hidden` is truly there, exactly.

        The log ratio rises with the reading from -d to d; it is at least ln(ratio) from the
        excess x = (share + ln(ratio) / k) / 2 on, along the share's sign. Raises Misuse for a
        ratio that no reading passes, or that every reading does.
        """
        if not 1.0 / self.max_ratio < ratio <= self.max_ratio:
            raise Misuse(f"alarm: expected a ratio up to {self.max_ratio:.3g}, found {ratio}")
        k, sign = math.log(2.0) / self.median, math.copysign(1.0, self.share)
        beyond = k * (0.5 * (abs(self.share) + math.log(ratio) / k) - sign * hidden)
        return 0.5 * math.exp(-beyond) if beyond >= 0.0 else 1.0 - 0.5 * math.exp(beyond)
