"""Make docs/spec/examples.md: one whole statement of every kind, built by the code itself.

    python docs/spec/make_examples.py           write the page
    python docs/spec/make_examples.py --check   exit 1 unless the page is what would be written

Keys, salts and times are fixed, so the page is the same on every machine.
"""

from __future__ import annotations

import sys
from pathlib import Path

import orjson

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from example_acts import acts, correction, movements
from example_agreement import AURORA, METER, SCHEDULE, agreement
from example_inspections import inspections
from example_keys import changes, key, signers
from example_membership import NEWCOMER, membership, newcomer

from pausenet.crypto import seal, statement_id
from pausenet.statements.codec import (
    Body,
    Head,
    Kind,
    Statement,
    Subject,
    encode,
    genesis_prev,
)
from pausenet.statements.cut import Cut, CutOrigin, Endorsement, Silence, TimeEvidence
from pausenet.statements.declaration import Declaration, DeclaredSite, Ratification
from pausenet.statements.finding import (
    Appraisal,
    Claim,
    Fault,
    FaultNotice,
    Finding,
    Grade,
    Status,
    Support,
)
from pausenet.statements.membership import MembershipChange, digest_of
from pausenet.statements.reading import Reading
from pausenet.statements.register import (
    Genesis,
    Participant,
    Purpose,
    RegisterEntry,
    possession_message,
    purposes_of,
)
from pausenet.statements.stage import PartyStage, Span
from pausenet.statements.usage import (
    Accelerators,
    ClassUsage,
    ComputeUsage,
    Doer,
    SiteUsage,
    Stage,
    TrainingRun,
    WorkloadClass,
)
from pausenet.values import (
    REGISTER_ORIGIN,
    AcceleratorSeconds,
    Digest,
    NetworkId,
    NetworkTime,
    Origin,
    ParticipantId,
    PeriodIndex,
    Pflop,
    Role,
    Seq,
    TreeSize,
    WattHours,
)

PAGE = Path(__file__).with_name("examples.md")
TRIBUNAL = ParticipantId("tribunal")
HARBOUR, OFFICE = ParticipantId("harbour"), ParticipantId("office")
REGISTRAR, VERIFIER = ParticipantId("registrar"), ParticipantId("verifier-1")
H100 = ParticipantId("h100")
SITE = ParticipantId("aurora-site-1")
FLEET = (Accelerators(kind=H100, count=20_000),)
MEMBERS = (
    (AURORA, Role.LAB),
    (METER, Role.METER),
    (REGISTRAR, Role.REGISTRAR),
    (TRIBUNAL, Role.ADJUDICATOR),
    (HARBOUR, Role.HOST),
    (OFFICE, Role.AUTHORITY),
    *((ParticipantId(f"verifier-{number}"), Role.VERIFIER) for number in range(1, 5)),
)
HEADING = """# Examples

One whole statement of every kind, as `docs/spec/make_examples.py` makes it from the code with
fixed keys and times; do not edit this page. The payloads are set out over several lines for
reading: what is signed is the same value in its canonical spelling ([statements](statements.md)).
Values that come from other statements (roots, digests of cuts) are stand-ins here, of the right
form.
"""


def stand_in(text: str) -> Digest:
    """A digest of the right form for a value that another statement would give."""
    return Digest.of(text.encode())


def genesis() -> Genesis:
    """The register's first entry."""
    return Genesis(
        name="example",
        registrar_log_key=key(REGISTRAR, Purpose.LOG).public_key,
        participants=tuple(
            Participant(
                id=member,
                role=role,
                bloc=f"bloc of {member}" if role is Role.VERIFIER else "",
                statement_key=key(member, Purpose.STATEMENT).public_key,
            )
            for member, role in sorted(MEMBERS)
        ),
        epsilon_s=8_640,
        delta_s=21_600,
        heartbeat_s=21_600,
        speed=86_400,
    )


