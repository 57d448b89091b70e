"""What players do who choose well: equilibria of games in normal form, each with its regret.

`bimatrix` lists every equilibrium of a game of two, degenerate or not; `supports` and
`lemke_howson` are other ways to them; `several` goes support by support for any number of players;
`logit` follows players who err; `correlated` asks what a mediator could do, `selection` which of
several equilibria to expect. `two_labs`, `matrix` and `typed` are the models of `pausenet game`.
"""

from typing import Final

from pausenet.game.equilibrium import matrix, two_labs, typed
from pausenet.game.model import Model

MODELS: Final[tuple[Model, ...]] = (*matrix.MODELS, *two_labs.MODELS, *typed.MODELS)
