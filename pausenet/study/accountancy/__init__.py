"""The design document's assertions on accountancy and evidence (2.1 and 2.2), computed again.

Every assertion that the document marks as derived, `[D]`, stands here, and beside some of them the
exact value where the document prints an approximation.
"""

from typing import Final

from pausenet.study.accountancy import balances, evidence, fleets, runs, samples
from pausenet.study.assertions import Assertion

ASSERTIONS: Final[tuple[Assertion, ...]] = (
    *balances.ASSERTIONS,
    *runs.ASSERTIONS,
    *fleets.ASSERTIONS,
    *samples.ASSERTIONS,
    *evidence.ASSERTIONS,
)

__all__ = ["ASSERTIONS"]
