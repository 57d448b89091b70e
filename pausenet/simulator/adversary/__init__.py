"""Evasions: machines that wrap a machine, one module a kind.

The protocol knows nothing of them. `adversary_for` makes the wrapper that the simulator puts
around a simulated participant, and `cli` around a real one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from pausenet.protocol.messages import Machine
from pausenet.protocol.register import Keyring, Register
from pausenet.scenario.plan import CheatKind, CheatPlan
from pausenet.simulator.adversary.apology import Apology
from pausenet.simulator.adversary.backdated import Backdated
from pausenet.simulator.adversary.base import Adversary, Means, Window
from pausenet.simulator.adversary.checkpoint_fork import CheckpointFork
from pausenet.simulator.adversary.cosign_both import CosignBoth
from pausenet.simulator.adversary.double_endorser import DoubleEndorser
from pausenet.simulator.adversary.dropped_peer import DroppedPeer
from pausenet.simulator.adversary.false_appraiser import CoveringAppraiser, FalseAppraiser
from pausenet.simulator.adversary.false_heads import FalseHeads
from pausenet.simulator.adversary.false_ledger import FalseLedger
from pausenet.simulator.adversary.false_proofs import ForgedProof, SwappedProof
from pausenet.simulator.adversary.false_warrants import FalseWarrants
from pausenet.simulator.adversary.fewer_operations import FewerOperations
from pausenet.simulator.adversary.flood import Flood
from pausenet.simulator.adversary.forgetful import Forgetful
from pausenet.simulator.adversary.fork_to_fresh import LabForkToFresh, VerifierForkToFresh
from pausenet.simulator.adversary.gap import Gap
from pausenet.simulator.adversary.heedless_run import HeedlessRun
from pausenet.simulator.adversary.label_swap import LabelSwap
from pausenet.simulator.adversary.late_face import LateFace
from pausenet.simulator.adversary.low_meter import LowMeter
from pausenet.simulator.adversary.lying_clock import LyingClock
from pausenet.simulator.adversary.mute_verifier import MuteVerifier
from pausenet.simulator.adversary.old_pace import OldPace
from pausenet.simulator.adversary.other_network import OtherNetwork
from pausenet.simulator.adversary.over_cap import OverCap
from pausenet.simulator.adversary.replayed_period import ReplayedPeriod
from pausenet.simulator.adversary.rolled_back import RolledBack
from pausenet.simulator.adversary.salami_runs import SalamiRuns
from pausenet.simulator.adversary.severed_runs import SeveredRuns
from pausenet.simulator.adversary.short_cut import ShortCut
from pausenet.simulator.adversary.silent import Silent
from pausenet.simulator.adversary.slow_drip import SlowDrip
from pausenet.simulator.adversary.slow_verifier import SlowVerifier
from pausenet.simulator.adversary.stale_heads import StaleHeads
from pausenet.simulator.adversary.stolen_key import StolenKey
from pausenet.simulator.adversary.swapped_payloads import SwappedPayloads
from pausenet.simulator.adversary.two_faces import TwoFaces, disjoint, overlapping, withheld
from pausenet.simulator.adversary.undeclared_hall import UndeclaredHall
from pausenet.simulator.adversary.under_declaration import UnderDeclaration

__all__ = ["ABOUT", "Adversary", "Means", "Window", "adversary_for", "adversary_of"]

_Wrap = Callable[[Machine, Means], Machine]

ABOUT: Final[Mapping[CheatKind, str]] = {
    CheatKind.UNDER_DECLARATION: "declares less than it uses; the power meter sees the difference",
    CheatKind.TWO_FACES: "shows different logs to different verifiers",
    CheatKind.SILENT: "publishes nothing about some periods",
    CheatKind.OVER_CAP: "declares, and signs, more than a cap in force allows",
    CheatKind.OLD_PACE: "does not slow down when a staged cap falls, and declares it",
    CheatKind.HEEDLESS_RUN: "grows a run that it has not reported, or that was objected to",
    CheatKind.SALAMI_RUNS: "splits a run into many below the cap, each a child of the one before",
    CheatKind.SEVERED_RUNS: "splits a run into many below the cap, and names no parents of them",
    CheatKind.LABEL_SWAP: "declares training as inference; time and energy are true",
    CheatKind.FEWER_OPERATIONS: "declares fewer operations than it did; time and energy are true",
    CheatKind.OVERLAPPING_FACES: "as two-faces, but one verifier sees both",
    CheatKind.WITHHELD_FACES: "shows each face to one verifier and nothing to the others",
    CheatKind.FACE_AFTER_RECEIPT: "signs another version of what is receipted already",
    CheatKind.CHECKPOINT_FORK: "signs two checkpoints of one size",
    CheatKind.MUTE_VERIFIER: "a verifier that signs nothing",
    CheatKind.LYING_CLOCK: "a verifier whose clock runs behind",
    CheatKind.COSIGN_BOTH: "a verifier that cosigns whatever it is shown",
    CheatKind.STALE_HEADS: "a verifier that gossips old heads",
    CheatKind.STOLEN_KEY: "a thief contradicts, with a lab's first keys, what it signed",
    CheatKind.FALSE_APPRAISER: "a verifier that clears who is in breach and accuses who is not",
    CheatKind.COVERING_APPRAISER: "a verifier that clears whoever is found at fault",
    CheatKind.DOUBLE_ENDORSER: "a verifier that endorses two cuts of one period and view",
    CheatKind.UNDECLARED_HALL: "runs a hall that no declaration names and no meter feeds",
    CheatKind.FALSE_LEDGER: "leaves a job out of its ledger that its totals count",
    CheatKind.FORK_TO_FRESH: "shows another log to a verifier that comes late or was put back",
    CheatKind.VERDICTS_TO_FRESH: "a verifier that shows false verdicts to one that comes late",
    CheatKind.SLOW_VERIFIER: "a verifier that says everything late",
    CheatKind.FLOOD: "floods its log with statements that mean nothing",
    CheatKind.LOW_METER: "a meter that reads less than there is",
    CheatKind.BACKDATED: "attests periods after their close, as if in time",
    CheatKind.REPLAYED_PERIOD: "puts an old period's statement in the place of a new one",
    CheatKind.GAP: "leaves out a place of its log",
    CheatKind.SLOW_DRIP: "says one message, and one entry, at a time",
    CheatKind.APOLOGY: "says two things in one place, and a third: that it is sorry",
    CheatKind.SWAPPED_PAYLOADS: "signs another lab's statement as its own; both do, in league",
    CheatKind.FORGED_PROOF: "a verifier that alters the entries it hands on, in four ways",
    CheatKind.SWAPPED_PROOF: "a verifier that hands true entries on in the wrong order",
    CheatKind.DROPPED_PEER: "a verifier that does not talk with one of its peers",
    CheatKind.FALSE_HEADS: "a verifier that tells of heads that are none",
    CheatKind.FALSE_WARRANTS: "a verifier that cries of silences, and tells proofs that are none",
    CheatKind.ROLLED_BACK: "a verifier that goes back in its log and signs anew from there",
    CheatKind.OTHER_NETWORK: "puts into its log what it has said in another network",
    CheatKind.SHORT_CUT: "a verifier that leaves out of its cuts what is not to be judged",
    CheatKind.FORGETFUL: "takes back what it has said that it has seen",
}
"""What each kind does, in one line."""

_WRAPS: Final[Mapping[CheatKind, _Wrap]] = {
    CheatKind.UNDER_DECLARATION: UnderDeclaration,
    CheatKind.TWO_FACES: lambda inner, means: TwoFaces(inner, means, disjoint(means.verifiers)),
    CheatKind.SILENT: Silent,
    CheatKind.OVER_CAP: OverCap,
    CheatKind.OLD_PACE: OldPace,
    CheatKind.HEEDLESS_RUN: HeedlessRun,
    CheatKind.SALAMI_RUNS: SalamiRuns,
    CheatKind.SEVERED_RUNS: SeveredRuns,
    CheatKind.LABEL_SWAP: LabelSwap,
    CheatKind.FEWER_OPERATIONS: FewerOperations,
    CheatKind.OVERLAPPING_FACES: lambda inner, means: TwoFaces(
        inner, means, overlapping(means.verifiers)
    ),
    CheatKind.WITHHELD_FACES: lambda inner, means: TwoFaces(
        inner, means, withheld(means.verifiers)
    ),
    CheatKind.FACE_AFTER_RECEIPT: LateFace,
    CheatKind.CHECKPOINT_FORK: CheckpointFork,
    CheatKind.MUTE_VERIFIER: MuteVerifier,
    CheatKind.LYING_CLOCK: LyingClock,
    CheatKind.COSIGN_BOTH: CosignBoth,
    CheatKind.STALE_HEADS: StaleHeads,
    CheatKind.STOLEN_KEY: StolenKey,
    CheatKind.FALSE_APPRAISER: FalseAppraiser,
    CheatKind.COVERING_APPRAISER: CoveringAppraiser,
    CheatKind.DOUBLE_ENDORSER: DoubleEndorser,
    CheatKind.UNDECLARED_HALL: UndeclaredHall,
    CheatKind.FALSE_LEDGER: FalseLedger,
    CheatKind.FORK_TO_FRESH: LabForkToFresh,
    CheatKind.VERDICTS_TO_FRESH: VerifierForkToFresh,
    CheatKind.SLOW_VERIFIER: SlowVerifier,
    CheatKind.FLOOD: Flood,
    CheatKind.LOW_METER: LowMeter,
    CheatKind.BACKDATED: Backdated,
    CheatKind.REPLAYED_PERIOD: ReplayedPeriod,
    CheatKind.GAP: Gap,
    CheatKind.SLOW_DRIP: SlowDrip,
    CheatKind.APOLOGY: Apology,
    CheatKind.SWAPPED_PAYLOADS: SwappedPayloads,
    CheatKind.FORGED_PROOF: ForgedProof,
    CheatKind.SWAPPED_PROOF: SwappedProof,
    CheatKind.DROPPED_PEER: DroppedPeer,
    CheatKind.FALSE_HEADS: FalseHeads,
    CheatKind.FALSE_WARRANTS: FalseWarrants,
    CheatKind.ROLLED_BACK: RolledBack,
    CheatKind.OTHER_NETWORK: OtherNetwork,
    CheatKind.SHORT_CUT: ShortCut,
    CheatKind.FORGETFUL: Forgetful,
}


def adversary_for(
    kind: CheatKind, *, register: Register, keys: Keyring, window: Window, amount_ppm: int
) -> Callable[[Machine], Machine]:
    """The wrapper that turns this participant's honest machine into a cheating one."""
    means = Means(register=register, keys=keys, window=window, amount_ppm=amount_ppm)
    return lambda inner: _WRAPS[kind](inner, means)


def adversary_of(
    plan: CheatPlan, *, register: Register, keys: Keyring
) -> Callable[[Machine], Machine]:
    """The same for one cheat of a scenario."""
    return adversary_for(
        plan.kind,
        register=register,
        keys=keys,
        window=Window(start=plan.start, until=plan.until),
        amount_ppm=plan.amount_ppm,
    )
