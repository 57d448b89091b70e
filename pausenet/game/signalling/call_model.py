"""The call for a pause as a model: which equilibria there are, and what a commitment must cost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
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
    Series,
    Table,
)
from pausenet.game.checks import Check
from pausenet.game.model import Chosen, Model, Parameter
from pausenet.game.signalling.signals import (
    CHO_KREPS,
    KYDD,
    SPENCE,
    Call,
    Equilibrium,
    equilibria,
    separating_scales,
)

_NAMES: Final = (
    *("sincere", "cost_sincere", "cost_strategic", "worth_sincere", "worth_strategic"),
    *("trusted_sincere", "trusted_strategic", "distrusted_sincere", "distrusted_strategic"),
)
_STEPS: Final = 120


def _solve(chosen: Chosen) -> Answer:
    call = Call(**{name: chosen.exact(name) for name in _NAMES})
    found = equilibria(call)
    scales = separating_scales(call)
    return Answer(
        sentence=_sentence(call, found),
        not_shown="More than two types, commitments of many sizes at once, reputation over time; "
        "on boundaries (a cost that equals what trust is worth) more equilibria beside these.",
        tables=(
            Table(
                title="All equilibria",
                columns=(
                    Column(name="equilibrium"),
                    Column(name="sincere commit", unit="1"),
                    Column(name="strategic commit", unit="1"),
                    Column(name="trusted with it", unit="1"),
                    Column(name="trusted without", unit="1"),
                    Column(name="sincere, if it commits", unit="1"),
                    Column(name="a lab has", unit="payoff"),
                    Column(name="others have", unit="payoff"),
                    Column(name="intuitive"),
                ),
                rows=tuple(_row(call, each) for each in found),
            ),
            _scale_table(call, scales),
        ),
        picture=_lines(call),
        hand_check=f"mu* = {call.belief_needed}, the share of sincere labs is {call.sincere}; "
        "types separate where c_S <= V_S and c_D >= V_D.",
    )


def _row(call: Call, each: Equilibrium) -> tuple[Cell, ...]:
    belief = each.belief(call)
    return (
        each.name,
        float(each.commits_sincere),
        float(each.commits_strategic),
        float(each.trust_committed),
        float(each.trust_silent),
        belief if isinstance(belief, Infeasible) else float(belief),
        float(each.payoff_labs),
        float(each.payoff_others),
        "yes" if each.intuitive else "no",
    )


def _scale_table(call: Call, scales: tuple[Fraction, Fraction] | Infeasible) -> Table:
    columns = (Column(name="for the types to separate"), Column(name="both costs times", unit="1"))
    if isinstance(scales, Infeasible):
        return Table(title="What it must cost", columns=columns, rows=(("never", scales),))
    most: Cell = (
        Infeasible("no limit, as it costs a sincere lab nothing")
        if call.cost_sincere == 0
        else float(scales[1])
    )
    return Table(
        title="What it must cost",
        columns=columns,
        rows=(("at least", float(scales[0])), ("at most", most)),
    )


def _sentence(call: Call, found: tuple[Equilibrium, ...]) -> str:
    share = f"{float(call.sincere):.0%}"
    if call.cost_sincere == call.cost_strategic == 0:
        return (
            "The call is cheap talk: it costs neither type anything, so it tells nothing, and a "
            f"lab that calls for a pause is sincere with chance {share} as before."
        )
    if any(each.name == "separating" for each in found):
        return (
            "The commitment can tell who is sincere: it is worth its cost to a sincere lab and not "
            f"to a strategic one; {len(found)} equilibria in all."
        )
    told = [each for each in found if 0 < each.commits_sincere + each.commits_strategic < 2]
    if told:
        return (
            f"The commitment tells something and not all: in the equilibrium {told[0].name}; "
            f"{len(found)} equilibria in all."
        )
    return (
        "The commitment tells nothing: both types do the same in every equilibrium, and a lab that "
        f"calls for a pause is sincere with chance {share} as before."
    )


def _lines(call: Call) -> Lines:
    """What others have by the cost, in the best and in the worst equilibrium for them."""
    scales = separating_scales(call)
    top = Fraction(2)
    if not isinstance(scales, Infeasible):
        top = max(top, scales[0] * 2 if call.cost_sincere == 0 else scales[1] * Fraction(5, 4))
    best, worst = [], []
    for step in range(_STEPS + 1):
        scale = top * step / _STEPS
        each = replace(
            call,
            cost_sincere=call.cost_sincere * scale,
            cost_strategic=call.cost_strategic * scale,
        )
        payoffs = [found.payoff_others for found in equilibria(each)]
        best.append((scale, max(payoffs)))
        worst.append((scale, min(payoffs)))
    known = call.sincere * call.trusted_sincere + (1 - call.sincere) * call.distrusted_strategic
    return Lines(
        title="Others learn most where the insincere cannot afford what the sincere can.",
        subtitle="What others have, in the best and the worst equilibrium for them.",
        x=Axis(title="cost of the commitment, times the cost chosen", low=0),
        y=Axis(title="payoff of others"),
        series=(
            Series(name="best equilibrium", points=tuple(best), steps=True),
            Series(name="worst equilibrium", points=tuple(worst), steps=True),
            Series(
                name="if types were known",
                points=((Fraction(0), known), (top, known)),
                dashed=True,
            ),
        ),
    )


_SCREENING: Final = Call(
    sincere=Fraction(7, 10),
    cost_sincere=Fraction(1),
    cost_strategic=Fraction(4),
    worth_sincere=Fraction(3),
    worth_strategic=Fraction(3),
    trusted_sincere=Fraction(2),
    trusted_strategic=Fraction(-3),
    distrusted_sincere=Fraction(-1),
    distrusted_strategic=Fraction(1),
)


def _part(name: str, part: Callable[[Equilibrium], Fraction]) -> Fraction | NotFound:
    for each in equilibria(_SCREENING):
        if each.name == name:
            return part(each)
    return NotFound(f"there is no equilibrium {name}")


def _check(what: str, stated: str, name: str, part: Callable[[Equilibrium], Fraction]) -> Check:
    return Check(
        paper=SPENCE,
        where="screening: 70 % compliant, transparency costs 1 or 4, trust is worth 3",
        what=what,
        stated=stated,
        ours=partial(_part, name, part),
    )


def _payoff(name: str, symbol: str, default: str, meaning: str) -> Parameter:
    return Parameter(
        name=name, symbol=symbol, unit="payoff", default=Fraction(default), meaning=meaning
    )


SIGNAL: Final = Model(
    name="signal",
    title="Is the call for a pause cheap talk?",
    question="Does a lab that calls for a pause, or commits to one, show that it is sincere?",
    validity="Two types, one commitment, one decision whether to trust; costs are known to all.",
    papers=(SPENCE, CHO_KREPS, KYDD),
    parameters=(
        Parameter(
            name="sincere",
            symbol="pi",
            unit="1",
            default=Fraction(7, 10),
            meaning="The share of sincere labs, as others believe at first.",
            above=0,
            below=1,
        ),
        _payoff("cost_sincere", "c_S", "1", "What the commitment costs a sincere lab; 0: talk."),
        _payoff("cost_strategic", "c_D", "4", "What it costs a strategic lab; 0: talk."),
        _payoff("worth_sincere", "V_S", "3", "What being trusted is worth to a sincere lab."),
        _payoff("worth_strategic", "V_D", "3", "What it is worth to a strategic one."),
        _payoff("trusted_sincere", "g", "2", "What others have that trust a sincere lab."),
        _payoff("trusted_strategic", "-l", "-3", "What they have that trust a strategic one."),
        _payoff("distrusted_sincere", "-m", "-1", "What they have that distrust a sincere one."),
        _payoff("distrusted_strategic", "h", "1", "What they have that distrust a strategic one."),
    ),
    solve=_solve,
    checks=(
        _check("payoff of labs, separating", "1.4", "separating", lambda each: each.payoff_labs),
        _check(
            "payoff of others, separating", "1.7", "separating", lambda each: each.payoff_others
        ),
        _check(
            "payoff of labs, pooling",
            "3.0",
            "pooling, nobody commits",
            lambda each: each.payoff_labs,
        ),
        _check(
            "payoff of others, pooling",
            "0.5",
            "pooling, nobody commits",
            lambda each: each.payoff_others,
        ),
    ),
)
