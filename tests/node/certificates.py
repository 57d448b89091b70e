"""A small register with real keys, and certificates for it, right and wrong."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from pausenet.crypto.keys import SigningKey
from pausenet.node.identity import Authority, TlsKey, issue, key_digest, make_authority
from pausenet.node.peer_identity import TlsFiles, identity_uri, target_name
from pausenet.protocol.enrolment import Applicant, compose_register
from pausenet.protocol.register import Keyring, Member, Register
from pausenet.statements.agreement import UNCONDITIONAL, Agreement, Schedule
from pausenet.statements.annex import Annex, Channel
from pausenet.statements.clauses import Anatomy, RunCap
from pausenet.statements.register import purposes_of
from pausenet.statements.rule import AdjudicatorDetermines, OnRatification, Rule
from pausenet.statements.settlement import Adjudicator, LegalBasis
from pausenet.statements.tiers import Tiers
from pausenet.values import NetworkId, NetworkTime, ParticipantId, Pflop, Role

AURORA, BIRCH, METER, REGISTRAR = map(
    ParticipantId, ("aurora", "birch", "aurora-meter", "registrar")
)
VERIFIERS = tuple(ParticipantId(f"verifier-{number}") for number in range(1, 5))
ROLES = {
    AURORA: Role.LAB,
    BIRCH: Role.LAB,
    METER: Role.METER,
    REGISTRAR: Role.REGISTRAR,
    **dict.fromkeys(VERIFIERS, Role.VERIFIER),
}
OTHER_NETWORK = NetworkId(bytes(32))


@dataclass(frozen=True)
class Net:
    """A register, its authority, and the TLS key of each member."""

    register: Register
    authority: Authority
    keys: dict[ParticipantId, TlsKey]
    home: Path

    def member(self, name: ParticipantId) -> Member:
        return self.register.members[name]

    def files(self, name: ParticipantId) -> TlsFiles:
        """A member's own, right files."""
        certificate = issue(
            self.authority,
            self.register.network_id,
            ROLES[name],
            name,
            self.keys[name].public_key(),
        )
        return self.write(name, self.keys[name], certificate)

    def write(
        self, label: str, key: TlsKey, certificate: x509.Certificate, ca: Authority | None = None
    ) -> TlsFiles:
        """Files of any make, with this network's authority unless told otherwise."""
        found = TlsFiles(
            key=self.home / f"{label}.key",
            certificate=self.home / f"{label}.cert",
            ca=self.home / f"{label}.ca",
        )
        found.key.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        found.certificate.write_bytes(certificate.public_bytes(Encoding.PEM))
        found.ca.write_bytes((ca or self.authority).certificate.public_bytes(Encoding.PEM))
        return found

    def certify(
        self, name: ParticipantId, uris: list[str], key: TlsKey | None = None
    ) -> x509.Certificate:
        """A certificate of this authority with these SAN URIs, over the member's own key."""
        own = issue(
            self.authority,
            self.register.network_id,
            ROLES[name],
            name,
            (key or self.keys[name]).public_key(),
        )
        names: list[x509.GeneralName] = [x509.UniformResourceIdentifier(uri) for uri in uris]
        names.append(x509.DNSName(target_name(self.register.network_id, name)))
        return (
            x509.CertificateBuilder()
            .subject_name(own.subject)
            .issuer_name(own.issuer)
            .public_key(own.public_key())
            .serial_number(own.serial_number)
            .not_valid_before(own.not_valid_before_utc)
            .not_valid_after(own.not_valid_after_utc)
            .add_extension(x509.SubjectAlternativeName(names), critical=False)
            .sign(self.authority.key, hashes.SHA256())
        )

    def uri(self, name: ParticipantId, role: Role | None = None) -> str:
        return identity_uri(self.register.network_id, role or ROLES[name], name)


def new_key() -> TlsKey:
    return ec.generate_private_key(ec.SECP256R1())


def make_net(home: Path) -> Net:
    keys = {name: new_key() for name in ROLES}
    applicants = {
        name: Applicant(
            keys=_keyring(name), bloc="", group="", tls_spki=key_digest(keys[name].public_key())
        )
        for name in ROLES
    }
    register = compose_register(
        name="test",
        applicants=tuple(applicants[name] for name in ROLES if name != REGISTRAR),
        registrar=applicants[REGISTRAR],
        agreement=_agreement(),
        epsilon_s=1,
        delta_s=1,
        heartbeat_s=1,
        speed=1,
    )
    return Net(register, make_authority(register.network_id), keys, home)


def _keyring(name: ParticipantId) -> Keyring:
    made = {
        purpose: SigningKey.from_seed(hashlib.sha256(f"{name}/{purpose}".encode()).digest())
        for purpose in purposes_of(ROLES[name])
    }
    return Keyring(id=name, role=ROLES[name], **{str(p): key for p, key in made.items()})


def _agreement() -> Agreement:
    words = Anatomy(
        prover="p", verifier="v", declared="d", undeclared="u", access="a",
        confidentiality="c", response="r", falsified_by="f",
    )  # fmt: skip
    return Agreement(
        title="t",
        activation=UNCONDITIONAL,
        parties=(AURORA, BIRCH),
        trigger=Rule(words="t", conditions=(OnRatification(),), need=1),
        lift=Rule(words="l", conditions=(AdjudicatorDetermines(),), need=1),
        adjudicator=Adjudicator(words="a"),
        legal_basis=LegalBasis(words=""),
        schedule=Schedule(
            start=NetworkTime(0), period_s=100, deadline_s=10, grace_s=10, notice_periods=2
        ),
        annex=Annex(channels=(Channel(meter=METER, party=AURORA),), power=None),
        tiers=Tiers(),
        clauses=(RunCap(limit_pflop=Pflop(1), anatomy=words),),
    )
