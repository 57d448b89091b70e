"""A crooked pen: changes what the wrapped machine is about to sign, draft by draft.

Everything still stands in the machine's one log, in its place and under its own key; only what
is said is another. The protocol knows nothing of it: the pen takes the place of the list into
which a machine puts its drafts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import SupportsIndex

from pausenet.protocol.messages import Machine
from pausenet.protocol.publisher import Draft
from pausenet.protocol.verifier import VerifierMachine
from pausenet.simulator.adversary.base import Adversary


class Pen(list[Draft]):
    """A list of drafts that alters whatever is put into it."""

    def __init__(self, drafts: Iterable[Draft], alter: Callable[[Draft], tuple[Draft, ...]]):
        super().__init__(drafts)
        self.alter = alter

    def append(self, draft: Draft) -> None:
        """Put in what the draft has become: nothing, itself, another, or several."""
        self.extend(self.alter(draft))

    def __reduce_ex__(self, protocol: SupportsIndex) -> str | tuple[object, ...]:
        """A copy of the machine writes with an honest pen."""
        return (list, (list(self),))


def give_pen(machine: Machine, alter: Callable[[Draft], tuple[Draft, ...]]) -> None:
    """See to it that a verifier writes with this pen; a machine takes a new list at times."""
    while isinstance(machine, Adversary):
        machine = machine.inner
    if isinstance(machine, VerifierMachine):
        publisher = machine._publisher
        if not isinstance(publisher.drafts, Pen):
            publisher.drafts = Pen(publisher.drafts, alter)
