"""After the pause: what was stockpiled in it, the sprint after its lift, and what it bought.

The frontier's effective compute K is counted in doublings; without a pause it grows at the rate
v = g + h doublings a month, g from compute and h from algorithms. A pause of L months holds the
frontier still, while compute is built at the share c of its usual rate and algorithms improve at
the share a of theirs. What comes of it is not used, but kept.

1. The stock at the lift: O = (c g + a h) L doublings.
2. After the lift it is turned into capability at the sprint's rate w > v, until it is used up:
   K(t) = min(w (t - L), O + v (t - L)) for t >= L; the sprint lasts O / (w - v) months.
3. What lasts of the pause is L - O / v months: none where c = a = 1, less than none where labs
   stockpile faster than they would have built (c or a above 1).
4. A level k is reached at k / v months without the pause, and with it at
   max(L + k / w, L + (k - O) / v); the difference is the time bought before that level.
5. Oversight is worked on at rate 1, in the pause at rate m. Before level k is reached there are
   k / v months of it without the pause, and m L + (t_k - L) with it.

Derived here; the sprint after a lift and stockpiles that grow in a pause are what clauses on staged
lifts and on stocks of accelerators are for (A. Scher, D. Abecassis, P. Barnett and B. Abeyta,
2025). Rates are assumptions.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from pausenet.errors import Misuse
from pausenet.game.answer import (
    Answer,
    Axis,
    Cell,
    Column,
    Infeasible,
    Lines,
    Mark,
    Series,
    Table,
    spelled,
)
from pausenet.game.checks import Basis, Check, Paper
from pausenet.game.model import Chosen, Model, Parameter

AGREEMENT: Final = Paper(
    key="scher-2025",
    cite="A. Scher, D. Abecassis, P. Barnett and B. Abeyta, An International Agreement to Prevent "
    "the Premature Creation of Artificial Superintelligence (2025)",
    address="arXiv 2511.10783",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lift:
    """A pause and what follows it: months, and doublings of effective compute a month."""

    months: Fraction
    compute: Fraction
    algorithms: Fraction
    compute_share: Fraction
    algorithm_share: Fraction
    sprint: Fraction
    oversight: Fraction

    def __post_init__(self) -> None:
        if min(self.months, self.compute_share, self.algorithm_share, self.oversight) < 0:
            raise Misuse("Lift: expected months and shares of 0 or more")
        if min(self.compute, self.algorithms) < 0 or self.rate <= 0:
            raise Misuse("Lift: expected rates of growth of 0 or more, and one above")
        if self.sprint < self.rate:
            raise Misuse(
                f"sprint: expected {self.rate} doublings a month or more, the usual rate; found "
                f"{self.sprint}"
            )

    @property
    def rate(self) -> Fraction:
        """v: the usual growth, in doublings a month."""
        return self.compute + self.algorithms

    @property
    def stock(self) -> Fraction:
        """O: what was not used at the lift, in doublings (step 1)."""
        kept = self.compute_share * self.compute + self.algorithm_share * self.algorithms
        return kept * self.months

    @property
    def sprinting(self) -> Fraction | Infeasible:
        """How many months the sprint lasts (step 2)."""
        if self.stock == 0:
            return Fraction(0)
        if self.sprint == self.rate:
            return Infeasible("the stock is never used up: the sprint is no faster than growth")
        return self.stock / (self.sprint - self.rate)

    @property
    def lasting(self) -> Fraction:
        """How many months of the pause remain once the stock is used up (step 3)."""
        if self.sprint == self.rate:
            return self.months
        return self.months - self.stock / self.rate

    def level(self, month: Fraction) -> Fraction:
        """K: the frontier with the pause, in doublings since its beginning (step 2)."""
        since = max(Fraction(0), month - self.months)
        return min(self.sprint * since, self.stock + self.rate * since)

    def reached(self, level: Fraction) -> Fraction:
        """In which month a level above 0 is reached with the pause (step 4)."""
        return self.months + max(level / self.sprint, (level - self.stock) / self.rate)

    def bought(self, level: Fraction) -> Fraction:
        """How many months later than without the pause (step 4)."""
        return self.reached(level) - level / self.rate

    def prepared(self, level: Fraction) -> Fraction:
        """How many months of work on oversight are added before the level is reached (step 5)."""
        with_pause = self.oversight * self.months + (self.reached(level) - self.months)
        return with_pause - level / self.rate


def _solve(chosen: Chosen) -> Answer:
    lift = Lift(
        **{
            name: chosen.exact(name)
            for name in (
                *("months", "compute", "algorithms", "compute_share", "algorithm_share"),
                *("sprint", "oversight"),
            )
        }
    )
    level = chosen.exact("level")
    bought, prepared = lift.bought(level), lift.prepared(level)
    rows: tuple[tuple[Cell, ...], ...] = (
        ("stock at the lift (doublings)", lift.stock),
        ("length of the sprint (months)", lift.sprinting),
        ("what lasts of the pause (months)", lift.lasting),
        ("the level is reached without the pause (month)", level / lift.rate),
        ("the level is reached with it (month)", lift.reached(level)),
        ("bought before the level (months)", bought),
        ("work on oversight added before it (months)", prepared),
    )
    return Answer(
        sentence=_sentence(lift, level, bought, prepared),
        not_shown="What the time is used for, labs that cheat in the pause, and whether capability "
        "grows as compute does.",
        tables=(
            Table(
                title="Pause, then lift",
                columns=(Column(name="quantity"), Column(name="value", unit="1")),
                rows=rows,
            ),
        ),
        picture=_picture(lift, level),
        hand_check=f"what lasts = L - (c g + a h) L / (g + h) = {spelled(lift.months)} - "
        f"({spelled(lift.stock)}) / ({spelled(lift.rate)}) = "
        f"{spelled(lift.months - lift.stock / lift.rate)} months, once the stock is used up.",
    )


def _sentence(lift: Lift, level: Fraction, bought: Fraction, prepared: Fraction) -> str:
    lasts = f"Of a pause of {float(lift.months):g} months {float(lift.lasting):.3g} last"
    if lift.lasting < 0:
        lasts = (
            f"The pause of {float(lift.months):g} months hastens the frontier by "
            f"{-float(lift.lasting):.3g} months once the stock is used up, as labs stockpile more "
            "than they would have used"
        )
    later = "later" if bought >= 0 else "earlier"
    more = "more" if prepared >= 0 else "fewer"
    return (
        f"{lasts}; a frontier of {float(level):g} doublings is reached {abs(float(bought)):.3g} "
        f"months {later} than without it, after {abs(float(prepared)):.3g} months {more} of work "
        "on oversight."
    )


def _picture(lift: Lift, level: Fraction) -> Lines:
    reached = lift.reached(level)
    end = max(reached, level / lift.rate, lift.months) * Fraction(6, 5)
    bends = [Fraction(0), lift.months]
    if not isinstance(lift.sprinting, Infeasible):
        bends.append(lift.months + lift.sprinting)
    months = sorted({*(bend for bend in bends if bend < end), end})
    return Lines(
        title="What was stockpiled in a pause is used in the sprint after it.",
        subtitle="The frontier's effective compute in doublings since the pause began, by month.",
        x=Axis(title="months since the pause began", low=0, high=end),
        y=Axis(title="doublings of effective compute", low=0),
        series=(
            Series(name="no pause", points=((Fraction(0), Fraction(0)), (end, lift.rate * end))),
            Series(
                name="pause, then lift",
                points=tuple((month, lift.level(month)) for month in months),
            ),
        ),
        marks=(Mark(x=reached, y=level, words=f"{float(level):g} doublings"),),
    )


def _parameter(name: str, symbol: str, unit: str, default: Fraction, meaning: str) -> Parameter:
    return Parameter(name=name, symbol=symbol, unit=unit, default=default, meaning=meaning, low=0)


_PER_MONTH: Final = "doublings a month"
_EXAMPLE: Final = Lift(
    months=Fraction(12),
    compute=Fraction(1, 6),
    algorithms=Fraction(1, 12),
    compute_share=Fraction(1),
    algorithm_share=Fraction(1, 2),
    sprint=Fraction(1, 2),
    oversight=Fraction(1),
)
AFTERMATH: Final = Model(
    name="aftermath",
    title="The sprint after the pause",
    question="What lasts of a pause once it is lifted, and what was it used for?",
    validity="Rates are constant; what is stockpiled is used after the lift and not before; all "
    "labs alike.",
    papers=(AGREEMENT,),
    parameters=(
        _parameter("months", "L", "months", Fraction(12), "How long the pause lasts."),
        _parameter("compute", "g", _PER_MONTH, Fraction(1, 6), "Growth of compute (assumption)."),
        _parameter(
            *("algorithms", "h", _PER_MONTH, Fraction(1, 12)),
            "Growth by better algorithms (assumption).",
        ),
        _parameter(
            *("compute_share", "c", "1", Fraction(1)),
            "Which share of the growth of compute goes on in the pause (assumption); above 1 labs "
            "build more than without it.",
        ),
        _parameter(
            *("algorithm_share", "a", "1", Fraction(1, 2)),
            "Which share of the growth of algorithms goes on in the pause (assumption).",
        ),
        _parameter(
            *("sprint", "w", _PER_MONTH, Fraction(1, 2)),
            "How fast the frontier may grow after the lift; a staged lift bounds it.",
        ),
        _parameter(
            *("oversight", "m", "1", Fraction(1)),
            "How fast oversight is worked on in the pause, next to the usual.",
        ),
        Parameter(
            name="level",
            symbol="k",
            unit="doublings",
            default=Fraction(4),
            meaning="A level of the frontier that matters.",
            above=0,
        ),
    ),
    solve=_solve,
    checks=(
        Check(
            paper=AGREEMENT,
            where="steps 1 to 4",
            what="stock of twelve months at g = 1/6, h = 1/12, c = 1, a = 1/2",
            stated="5/2",
            basis=Basis.HAND,
            ours=lambda: _EXAMPLE.stock,
        ),
        Check(
            paper=AGREEMENT,
            where="steps 1 to 4",
            what="months that last of it",
            stated="2",
            basis=Basis.HAND,
            ours=lambda: _EXAMPLE.lasting,
        ),
        Check(
            paper=AGREEMENT,
            where="steps 1 to 4",
            what="months bought before four doublings at a sprint of 1/2",
            stated="4",
            basis=Basis.HAND,
            ours=lambda: _EXAMPLE.bought(Fraction(4)),
        ),
    ),
)
MODELS: Final[tuple[Model, ...]] = (AFTERMATH,)
