"""What players do who choose well: equilibria of games in normal form, each with its regret.

`bimatrix` lists every equilibrium of a game of two, degenerate or not; `supports` and
`lemke_howson` are other ways to them; `logit` follows players who err; `correlated` asks what a
mediator could do, `selection` which of several equilibria to expect. `two_labs` and `matrix` are
the models of `pausenet game`.
"""

from typing import Final

from pausenet.game.equilibrium import matrix, two_labs
from pausenet.game.model import Model

MODELS: Final[tuple[Model, ...]] = (*matrix.MODELS, *two_labs.MODELS)
