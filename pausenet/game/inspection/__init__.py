"""Inspection games: when to look, with what test, and what a lab gains by breaking the rule.

`dresher`, `violations` and `leadership` spend a few inspections over time; `statistical` and
`once` inspect once, with a test that errs; `attribute` and `diversion` ask how much has to be
looked at; `timing` is about inspections that the lab does not see.
"""

from typing import Final

from pausenet.game.inspection import (
    attribute,
    diversion,
    dresher,
    leadership,
    once,
    statistical,
    timing,
    violations,
)
from pausenet.game.model import Model

MODELS: Final[tuple[Model, ...]] = (
    attribute.ATTRIBUTE,
    diversion.DIVERSION,
    dresher.DRESHERS,
    leadership.LEADERSHIP,
    once.ONCE,
    statistical.STATISTICAL,
    timing.TIMING,
    violations.VIOLATIONS,
)
