"""P5: what was receipted by the close stands in every cut that can be endorsed (7.1)."""

from collections import defaultdict
from dataclasses import replace

import pytest

from pausenet.log.checkpoint import Checkpoint, sign_checkpoint
from pausenet.log.vkey import KeyName
from pausenet.protocol.cutdesk import Answer, CutDesk
from pausenet.protocol.messages import Report, Told
from pausenet.simulator.run import simulate
from pausenet.simulator.setting import setting_of
from pausenet.values import Signature, TreeSize
from tests.simulator.small import AURORA, BIRCH
from tests.simulator.swarms import case

LABS = (AURORA, BIRCH)

SEEDS = (0, 13, 14, 16, 30)
"""Losses, crashes, cuts in the network, old disks; and the verifiers of `swarms.KINDS`."""


class Removals:
    """At each endorsement, offers the same verifier the same cut with something receipted gone.

    `accepted` names, for each cut so spoilt, the honest verifiers that would endorse it.
    """

    def __init__(self, seed, monkeypatch):
        self.case, self.receipts = case(seed), defaultdict(list)
        self.setting = setting_of(replace(self.case.scenario, cheats=(), faults=(), acts=()))
        self.schedule = self.setting.register.agreement.schedule
        self.accepted, self.endorsed, self._judge = {}, 0, CutDesk.judge
        monkeypatch.setattr(CutDesk, "judge", lambda desk, cut, **how: self.judge(desk, cut, how))

    def run(self):
        here = self.case
        result = simulate(here.scenario, seed=here.seed, swarm=here.options, recorder=self.remember)
        crooked = {plan.by for plan in result.faults.attacks}
        crooked |= {plan.of for plan in here.scenario.faults if hasattr(plan, "to")}
        verifiers = set(self.setting.register.verifiers)
        return result, verifiers & crooked

    def remember(self, who, event, effects):
        for effect in effects:
            if isinstance(effect, Report) and effect.told is Told.RECEIPTED:
                at = event.now + self.case.scenario.epsilon_s
                self.receipts[effect.about].append((at, int(dict(effect.facts)["size"])))

    def judge(self, desk, cut, how):
        answer = self._judge(desk, cut, **how)
        if answer is Answer.ENDORSE:
            self.endorsed += 1
            forked = desk._prosecution.forked(cut.faults)
            for item in cut.origins:
                if item.origin not in forked:
                    self.offer(desk, cut, item, how)
        return answer

    def offer(self, desk, cut, item, how):
        """Offer it with the last receipted entry of one log gone, with half, and with none."""
        close = self.schedule.close(cut.period)
        held = max((size for at, size in self.receipts[item.origin] if at <= close), default=0)
        if not held:
            return
        if item.size < held:  # it lacks it as it is: whoever holds no more cannot know
            self.accepted.setdefault((cut.digest, item.origin, item.size), set()).add(desk._me)
            return
        for size in {held - 1, held // 2, 0}:
            kept = tuple(each for each in cut.origins if each is not item)
            if size:
                shrunk = self.shrunk(desk, item, size)
                kept = tuple(sorted((*kept, shrunk), key=lambda each: each.origin))
            accepted = self.accepted.setdefault((cut.digest, item.origin, size), set())
            # Nothing but what it has cosigned itself may hold it back: no cut endorsed before.
            if self._judge(desk, replace(cut, origins=kept), **{**how, "last": None}) is not (
                Answer.REFUSE
            ):
                accepted.add(desk._me)

    def shrunk(self, desk, item, size):
        """The log as its owner, who helps, signs for it at a smaller size."""
        keys = self.setting.keys[item.origin.participant]
        root = desk._book.mirrors[item.origin].root(size)
        head = Checkpoint(origin=KeyName(item.origin), size=TreeSize(size), root=root)
        signature = Signature(sign_checkpoint(head, keys.log).blob)
        times = tuple(time for time in item.times if time.size <= size)
        return replace(item, size=head.size, root=root, signature=signature, times=times)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_cut_without_a_receipted_entry_gets_fewer_than_k_endorsements(seed, monkeypatch):
    removals = Removals(seed, monkeypatch)
    result, crooked = removals.run()
    quorum = removals.setting.register.quorum
    assert result.violations == ()  # among them: what is receipted stands in every cut endorsed
    assert removals.endorsed
    assert len(removals.accepted) > 20
    if len(crooked) <= quorum.f:
        spoilt = [by | crooked for by in removals.accepted.values()]
        assert max(map(len, spoilt)) < quorum.k


def test_without_its_own_cosignatures_a_verifier_would_endorse_it(monkeypatch):
    monkeypatch.setattr(CutDesk, "_cosigned_by", lambda *_: 0)
    removals = Removals(0, monkeypatch)
    removals.run()
    accepted = removals.accepted.items()
    labs = [by for (_, origin, _), by in accepted if origin.participant in LABS]
    assert any(len(by) >= removals.setting.register.quorum.k for by in labs)
