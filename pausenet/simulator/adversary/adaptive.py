"""An evader that knows the announced verification plan and chooses its best response to it.

It is the covert adversary of the literature: it cheats only as far as it expects not to be found
(Aumann and Lindell, Theory of Cryptography, 2007). The plan is public: which channels, their
settings and false-alarm rates, the meters' stated errors. What chance brings is not. So the evader
tries its parameters on seeds of its own, measures how often it is noticed there by the
same kernels as anybody, and takes the choice that gains most among those that are noticed no
oftener than it bears and cost no more than its budget. How it does in truth is then measured with
other seeds, in which it has no part: a best response looks better on the seeds that chose it than
on any others.

Kernels know no logs. A way to evade that the logs themselves show (two faces, say) is left out: to
the kernels it would look like none at all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
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
GRID_MAX: Final = 4
"""Up to so many parameters all combinations are tried; of more, one parameter after the other."""
ROUNDS: Final = 3
_WHOLE: Final = frozenset(
    {"accelerators", "devices", "models", "nodes", "notices", "people", "verifiers"}
)
"""Units of which there is no half."""


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


class _Left(Enum):
    """Why a way to evade was not tried."""

    SHOWN = "the logs themselves show it"
    UNPAID = "it costs more than the budget"


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """An evader's answer to a plan: what it chose, of how many tried; or to keep the rules.

    `left_out` counts the ways that logs show; `grid` says whether all combinations were tried.
    `unpaid` counts the ways that cost more than its budget: those were not tried.
    """

    by: ParticipantId
    chosen: tuple[Choice, ...]
    tried: int
    unpaid: int
    left_out: int
    grid: bool

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
    out. Raises `Misuse` without an evasion of this kind, where logs show every way of it, and where
    a budget meets what has no price.
    """
    found = _searched(scenario, kind, bears=bears, runs=runs, goal_days=goal_days)
    return _worth_a_search(scenario, (kind,), found)


def best_of_kinds(
    scenario: Scenario, kinds: Sequence[EvasionKind], *, bears: float, runs: int, goal_days: float
) -> Response:
    """The same where the first evader may do any one of these kinds instead of what is planned.

    Of one kind alone it is `best_response`; of several those that logs show are left out. Raises
    `Misuse` as that does, and where nobody evades.
    """
    if len(kinds) == 1:
        return best_response(scenario, kinds[0], bears=bears, runs=runs, goal_days=goal_days)
    found = [
        _searched(instead(scenario, kind), kind, bears=bears, runs=runs, goal_days=goal_days)
        for kind in kinds
    ]
    whole = Response(
        by=scenario.evasions[0].by,
        chosen=_best([choice for each in found for choice in each.chosen]),
        tried=sum(each.tried for each in found),
        unpaid=sum(each.unpaid for each in found),
        left_out=sum(each.left_out for each in found),
        grid=all(each.grid for each in found),
    )
    return _worth_a_search(scenario, kinds, whole)


def _searched(
    scenario: Scenario, kind: EvasionKind, *, bears: float, runs: int, goal_days: float
) -> Response:
    """What a search over one kind's parameters finds."""
    plan = _plan_of(scenario, kind)
    search = _Search(scenario, plan, bears=bears, runs=runs, goal_days=goal_days)
    free = {name: each for name, each in evasion(kind).parameters.items() if each.low < each.high}
    grid = len(free) <= GRID_MAX
    if grid:
        search.every_combination(free)
    else:
        search.one_after_the_other(free)
    made = [each for each in search.tried.values() if isinstance(each, Choice)]
    left = Counter(each for each in search.tried.values() if isinstance(each, _Left))
    borne = [each for each in made if each.share <= bears and each.gained_flop > 0.0]
    return Response(
        by=plan.by,
        chosen=_best(borne),
        tried=len(made),
        unpaid=left[_Left.UNPAID],
        left_out=left[_Left.SHOWN],
        grid=grid,
    )


def _worth_a_search(scenario: Scenario, kinds: Sequence[EvasionKind], found: Response) -> Response:
    """What was found; raises `Misuse` where logs show all that there was to search."""
    if not found.tried and not found.unpaid:
        raise Misuse(
            f"the logs themselves show every way of {' and '.join(kinds)} in {scenario.name}, and "
            "kernels know no logs: there is nothing to search; `pausenet run` shows what is found"
        )
    return found


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


