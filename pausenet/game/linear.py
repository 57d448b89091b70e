"""Linear programmes over exact rationals: the simplex method with Bland's rule.

Bland 1977, New Finite Pivoting Rules for the Simplex Method, Mathematics of Operations Research 2:
103-107 (it never cycles, so it always ends). Pivots are those of Edmonds 1967: the tableau holds
integers over one common denominator, so that no fraction is ever reduced.

1. Every row is scaled to integers and its bound made non-negative; a free variable is the
   difference of two that are not.
2. Phase one maximises minus the sum of the artificial variables; below 0 nothing is feasible.
3. Artificial variables that are left in the basis at 0 are driven out where a row allows it.
4. Phase two maximises the objective; the column of the least index that improves enters, of the
   rows that bind first the basic variable of the least index leaves.
5. Prices are the objective row under the columns that the basis began with.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from pausenet.errors import Misuse
from pausenet.game.answer import Infeasible

Exact: TypeAlias = Fraction | int
Constraint: TypeAlias = tuple[Sequence[Exact], Exact]
"""Coefficients, one for each variable, and the bound."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Optimum:
    """The greatest value, a point that attains it, and what one unit of each bound is worth.

    `prices_at_most` and `prices_equal` are the dual solution, in the order of the constraints.
    """

    value: Fraction
    point: tuple[Fraction, ...]
    prices_at_most: tuple[Fraction, ...]
    prices_equal: tuple[Fraction, ...]


@dataclass(frozen=True, slots=True)
class Unbounded:
    """The objective grows without limit; `why` is a sentence without a full stop."""

    why: str

    def __str__(self) -> str:
        return f"unbounded: {self.why}"


Programme: TypeAlias = Optimum | Infeasible | Unbounded


def maximise(
    objective: Sequence[Exact],
    *,
    at_most: Sequence[Constraint] = (),
    equal: Sequence[Constraint] = (),
    free: Collection[int] = (),
) -> Programme:
    """The greatest `objective . x` over x >= 0 with `row . x <= bound` and `row . x = bound`.

    Variables whose index stands in `free` may be negative. Raises `Misuse` for a row of another
    length than the objective.

    >>> found = maximise([3, 2], at_most=[([1, 1], 4), ([1, 0], Fraction(5, 2))])
    >>> found.value, found.point
    (Fraction(21, 2), (Fraction(5, 2), Fraction(3, 2)))
    >>> maximise([1], at_most=[([1], -1)])
    Infeasible(why='no point satisfies every constraint')
    """
    count = len(objective)
    for row, _ in (*at_most, *equal):
        if len(row) != count:
            raise Misuse(f"a constraint with {len(row)} coefficients for {count} variables")
    if any(not 0 <= place < count for place in free):
        raise Misuse("a free variable that there is not")
    return _Tableau(objective, at_most, equal, sorted(set(free))).solved()


def minimise(
    objective: Sequence[Exact],
    *,
    at_most: Sequence[Constraint] = (),
    equal: Sequence[Constraint] = (),
    free: Collection[int] = (),
) -> Programme:
    """The least `objective . x` under the same constraints; prices keep `maximise`'s sign."""
    found = maximise([-each for each in objective], at_most=at_most, equal=equal, free=free)
    if not isinstance(found, Optimum):
        return found
    return Optimum(
        value=-found.value,
        point=found.point,
        prices_at_most=found.prices_at_most,
        prices_equal=found.prices_equal,
    )


