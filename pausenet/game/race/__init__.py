"""Races: what labs give up of safety to be first, and what information, sanctions and luck change.

`precipice` is exact, `contest` lets chance decide, `effort` lets labs choose how hard they race,
`survival` asks that every system be aligned, `dsair` and `sanctions` let a population learn.
"""

from typing import Final

from pausenet.game.model import Model
from pausenet.game.race.contest_model import CONTEST
from pausenet.game.race.dsair_model import DSAIR_MODEL
from pausenet.game.race.effort_model import EFFORT
from pausenet.game.race.precipice import PRECIPICE
from pausenet.game.race.survival import SURVIVAL

MODELS: Final[tuple[Model, ...]] = (CONTEST, DSAIR_MODEL, EFFORT, PRECIPICE, SURVIVAL)
