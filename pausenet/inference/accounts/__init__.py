"""The two accounts of compute: chips, a stock counted by item, and use, a flow that perishes.

They are never mixed. `measured` carries errors through arithmetic, `quantities` says what must be
found and by when, and `unseen` says what neither account can see.
"""

from pausenet.inference.accounts.chips import Baseline, ItemBalance, ItemLists, item_balance
from pausenet.inference.accounts.measured import Measured, added, exact, metered, product, quotient
from pausenet.inference.accounts.quantities import (
    ConversionTime,
    Frontier,
    LegalThreshold,
    StrategicQuantity,
    Timeliness,
    relative_sigma_needed,
    useful_flop,
)
from pausenet.inference.accounts.unseen import UNSEEN, Account, cannot_see
from pausenet.inference.accounts.use import Declared, Fleet, account_covariance

__all__ = [
    "UNSEEN",
    "Account",
    "Baseline",
    "ConversionTime",
    "Declared",
    "Fleet",
    "Frontier",
    "ItemBalance",
    "ItemLists",
    "LegalThreshold",
    "Measured",
    "StrategicQuantity",
    "Timeliness",
    "account_covariance",
    "added",
    "cannot_see",
    "exact",
    "item_balance",
    "metered",
    "product",
    "quotient",
    "relative_sigma_needed",
    "useful_flop",
]
