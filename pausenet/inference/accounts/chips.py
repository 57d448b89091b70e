"""The chip account: chips are a stock, counted item by item, with nothing left to statistics.

For every unit identity (UID): in the opening list or received, and neither shipped nor retired,
means in the closing list; whatever is otherwise is an item defect. No threshold and no alarm rate
are asked for: one defect is one defect. Where lists are replaced by estimates (a count from
images, a weighed hall) the same balance has errors, and `sequential.chip_covariance` applies.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum

from pausenet.inference.accounts.unseen import Account, cannot_see

Uids = frozenset[str]


class Baseline(StrEnum):
    """Whether the baseline inspection window has closed; before, findings rest on nothing."""

    VERIFIED = "baseline verified"
    NOT_VERIFIED = "baseline not verified"


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemLists:
    """One lab's lists of one period, by UID, as they were given: contradictions show as defects."""

    opening: Uids
    received: Uids
    shipped: Uids
    retired: Uids
    closing: Uids


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemBalance:
    """The defects of one period, by UID.

    `missing` came and neither left nor is there; `unexpected` left or is there, and did not come
    as often.
    """

    missing: Uids
    unexpected: Uids

    @property
    def balanced(self) -> bool:
        """Whether there is no defect."""
        return not (self.missing or self.unexpected)


def item_balance(lists: ItemLists) -> ItemBalance:
    """Opening + received - shipped - retired - closing = 0, for every UID by itself.

    A chip that was shipped and came back in one period balances; one that is on the list of those
    shipped and still there does not.

    >>> lists = ItemLists(opening=frozenset("ab"), received=frozenset("c"),
    ...     shipped=frozenset("a"), retired=frozenset(), closing=frozenset("bd"))
    >>> balance = item_balance(lists)
    >>> sorted(balance.missing), sorted(balance.unexpected)
    (['c'], ['d'])
    """
    left: Counter[str] = Counter()
    for came in (lists.opening, lists.received):
        left.update(came)
    for went in (lists.shipped, lists.retired, lists.closing):
        left.subtract(went)
    return ItemBalance(
        missing=frozenset(uid for uid, count in left.items() if count > 0),
        unexpected=frozenset(uid for uid, count in left.items() if count < 0),
    )


def transfer_defects(shipped: Uids, received: Uids) -> Uids:
    """What one side of a transfer says and the other does not: the shipper-receiver difference."""
    return shipped ^ received


def report(balance: ItemBalance, baseline: Baseline) -> tuple[str, ...]:
    """The chip account in lines, and what it cannot see."""
    found = (
        "every chip is accounted for"
        if balance.balanced
        else f"{len(balance.missing)} missing, {len(balance.unexpected)} unexpected"
    )
    return (f"items: {found}; {baseline}", *cannot_see(Account.CHIP))
