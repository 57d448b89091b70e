"""A verifier that cries of silence where there was none, and tells proofs that are none.

It would have honest labs under suspicion, and its peers busy. One voice is not f+1, so that no
warrant comes of it, and no forged proof passes: each is judged from its own bytes.
"""

from __future__ import annotations

from dataclasses import replace

from pausenet.protocol.messages import Effect, Event, Evidence, Machine, Send
from pausenet.protocol.publisher import Draft
from pausenet.simulator.adversary.base import Adversary, Means
from pausenet.simulator.adversary.pen import give_pen
from pausenet.simulator.forgery import forged_signature
from pausenet.statements.codec import Subject
from pausenet.statements.cut import Endorsement, Silence
from pausenet.statements.finding import Fault, FaultNotice
from pausenet.values import Digest, Role, TreeSize


class FalseWarrants(Adversary):
    """With each endorsement of the window: a silence and a false proof of every lab."""

    def __init__(self, inner: Machine, means: Means) -> None:
        super().__init__(inner, means)
        give_pen(inner, self._accuse)
        self._cried = False

    def step(self, event: Event) -> tuple[Effect, ...]:
        """Let the machine write with the pen that accuses; send false proofs with it."""
        give_pen(self._inner, self._accuse)
        effects = self._inner.step(event)
        if not self._cried:
            return effects
        self._cried = False
        false = [
            Evidence(bundle=forged_signature(self._means.register, lab.id))
            for lab in self._means.register.with_role(Role.LAB)
        ]
        told = (Send(to=peer, message=each) for peer in self._means.verifiers for each in false)
        return (*effects, *told)

    def _accuse(self, draft: Draft) -> tuple[Draft, ...]:
        body, register = draft.body, self._means.register
        if not isinstance(body, Endorsement) or not self._means.window.covers(body.period):
            return (draft,)
        self.fired += 1
        self._cried = True
        accused: list[Draft] = []
        for lab in register.with_role(Role.LAB):
            silence = Silence(
                log=lab.origin,
                size=TreeSize(0),
                due=body.period,
                register_size=register.size,
                register_root=register.root,
            )
            bundle = Digest.of(b"no proof against " + lab.id.encode())
            notice = FaultNotice(fault=Fault.F1, accused=lab.id, bundle=bundle)
            subject = Subject(name="evidence", digest=bundle)
            accused += [replace(draft, body=silence, subject=None)]
            accused += [Draft(body=notice, subject=subject)]
        return (draft, *accused)
