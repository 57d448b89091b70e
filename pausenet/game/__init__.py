"""Why labs defect, and what makes a pause hold: one model a module, its paper cited.

`model` says what every model has in common, `answer` what it answers with, `checks` how its
paper's numbers are computed again; `catalogue` finds them all. Nothing here knows signatures, reads
a clock, draws a number or opens a file: seeds and measured probabilities come from the caller.
"""

from pausenet.game.answer import Answer, Infeasible, NotFound, Table
from pausenet.game.checks import Check, Paper
from pausenet.game.model import Model, Parameter

__all__ = [
    "Answer",
    "Check",
    "Infeasible",
    "Model",
    "NotFound",
    "Paper",
    "Parameter",
    "Table",
]
