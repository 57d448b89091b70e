"""The clock of recursive self-improvement: indicators of the loop, and reported incidents.

An indicator is said of a lab, by the lab itself or by an evaluator outside it; who says it is
the author of the log in which it stands. Triggers and lift rules are stated over indicators.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Final

from pausenet.statements.forms import PPM, Record, Text, Whole, Word, holds
from pausenet.values import INTEGER_MAX, ParticipantId


class IndicatorKind(StrEnum):
    """What is measured of how far the loop has closed."""

    MERGED_CODE = "merged-code-share"
    TASK_HORIZON = "task-horizon"
    CODE_SPEED_UP = "training-code-speed-up"
    OPEN_ENDED_SUCCESS = "open-ended-success"
    EXPERIMENT_CHOICE = "experiment-choice-share"
    REVIEWED_LINES = "merged-lines-per-reviewer-hour"
    AI_REVIEW = "ai-review-share"

    @property
    def unit(self) -> str:
        """The unit of the indicator's whole number."""
        return _MEANINGS[self][0]

    @property
    def maximum(self) -> int:
        """The largest value there is: a share is at most the whole."""
        return PPM if self.unit == "ppm" else INTEGER_MAX

    @property
    def sentence(self) -> str:
        """What the number means."""
        return _MEANINGS[self][1]


_MEANINGS: Final = {
    IndicatorKind.MERGED_CODE: ("ppm", "The share of merged code that was written by AI."),
    IndicatorKind.TASK_HORIZON: (
        "seconds",
        "How long a task takes a skilled human that the AI completes half of the time.",
    ),
    IndicatorKind.CODE_SPEED_UP: (
        "thousandths",
        "By how many times AI makes training code faster; 1,000 thousandths are no gain.",
    ),
    IndicatorKind.OPEN_ENDED_SUCCESS: (
        "ppm",
        "The share of open-ended research tasks that the AI completes.",
    ),
    IndicatorKind.EXPERIMENT_CHOICE: ("ppm", "The share of experiments that AI chose."),
    IndicatorKind.REVIEWED_LINES: (
        "thousandths",
        "The lines of code merged for each hour of human review, in thousandths of a line.",
    ),
    IndicatorKind.AI_REVIEW: ("ppm", "The share of code reviews that AI did."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator(Record):
    """One measurement of one lab, in the indicator's own unit."""

    about: Annotated[ParticipantId, Word(ParticipantId)]
    indicator: Annotated[IndicatorKind, Word(IndicatorKind)]
    value: Annotated[int, Whole()]

    def hold(self) -> None:
        """A share is at most the whole."""
        holds(self.value <= self.indicator.maximum, "value: more than the whole")


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident(Record):
    """A reported incident at a lab, in words."""

    about: Annotated[ParticipantId, Word(ParticipantId)]
    text: Annotated[str, Text()]
