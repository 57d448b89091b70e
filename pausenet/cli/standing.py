"""Where the story of a network of samples has come to: when its samples end, and what was found."""

from __future__ import annotations

import time
from pathlib import Path

from pausenet.cli.ending import finding_sentence, why_sentence
from pausenet.cli.live import appraisals_of
from pausenet.cli.live_run import decided_by_logs, open_by_logs
from pausenet.cli.outcome import Outcome, agreed_among
from pausenet.node.config import NetworkFile, read_network, read_register
from pausenet.protocol.register import Register
from pausenet.values import PeriodIndex, Role


def has_ended(net: Path) -> bool:
    """Whether the samples of this network have ended, so that its time stands still."""
    network = read_network(net)
    left = _left_s(network, read_register(net, None))
    return left is not None and left <= 0


def story_lines(net: Path) -> tuple[str, ...]:
    """How long the samples of a network last, or what was found by their end.

    Nothing where no end of its samples is set, or where it has not been brought up.
    """
    network, register = read_network(net), read_register(net, None)
    left = _left_s(network, register)
    if left is None:
        return ()
    last = PeriodIndex(network.periods - 1)
    if left > 0:
        return (
            f"the samples end with period {last}: network time stands still from then on, "
            f"in about {left:.0f} s",
        )
    found = _found(net, register, last)
    return (
        f"the samples have ended with period {last}: network time stands still, and nothing more "
        "falls due",
        f"Finding: {finding_sentence(found)}",
        f"Why: {why_sentence(found)}",
    )


def _left_s(network: NetworkFile, register: Register) -> float | None:
    """Real seconds until network time stands still; None where it never does, or never began."""
    end = network.stands_at(register.agreement.schedule)
    if end is None or network.start <= 0:
        return None
    return (end - network.zero) / network.speed - (time.time() - network.start)


def _found(net: Path, register: Register, last: PeriodIndex) -> Outcome:
    """What the verifiers agree on, as their status files have it."""
    verifiers = tuple(each.id for each in register.with_role(Role.VERIFIER))
    life, decided = decided_by_logs(net)
    labs = agreed_among(
        {name: appraisals_of(net, name) for name in verifiers},
        labs=tuple(each.id for each in register.with_role(Role.LAB)),
        k=register.quorum.k,
        last=last,
    )
    return Outcome(
        network=register.network_id,
        labs=labs,
        bundles=(),
        verifiers=verifiers,
        seed=0,
        sightings=(),
        live=True,
        decided=decided,
        life=life,
        open_items=open_by_logs(net),
    )
