"""When a pause that is watched imperfectly deters: from detection and delay to thresholds.

`lag` is the one law that links verification to deterrence: what matters of a detection scheme is
the discounted chance that a defection is answered, D = E[delta^N].
"""

from typing import Final

from pausenet.game.deterrence import lag
from pausenet.game.model import Model

MODELS: Final[tuple[Model, ...]] = lag.MODELS