class _Tableau:
    """Rows of integers over `denominator`; the last column is the bound.

    The last two rows are the objective and the sum of the artificial variables.
    """

    def __init__(
        self,
        objective: Sequence[Exact],
        at_most: Sequence[Constraint],
        equal: Sequence[Constraint],
        free: list[int],
    ) -> None:
        self.count, self.free, self.denominator = len(objective), free, 1
        self.at_most = len(at_most)
        rows = [*at_most, *equal]
        wide = self.count + len(free)
        negative = [place < self.at_most and bound < 0 for place, (_, bound) in enumerate(rows)]
        surplus = {
            place: wide + k for k, place in enumerate(i for i, n in enumerate(negative) if n)
        }
        self.first = wide + len(surplus)
        """The first of the identity's columns, one for each row."""
        self.artificial = {
            self.first + place
            for place in range(len(rows))
            if place >= self.at_most or negative[place]
        }
        self.width = self.first + len(rows)
        self.basis = [self.first + place for place in range(len(rows))]
        self.scales: list[Fraction] = []
        self.rows: list[list[int]] = []
        for place, (row, bound) in enumerate(rows):
            scale = Fraction(_common(row, bound) * (-1 if bound < 0 else 1))
            self.scales.append(scale)
            line = self._line(row, scale)
            if place in surplus:
                line[surplus[place]] = -1
            line[self.basis[place]] = 1
            line[-1] = int(bound * scale)
            self.rows.append(line)
        self.scale = _common(objective, 0)
        goal = [-each for each in self._line(objective, Fraction(self.scale))]
        made = [0] * (self.width + 1)
        for place, column in enumerate(self.basis):
            if column in self.artificial:
                made = [a - b for a, b in zip(made, self.rows[place], strict=True)]
        for column in self.artificial:
            made[column] = 0
        self.rows += [goal, made]

    def _line(self, row: Sequence[Exact], scale: Fraction) -> list[int]:
        line = [int(each * scale) for each in row]
        line += [-line[place] for place in self.free]
        return line + [0] * (self.width + 1 - len(line))

    def solved(self) -> Programme:
        """Both phases (steps 2 to 5)."""
        self._improve(len(self.rows) - 1, self.width)
        if self.rows[-1][-1] < 0:
            return Infeasible("no point satisfies every constraint")
        self._drive_out()
        if not self._improve(len(self.rows) - 2, self.width):
            return Unbounded("the objective grows without limit")
        point = [Fraction(0)] * self.width
        for row, column in zip(self.rows, self.basis, strict=False):
            point[column] = Fraction(row[-1], self.denominator)
        for k, place in enumerate(self.free):
            point[place] -= point[self.count + k]
        goal = self.rows[-2]
        prices = [
            Fraction(goal[self.first + place], self.denominator * self.scale) * scale
            for place, scale in enumerate(self.scales)
        ]
        return Optimum(
            value=Fraction(goal[-1], self.denominator * self.scale),
            point=tuple(point[: self.count]),
            prices_at_most=tuple(prices[: self.at_most]),
            prices_equal=tuple(prices[self.at_most :]),
        )

    def _improve(self, goal: int, width: int) -> bool:
        """Pivot until nothing improves row `goal`; whether it has a limit (step 4)."""
        while True:
            line = self.rows[goal]
            entering = next(
                (c for c in range(width) if line[c] < 0 and c not in self.artificial), -1
            )
            if entering < 0:
                return True
            leaving = -1
            for place, column in enumerate(self.basis):
                step = self.rows[place][entering]
                if step <= 0:
                    continue
                if leaving >= 0:
                    best = self.rows[leaving]
                    ahead = self.rows[place][-1] * best[entering] - best[-1] * step
                    if ahead > 0 or (ahead == 0 and column > self.basis[leaving]):
                        continue
                leaving = place
            if leaving < 0:
                return False
            self._pivot(leaving, entering)

    def _drive_out(self) -> None:
        """Take artificial variables at 0 out of the basis (step 3)."""
        for place, column in enumerate(self.basis):
            if column not in self.artificial:
                continue
            row = self.rows[place]
            other = next((c for c in range(self.first) if row[c]), -1)
            if other < 0:
                other = next(
                    (
                        c
                        for c in range(self.first, self.width)
                        if row[c] and c not in self.artificial
                    ),
                    -1,
                )
            if other >= 0:
                if row[other] < 0:
                    self.rows[place] = [-each for each in row]
                self._pivot(place, other)

    def _pivot(self, leaving: int, entering: int) -> None:
        """Bring a column into the basis; every division is exact."""
        row, before = self.rows[leaving], self.denominator
        pivot = row[entering]
        for place, line in enumerate(self.rows):
            if place == leaving:
                continue
            factor = line[entering]
            if factor:
                self.rows[place] = [
                    (a * pivot - factor * b) // before for a, b in zip(line, row, strict=True)
                ]
            elif pivot != before:
                self.rows[place] = [a * pivot // before for a in line]
        self.denominator = pivot
        self.basis[leaving] = entering


def _common(row: Sequence[Exact], bound: Exact) -> int:
    """The least number that makes every coefficient whole."""
    return math.lcm(*(Fraction(each).denominator for each in (*row, bound)))
