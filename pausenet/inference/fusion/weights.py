"""Ablation of evidence: what each channel adds to what all together say, once they have read.

`ablation` asks it of a plan before anything is read; here the readings are known. A channel adds
what is lost when it is taken away and the rest is fused anew: the whole of its own ratio where it
stands alone in its independence group, what it has above the next one where it carries its group,
and nothing where a louder one of its group speaks. So the parts need not add up to the whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from pausenet.inference.fusion.channels import Channel
from pausenet.inference.fusion.fused import fused
from pausenet.inference.fusion.odds import posterior_of_log


@dataclass(frozen=True, slots=True, kw_only=True)
class Weight:
    """One channel beside all others: the probability with it, without it, and its cost."""

    name: str
    with_it: float
    without_it: float
    cost: tuple[Fraction, ...]

    @property
    def points(self) -> float:
        """The percentage points of probability that it adds; below 0 where it takes some."""
        return 100.0 * (self.with_it - self.without_it)

    @property
    def cost_of_a_point(self) -> tuple[float, ...]:
        """The cost of one percentage point; empty where it adds none, or nobody gave a cost."""
        return tuple(float(cost) / self.points for cost in self.cost if self.points > 0.0)


def weights(
    channels: Sequence[Channel], base: Fraction, costs: dict[str, Fraction] | None = None
) -> tuple[Weight, ...]:
    """Each channel's removal, in the order given, from a base rate; costs by name, where known."""
    given = costs or {}
    whole = posterior_of_log(base, fused(channels).log_ratio)
    found = []
    for index, channel in enumerate(channels):
        rest = [*channels[:index], *channels[index + 1 :]]
        left = posterior_of_log(base, fused(rest).log_ratio) if rest else float(base)
        cost = (given[channel.name],) if channel.name in given else ()
        found.append(Weight(name=channel.name, with_it=whole, without_it=left, cost=cost))
    return tuple(found)
