"""An evader that knows the announced verification plan and chooses its best response to it.

It is the covert adversary of the literature: it cheats only as far as it expects not to be found
(Aumann and Lindell, Theory of Cryptography, 2007). The plan is public: which channels, their
settings and false-alarm rates, the meters' stated errors. What chance brings is not. So the evader
tries its parameters on seeds of its own, measures how often it is noticed there by the
same kernels as anybody, and takes the choice that gains most among those that are noticed no
oftener than it bears. How it does in truth is then measured with other seeds, in which it has no
part: a best response looks better on the seeds that chose it than on any others.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import product
from typing import Final

from pausenet.errors import Misuse
from pausenet.inference.meters import Figure
from pausenet.scenario.evasions import MICRO, EvasionKind, EvasionPlan, Setting
from pausenet.scenario.plan import Scenario
from pausenet.simulator.adversary.evasions import evasion
from pausenet.simulator.randomness import seed_bytes

STEPS: Final = 5
"""How many values of a parameter are tried, from its low end to its high end, evenly by ratio."""
CHOICES_MAX: Final = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One way to evade: the settings, how often it was noticed, and what it would gain unseen.

    `gained_flop` is what it gains in the whole run where nothing is noticed.
    """

    settings: tuple[Setting, ...]
    noticed: int
    of: int
    gained_flop: float

    @property
    def share(self) -> float:
        """The share of trial runs in which it was noticed within the goal."""
        return self.noticed / self.of


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """The evader's answer to a plan: what it chose, of how many tried; or to keep the rules."""

    chosen: tuple[Choice, ...]
    tried: int

    @property
    def evades(self) -> bool:
        """Whether any choice is worth it to this evader."""
        return bool(self.chosen)


def best_response(
    scenario: Scenario, kind: EvasionKind, *, bears: float, runs: int, goal_days: float
) -> Response:
    """The choice for the scenario's first evader that gains most and is noticed seldom enough.

    `bears` is the largest share of trial runs in which it may be noticed. Parameters whose range
    is a single number are not the evader's to choose. Raises `Misuse` without an evasion of this
    kind, or with too many choices.
    """
    from pausenet.simulator.outcome.kernel import measure_by_kernel

    plan = next((each for each in scenario.evasions if each.kind is kind), None)
    if plan is None:
        raise Misuse(f"best_response: nobody evades by {kind} in {scenario.name}")
    own = int.from_bytes(seed_bytes(scenario.seed, "evader")[:6], "big")
    tried: list[Choice] = []
    for settings in _choices(evasion(kind).parameters, plan):
        trial = replace(scenario, seed=own, evasions=_with(scenario, plan, settings))
        measured = measure_by_kernel(trial, runs, goal_days=goal_days)
        seen = next(each for each in measured.evasions if each.party == plan.by)
        gained = evasion(kind).footprint(trial, _planned(plan, settings)).gained_flop
        tried.append(
            Choice(
                settings=settings,
                noticed=seen.within.count,
                of=seen.within.of,
                gained_flop=sum(gained),
            )
        )
    borne = [each for each in tried if each.share <= bears and each.gained_flop > 0.0]
    best = sorted(borne, key=lambda each: (-each.gained_flop, each.noticed))
    return Response(chosen=tuple(best[:1]), tried=len(tried))


def adapted(scenario: Scenario, kind: EvasionKind, choice: Choice) -> Scenario:
    """The scenario in which the evader has made this choice."""
    plan = next(each for each in scenario.evasions if each.kind is kind)
    return replace(scenario, evasions=_with(scenario, plan, choice.settings))


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
