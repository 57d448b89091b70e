"""Attribute sampling: how many items to look at, and the penalty that then deters.

| symbol | here | meaning |
|---|---|---|
| N, r | `items`, `falsified` | items declared, and how many of them the lab falsifies |
| n | `sample` | items that are looked at, drawn evenly and without replacement |
| pi | `item_detection` | chance that a falsified item in the sample is recognised |
| P | `detection_chance` | chance that at least one is recognised |

1. With Hyp(k; N, r, n) the chance of k falsified items in the sample,
   P = 1 - sum_k Hyp(k; N, r, n) (1 - pi)^k.
2. The smallest sample with P of at least what is wanted is found by bisection; where even looking
   at everything is not enough, 1 - (1 - pi)^r falls short, and there is none.
3. The planning formula n ~ (1 - beta^(1/r)) (2N - r + 1) / 2 is near it for pi = 1; the binomial
   n = ln beta / ln(1 - r / N), which draws with replacement, may ask for more than there are.
4. As a game: a lab that falsifies gains 1 unnoticed and loses F when noticed; it is deterred where
   P >= 1 / (1 + F), so the least penalty that deters is F = (1 - P) / P gains.

Avenhaus and Canty 1996; the exact counts are those of `pausenet.inference.sampling`. Steps 1 and 2
are exact while the smaller of r and n is at most 300, float64 (to about 1e-8) beyond.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Final, TypeAlias

from pausenet.errors import Misuse
from pausenet.game.answer import (
    Answer,
    Axis,
    Cell,
    Infeasible,
    Lines,
    Mark,
    Number,
    Series,
    Table,
    counted,
    spelled,
)
from pausenet.game.checks import Check
from pausenet.game.inspection.papers import COMPLIANCE
from pausenet.game.inspection.shared import check, column
from pausenet.game.model import Chosen, Model, Parameter
from pausenet.inference.sampling import detection
from pausenet.inference.sampling.hypergeometric import expected_power

Size: TypeAlias = int | Infeasible
_EXACT: Final = 300


def detection_chance(
    items: int, falsified: int, sample: int, item_detection: Fraction = Fraction(1)
) -> Number:
    """P: how likely at least one falsified item is recognised (step 1).

    >>> float(detection_chance(10, 2, 3)), detection_chance(2, 1, 1, Fraction(1, 2))
    (0.5333333333333333, Fraction(1, 4))
    """
    if not (0 <= falsified <= items and 0 <= sample <= items and 0 <= item_detection <= 1):
        raise Misuse(f"expected 0 <= falsified, sample <= {items}, and a probability")
    fewer, more = min(falsified, sample), max(falsified, sample)
    if fewer > _EXACT:
        return 1.0 - expected_power(items, falsified, sample, float(1 - item_detection))
    if item_detection == 1:
        return detection(items, falsified, sample)
    noticed, whole = item_detection.numerator, item_detection.denominator
    unseen = sum(
        math.comb(fewer, k)
        * math.perm(more, k)
        * math.perm(items - more, fewer - k)
        * (whole - noticed) ** k
        * whole ** (fewer - k)
        for k in range(fewer + 1)
    )
    return 1 - Fraction(unseen, math.perm(items, fewer) * whole**fewer)


def smallest_sample(
    items: int, falsified: int, wanted: Fraction, item_detection: Fraction = Fraction(1)
) -> Size:
    """The fewest items to look at for the wanted chance of detection (step 2).

    >>> smallest_sample(1000, 1, Fraction(9, 10))
    900
    """
    if detection_chance(items, falsified, items, item_detection) < wanted:
        return Infeasible("even looking at every item recognises too few of the falsified")
    low, high = 0, items
    while low < high:
        middle = (low + high) // 2
        if detection_chance(items, falsified, middle, item_detection) >= wanted:
            high = middle
        else:
            low = middle + 1
    return low


def planned_sample(items: int, falsified: int, wanted: float) -> float:
    """The planning formula, not rounded (step 3).

    >>> round(planned_sample(1000, 10, 0.9), 2)
    204.75
    """
    unseen = math.exp(math.log1p(-wanted) / falsified)
    return 0.5 * (1.0 - unseen) * (2 * items - falsified + 1)


def binomial_sample(items: int, falsified: int, wanted: float) -> float:
    """What drawing with replacement would ask for, not rounded (step 3).

    >>> round(binomial_sample(1000, 1, 0.9), 2)
    2301.43
    """
    if falsified == items:
        return 1.0
    return math.log1p(-wanted) / math.log1p(-falsified / items)


def least_penalty(chance: Number) -> Number | Infeasible:
    """F in gains, the least that deters at this chance of detection (step 4)."""
    if chance <= 0:
        return Infeasible("what is never found is never punished")
    return (1 - chance) / chance


def _solve(chosen: Chosen) -> Answer:
    items, falsified, sample = (chosen.whole(n) for n in ("items", "falsified", "sample"))
    if falsified > items or sample > items:
        raise Misuse(f"expected at most {items} falsified items and {items} looked at")
    recognised, wanted = chosen.exact("item_detection"), chosen.exact("wanted")
    chance = detection_chance(items, falsified, sample, recognised)
    penalty = least_penalty(chance)
    size = smallest_sample(items, falsified, wanted, recognised)
    rows: tuple[tuple[Cell, ...], ...] = (
        ("chance of detection", float(chance)),
        ("least penalty that deters (gains)", _real(penalty)),
        (f"items to look at for {float(wanted):.0%}", size),
        (
            "the planning formula (recognised surely)",
            planned_sample(items, falsified, float(wanted)),
        ),
        ("with replacement (recognised surely)", binomial_sample(items, falsified, float(wanted))),
    )
    asked = (
        f"{float(wanted):.0%} cannot be had, as {size.why}"
        if isinstance(size, Infeasible)
        else f"{float(wanted):.0%} would need {size}"
    )
    deters = (
        "so no penalty deters"
        if isinstance(penalty, Infeasible)
        else f"so a penalty of {float(penalty):.3g} times the gain deters"
    )
    return Answer(
        sentence=f"Looking at {sample} of {counted(items, 'item')} notices "
        f"{counted(falsified, 'falsified one')} with "
        f"probability {float(chance):.3f}, {deters}; {asked}.",
        not_shown="False alarms, strata of different items, and a lab that knows which items will "
        "be looked at.",
        tables=(
            Table(
                title="A sample of items",
                columns=(column("quantity", ""), column("value")),
                rows=rows,
            ),
        ),
        picture=_picture(items, falsified, sample, recognised),
        hand_check=f"Planning formula: 0.5 x (1 - {float(1 - wanted):.4g}^(1/{falsified})) x "
        f"(2 x {items} - {falsified} + 1) = "
        f"{spelled(planned_sample(items, falsified, float(wanted)))}.",
    )


def _real(value: Number | Infeasible) -> Cell:
    return value if isinstance(value, Infeasible) else float(value)


def _picture(items: int, falsified: int, sample: int, recognised: Fraction) -> Lines:
    sizes = sorted({items * step // 60 for step in range(61)})
    counts = sorted({max(1, falsified // 2), falsified, min(items, 2 * falsified)})
    return Lines(
        title="The fewer items are falsified, the more must be looked at.",
        subtitle=f"The chance of detection by how many of {items} items are looked at.",
        x=Axis(title="items looked at", low=0, high=items),
        y=Axis(title="chance of detection", low=0, high=1, percent=True),
        series=tuple(
            Series(
                name=f"{count} falsified",
                points=tuple(
                    (n, float(detection_chance(items, count, n, recognised))) for n in sizes
                ),
            )
            for count in counts
        ),
        marks=(
            Mark(
                x=sample,
                y=float(detection_chance(items, falsified, sample, recognised)),
                words="as chosen",
            ),
        ),
    )


def _found(items: int, falsified: int, sample: int, stated: str, each: str = "1") -> Check:
    kind = "" if each == "1" else f", item detection {each}"
    return check(
        COMPLIANCE,
        "attribute sampling",
        f"P({items},{falsified},{sample}){kind}",
        stated,
        lambda: detection_chance(items, falsified, sample, Fraction(each)),
    )


def _sized(items: int, falsified: int, wanted: str, stated: str, planned: str = "") -> list[Check]:
    def exact() -> Fraction | Infeasible:
        size = smallest_sample(items, falsified, Fraction(wanted))
        return size if isinstance(size, Infeasible) else Fraction(size)

    what = f"n({items},{falsified},{wanted})"
    made = [check(COMPLIANCE, "exact sample size", what, stated, exact)]
    if planned:
        made.append(
            check(
                COMPLIANCE,
                "planning formula",
                what,
                planned,
                lambda: planned_sample(items, falsified, float(wanted)),
            )
        )
    return made


def _count(
    name: str, symbol: str, default: int, meaning: str, low: int, high: int = 10_000_000
) -> Parameter:
    return Parameter(
        name=name,
        symbol=symbol,
        unit="items",
        default=Fraction(default),
        meaning=meaning,
        low=low,
        high=high,
        whole=True,
    )


def _share(name: str, symbol: str, default: str, meaning: str, high: Fraction | int) -> Parameter:
    return Parameter(
        name=name,
        symbol=symbol,
        unit="1",
        default=Fraction(default),
        meaning=meaning,
        above=0,
        high=high,
    )


ATTRIBUTE: Final = Model(
    name="attribute-sampling",
    title="A sample of items",
    question="How many items must be looked at so that falsifying some of them does not pay?",
    validity="Items are drawn evenly without replacement; a sound item is never accused; the lab "
    "falsifies a fixed number of items and cannot see which will be drawn.",
    papers=(COMPLIANCE,),
    parameters=(
        _count("items", "N", 1000, "How many items are declared.", 1),
        _count("falsified", "r", 10, "How many of them the lab falsifies.", 1, 10_000),
        _count("sample", "n", 100, "How many are looked at.", 0),
        _share(
            "item_detection",
            "π",
            "9/10",
            "How likely a falsified item that is looked at is recognised.",
            1,
        ),
        _share(
            "wanted",
            "1 - β",
            "9/10",
            "The chance of detection that is wanted.",
            Fraction(999_999_999, 10**9),
        ),
    ),
    solve=_solve,
    checks=(
        _found(100, 5, 45, "0.953794"),
        _found(1000, 10, 206, "0.901577"),
        _found(300, 3, 161, "0.901688"),
        _found(100, 5, 45, "0.853112", "7/10"),
        *_sized(100, 5, "0.95", "45", "44.17"),
        *_sized(1000, 10, "0.9", "205", "204.75"),
        *_sized(1000, 1, "0.9", "900"),
        *_sized(10000, 50, "0.95", "581", "580.13"),
        *_sized(1000, 10, "0.5", "67"),
        check(
            COMPLIANCE,
            "binomial, which draws with replacement",
            "n(1000,1,0.9)",
            "2301",
            lambda: binomial_sample(1000, 1, 0.9),
            within=0.5,
        ),
        check(
            COMPLIANCE,
            "reference scenario of the design",
            "P(1000,10,100), item detection 9/10",
            "0.612133",
            lambda: detection_chance(1000, 10, 100, Fraction(9, 10)),
        ),
    ),
)
