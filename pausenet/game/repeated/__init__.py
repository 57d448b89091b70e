"""The pause as a game that goes on: races that end, what equilibria may earn, simulated pauses.

`green_porter` finds how long all should race after an accusation that may be wrong, `payoff_set`
everything that two labs may earn when both see all (`equilibria` asks it), `kernels` plays very
many pauses of any number of labs that are watched imperfectly, and `watched` asks them.
"""

from typing import Final

from pausenet.game.model import Model
from pausenet.game.repeated import equilibria, green_porter, watched

MODELS: Final[tuple[Model, ...]] = (green_porter.MODEL, equilibria.MODEL, watched.MODEL)
