"""A verifier that leaves out of its cuts what it does not want to be judged.

It would have a statement that was receipted in time count as never made. Whoever has cosigned
more of a log by the close does not endorse such a cut (7.1.4); it makes the network wait for the
next proposer, and proves nothing.
"""

from __future__ import annotations

from dataclasses import replace

from pausenet.protocol.messages import Effect, Event, Machine
from pausenet.protocol.publisher import Draft
from pausenet.protocol.verifier import VerifierMachine
from pausenet.simulator.adversary.base import Adversary, Means, innermost
from pausenet.simulator.adversary.pen import give_pen
from pausenet.statements.codec import Subject
from pausenet.statements.cut import Cut, CutOrigin
from pausenet.values import Origin, Role


class ShortCut(Adversary):
    """Proposes, in the window, every lab's log as it stood in the network's last cut."""

    def __init__(self, inner: Machine, means: Means) -> None:
        super().__init__(inner, means)
        give_pen(inner, self._shorten)

    def step(self, event: Event) -> tuple[Effect, ...]:
        """Let the machine write with the pen that leaves out."""
        give_pen(self._inner, self._shorten)
        return self._inner.step(event)

    def _shorten(self, draft: Draft) -> tuple[Draft, ...]:
        body = draft.body
        if not isinstance(body, Cut) or not self._means.window.covers(body.period):
            return (draft,)
        short = replace(body, origins=tuple(self._as_before(item) for item in body.origins))
        self.fired += short != body
        return (replace(draft, body=short, subject=Subject(name="cut", digest=short.digest)),)

    def _as_before(self, item: CutOrigin) -> CutOrigin:
        machine = innermost(self._inner)
        if not isinstance(machine, VerifierMachine) or item.origin not in self._labs():
            return item
        last = machine.closing.latest_cut
        held = () if last is None else last.origins
        return next((replace(o, times=()) for o in held if o.origin == item.origin), item)

    def _labs(self) -> frozenset[Origin]:
        return frozenset(lab.origin for lab in self._means.register.with_role(Role.LAB))
