"""F11: what a verifier may say once, and how two things said are told from one said twice."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

import pytest

from pausenet.errors import Misuse
from pausenet.protocol.bundle import verify_bundle
from pausenet.protocol.faults import double_voice
from pausenet.protocol.messages import Act
from pausenet.protocol.publisher import Draft
from pausenet.protocol.speech import draft_of
from pausenet.protocol.verifier import VerifierMachine
from pausenet.scenario.plan import CheatKind
from pausenet.simulator.run import simulate
from pausenet.statements.canonical import encode
from pausenet.statements.codec import Kind, Statement
from pausenet.statements.cut import Cut, Endorsement
from pausenet.statements.finding import Appraisal, Fault, Status
from pausenet.statements.membership import Approval
from pausenet.values import Digest, NetworkTime, PeriodIndex, Role, Signature, TreeSize
from tests.protocol.agreed import shown, signed
from tests.protocol.builders import Paper, of_lab
from tests.protocol.paper import index, keyring_of, name, register
from tests.reference.second import examine
from tests.simulator.small import VERIFIER, cheating


def endorsed(number: int = 0, view: int = 0, text: bytes = b"1") -> Endorsement:
    return Endorsement(period=index(number), view=view, cut=Digest.of(text))


def approved(change: bytes = b"one", after: bytes = b"an entry", by: int = 1) -> Approval:
    signature = Signature(bytes([by]) * 64)
    return Approval(after=Digest.of(after), change=Digest.of(change), signature=signature)


def appraised(**changes: object) -> Appraisal:
    found = of_lab(Paper(register()).period(0), "birch").appraisal
    return replace(found, **changes)


def test_the_two_verifiers_agree_on_every_pair_and_convict_only_the_double_ones() -> None:
    held = register()
    here, there = Paper(held).log("verifier-1"), Paper(held).log("verifier-2")
    lab = Paper(held).log("birch")
    elsewhere = Paper(register(seed="other")).log("verifier-1")
    bodies = [
        endorsed(),
        endorsed(text=b"2"),
        endorsed(number=1),
        endorsed(view=1),
        appraised(),
        appraised(status=Status.BREACH_PROVEN),
        appraised(cut=Digest.of(b"another")),
        appraised(lab=name("aurora")),
        appraised(view=1),
        appraised(period=index(1)),
        approved(),
        approved(change=b"another"),
        approved(after=b"another entry"),
        approved(by=2),
    ]
    entries = [here.say(body) for body in bodies]
    entries += [here.say(endorsed())]  # the same once more, at another place of the log
    entries += [log.say(bodies[1]) for log in (there, lab, elsewhere)]
    pairs = [signed(*pair) for pair in permutations(entries, 2)]
    double = {(0, 1), (14, 1), (4, 5), (4, 6), (5, 6), (10, 11), (11, 13)}
    expected = [
        one < other and ((a, b) in double or (b, a) in double)
        for (a, one), (b, other) in permutations(enumerate(entries), 2)
    ]
    assert shown(held, Fault.F11, pairs) == expected
    assert sum(expected) == len(double)


@pytest.mark.parametrize("count", [0, 1, 3])
def test_any_other_number_of_envelopes_is_refused(count: int) -> None:
    log = Paper(register()).log("verifier-1")
    entries = sorted(log.say(endorsed(text=bytes([each]))) for each in range(3))
    assert shown(register(), Fault.F11, [signed(*entries[:count])]) == [False]


def test_a_verifier_that_approves_two_changes_after_one_entry_is_proven_by_who_reads_its_log() -> (
    None
):
    held = register()
    machine = VerifierMachine(register=held, keys=keyring_of(held, "verifier-4"))
    log = Paper(held).log("verifier-1")
    said = []
    for body in (approved(), approved(by=2), approved(after=b"another entry"), approved(b"two")):
        entry = log.say(body)
        said.append(machine.prosecution.hear(log.statement(body), entry))
    assert [bool(each) for each in said] == [False, False, False, True]
    (bundle,) = machine.prosecution.bundles.values()
    claim = verify_bundle(bundle, held.network_id).claim
    assert claim is not None
    assert (claim.fault, claim.accused) == (Fault.F11, "verifier-1")
    assert examine(bundle, held.network_id.hex()) == "proven"


def test_people_cannot_make_their_verifier_approve_two_changes_after_one_entry() -> None:
    held = register()
    log, drafts = Paper(held).log("verifier-1"), []

    def decide(body: Approval) -> tuple[Draft, ...]:
        act = Act(at=PeriodIndex(1), kind=Kind.APPROVAL, body=encode(body.to_json()))
        return draft_of(held, Role.VERIFIER, act, said, drafts)

    said: list[Statement] = []
    drafts += decide(approved())
    assert len(drafts) == 1
    assert decide(approved()) == ()
    assert len(decide(approved(after=b"another entry"))) == 1
    with pytest.raises(Misuse, match="approved after this entry"):
        decide(approved(b"two"))
    said.append(log.statement(approved()))
    drafts.clear()
    with pytest.raises(Misuse, match="approved after this entry"):
        decide(approved(b"two"))


def test_who_says_one_thing_twice_cannot_be_convicted() -> None:
    log = Paper(register()).log("verifier-1")
    assert double_voice(register(), log.say(endorsed()), log.say(endorsed())) is None


def test_a_double_endorser_is_proven_by_every_other_verifier_and_costs_no_lab_its_status() -> None:
    result = simulate(cheating(CheatKind.DOUBLE_ENDORSER, VERIFIER))
    assert not result.violations
    assert result.fired["cheat.double-endorser"] >= 1
    (bundle,) = result.bundles.values()
    claim = verify_bundle(bundle, result.network_id).claim
    assert claim is not None
    assert (claim.fault, claim.accused) == (Fault.F11, VERIFIER)
    assert {str(status) for _, status in result.statuses} == {str(Status.NO_BREACH_FOUND)}


def test_of_two_network_cuts_of_one_period_and_view_an_honest_verifier_appraises_one() -> None:
    """More than f verifiers endorse both; who appraised both would have convicted itself."""
    held = register()
    machine = VerifierMachine(register=held, keys=keyring_of(held, "verifier-4"))
    closing, paper = machine.closing, Paper(held)
    now = NetworkTime(paper.schedule.close(index(0)) + 1)
    closing.close(now)
    for faults in ((), (Digest.of(b"a fault that nobody names"),)):
        cut = Cut(
            period=index(0),
            view=0,
            register_size=held.size,
            register_root=held.root,
            origins=(),
            faults=faults,
        )
        closing.hear(paper.log("verifier-1").statement(cut))
        for verifier in ("verifier-1", "verifier-2", "verifier-3"):
            body = Endorsement(period=index(0), view=0, cut=cut.digest)
            closing.hear(paper.log(verifier).statement(body))
    assert closing.advance(now) == []
    said = [each.body for each in machine._publisher.drafts if isinstance(each.body, Appraisal)]
    assert [each.lab for each in said] == list(held.agreement.parties)
    assert len({each.cut for each in said}) == 1


def test_a_cut_of_another_register_is_appraised_by_nobody_whoever_endorses_it() -> None:
    held = register()
    machine = VerifierMachine(register=held, keys=keyring_of(held, "verifier-4"))
    closing, paper = machine.closing, Paper(held)
    closing.close(NetworkTime(paper.schedule.close(index(0)) + 1))
    for size, root in (
        (held.size + 1, held.root),
        (held.size, Digest.of(b"other")),
        (5, held.root),
    ):
        cut = Cut(
            period=index(0),
            view=0,
            register_size=TreeSize(size),
            register_root=root,
            origins=(),
            faults=(),
        )
        closing.hear(paper.log("verifier-1").statement(cut))
        for verifier in ("verifier-1", "verifier-2", "verifier-3"):
            body = Endorsement(period=index(0), view=0, cut=cut.digest)
            closing.hear(paper.log(verifier).statement(body))
    closing.advance(NetworkTime(paper.schedule.close(index(0)) + 2))
    assert [
        each.body for each in machine._publisher.drafts if isinstance(each.body, Appraisal)
    ] == []
