"""Does a pause break because labs fear that others will leave? Coordination with private signals.

`coordination` is Morris and Shin's game: each lab has its own reading of how much the pause can
bear. `crisis` is reciprocal fear among few labs, each of which knows its own reasons to leave.
"""

from typing import Final

from pausenet.game.global_game import coordination, crisis
from pausenet.game.model import Model

MODELS: Final[tuple[Model, ...]] = (coordination.MODEL, crisis.MODEL)
