"""What is at stake in a pause: payoffs of named terms, what comes after it, and labs under states.

No payoff here is a fact. A term is an ordinal class with a range, a penalty has a chance that it is
imposed, and what is said is the share of all these possibilities in which a pause holds.
"""

from typing import Final

from pausenet.game.model import Model
from pausenet.game.stakes import aftermath, blocs, headline

MODELS: Final[tuple[Model, ...]] = (*headline.MODELS, *aftermath.MODELS, *blocs.MODELS)