class _Search:
    """The evader's trials, on seeds of its own; what logs show, or is too dear, is none."""

    def __init__(
        self, scenario: Scenario, plan: EvasionPlan, *, bears: float, runs: int, goal_days: float
    ) -> None:
        self._scenario, self._plan = scenario, plan
        self._seed = int.from_bytes(seed_bytes(scenario.seed, "evader")[:6], "big")
        self._bears, self._runs, self._goal_days = bears, runs, goal_days
        self.tried: dict[tuple[Setting, ...], Choice | _Left] = {}

    def every_combination(self, free: Mapping[str, Figure]) -> None:
        """Try all values of every parameter with all of every other one."""
        for values in product(*(_values(each) for each in free.values())):
            self._try(dict(zip(free, values, strict=True)))

    def one_after_the_other(self, free: Mapping[str, Figure]) -> None:
        """From the lowest values on, try all of one parameter, keep the best, go on with the next.

        It ends where a round changes nothing.
        """
        at = {name: _values(each)[0] for name, each in free.items()}
        for _ in range(ROUNDS):
            before = dict(at)
            for name, each in free.items():
                trials = [{**at, name: value} for value in _values(each)]
                at = min(trials, key=lambda trial: self._rank(self._try(trial)))
            if at == before:
                return

    def _rank(self, choice: Choice | _Left) -> tuple[float, float, int]:
        """What it bears before what it does not, then by gain; the least noticed first."""
        if isinstance(choice, _Left):
            return (2.0, 0.0, 0)
        beyond = choice.share if choice.share > self._bears else 0.0
        return (beyond, -choice.gained_flop, choice.noticed)

    def _try(self, values: Mapping[str, float]) -> Choice | _Left:
        kept = (each for each in self._plan.settings if each.name not in values)
        chosen = (Setting(name=name, micro=round(value * MICRO)) for name, value in values.items())
        settings = tuple(sorted((*kept, *chosen), key=lambda each: each.name))
        if settings not in self.tried:
            self.tried[settings] = self._measured(settings)
        return self.tried[settings]

    def _measured(self, settings: tuple[Setting, ...]) -> Choice | _Left:
        # Outcomes know adversaries: the way back is taken when it is needed.
        from pausenet.simulator.outcome.kernel import measure_by_kernel
        from pausenet.simulator.outcome.unreckoned import shown_by_logs

        plan = self._plan
        changed = _with(self._scenario, plan, settings)
        trial = replace(self._scenario, seed=self._seed, evasions=changed)
        cost = spent(trial, plan.by)
        if not affordable(trial, plan.by):
            if not cost.whole:
                missing = ", ".join(sorted(cost.unpriced))
                raise Misuse(f"{plan.kind} takes what has no price: {missing}")
            return _Left.UNPAID
        if shown_by_logs(trial, plan.by):
            return _Left.SHOWN
        measured = measure_by_kernel(trial, self._runs, goal_days=self._goal_days)
        seen = next(each for each in measured.evasions if each.party == plan.by)
        gained = evasion(plan.kind).footprint(trial, _planned(plan, settings)).gained_flop
        return Choice(
            kind=plan.kind,
            settings=settings,
            noticed=seen.within.count,
            of=seen.within.of,
            gained_flop=sum(gained),
            cost=cost,
        )


def adapted(scenario: Scenario, kind: EvasionKind, choice: Choice) -> Scenario:
    """The scenario in which the evader has made this choice."""
    return replace(scenario, evasions=_with(scenario, _plan_of(scenario, kind), choice.settings))


def _plan_of(scenario: Scenario, kind: EvasionKind) -> EvasionPlan:
    plan = next((each for each in scenario.evasions if each.kind is kind), None)
    if plan is None:
        raise Misuse(f"nobody evades by {kind} in {scenario.name}")
    return plan


def _best(choices: Sequence[Choice]) -> tuple[Choice, ...]:
    """What gains most, noticed seldomest where several do; none of none."""
    return tuple(sorted(choices, key=lambda each: (-each.gained_flop, each.noticed))[:1])


def _values(figure: Figure) -> tuple[float, ...]:
    """Values from low to high: evenly by ratio, or by difference from 0; people are whole."""
    if figure.low <= 0.0:
        step = (figure.high - figure.low) / (STEPS - 1)
        found = [figure.low + step * at for at in range(STEPS)]
    else:
        ratio = (figure.high / figure.low) ** (1.0 / (STEPS - 1))
        found = [figure.low * ratio**at for at in range(STEPS)]
    whole = (float(round(each)) for each in found)
    return tuple(dict.fromkeys(whole if figure.unit in _WHOLE else found))


def _planned(plan: EvasionPlan, settings: tuple[Setting, ...]) -> EvasionPlan:
    return replace(plan, settings=settings)


def _with(
    scenario: Scenario, plan: EvasionPlan, settings: tuple[Setting, ...]
) -> tuple[EvasionPlan, ...]:
    return tuple(_planned(each, settings) if each is plan else each for each in scenario.evasions)