def usage() -> ComputeUsage:
    """One period of one lab."""
    quiet = ClassUsage(occupied_s=AcceleratorSeconds(0), used_pflop=Pflop(0))
    busy = ClassUsage(occupied_s=AcceleratorSeconds(1_036_800_000), used_pflop=Pflop(359_070_000))
    return ComputeUsage(
        leaves=12,
        sites=(SiteUsage(site=SITE, accelerators=FLEET, energy_wh=WattHours(351_654_000)),),
        classes=tuple(
            (name, busy if name is WorkloadClass.PRE_TRAINING else quiet) for name in WorkloadClass
        ),
        runs=(
            TrainingRun(
                run=ParticipantId("aurora-run-1"),
                parents=(),
                total_pflop=Pflop(718_140_000),
                stages=tuple((stage, Doer.JOINT) for stage in Stage),
                sign_offs=(key(AURORA, Purpose.RECOVERY).key_id,),
            ),
        ),
    )


class Network:
    """The fixed network whose statements the page shows."""

    def __init__(self) -> None:
        self.genesis = Statement(
            subject=Subject(name="pausenet.register", digest=Digest(bytes(32))),
            network=None,
            author=REGISTRAR,
            origin=REGISTER_ORIGIN,
            seq=Seq(0),
            prev=Digest(bytes(32)),
            agreement=None,
            period=None,
            seen=(),
            body=genesis(),
        )
        self.id = NetworkId(statement_id(encode(self.genesis)))

    def origin(self, member: ParticipantId) -> Origin:
        """The origin of a member's log."""
        if member == REGISTRAR:
            return REGISTER_ORIGIN
        role = Role.VERIFIER if member == NEWCOMER else dict(MEMBERS)[member]
        return Origin.of(self.id, role, member)

    def entry(self) -> RegisterEntry:
        """A lab's entry in the register, with its proofs of possession."""
        purposes = purposes_of(Role.LAB)
        keys = {purpose: key(AURORA, purpose) for purpose in purposes}
        return RegisterEntry(
            id=AURORA,
            role=Role.LAB,
            bloc="",
            origin=self.origin(AURORA),
            group="aurora",
            tls_spki=stand_in("tls key"),
            keys=tuple((purpose, keys[purpose].public_key) for purpose in purposes),
            possession=tuple(
                (
                    purpose,
                    keys[purpose].sign(possession_message(self.id, AURORA, Role.LAB, purpose)),
                )
                for purpose in purposes
            ),
        )

    def cut(self) -> Cut:
        """What a cut lists of one log."""
        root, storing = stand_in("root"), key(VERIFIER, Purpose.STORING)
        time = TimeEvidence(
            by=VERIFIER,
            size=TreeSize(8),
            root=root,
            time=NetworkTime(SCHEDULE.period(PeriodIndex(5)).end + 43_200),
            signature=storing.sign(b"a cosignature"),
        )
        return Cut(
            period=PeriodIndex(5),
            view=0,
            register_size=TreeSize(9),
            register_root=stand_in("register"),
            origins=(
                CutOrigin(
                    origin=self.origin(AURORA),
                    size=TreeSize(8),
                    root=root,
                    signature=key(AURORA, Purpose.LOG).sign(b"a checkpoint"),
                    times=(time,),
                ),
            ),
            faults=(),
        )

    def appraisal(self) -> Appraisal:
        """What the rules make of one lab."""
        return Appraisal(
            period=PeriodIndex(5),
            view=0,
            cut=self.cut().digest,
            rules=stand_in("rules"),
            agreement=agreement().digest,
            lab=AURORA,
            status=Status.DISCREPANCY,
            stage=PartyStage.SUSPECTED,
            bound=(Span(start=PeriodIndex(4), until=None),),
            corrections=1,
            lowered=(PeriodIndex(5),),
            claims=(
                (Claim.CORRECTNESS, Support.NO_CONCLUSION),
                (Claim.COMPLETENESS, Support.NO_CONCLUSION),
                (Claim.FLEET, Support.CONTRADICTED),
            ),
            findings=(
                Finding(
                    fault=Fault.F7,
                    grade=Grade.PLAUSIBLE,
                    claim="metered energy exceeds declared energy",
                    accused=AURORA,
                    periods=(PeriodIndex(4), PeriodIndex(5)),
                    bundle=stand_in("bundle"),
                ),
            ),
        )

    def silence(self, log: Origin) -> Silence:
        """What a verifier says of the fifth period."""
        return Silence(
            log=log,
            size=TreeSize(7),
            due=PeriodIndex(5),
            register_size=TreeSize(9),
            register_root=stand_in("register root"),
        )

    def bodies(self) -> tuple[tuple[ParticipantId, int, Body], ...]:
        """Who says each kind, at which place in its log, and the body."""
        five = PeriodIndex(5)
        lab = self.origin(AURORA)
        notice = FaultNotice(fault=Fault.F3, accused=AURORA, bundle=stand_in("bundle"))
        site = DeclaredSite(site=SITE, accelerators=FLEET)
        return (
            (REGISTRAR, 1, self.entry()),
            (REGISTRAR, 8, agreement()),
            (AURORA, 0, Declaration(sites=(site,), meters=(METER,))),
            (AURORA, 1, Ratification(agreement=agreement().digest, until=PeriodIndex(11))),
            (AURORA, 7, usage()),
            (AURORA, 8, correction(stand_in("the statement at place 7"), usage())),
            (METER, 5, Reading(party=AURORA, energy_wh=WattHours(353_100_000))),
            (VERIFIER, 20, self.silence(lab)),
            (VERIFIER, 21, self.cut()),
            (VERIFIER, 22, Endorsement(period=five, view=0, cut=self.cut().digest)),
            (VERIFIER, 23, notice),
            (VERIFIER, 24, self.appraisal()),
            *changes(self.id, AURORA),
            *membership(self.id, REGISTRAR, stand_in("register 8"), lab, stand_in("tls key")),
            *acts(AURORA, TRIBUNAL, agreement().digest, stand_in("bundle")),
            *inspections(AURORA, VERIFIER, SITE, self.cut().digest, stand_in),
            *movements(AURORA, HARBOUR, OFFICE),
        )

    def statement(self, author: ParticipantId, seq: int, body: Body) -> Statement:
        """A body in its whole statement."""
        origin = self.origin(author)
        first = genesis_prev(
            self.id,
            origin,
            key(author, Purpose.STATEMENT).public_key,
            key(author, Purpose.LOG).public_key,
        )
        prev = stand_in(f"{origin} {seq - 1}") if seq else first
        if isinstance(body, MembershipChange):
            prev = stand_in("register 8")
        if isinstance(body, ComputeUsage):
            subject = Subject(name="usage-ledger", digest=stand_in("usage ledger"))
        elif isinstance(body, MembershipChange):
            subject = Subject(name="membership", digest=digest_of(body.change))
        else:
            subject = Subject(name=origin, digest=prev)
        timely = isinstance(body, ComputeUsage | Reading)
        head = Head(
            origin=self.origin(VERIFIER), size=TreeSize(20), root=stand_in("verifier-1's root")
        )
        return Statement(
            subject=subject,
            network=self.id,
            author=author,
            origin=origin,
            seq=Seq(seq),
            prev=prev,
            agreement=agreement().digest if timely else None,
            period=SCHEDULE.period(PeriodIndex(5)) if timely else None,
            seen=(head,) if author in (AURORA, METER) and seq > 1 else (),
            body=body,
        )

    def statements(self) -> tuple[Statement, ...]:
        """One statement of every kind, in the order of the kinds."""
        rest = tuple(self.statement(*each) for each in self.bodies())
        by_kind = {each.kind: each for each in (self.genesis, *rest)}
        return tuple(by_kind[kind] for kind in Kind)


def page() -> str:
    """The whole page."""
    parts = [HEADING]
    for statement in Network().statements():
        payload = encode(statement)
        also = [newcomer().statement] if statement.kind is Kind.MEMBERSHIP else []
        envelope = seal(payload, (*signers(statement), *also))
        shown = orjson.dumps(orjson.loads(payload), option=orjson.OPT_INDENT_2).decode()
        parts.append(
            f"## {statement.kind}\n\n"
            f"* statement_id `{statement_id(payload).hex()}`\n"
            f"* payload {len(payload)} bytes, envelope {len(envelope)} bytes, "
            f"signed by `{statement.author}`\n\n"
            f"```json\n{shown}\n```\n"
        )
    return "\n".join(parts)


def main() -> int:
    """Write the page, or compare it with what stands there."""
    made = page()
    if "--check" not in sys.argv[1:]:
        PAGE.write_text(made)
        return 0
    if PAGE.read_text() == made:
        return 0
    print("docs/spec/examples.md is stale: run python docs/spec/make_examples.py", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
