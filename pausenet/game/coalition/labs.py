"""Coalitions of labs that differ: which hold, what a clause changes, what side payments can do.

1. Graded: lab i gains b_i from each unit that anybody holds back and pays c_i q_i^2 / 2. Outsiders
   hold back b_i / c_i, whatever others do; a member of S holds back (sum of b_j in S) / c_i. With
   labs alike a coalition is internally stable where k^2 - 4 k + 3 <= 0: at most three, for any
   number of labs (Barrett 1994, the linear case).
2. Binary: lab i pauses or does not; it gains b_i from each lab that pauses and pays c_i to pause.
   Outsiders pause only if b_i >= c_i; a coalition pauses if that gains its members something or
   nothing together. With labs alike the smallest that pauses, ceil(c / b), is the stable one.
3. Stability, side payments and the clause on participation are those of `stability`.
"""

from __future__ import annotations

from fractions import Fraction
from functools import partial
from typing import Final

from pausenet.errors import Misuse
from pausenet.game.answer import (
    Answer,
    Axis,
    Bar,
    Bars,
    Cell,
    Column,
    Infeasible,
    Number,
    Table,
)
from pausenet.game.checks import Check
from pausenet.game.coalition.barrett import BARRETT
from pausenet.game.coalition.stability import (
    ASPREMONT,
    LABS_MAX,
    Coalition,
    Outcome,
    side_payments,
    stable_coalitions,
    with_clause,
)
from pausenet.game.model import Chosen, Model, Parameter

_ROWS_MAX: Final = 20
Numbers = tuple[Fraction, ...]


def graded(benefits: Numbers, costs: Numbers) -> Outcome:
    """Linear benefit, quadratic cost (step 1)."""

    def outcome(members: Coalition) -> Numbers:
        joint = sum((benefits[lab] for lab in members), Fraction(0))
        held = [
            (joint if lab in members else benefits[lab]) / costs[lab]
            for lab in range(len(benefits))
        ]
        total = sum(held, Fraction(0))
        return tuple(
            b * total - c * q**2 / 2 for b, c, q in zip(benefits, costs, held, strict=True)
        )

    return outcome


def binary(benefits: Numbers, costs: Numbers) -> Outcome:
    """To pause or not (step 2)."""
    alone = frozenset(lab for lab, b in enumerate(benefits) if b >= costs[lab])

    def outcome(members: Coalition) -> Numbers:
        joined = members - alone
        gained = sum((benefits[lab] for lab in members), Fraction(0)) * len(joined)
        paid = sum((costs[lab] for lab in joined), Fraction(0))
        pausing = alone | (joined if gained >= paid else frozenset())
        return tuple(
            b * len(pausing) - (costs[lab] if lab in pausing else 0)
            for lab, b in enumerate(benefits)
        )

    return outcome


def _numbers(chosen: Chosen) -> tuple[Numbers, Numbers]:
    count = chosen.whole("labs")
    lists = []
    for name in ("benefits", "costs"):
        numbers = chosen.numbers(name)
        if len(numbers) not in (1, count):
            raise Misuse(f"{name}: expected 1 or {count} numbers, found {len(numbers)}")
        lists.append(numbers * count if len(numbers) == 1 else numbers)
    return lists[0], lists[1]


def _solve(chosen: Chosen) -> Answer:
    benefits, costs = _numbers(chosen)
    labs = len(benefits)
    made = graded if chosen.word("form") == "graded" else binary
    outcome = with_clause(made(benefits, costs), chosen.whole("participation"))
    found = stable_coalitions(outcome, labs)
    everybody = frozenset(range(labs))
    nobody, full = (sum(outcome(each), Fraction(0)) for each in (frozenset(), everybody))
    acting = tuple(each for each in found if outcome(each) != outcome(frozenset()))
    shown = acting[::-1][:_ROWS_MAX]
    payments = side_payments(outcome, everybody)
    return Answer(
        sentence=_sentence(acting, labs, payments),
        not_shown="Several coalitions at once, labs that look further ahead than one step, and "
        "cheating by members: a coalition that holds is still to be verified.",
        tables=(
            _stable_table(outcome, shown, nobody, full, len(acting)),
            _payment_table(outcome, everybody, payments),
        ),
        picture=_bars(outcome, acting, everybody),
    )


def named(members: Coalition) -> str:
    """The members, counted from 1; `nobody` for none.

    >>> named(frozenset({0, 2}))
    '1, 3'
    """
    return ", ".join(str(lab + 1) for lab in sorted(members)) or "nobody"


def _sentence(found: tuple[Coalition, ...], labs: int, payments: Numbers | Infeasible) -> str:
    largest = max(map(len, found), default=0)
    if isinstance(payments, Infeasible):
        paid = "no side payments hold all together"
    else:
        moved = float(sum((each for each in payments if each > 0), Fraction(0)))
        paid = f"side payments of {moved:.4g} hold all together"
        paid = paid if moved else "all together hold without side payments"
    if not found:
        return f"No coalition of {labs} labs that changes anything is stable by itself; {paid}."
    return (
        f"{len(found)} of {2**labs} coalitions of {labs} labs change something and are stable by "
        f"themselves, the largest with {largest} signatories; {paid}."
    )


