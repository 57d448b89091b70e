"""A network whose limits fall: with time, and by what the parties want of them (C27)."""

from __future__ import annotations

from pausenet.protocol.register import Register
from pausenet.statements.clauses import Amendment, Clause
from pausenet.statements.proposal import Proposal
from pausenet.statements.stage import Amendable, Amended, Ceiling
from pausenet.values import Pflop
from tests.protocol.builders import Paper
from tests.protocol.eased import network
from tests.protocol.paper import ANATOMY, index
from tests.protocol.stages import Watched

EACH = 4
FLOOR = 10


def amendment(halving: int = EACH, floor: int = FLOOR, need: int = 600_000) -> Amendment:
    return Amendment(
        need_ppm=need, halving_periods=halving, floor_pflop=Pflop(floor), anatomy=ANATOMY
    )


def halving(halving: int = EACH, floor: int = FLOOR) -> Register:
    return network(amendment(halving, floor))


def changing(*clauses: Clause) -> Register:
    """Limits that no time lowers, and that both parties together can."""
    return network(amendment(0), *clauses)


def wants(
    held: Register, limit: int, start: int = 0, clause: Amendable = Amendable.TOTAL_CAP
) -> Proposal:
    return Proposal(
        agreement=held.agreement_digest,
        clause=clause,
        limit_pflop=Pflop(limit),
        start=index(start),
    )


class Reading(Watched):
    """Birch reads every verifier's log, in this network, unless it is told to be blind."""

    def __init__(self, held: Register, *, blind: tuple[int, ...] = ()) -> None:
        self.blind, self.heads = set(blind), ()
        Paper.__init__(self, held)


def lowered(clause: Amendable, *limits: tuple[int, int]) -> Amended:
    return Amended(
        clause=clause,
        limits=tuple(
            Ceiling(start=index(start), limit_pflop=Pflop(limit)) for start, limit in limits
        ),
    )
