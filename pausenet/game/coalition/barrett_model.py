"""The self-enforcing agreement as one model: its size, and the gap that it closes."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import partial
from typing import Final

from pausenet.game.answer import (
    Answer,
    Axis,
    Cell,
    Column,
    Infeasible,
    Lines,
    NotFound,
    Number,
    Series,
    Table,
)
from pausenet.game.checks import Check
from pausenet.game.coalition.barrett import (
    BARRETT,
    RUBIO_ULPH,
    Commons,
    Held,
    gap_closed,
    held,
    self_enforcing,
)
from pausenet.game.coalition.stability import ASPREMONT
from pausenet.game.model import Chosen, Model, Parameter

_ROWS_MAX: Final = 12
_RATIOS: Final = tuple(10.0 ** (-2.0 + step / 10.0) for step in range(31))


def _solve(chosen: Chosen) -> Answer:
    commons = Commons(
        labs=chosen.whole("labs"),
        wanted=chosen.exact("wanted"),
        benefit=chosen.exact("benefit"),
        cost=chosen.exact("cost"),
        most=chosen.exact("most"),
    )
    found = self_enforcing(commons)
    return Answer(
        sentence=_sentence(commons, found),
        not_shown="Labs that differ (see coalition), side payments, repetition, and thresholds: "
        "holding back adds up here, while a pause may be worth little unless nearly all keep it.",
        tables=(_table(commons, found),),
        picture=_lines(commons),
        hand_check=_hand_check(commons, found),
    )


def _sentence(commons: Commons, found: tuple[int, ...]) -> str:
    if not found:
        return f"No agreement among {commons.labs} labs is self-enforcing."
    k = max(found)
    closed, raised = gap_closed(commons, k), _raised(commons, k)
    if isinstance(closed, Infeasible) or isinstance(raised, Infeasible):
        return f"{k} of {commons.labs} labs sign a self-enforcing agreement, and nothing is gained."
    return (
        f"{k} of {commons.labs} labs sign a self-enforcing agreement; it closes "
        f"{float(closed):.2%} of the gap between nobody and all, and raises what labs have by "
        f"{float(raised):.2%}."
    )


def _raised(commons: Commons, k: int) -> Fraction | Infeasible:
    """What k signatories add to the welfare without any, relative to it."""
    nobody, some = (held(commons, each).welfare(commons.labs) for each in (0, k))
    if nobody <= 0:
        return Infeasible("without an agreement labs have nothing")
    return some / nobody - 1


def _hand_check(commons: Commons, found: tuple[int, ...]) -> str:
    if not found or commons.most:
        return ""
    k, g = max(found), commons.ratio
    spread = Fraction(commons.labs - k) / (commons.labs * g)
    return (
        f"A = (N - k) / (N g) = {float(spread):.6g}, q_s = k a / (N g (1 + A)^2 + k^2) = "
        f"{float(held(commons, k).inside):.6g}."
    )


def _table(commons: Commons, found: tuple[int, ...]) -> Table:
    """A row for each k near the self-enforcing ones, nobody and all."""
    n = commons.labs
    middle = max(found, default=0)
    near = {0, n} | {k for k in range(middle - 4, middle + 5) if 0 <= k <= n}
    rows: list[tuple[Cell, ...]] = []
    for k in sorted(near)[:_ROWS_MAX]:
        each, closed = held(commons, k), gap_closed(commons, k)
        rows.append(
            (
                k,
                "-" if k == 0 else float(each.inside),
                "-" if k == n else float(each.outside),
                "-" if k == 0 else float(each.payoff_inside),
                "-" if k == n else float(each.payoff_outside),
                closed if isinstance(closed, Infeasible) else float(closed),
                "yes" if k in found else "no",
            )
        )
    return Table(
        title="By the number of signatories",
        columns=(
            Column(name="signatories"),
            Column(name="a signatory holds back", unit="units"),
            Column(name="an outsider", unit="units"),
            Column(name="a signatory has", unit="payoff"),
            Column(name="an outsider", unit="payoff"),
            Column(name="gap closed", unit="1"),
            Column(name="self-enforcing"),
        ),
        rows=tuple(rows),
    )


def _lines(commons: Commons) -> Lines:
    """The share that signs and the gap closed, by c / b: where many sign little is gained."""
    signing, closing, gain = [], [], []
    for ratio in _RATIOS:
        each = Commons(
            labs=commons.labs,
            wanted=commons.wanted,
            benefit=commons.benefit,
            cost=commons.benefit * Fraction(ratio).limit_denominator(1000),
            most=commons.most,
        )
        found = self_enforcing(each)
        if not found:
            continue
        k = max(found)
        signing.append((ratio, k / commons.labs))
        closed, raised = gap_closed(each, k), _raised(each, commons.labs)
        if not isinstance(closed, Infeasible):
            closing.append((ratio, float(closed)))
        if not isinstance(raised, Infeasible):
            gain.append((ratio, min(1.0, float(raised))))
    named = (
        ("share of labs that sign", signing),
        ("gap closed", closing),
        ("gain there is to have", gain),
    )
    return Lines(
        title="Where many labs sign by themselves, there is little to gain.",
        subtitle="By the cost of holding back over its benefit, c / b; gain over nobody signing.",
        x=Axis(title="c / b", logarithmic=True),
        y=Axis(title="share", low=0, high=1, percent=True),
        series=tuple(Series(name=name, points=tuple(points)) for name, points in named if points),
    )


def _commons(labs: int, cost: str) -> Commons:
    return Commons(labs=labs, wanted=Fraction(100), benefit=Fraction(1), cost=Fraction(cost))


def _size(commons: Commons) -> Fraction | NotFound:
    found = self_enforcing(commons)
    return Fraction(max(found)) if found else NotFound("no k is self-enforcing")


def _part(commons: Commons, k: int, part: Callable[[Held], Fraction]) -> Number:
    return part(held(commons, k))


def _check(what: str, stated: str, ours: Callable[[], Number | Infeasible | NotFound]) -> Check:
    return Check(paper=BARRETT, where="a = 100, b = 1", what=what, stated=stated, ours=ours)


_TEN: Final = _commons(10, "1/4")
BARRETT_MODEL: Final = Model(
    name="barrett",
    title="Self-enforcing agreements",
    question="How many labs would sign and stay, and how much would that change?",
    validity="Labs alike; what is held back adds up; signatories move first and together.",
    papers=(BARRETT, ASPREMONT, RUBIO_ULPH),
    parameters=(
        Parameter(
            name="labs",
            symbol="N",
            unit="labs",
            default=Fraction(10),
            meaning="How many there are.",
            low=2,
            high=200,
            whole=True,
        ),
        Parameter(
            name="cost",
            symbol="c",
            unit="payoff a unit squared",
            default=Fraction(1, 4),
            meaning="How fast the cost of holding back rises for a lab.",
            above=0,
        ),
        Parameter(
            name="benefit",
            symbol="b",
            unit="payoff a unit squared",
            default=Fraction(1),
            meaning="How much what is held back is worth, to all together.",
            above=0,
        ),
        Parameter(
            name="wanted",
            symbol="a",
            unit="units",
            default=Fraction(100),
            meaning="As much held back as anybody wants.",
            above=0,
        ),
        Parameter(
            name="most",
            symbol="q_max",
            unit="units",
            default=Fraction(0),
            meaning="The most that a lab can hold back; 0 for no limit.",
            low=0,
        ),
    ),
    solve=_solve,
    checks=(
        _check("k for N = 10, c = 0.25", "4", partial(_size, _TEN)),
        _check(
            "payoff of a signatory, N = 10, c = 0.25, k = 4",
            "472.16",
            partial(_part, _TEN, 4, lambda each: each.payoff_inside),
        ),
        _check(
            "payoff of an outsider, N = 10, c = 0.25, k = 4",
            "474.91",
            partial(_part, _TEN, 4, lambda each: each.payoff_outside),
        ),
        _check("q_s there", "8.909", partial(_part, _TEN, 4, lambda each: each.inside)),
        _check("q_n there", "7.572", partial(_part, _TEN, 4, lambda each: each.outside)),
        _check("gap closed there", "0.115", partial(gap_closed, _TEN, 4)),
        _check("k for N = 10, c = 0.01", "10", partial(_size, _commons(10, "1/100"))),
        _check(
            "gain of all there, over nobody signing",
            "0.0001",
            partial(_raised, _commons(10, "1/100"), 10),
        ),
        _check("k for N = 10, c = 1", "3", partial(_size, _commons(10, "1"))),
        _check("k for N = 100, c = 0.25", "5", partial(_size, _commons(100, "1/4"))),
        _check("gap closed there", "0.003", partial(gap_closed, _commons(100, "1/4"), 5)),
    ),
)
