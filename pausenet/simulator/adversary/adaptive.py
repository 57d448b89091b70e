"""An evader that knows the announced verification plan and chooses its best response to it.

It is the covert adversary of the literature: it cheats only as far as it expects not to be found
(Aumann and Lindell, Theory of Cryptography, 2007). The plan is public: which channels, their
settings and false-alarm rates, the meters' stated errors. What chance brings is not. So the evader
tries its parameters on seeds of its own, measures how often it is noticed there by the
same kernels as anybody, and takes the choice that gains most among those that are noticed no
oftener than it bears and cost no more than its budget. How it does in truth is then measured with
other seeds, in which it has no part: a best response looks better on the seeds that chose it than
on any others.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Final

from pausenet.errors import Misuse
from pausenet.inference.meters import Figure
from pausenet.scenario.evasions import MICRO, EvasionKind, EvasionPlan, Setting
from pausenet.scenario.plan import Scenario
from pausenet.simulator.adversary.evasions import evasion
from pausenet.simulator.paid import Money, affordable, spent
from pausenet.simulator.randomness import seed_bytes
from pausenet.values import ParticipantId

STEPS: Final = 5
"""How many values of a parameter are tried, from its low end to its high end, evenly by ratio."""
CHOICES_MAX: Final = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One way to evade: the settings, how often it was noticed, and what it would gain unseen.

    `gained_flop` is what it gains in the whole run where nothing is noticed, and `cost` what all
    evasions of the lab cost it then.
    """

    kind: EvasionKind
    settings: tuple[Setting, ...]
    noticed: int
    of: int
    gained_flop: float
    cost: Money

    @property
    def share(self) -> float:
        """The share of trial runs in which it was noticed within the goal."""
        return self.noticed / self.of


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """An evader's answer to a plan: what it chose, of how many tried; or to keep the rules.

    `unpaid` counts the ways that cost more than its budget: those were not tried.
    """

    by: ParticipantId
    chosen: tuple[Choice, ...]
    tried: int
    unpaid: int = 0

    @property
    def evades(self) -> bool:
        """Whether any choice is worth it to this evader."""
        return bool(self.chosen)


def best_response(
    scenario: Scenario, kind: EvasionKind, *, bears: float, runs: int, goal_days: float
) -> Response:
    """The choice for the scenario's first evader that gains most and is noticed seldom enough.

    `bears` is the largest share of trial runs in which it may be noticed. Parameters whose range
    is a single number are not the evader's to choose, and what costs more than its budget is left
    out. Raises `Misuse` without an evasion of this kind, with too many choices, and where a budget
    meets what has no price.
    """
    from pausenet.simulator.outcome.kernel import measure_by_kernel

    plan = _plan_of(scenario, kind)
    own = int.from_bytes(seed_bytes(scenario.seed, "evader")[:6], "big")
    tried, unpaid = list[Choice](), 0
    for settings in _choices(evasion(kind).parameters, plan):
        trial = replace(scenario, seed=own, evasions=_with(scenario, plan, settings))
        cost = spent(trial, plan.by)
        if not affordable(trial, plan.by):
            if not cost.whole:
                raise Misuse(f"{kind} takes what has no price: {', '.join(sorted(cost.unpriced))}")
            unpaid += 1
            continue
        measured = measure_by_kernel(trial, runs, goal_days=goal_days)
        seen = next(each for each in measured.evasions if each.party == plan.by)
        gained = evasion(kind).footprint(trial, _planned(plan, settings)).gained_flop
        tried.append(
            Choice(
                kind=kind,
                settings=settings,
                noticed=seen.within.count,
                of=seen.within.of,
                gained_flop=sum(gained),
                cost=cost,
            )
        )
    borne = [each for each in tried if each.share <= bears and each.gained_flop > 0.0]
    return Response(by=plan.by, chosen=_best(borne), tried=len(tried), unpaid=unpaid)


def best_of_kinds(
    scenario: Scenario, kinds: Sequence[EvasionKind], *, bears: float, runs: int, goal_days: float
) -> Response:
    """The same where the first evader may do any one of these kinds instead of what is planned.

    Of one kind alone it is `best_response`. Raises `Misuse` as that does, and where nobody evades.
    """
    if len(kinds) == 1:
        return best_response(scenario, kinds[0], bears=bears, runs=runs, goal_days=goal_days)
    found = [
        best_response(instead(scenario, kind), kind, bears=bears, runs=runs, goal_days=goal_days)
        for kind in kinds
    ]
    return Response(
        by=scenario.evasions[0].by,
        chosen=_best([choice for each in found for choice in each.chosen]),
        tried=sum(each.tried for each in found),
        unpaid=sum(each.unpaid for each in found),
    )


def instead(scenario: Scenario, kind: EvasionKind) -> Scenario:
    """The scenario in which its first evader does this alone, in the time of its first evasion.

    Settings that the scenario plans for this kind stay. Raises `Misuse` where nobody evades.
    """
    if not scenario.evasions:
        raise Misuse(f"{scenario.name}: nobody evades by the book here")
    first = scenario.evasions[0]
    own = [each for each in scenario.evasions if each.by == first.by]
    settings = next((each.settings for each in own if each.kind is kind), ())
    others = (each for each in scenario.evasions if each.by != first.by)
    return replace(scenario, evasions=(replace(first, kind=kind, settings=settings), *others))


def adapted(scenario: Scenario, kind: EvasionKind, choice: Choice) -> Scenario:
    """The scenario in which the evader has made this choice."""
    return replace(scenario, evasions=_with(scenario, _plan_of(scenario, kind), choice.settings))


def _plan_of(scenario: Scenario, kind: EvasionKind) -> EvasionPlan:
    plan = next((each for each in scenario.evasions if each.kind is kind), None)
    if plan is None:
        raise Misuse(f"best_response: nobody evades by {kind} in {scenario.name}")
    return plan


def _best(choices: Sequence[Choice]) -> tuple[Choice, ...]:
    """What gains most, noticed seldomest where several do; none of none."""
    return tuple(sorted(choices, key=lambda each: (-each.gained_flop, each.noticed))[:1])


def _choices(parameters: Mapping[str, Figure], plan: EvasionPlan) -> Iterator[tuple[Setting, ...]]:
    """Every combination of values over the parameters' ranges; what is fixed stays as planned."""
    free = {name: each for name, each in parameters.items() if each.low < each.high}
    if STEPS ** len(free) > CHOICES_MAX:
        raise Misuse(f"{plan.kind}: {len(free)} parameters are too many to search")
    kept = tuple(each for each in plan.settings if each.name not in free)
    for values in product(*(_values(each) for each in free.values())):
        chosen = (
            Setting(name=n, micro=round(v * MICRO)) for n, v in zip(free, values, strict=True)
        )
        yield tuple(sorted((*kept, *chosen), key=lambda each: each.name))


def _values(figure: Figure) -> tuple[float, ...]:
    """Values from low to high: evenly by ratio, or by difference from 0."""
    if figure.low <= 0.0:
        step = (figure.high - figure.low) / (STEPS - 1)
        return tuple(figure.low + step * at for at in range(STEPS))
    ratio = (figure.high / figure.low) ** (1.0 / (STEPS - 1))
    return tuple(figure.low * ratio**at for at in range(STEPS))


def _planned(plan: EvasionPlan, settings: tuple[Setting, ...]) -> EvasionPlan:
    return replace(plan, settings=settings)


def _with(
    scenario: Scenario, plan: EvasionPlan, settings: tuple[Setting, ...]
) -> tuple[EvasionPlan, ...]:
    return tuple(_planned(each, settings) if each is plan else each for each in scenario.evasions)
