"""The whole chain: from how it is verified to whether the pause holds, and what it would need.

`stages` is one function, `model` asks it and holds its reference scenario.
"""

from typing import Final

from pausenet.game.chain.model import MODELS as _MODELS
from pausenet.game.chain.stages import Chain, Design, chain
from pausenet.game.model import Model

MODELS: Final[tuple[Model, ...]] = _MODELS

__all__ = ["MODELS", "Chain", "Design", "chain"]
