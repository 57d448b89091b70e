"""Security games: a budget of inspections, sites of different worth, and a lab that knows the plan.

`origami` fills coverage like water, `programmes` solves the same by linear programmes and serves
several types of labs; `sites` and `bayesian` are the models, and `budget` looks for the cheapest
inspections that deter.
"""

from typing import Final

from pausenet.game.model import Model
from pausenet.game.security import bayesian, budget, sites

MODELS: Final[tuple[Model, ...]] = (bayesian.BAYESIAN, budget.BUDGET_MODEL, sites.SITES)
