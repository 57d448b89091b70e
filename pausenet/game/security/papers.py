"""The works that the security games follow."""

from __future__ import annotations

from typing import Final

from pausenet.game.checks import Paper

KIEKINTVELD: Final = Paper(
    key="kiekintveld-2009",
    cite="C. Kiekintveld, M. Jain, J. Tsai, J. Pita, F. Ordonez and M. Tambe, Computing Optimal "
    "Randomized Resource Allocations for Massive Security Games, Proceedings of AAMAS (2009) "
    "689-696",
)
CONITZER: Final = Paper(
    key="conitzer-sandholm-2006",
    cite="V. Conitzer and T. Sandholm, Computing the Optimal Strategy to Commit to, Proceedings of "
    "the 7th ACM Conference on Electronic Commerce (2006) 82-90",
)
