"""When a pause that is watched imperfectly deters: from detection and delay to thresholds.

`lag` is the one law that links verification to deterrence: what matters of a detection scheme is
the discounted chance that a defection is answered, D = E[delta^N]. `static` is one decision with a
penalty, `grim` one defection in a repeated pause with false alarms or late answers (`shots` asks
it), `breakout` the sprint that ends before it is answered.
"""

from typing import Final

from pausenet.game.deterrence import breakout, lag, shots, static
from pausenet.game.model import Model

MODELS: Final[tuple[Model, ...]] = (*lag.MODELS, *static.MODELS, *shots.MODELS, *breakout.MODELS)