def _stable_table(
    outcome: Outcome, found: tuple[Coalition, ...], nobody: Fraction, full: Fraction, count: int
) -> Table:
    columns = (
        Column(name="signatories"),
        Column(name="payoffs of all labs together", unit="payoff"),
        Column(name="of the gain if all sign", unit="1"),
    )
    title = "Stable coalitions that change something"
    title = title if count == len(found) else f"{title}: the largest {_ROWS_MAX} of {count}"
    rows: list[tuple[Cell, ...]] = []
    for members in found:
        total = sum(outcome(members), Fraction(0))
        share: Cell = (
            Infeasible("all gain nothing")
            if full == nobody
            else _share(total - nobody, full - nobody)
        )
        rows.append((named(members), float(total), share))
    if not rows:
        none = Infeasible("all were looked at, and none is stable")
        return Table(title=title, columns=columns[:1], rows=((none,),))
    return Table(title=title, columns=columns, rows=tuple(rows))


def _share(part: Fraction, whole: Fraction) -> float:
    return float(part / whole)


def _payment_table(outcome: Outcome, everybody: Coalition, payments: Numbers | Infeasible) -> Table:
    columns = (
        Column(name="lab"),
        Column(name="if all sign", unit="payoff"),
        Column(name="if it alone leaves", unit="payoff"),
        Column(name="least that it must receive", unit="payoff"),
        Column(name="receives (below 0: gives)", unit="payoff"),
    )
    now = outcome(everybody)
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            lab + 1,
            float(now[lab]),
            float(left := outcome(everybody - {lab})[lab]),
            float(left - now[lab]),
            "-" if isinstance(payments, Infeasible) else float(payments[lab]),
        )
        for lab in sorted(everybody)
    )
    title = "What holds all together"
    title = f"{title}: {payments}" if isinstance(payments, Infeasible) else title
    return Table(title=title, columns=columns, rows=rows)


def _bars(outcome: Outcome, found: tuple[Coalition, ...], everybody: Coalition) -> Bars:
    """What all labs have together: nobody, the stable coalitions by size, everybody."""
    sizes = {len(members): members for members in found if 0 < len(members) < len(everybody)}
    shown = (frozenset[int](), *(sizes[size] for size in sorted(sizes)), everybody)
    base = min(sum(outcome(each), Fraction(0)) for each in shown)
    bars = []
    for members in shown:
        total: Number = sum(outcome(members), Fraction(0)) - base
        word = "stable" if members in found else "not stable"
        bars.append(
            Bar(name=f"{named(members)} ", value=total, words=f"{float(total):.4g} ({word})")
        )
    return Bars(
        title="What holds by itself is not what would be best for all.",
        subtitle="Payoffs of all labs together, over the worst shown, by who has signed.",
        x=Axis(title="payoff of all labs together, over the worst shown", low=0),
        bars=tuple(bars),
    )


def largest(form: str, labs: int, benefit: str, cost: str) -> Fraction:
    """The signatories of the largest stable coalition of labs alike."""
    made = graded if form == "graded" else binary
    outcome = made((Fraction(benefit),) * labs, (Fraction(cost),) * labs)
    return Fraction(max(map(len, stable_coalitions(outcome, labs))))


COALITION: Final = Model(
    name="coalition",
    title="Coalitions of labs that differ",
    question="Which coalitions hold by themselves, and what do clauses and payments change?",
    validity="One coalition, one step of foresight, up to 12 labs; benefits are linear.",
    papers=(ASPREMONT, BARRETT),
    parameters=(
        Parameter(
            name="form",
            symbol="-",
            unit="word",
            default="graded",
            meaning="How much to hold back, or whether to pause.",
            choices=("graded", "binary"),
        ),
        Parameter(
            name="labs",
            symbol="N",
            unit="labs",
            default=Fraction(5),
            meaning="How many there are.",
            low=2,
            high=LABS_MAX,
            whole=True,
        ),
        Parameter(
            name="benefits",
            symbol="b_i",
            unit="payoff a unit, or a lab that pauses",
            default=tuple(Fraction(each, 10) for each in (20, 20, 21, 22, 25)),
            meaning="What a lab gains when anybody holds back; one for all, or one each.",
            low=0,
        ),
        Parameter(
            name="costs",
            symbol="c_i",
            unit="payoff",
            default=tuple(Fraction(each) for each in (2, 2, 2, 2, 3)),
            meaning="What holding back costs a lab; one for all, or one each.",
            above=0,
        ),
        Parameter(
            name="participation",
            symbol="m",
            unit="labs",
            default=Fraction(0),
            meaning="The agreement binds once so many have signed; 0 without such a clause.",
            low=0,
            high=LABS_MAX,
            whole=True,
        ),
    ),
    solve=_solve,
    checks=tuple(
        Check(
            paper=BARRETT,
            where="linear benefit, quadratic cost" if form == "graded" else "binary pause",
            what=f"largest stable coalition of {labs}, c/b = {Fraction(cost) / Fraction(benefit)}",
            stated=stated,
            ours=partial(largest, form, labs, benefit, cost),
        )
        for form, labs, benefit, cost, stated in (
            ("graded", 5, "1", "1", "3"),
            ("graded", 8, "2", "1/3", "3"),
            ("binary", 6, "2", "5", "3"),
            ("binary", 6, "1", "4", "4"),
        )
    ),
)
