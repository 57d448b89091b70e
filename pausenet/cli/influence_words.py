"""Which of the drawn numbers decide, in sentences; what so few runs cannot tell is said too."""

from __future__ import annotations

from typing import Final, assert_never

from pausenet.cli.measured_words import chance_text, interval_text, runs_text
from pausenet.simulator.outcome import Measured, Quantile, Share
from pausenet.simulator.outcome.influences import (
    RUNS_MIN,
    Influence,
    Influences,
    Outcome,
)

_MOST: Final = 3


def influence_sentences(measured: Measured) -> tuple[str, ...]:
    """For each evader and outcome what it hangs on; nothing where nothing is drawn."""
    found = measured.influences
    if found and measured.runs < RUNS_MIN:
        few = runs_text(measured.runs)
        return (f"{few} are too few to rank the drawn numbers by what they move: {RUNS_MIN} do.",)
    return tuple(_sentence(each, measured.goal_days) for each in found)


def moved_text(outcome: Outcome, party: str) -> str:
    """What is moved, as the subject of a sentence."""
    match outcome:
        case Outcome.DETECTION:
            return f"when {party} is detected"
        case Outcome.LEAD:
            return f"how many months of lead {party} has by the response"
        case _:
            assert_never(outcome)


def part_text(part: Share | Quantile) -> str:
    """The outcome of a third of the runs: a share, or a median in months.

    >>> from pausenet.simulator.outcome import share
    >>> part_text(share(3, 30))
    '10 %'
    """
    if isinstance(part, Share):
        return chance_text(part.value)
    return f"{part.value:.1f}" if part.reached else "not reached"


def _sentence(told: Influences, goal_days: float) -> str:
    what, runs = moved_text(told.outcome, told.party), runs_text(told.runs)
    if told.alike:
        which = f"all that detect it of {runs}"
        if told.outcome is Outcome.DETECTION:
            which = f"all {runs}"
        return f"{what} is alike in {which}, so that no drawn number moves it."
    limit = f"a rank correlation of {told.smallest_seen:.2f} would have been"
    if not told.seen:
        return (
            f"{what}: in {runs} none of {told.inputs} drawn numbers is told apart from chance "
            f"({limit})."
        )
    shown = told.seen[:_MOST]
    text = f"{what} hangs on {'; on '.join(_one(each, told, goal_days) for each in shown)}"
    text += f". {told.found[0].name} matters" if told.leads else ". Which number matters"
    text += " most" if told.leads else " most is not certain"
    more, rest = len(told.seen) - len(shown), told.inputs - len(told.seen)
    if more:
        text += f"; {more} more {'are' if more > 1 else 'is'} told apart from chance"
    if rest:
        text += f"; {rest} more {'are' if rest > 1 else 'is'} not told apart from chance ({limit})"
    return f"{text}; n = {runs}, all limits together {chance_text(told.level)}."


def _one(each: Influence, told: Influences, goal_days: float) -> str:
    limits = interval_text(each.interval, ".2f")
    how = {
        (Outcome.DETECTION, True): "the larger, the later",
        (Outcome.DETECTION, False): "the larger, the sooner",
        (Outcome.LEAD, True): "the larger, the more",
        (Outcome.LEAD, False): "the larger, the less",
    }[told.outcome, each.correlation > 0]
    low, high = _limited(each.at_low), _limited(each.at_high)
    where = f"{each.third} runs with its lowest draws"
    match told.outcome:
        case Outcome.DETECTION:
            means = f"within {goal_days:g} days in {low} of the {where} and {high} of those"
        case Outcome.LEAD:
            means = f"in the median {low} in the {where} and {high} in those"
        case _:
            assert_never(told.outcome)
    places = f"{', '.join(each.places)} together; " if len(each.places) > 1 else ""
    measure = f"rank correlation {each.correlation:.2f}, {limits}"
    return f"{each.name} ({places}{how}; {measure}): {means} with the highest"


def _limited(part: Share | Quantile) -> str:
    if isinstance(part, Share):
        low, high = chance_text(part.interval.low), chance_text(part.interval.high)
        return f"{part_text(part)} ({low} to {high})"
    return f"{part_text(part)} ({interval_text(part.interval, '.1f')})"
