"""Labs as strategies in a noisy, monitored pause: exact scores, simulated play, an ecology.

A comparison with the literature; who wins hangs on who enters, so no headline rests on it, and in
particular not "Tit For Tat wins", which later re-runs of the first tournament do not show.
"""

from typing import Final

from pausenet.game.model import Model
from pausenet.game.tournament import model

MODELS: Final[tuple[Model, ...]] = model.MODELS
