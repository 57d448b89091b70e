"""Stackelberg allocation by linear programmes: one for each way in which labs may answer.

1. Fix an answer of each type of lab: a site, or to keep the rule.
2. The coverage that makes these answers best, and of all such coverages is best for the inspector,
   is a linear programme: maximise sum_k p_k D_k(c) over c with 0 <= c_t <= 1, sum c_t <= m, and
   U_k(t_k) >= U_k(t), U_k(t_k) >= 0 for every type k and site t (0 for a type that keeps the rule).
3. The best of all answers is the strong Stackelberg equilibrium. With several types the answers are
   searched type by type; a branch is left when its programme has no point, or cannot be better than
   what was found even if every type not yet fixed did what is best for the inspector.

Conitzer and Sandholm 2006. Exact, by `pausenet.game.linear`; the answers grow as (n + 1)^types.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from pausenet.errors import Misuse
from pausenet.game.linear import Constraint, Optimum, Programme, maximise
from pausenet.game.security.origami import Site, Violated

_ANSWERS_MAX: Final = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class LabType:
    """A kind of lab: how likely it is the one, and what violations at each site pay."""

    prior: Fraction
    sites: tuple[Site, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Announced:
    """The coverage announced, what each type then does and gains, what the inspector expects."""

    coverage: tuple[Fraction, ...]
    violated: tuple[Violated, ...]
    labs: tuple[Fraction, ...]
    inspector: Fraction


def announced(types: Sequence[LabType], budget: Fraction) -> Announced:
    """The strong Stackelberg equilibrium against types. Raises `Misuse` for what does not fit."""
    count = _checked(types, budget)
    every: list[Violated] = [(), *((place,) for place in range(count))]
    best: list[Announced] = []

    def search(fixed: tuple[Violated, ...]) -> None:
        found = _programme(types, fixed, budget)
        if not isinstance(found, Optimum):
            return
        open_ = sum((_most(each) for each in types[len(fixed) :]), Fraction(0))
        value = found.value + _constant(types, fixed)
        if best and value + open_ <= best[0].inspector:
            return
        if len(fixed) == len(types):
            labs = tuple(
                _gain(each, answer, found.point) for each, answer in zip(types, fixed, strict=True)
            )
            best[:] = [Announced(coverage=found.point, violated=fixed, labs=labs, inspector=value)]
            return
        for answer in every:
            search((*fixed, answer))

    search(())
    assert best, "to violate at some site is always a best answer to no coverage"
    return best[0]


def _checked(types: Sequence[LabType], budget: Fraction) -> int:
    """How many sites there are."""
    counts = {len(each.sites) for each in types}
    if len(counts) != 1 or 0 in counts or budget < 0:
        raise Misuse("expected types with the same sites, and a budget from 0")
    if any(each.prior < 0 for each in types) or sum(each.prior for each in types) != 1:
        raise Misuse("priors: expected numbers from 0 that sum to 1")
    (count,) = counts
    if (count + 1) ** len(types) > _ANSWERS_MAX:
        raise Misuse(f"values: more than {_ANSWERS_MAX} ways to answer: fewer sites or types")
    return count


def _programme(types: Sequence[LabType], fixed: Sequence[Violated], budget: Fraction) -> Programme:
    count = len(types[0].sites)
    rows: list[Constraint] = [([1] * count, budget)]
    rows += [(_unit(count, place, 1), 1) for place in range(count)]
    objective = [Fraction(0)] * count
    for each, answer in zip(types, fixed, strict=False):
        rows += _best(each.sites, answer)
        for place in answer:
            site = each.sites[place]
            objective[place] += each.prior * (site.watched_payoff - site.open_payoff)
    return maximise(objective, at_most=rows)


def _best(sites: Sequence[Site], answer: Violated) -> list[Constraint]:
    """That no other answer gains more (step 2)."""
    count = len(sites)
    rows: list[Constraint] = []
    level, row = Fraction(0), [Fraction(0)] * count
    for place in answer:
        level, row[place] = sites[place].open_gain, sites[place].deters
        rows.append((list(row), level))
    for other, site in enumerate(sites):
        if (other,) == answer:
            continue
        beaten = list(row)
        beaten[other] -= site.deters
        rows.append((beaten, level - site.open_gain))
    return rows


def _unit(count: int, place: int, value: int) -> list[int]:
    return [value if each == place else 0 for each in range(count)]


def _constant(types: Sequence[LabType], fixed: Sequence[Violated]) -> Fraction:
    return sum(
        (
            each.prior * each.sites[place].open_payoff
            for each, answer in zip(types, fixed, strict=False)
            for place in answer
        ),
        Fraction(0),
    )


def _most(each: LabType) -> Fraction:
    """The most that the inspector can have of a type, whatever the coverage."""
    return each.prior * max(Fraction(0), *(site.watched_payoff for site in each.sites))


def _gain(each: LabType, answer: Violated, coverage: Sequence[Fraction]) -> Fraction:
    return sum((each.sites[place].gain(coverage[place]) for place in answer), Fraction(0))
