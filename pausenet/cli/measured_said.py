"""All that a measurement says, sentence by sentence, in the order of every run's ending."""

from __future__ import annotations

from pausenet.cli.cost_words import cost_sentences
from pausenet.cli.influence_words import influence_sentences
from pausenet.cli.journal import Asked
from pausenet.cli.measured_words import (
    assumed_sentence,
    delay_sentences,
    detected_sentences,
    drawn_sentences,
    finding_sentences,
    gained_by_party,
    gained_sentences,
    not_shown_sentence,
    stopped_sentence,
    why_sentence,
)
from pausenet.scenario.plan import Scenario
from pausenet.simulator.outcome import Measured, Stopped


def measured_sentences(
    scenario: Scenario, plan: Asked, measured: Measured, why: Stopped
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """What every measurement says, on the screen and in its report, in this order."""
    gained = any(each.gained_by_finding for each in measured.evasions)
    found = [
        ("Finding", finding_sentences(scenario, measured)),
        ("Why", (why_sentence(measured),)),
        ("Not shown", (not_shown_sentence(),)),
        ("Detected", detected_sentences(measured)),
        ("Gained", gained_sentences(measured)),
    ]
    if gained:
        found.append(("Delays", delay_sentences(scenario, measured)))
        found.append(("Assumed", (assumed_sentence(scenario),)))
    found.append(("Cost", cost_sentences(scenario, gained_by_party(measured))))
    found.append(("Drawn", drawn_sentences(scenario)))
    found.append(("Changes", influence_sentences(measured)))
    found.append(("Runs", (stopped_sentence(plan, measured, why),)))
    return tuple((name, texts) for name, texts in found if texts)
