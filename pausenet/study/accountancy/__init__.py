"""The design document's claims on accountancy and evidence (2.1 and 2.2), computed again.

Every claim that the document marks as derived, `[D]`, stands here, and beside some of them the
exact value where the document prints an approximation.
"""

from typing import Final

from pausenet.study.accountancy import balances, evidence, fleets, runs, samples
from pausenet.study.claims import Claim

CLAIMS: Final[tuple[Claim, ...]] = (
    *balances.CLAIMS,
    *runs.CLAIMS,
    *fleets.CLAIMS,
    *samples.CLAIMS,
    *evidence.CLAIMS,
)

__all__ = ["CLAIMS"]
