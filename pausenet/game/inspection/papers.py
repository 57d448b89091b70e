"""The works that the inspection games follow."""

from __future__ import annotations

from typing import Final

from pausenet.game.checks import Paper

DRESHER: Final = Paper(
    key="dresher-1962",
    cite="M. Dresher, A Sampling Inspection Problem in Arms Control Agreements: A Game-Theoretic "
    "Analysis, RAND Memorandum RM-2972 (1962)",
)
MASCHLER: Final = Paper(
    key="maschler-1966",
    cite="M. Maschler, A Price Leadership Method for Solving the Inspector's Non-Constant-Sum "
    "Game, Naval Research Logistics Quarterly 13 (1966) 11-33",
)
VON_STENGEL: Final = Paper(
    key="von-stengel-2016",
    cite="B. von Stengel, Recursive Inspection Games, Mathematics of Operations Research 41 (2016) "
    "935-952",
    address="https://arxiv.org/abs/1412.0129",
)
HANDBOOK: Final = Paper(
    key="avenhaus-2002",
    cite="R. Avenhaus, B. von Stengel and S. Zamir, Inspection Games, Handbook of Game Theory with "
    "Economic Applications III (2002), ch. 51",
)
COMPLIANCE: Final = Paper(
    key="avenhaus-canty-1996",
    cite="R. Avenhaus and M. J. Canty, Compliance Quantified: An Introduction to Data "
    "Verification, Cambridge University Press (1996)",
)
JAECH: Final = Paper(
    key="avenhaus-jaech-1981",
    cite="R. Avenhaus and J. L. Jaech, On Subdividing Material Balances in Time and/or Space, "
    "Journal of the Institute of Nuclear Materials Management 10 (1981)",
)
DIAMOND: Final = Paper(
    key="diamond-1982",
    cite="H. Diamond, Minimax Policies for Unobservable Inspections, Mathematics of Operations "
    "Research 7 (1982) 139-153",
)
