"""A measurement in sentences that can be quoted: shares with n, times, and what they leave out.

The words are those of every run's ending (experience.md 2). A finding by a warrant is a suspicion;
only what rests on the accused's own signatures is proven.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final

from pausenet.cli.ending import NOT_COUNTED, cheat_text, ppm_text
from pausenet.cli.journal import Asked
from pausenet.files.amounts import write_micro, write_money
from pausenet.files.spreads import write_one_or_interval
from pausenet.scenario.intervals import Spread
from pausenet.scenario.plan import DAY_S, Scenario
from pausenet.scenario.terms import agreement_of
from pausenet.simulator.drawing import place_of, spreads_of
from pausenet.simulator.outcome import (
    Evasion,
    Followers,
    Interval,
    Measured,
    Quantile,
    Share,
    Stopped,
)
from pausenet.simulator.outcome.course import assumed, chain
from pausenet.statements.finding import FaultClass

_EVADERS_MAX: Final = 3
_WRITERS: Final[tuple[tuple[str, Callable[[int], str]], ...]] = (
    ("micro", write_micro),
    ("milli", write_money),
    ("_s", lambda span_s: f"{span_s / DAY_S:g} days"),
    ("_pflop", lambda pflop: f"{pflop * 1e15:g} FLOP"),
)
"""How the numbers of a unit are written, by the end of their name."""
_CHANCE_ONLY: Final = (
    "The runs differ by chance alone (meters, calibrations, use, clocks, networks, and what the "
    "scenario gives as intervals); whether the scenario's own numbers are right no run can show."
)


def finding_sentences(scenario: Scenario, measured: Measured) -> tuple[str, ...]:
    """One sentence for each evasion, and one for all labs that keep the rules."""
    told = [_evasion(scenario, measured, each) for each in measured.evasions]
    return (*told, _followers(measured))


def headline(measured: Measured) -> str:
    """The takeaway of a picture: how often each evader is found, and others falsely."""
    goal, n = f"within {measured.goal_days:g} days", runs_text(measured.runs)
    parts = [
        f"{each.party} was {_how(each)} {goal} in {each.within.count} of {n}"
        for each in measured.evasions[:_EVADERS_MAX]
    ]
    more = len(measured.evasions) - _EVADERS_MAX
    if more > 0:
        parts.append(f"and so on for {more} more")
    followers = measured.followers
    if followers.labs:
        false = followers.runs_with_any
        where = f"{false.count or 'none'}" + ("" if parts else f" of {runs_text(false.of)}")
        parts.append(f"parties that follow the rules were falsely suspected in {where}")
    return "; ".join(parts) or "No lab follows the rules in this simulation, and none evades"


def false_alarm_words(measured: Measured) -> str:
    """The rate of false alarms, as it stands beside every rate of detection."""
    found = measured.followers
    if not found.labs:
        return "No lab follows the rules here, so that no false alarm could be seen."
    span = interval_text(found.suspected.interval, ".2g")
    return (
        f"False alarms against labs that follow the rules in this simulation: "
        f"{found.suspected.count} in {found.suspected.exposure:.3g} lab-years ({span} a lab-year)."
    )


def detected_sentences(measured: Measured) -> tuple[str, ...]:
    """How late each evasion was found, and the false alarms, each in a sentence."""
    return (
        *(f"{each.party}: {_delay(each)}." for each in measured.evasions),
        false_alarm_words(measured),
    )


def why_sentence(measured: Measured) -> str:
    """Which findings came first, and in how many runs."""
    parts = []
    for each in measured.evasions:
        counts = [f"{fault} ({fault.meaning}) in {count}" for fault, count in each.faults]
        parts.append(f"{each.party}: {', '.join(counts) or 'never found'}")
    if measured.followers.faults:
        counts = [f"{fault} in {count}" for fault, count in measured.followers.faults]
        parts.append(f"labs that follow the rules: {', '.join(counts)}")
    return f"first findings: {'; '.join(parts)}." if parts else "nobody evades in this scenario."


def gained_sentences(measured: Measured) -> tuple[str, ...]:
    """What each evader had gained by the finding and by the response, and what that is worth."""
    told = []
    for each in measured.evasions:
        if not each.gained_by_finding:
            told.append(f"{each.party}: no compute is counted for this kind of evasion.")
            continue
        found, response = each.gained_by_finding[0], each.gained_by_response[0]
        if not found.reached:
            never = f"{each.by_end.of - each.by_end.count} of {runs_text(each.by_end.of)}"
            told.append(f"{each.party}: no median, as in {never} nothing was found.")
            continue
        text = f"{each.party} had gained {_flop(found)} by the finding (median)"
        if response.reached:
            early, late = each.lead_by_finding[0], each.lead_months[0]
            worth = worth_text(months_text(early.value), months_text(late.value), "finding")
            text += (
                f" and {_flop(response)} by the response, after every delay of the "
                f"agreement: {worth}"
            )
        told.append(f"{text}.")
    return tuple(told)


def gained_by_party(measured: Measured) -> dict[str, str]:
    """What each evader had gained by the response, in a clause."""
    return {
        str(each.party): f"it had gained {one.value:.2g} FLOP by the response (median)"
        for each in measured.evasions
        for one in each.gained_by_response
        if one.reached
    }


def delay_sentences(scenario: Scenario, measured: Measured) -> tuple[str, ...]:
    """For each kind of finding that came first of an evader: the days from it to the response."""
    faults = sorted({fault for each in measured.evasions for fault, _ in each.faults})
    agreement = agreement_of(scenario)
    told = []
    for fault in faults:
        after = chain(agreement, fault, detection_days=0.0)
        told.append(
            f"from a finding {fault} to the response {after.days:g} days: "
            f"{after.clarification:g} to clarify (of the agreement), {after.inspection:g} for an "
            f"inspection with its notice, {after.determination:g} for a determination and the "
            f"time to appeal, {after.response:g} for the response."
        )
    return tuple(told)


def assumed_sentence(scenario: Scenario) -> str:
    """The figures that stand where the agreement names none, each with its standing."""
    return "; ".join(f"{name} {figure}" for name, figure in assumed(scenario.world).items()) + "."


def stopped_sentence(plan: Asked, measured: Measured, why: Stopped) -> str:
    """Why there are so many runs, and what the intervals are worth."""
    wide = max(measured.intervals, key=lambda each: each.half_width)
    rule = plan.rule
    text = (
        f"after {runs_text(measured.runs)}, {why}; the widest interval of these shares goes from "
        f"{chance_text(wide.low)} to {chance_text(wide.high)}, half its width is "
        f"{100 * wide.half_width:.1f} percentage points"
    )
    if len(rule.looks) == 1:
        return f"{text}. Every interval has the level {chance_text(rule.level)}."
    looks = ", ".join(str(each) for each in rule.looks)
    return (
        f"{text}. Results were to be looked at after {looks} runs and at no other number; every "
        f"interval has the level {chance_text(measured.level)}, so that all looks together keep "
        f"{chance_text(rule.level)}."
    )


def drawn_sentences(scenario: Scenario) -> tuple[str, ...]:
    """What each run draws anew, as the scenario gives it; nothing where it gives no interval."""
    found = [_written(path, each) for path, each in spreads_of(scenario)]
    if not found:
        return ()
    return (f"anew for each run, log-normal with these 90 % intervals: {'; '.join(found)}.",)


def _written(path: tuple[str, ...], spread: Spread) -> str:
    """A place and its interval, as files write it: shares in per cent, settings whole."""
    place, name = place_of(path), path[-1]
    if name.endswith("_ppm"):
        return f"{place} {ppm_text(spread)}{spread.tail}"
    for unit, write in _WRITERS:
        if name.endswith(unit):
            return f"{place} {write_one_or_interval(write)(spread)}"
    return f"{place} {spread}"


def not_shown_sentence() -> str:
    """What no number of runs establishes."""
    return f"{_CHANCE_ONLY} {NOT_COUNTED}"


def _evasion(scenario: Scenario, measured: Measured, each: Evasion) -> str:
    cheats = [cheat for cheat in scenario.cheats if cheat.by == each.party and cheat.real]
    book = [
        f"{plan.by} ({plan.kind} from period {plan.start})"
        for plan in scenario.evasions
        if plan.by == each.party
    ]
    who = " and ".join([*book, *(cheat_text(cheat) for cheat in cheats)])
    goal = f"within {measured.goal_days:g} days"
    later = ""
    if each.by_end.count > each.within.count:
        later = f" ({each.by_end.count} by the end)"
    text = f"{who} was {_how(each)} {goal} in {share_text(each.within)}{later}; {_delay(each)}"
    if 0 < each.proven.count < each.by_end.count:
        text += f"; it was proven by its own signatures in {each.proven.count}"
    if each.channels:
        counts = ", ".join(f"{channel} in {count}" for channel, count in each.channels)
        text += (
            f"; with leads from outside ({counts}) it was noticed {goal} in "
            f"{share_text(each.noticed)}"
        )
    return f"{text}."


def _delay(each: Evasion) -> str:
    median = each.delay.quantile(0.5)
    if median.reached:
        spread = interval_text(median.interval, ".1f")
        return f"the median delay was {median.value:.1f} days ({spread})"
    return f"the median delay was not reached in the {each.delay.last:.1f} days watched"


def _how(each: Evasion) -> str:
    """Whether what finds it suspects or proves."""
    classes = {fault.fault_class for fault, _ in each.faults}
    if classes == {FaultClass.PROOF}:
        return "proven by its own signatures to break the rules"
    return "suspected" if FaultClass.PROOF not in classes else "suspected or proven"


def _followers(measured: Measured) -> str:
    found: Followers = measured.followers
    if not found.labs:
        return "No lab follows the rules in this simulation, so that no false alarm could be seen."
    count, years = found.suspected.count, found.suspected.exposure
    who = f"{'none was' if not count else f'{count} were' if count > 1 else '1 was'}"
    unit = "lab-year" if math.isclose(years, 1.0) else "lab-years"
    text = f"Of {years:.3g} {unit} of labs that follow the rules in this simulation {who} suspected"
    text += f" falsely ({interval_text(found.suspected.interval, '.2g')} a lab-year)"
    convicted = found.convicted
    if convicted.count:
        runs = share_text(convicted)
        return f"{text}; breaches were 'proven' against them in {runs}, a broken promise."
    high = chance_text(convicted.interval.high)
    return (
        f"{text}; no breach was proven against any in {runs_text(convicted.of)} "
        f"(at most {high} of all runs)."
    )


def share_words(found: Share) -> str:
    """A share in per cent with its interval."""
    low, high = chance_text(found.interval.low), chance_text(found.interval.high)
    return f"{chance_text(found.value)} ({low} to {high})"


def share_text(found: Share) -> str:
    """A share with n and its interval, as a reader says it."""
    low, high = chance_text(found.interval.low), chance_text(found.interval.high)
    return f"{found.count} of {runs_text(found.of)} ({low} to {high})"


def runs_text(count: int) -> str:
    """So many runs."""
    return f"{count} run{'' if count == 1 else 's'}"


def chance_text(value: float) -> str:
    """A share as a reader says it; a tenth of a per cent near the ends.

    >>> chance_text(0.8611), chance_text(0.9963), chance_text(1.0)
    ('86 %', '99.6 %', '100 %')
    """
    near = 0.0 < value < 0.02 or 0.98 < value < 1.0
    text = f"{value * 100:.1f}" if near else f"{value * 100:.0f}"
    return f"{text.removesuffix('.0')} %"


def interval_text(interval: Interval, form: str) -> str:
    """An interval in words; of too few runs it may be everything.

    >>> interval_text(Interval(low=1.0, high=math.inf, level=0.95), ".1f")
    '1.0 to not reached'
    """
    if interval.low == -math.inf:
        return "too few runs for an interval"
    low, high = _bound(interval.low, form), _bound(interval.high, form)
    return f"{low} to {high}" if low != high else f"{low} at both ends of its interval"


def _bound(value: float, form: str) -> str:
    return "not reached" if math.isinf(value) else f"{value:{form}}"


def months_text(value: float) -> str:
    """Months of lead.

    >>> months_text(0.04), months_text(1.25), months_text(0.0)
    ('under 0.1 months', '1.2 months', 'no months')
    """
    if 0.0 < value < 0.1:
        return "under 0.1 months"
    return f"{value:.1f} months" if value else "no months"


def worth_text(early: str, late: str, first: str) -> str:
    """What gains are worth at two times, in months that were written; said once where alike.

    >>> worth_text("no months", "no months", "finding")
    'worth no months of lead at either time'
    """
    if early == late:
        return f"worth {early} of lead at either time"
    return f"worth {early} of lead by the {first}, and {late} by the response"


def _flop(found: Quantile) -> str:
    return f"{found.value:.2g} FLOP ({interval_text(found.interval, '.2g')})"
