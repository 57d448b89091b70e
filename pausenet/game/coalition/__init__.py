"""Coalitions: how many labs sign, who stays in, and what clauses, refunds and payments change.

`threshold` and `assurance` (a pause that one lab can break) are nearer to a pause than `barrett`,
where what is held back adds up; `labs` has labs that differ, `stability` what they share.
"""

from typing import Final

from pausenet.game.coalition.assurance_model import ASSURANCE
from pausenet.game.coalition.barrett_model import BARRETT_MODEL
from pausenet.game.coalition.labs import COALITION
from pausenet.game.coalition.threshold_model import THRESHOLD
from pausenet.game.model import Model

MODELS: Final[tuple[Model, ...]] = (ASSURANCE, BARRETT_MODEL, COALITION, THRESHOLD)
