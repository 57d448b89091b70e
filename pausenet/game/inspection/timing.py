"""When to inspect unseen: k interim inspections between two that are certain (Diamond's game).

| symbol | here | meaning | unit |
|---|---|---|---|
| k | `inspections` | interim inspections, which the lab does not see | inspections |
| v | | when the violation begins, decided beforehand | share of the time |
| t_i | `inspection_times` | when the i-th inspection comes | share of the time |
| V | `detection_time` | the value: expected time from violation to the next inspection | share |

Time runs from 0 to 1; at 1 an inspection is certain, so t_(k+1) = 1. The lab wants the time from
its violation to the next inspection long, the inspector short.

1. One even draw u from 0 to 1 decides all inspections, t_i = t_i(u): t_i rises from the end of the
   one before, t_1(0) = 0 and t_i(1) = t_(i+1)(0).
2. A violation at v = t_i(u) is found at t_i where the draw was above u, at t_(i+1) where it was
   below. That its payoff does not depend on v means t_i' = t_(i+1) - t_i.
3. With s_i = 1 - t_i: s_i(u) = e^-u sum_l c_(i+l) u^l / l!, where c_1 = 1 and
   c_i = e c_(i+1) - sum_{l>=1} c_(i+l) / l!, so all c follow from the last.
4. V = E t_1 = 1 - integral of s_1. One inspection: t_1 = 1 - e^-u, V = 1 / e. No violation expects
   more than V, so the inspector can hold the lab to V.
5. The lab draws v with an atom at 0 and the distribution G on [0, t_k(1)]. An inspector who is
   indifferent about t_i needs H_i' = H_i - H_(i-1) for H_i(u) = G(t_i(u)), so
   H_i(u) = e^u sum_l h_(i-l) (-u)^l / l!, h_(i+1) = H_i(1), H_k(1) = 1.
6. Against G the best k times are found on a grid of N points by dynamic programming. A time may be
   moved up to the next grid point at a loss of 1 / N at most, so their payoff less 1 / N is a bound
   that no inspector can get under. Steps 4 and 6 hold the value from both sides.

Diamond 1982 for the game and k = 1; steps 1 to 5 are derived here for every k, and step 6 confirms
them numerically. The value comes so near to 3 / (6 k + 2) that this serves as a hand check; that
is an observation, not a theorem.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Final

import numpy as np

from pausenet.errors import Misuse
from pausenet.game.answer import Answer, Axis, Cell, Lines, Series, Table, counted
from pausenet.game.checks import Check
from pausenet.game.inspection.papers import DIAMOND
from pausenet.game.inspection.shared import check, column
from pausenet.game.model import Chosen, Model, Parameter
from pausenet.inference.arrays import Floats

_MOST: Final = 12
_GRID: Final = 400
_INVERTED: Final = 2001


def _coefficients(inspections: int) -> tuple[float, ...]:
    """c_1 ... c_k of step 3."""
    if not 0 <= inspections <= _MOST:
        raise Misuse(f"expected 0 to {_MOST} interim inspections, found {inspections}")
    found = [1.0]
    for _ in range(inspections - 1):
        later = (c / math.factorial(i) for i, c in enumerate(found, start=1))
        found.insert(0, math.e * found[0] - math.fsum(later))
    return tuple(c / found[0] for c in found)


def detection_time(inspections: int) -> float:
    """V, as a share of the time between the certain inspections (step 4).

    >>> [round(detection_time(k), 6) for k in (0, 1, 2)]
    [1.0, 0.367879, 0.214097]
    """
    if inspections == 0:
        return 1.0
    kept = 0.0
    partial = 0.0
    for i, c in enumerate(_coefficients(inspections)):
        partial += 1.0 / math.factorial(i)
        kept += c * (1.0 - partial / math.e)
    return 1.0 - kept


def inspection_times(inspections: int, draw: float) -> tuple[float, ...]:
    """When to inspect for an even draw from 0 to 1, as shares of the time (steps 1 and 3).

    >>> [round(time, 3) for time in inspection_times(2, 0.5)]
    [0.217, 0.647]
    """
    if not 0.0 <= draw <= 1.0:
        raise Misuse(f"inspection_times: expected a draw from 0 to 1, found {draw}")
    c = _coefficients(inspections)
    return tuple(
        1.0
        - math.exp(-draw)
        * math.fsum(each * draw**i / math.factorial(i) for i, each in enumerate(c[first:]))
        for first in range(inspections)
    )


def expected_time(inspections: int, violation: float, points: int = 4000) -> float:
    """What a violation at this time expects until it is found, summed over the draw.

    The midpoint rule over u; its error is of the order of 1 / points, as the next inspection jumps.
    """
    draws = (np.arange(points) + 0.5) / points
    times = np.array([inspection_times(inspections, float(u)) for u in draws]).reshape(points, -1)
    later = np.where(times > violation, times, 1.0)
    return float(np.mean(np.min(later, axis=1, initial=1.0))) - violation


def violation_chances(inspections: int, grid: int) -> Floats:
    """G at 0, 1/N, ... 1: how likely the violation has begun by then; shape (N + 1,) (step 5)."""
    if inspections == 0:
        return np.ones(grid + 1)
    draws = np.linspace(0.0, 1.0, _INVERTED)
    starts = [1.0]
    times: list[Floats] = []
    chances: list[Floats] = []
    c = _coefficients(inspections)
    for i in range(inspections):
        powers = [draws**step / math.factorial(step) for step in range(inspections)]
        times.append(
            1.0
            - np.exp(-draws)
            * np.sum([each * powers[step] for step, each in enumerate(c[i:])], axis=0)
        )
        signed = [(-1.0) ** step * starts[i - step] * powers[step] for step in range(i + 1)]
        chances.append(np.exp(draws) * np.sum(signed, axis=0))
        starts.append(float(chances[-1][-1]))
    where = np.concatenate(times)
    begun = np.concatenate(chances) / starts[-1]
    return np.asarray(np.interp(np.linspace(0.0, 1.0, grid + 1), where, begun))


def least_against(chances: Floats, inspections: int) -> float:
    """The least that k inspections on the grid can do against G, by dynamic programming (step 6).

    `chances` has shape (N + 1,). The work is k N^2.
    """
    grid = len(chances) - 1
    times = np.linspace(0.0, 1.0, grid + 1)
    begins = float(np.sum((times[1:] + times[:-1]) / 2 * np.diff(chances)))
    if inspections == 0:
        return 1.0 - begins
    # what is still to come where an inspection was at this time, and i more follow
    after = 1.0 - chances
    earlier = np.tril_indices(grid + 1, -1)
    for _ in range(inspections - 1):
        options = times[None, :] * (chances[None, :] - chances[:, None]) + after[None, :]
        options[earlier] = np.inf
        after = np.min(options, axis=1)
    return float(np.min((times * chances + after)[1:])) - begins


def bracket(inspections: int, grid: int = _GRID) -> tuple[float, float]:
    """Between what the value of the game lies: below by step 6, above by step 4."""
    chances = violation_chances(inspections, grid)
    return least_against(chances, inspections) - 1.0 / grid, detection_time(inspections)


def _solve(chosen: Chosen) -> Answer:
    k, days = chosen.whole("inspections"), chosen.real("duration")
    low, value = bracket(k)
    spacing = 1.0 / (k + 1)
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (each, days * detection_time(each), days / (each + 1)) for each in range(max(k, 4) + 1)
    )
    tables = [
        Table(
            title="How long a violation lasts at most, by the interim inspections",
            columns=(
                column("inspections", ""),
                column("unseen, by one draw", "days"),
                column("at known or seen times", "days"),
            ),
            rows=rows,
        )
    ]
    if k:
        tables.append(
            Table(
                title="When to inspect",
                columns=(
                    column("draw u"),
                    *(column(f"inspection {i}", "day") for i in range(1, k + 1)),
                ),
                rows=tuple(
                    (step / 4, *(days * time for time in inspection_times(k, step / 4)))
                    for step in range(5)
                ),
            )
        )
    return Answer(
        sentence=f"A lab that does not see the {counted(k, 'interim inspection')} can expect to go "
        f"undetected for {days * value:.4g} of {days:g} days at most; at known times it would be "
        f"{days * spacing:.4g}. The value is certain between {days * low:.4g} and "
        f"{days * value:.4g} days."
        if k
        else f"Without interim inspections a lab can go undetected for all {days:g} days.",
        not_shown="Inspections that miss or accuse falsely, a lab that sees inspections and waits "
        "for one to pass, and harm that does not grow evenly with time.",
        tables=tuple(tables),
        picture=_picture(k, days),
        hand_check=f"About 3 T / (6 k + 2) = 3 x {days:g} / {6 * k + 2} = "
        f"{3 * days / (6 * k + 2):.6g} days; with one inspection T / e."
        if k
        else f"T = {days:g} days: nothing is looked at before the end.",
    )


def _picture(inspections: int, days: float) -> Lines:
    draws = [step / 40 for step in range(41)]
    times = [inspection_times(inspections, draw) for draw in draws]
    series = tuple(
        Series(
            name=f"inspection {i + 1}",
            points=tuple((u, days * row[i]) for u, row in zip(draws, times, strict=True)),
        )
        for i in range(inspections)
    )
    return Lines(
        title="One number drawn evenly decides when every inspection comes.",
        subtitle="The day of each interim inspection, by the number drawn beforehand.",
        x=Axis(title="number drawn", low=0, high=1),
        y=Axis(title="inspection (day)", low=0, high=days),
        series=(*series, Series(name="certain inspection", points=((0, days), (1, days)))),
    )


def _stated(inspections: int, what: str, stated: str, within: float = 0.0) -> Check:
    return check(
        DIAMOND,
        "expected time to detection",
        what,
        stated,
        lambda: detection_time(inspections),
        within=within,
    )


TIMING: Final = Model(
    name="detection-time",
    title="Inspections that the lab does not see",
    question="How long can a lab expect to go undetected if it cannot see when it is inspected?",
    validity="The lab decides beforehand when to begin; every inspection finds what has begun; an "
    "inspection at the end is certain and known.",
    papers=(DIAMOND,),
    parameters=(
        Parameter(
            name="inspections",
            symbol="k",
            unit="inspections",
            default=Fraction(2),
            meaning="How many interim inspections there are.",
            low=0,
            high=_MOST,
            whole=True,
        ),
        Parameter(
            name="duration",
            symbol="T",
            unit="days",
            default=Fraction(90),
            meaning="How long it is between two certain inspections.",
            above=0,
        ),
    ),
    solve=_solve,
    checks=(
        _stated(1, "V(1) = 1/e", "0.367879"),
        _stated(2, "V(2), by linear programs on grids", "0.2140", within=0.0002),
        _stated(3, "V(3), by linear programs on grids", "0.150", within=0.001),
    ),
)
