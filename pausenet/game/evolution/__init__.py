"""Populations in which what earns more is imitated more often: a comparison, and no headline.

There are about five labs, and they do not imitate each other by comparing payoffs of strangers; the
literature on races uses this tool, so its numbers are reproduced here. `fixation` is what every
model of it needs: how likely one mutant takes over, and what is played in the long run when
mutants are rare.
"""

from typing import Final

from pausenet.game.evolution import model
from pausenet.game.model import Model

MODELS: Final[tuple[Model, ...]] = model.MODELS
