"""The ways to cheat that a scenario may name; what each does stands in `simulator.adversary`."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from pausenet.values import Role


class CheatKind(StrEnum):
    """The ways to cheat that a scenario may name; `simulator.adversary` describes each."""

    UNDER_DECLARATION = "under-declaration"
    TWO_FACES = "two-faces"
    SILENT = "silent"
    OVER_CAP = "over-cap"
    OLD_PACE = "old-pace"
    HEEDLESS_RUN = "heedless-run"
    SALAMI_RUNS = "salami-runs"
    SEVERED_RUNS = "severed-runs"
    LABEL_SWAP = "label-swap"
    FEWER_OPERATIONS = "fewer-operations"
    OVERLAPPING_FACES = "overlapping-faces"
    WITHHELD_FACES = "withheld-faces"
    FACE_AFTER_RECEIPT = "face-after-receipt"
    CHECKPOINT_FORK = "checkpoint-fork"
    MUTE_VERIFIER = "mute-verifier"
    LYING_CLOCK = "lying-clock"
    COSIGN_BOTH = "cosign-both"
    STALE_HEADS = "stale-heads"
    STOLEN_KEY = "stolen-key"
    DOUBLE_ENDORSER = "double-endorser"
    FALSE_APPRAISER = "false-appraiser"
    COVERING_APPRAISER = "covering-appraiser"
    UNDECLARED_HALL = "undeclared-hall"
    FALSE_LEDGER = "false-ledger"
    FORK_TO_FRESH = "fork-to-fresh"
    VERDICTS_TO_FRESH = "verdicts-to-fresh"
    SLOW_VERIFIER = "slow-verifier"
    FLOOD = "flood"
    LOW_METER = "low-meter"
    BACKDATED = "backdated"
    REPLAYED_PERIOD = "replayed-period"
    GAP = "gap"
    SLOW_DRIP = "slow-drip"
    APOLOGY = "apology"
    SWAPPED_PAYLOADS = "swapped-payloads"
    FORGED_PROOF = "forged-proof"
    SWAPPED_PROOF = "swapped-proof"
    DROPPED_PEER = "dropped-peer"
    FALSE_HEADS = "false-heads"
    FALSE_WARRANTS = "false-warrants"
    ROLLED_BACK = "rolled-back"
    OTHER_NETWORK = "other-network"
    SHORT_CUT = "short-cut"
    FORGETFUL = "forgetful"

    @property
    def role(self) -> Role:
        """Who can cheat in this way."""
        if self is CheatKind.LOW_METER:
            return Role.METER
        return Role.VERIFIER if self in BY_VERIFIER else Role.LAB


BY_AMOUNT: Final = (
    CheatKind.UNDER_DECLARATION,
    CheatKind.TWO_FACES,
    CheatKind.OVER_CAP,
    CheatKind.OVERLAPPING_FACES,
    CheatKind.WITHHELD_FACES,
    CheatKind.FACE_AFTER_RECEIPT,
    CheatKind.LYING_CLOCK,
    CheatKind.FORK_TO_FRESH,
    CheatKind.SLOW_VERIFIER,
    CheatKind.FLOOD,
    CheatKind.LOW_METER,
    CheatKind.LABEL_SWAP,
    CheatKind.FEWER_OPERATIONS,
    CheatKind.SLOW_DRIP,
    CheatKind.APOLOGY,
    CheatKind.SEVERED_RUNS,
)
"""The kinds of which `amount` says how much; an amount of nothing is no cheat at all."""
BY_OTHERS: Final = (CheatKind.STOLEN_KEY,)
"""The kinds in which somebody else cheats in a participant's name."""
BY_VERIFIER: Final = (
    CheatKind.MUTE_VERIFIER,
    CheatKind.LYING_CLOCK,
    CheatKind.COSIGN_BOTH,
    CheatKind.STALE_HEADS,
    CheatKind.DOUBLE_ENDORSER,
    CheatKind.FALSE_APPRAISER,
    CheatKind.COVERING_APPRAISER,
    CheatKind.VERDICTS_TO_FRESH,
    CheatKind.SLOW_VERIFIER,
    CheatKind.FORGED_PROOF,
    CheatKind.SWAPPED_PROOF,
    CheatKind.DROPPED_PEER,
    CheatKind.FALSE_HEADS,
    CheatKind.FALSE_WARRANTS,
    CheatKind.ROLLED_BACK,
    CheatKind.SHORT_CUT,
)
"""The kinds by which a verifier cheats; but for a meter's all others are for labs."""
