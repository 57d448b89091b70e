"""Who is at the other end: from a certificate to a member of the register.

A certificate speaks for a participant only if all of this holds: its one SAN URI is
`pausenet://<first 32 hex of network id>/<role>/<id>`, the register binds that id in that role,
and the SHA-256 of the certificate's SubjectPublicKeyInfo is the one the register binds. The
common name is never read. The TLS library has checked chain and dates before.

A server's certificate carries a DNS name beside it, `<id>.<first 32 hex>.pausenet`, because TLS
clients compare DNS names and nothing else. No resolver knows that name.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from pausenet.protocol.register import Member, Register
from pausenet.values import Digest, NetworkId, ParticipantId, Role
from pausenet.wire.status import Denial


@dataclass(frozen=True, slots=True, kw_only=True)
class TlsFiles:
    """Where a node's TLS key, its certificate and the network's CA certificate lie, in PEM."""

    key: Path
    certificate: Path
    ca: Path


def identity_uri(network: NetworkId, role: Role, participant: ParticipantId) -> str:
    """The SAN URI of a participant's certificate (protocol.md 3.4)."""
    return f"pausenet://{network.short}/{role}/{participant}"


def target_name(network: NetworkId, participant: ParticipantId) -> str:
    """The SAN DNS name of a participant's certificate."""
    return f"{participant}.{network.short}.pausenet"


def spki_digest(certificate: x509.Certificate) -> Digest:
    """SHA-256 of a certificate's SubjectPublicKeyInfo, as the register binds it."""
    return Digest.of(
        certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    )


def identify(certificate: x509.Certificate, register: Register) -> Member | Denial:
    """The member for whom a certificate speaks, or why it speaks for nobody."""
    try:
        uris = certificate.extensions.get_extension_for_class(
            x509.SubjectAlternativeName
        ).value.get_values_for_type(x509.UniformResourceIdentifier)
    except (x509.ExtensionNotFound, x509.DuplicateExtension, ValueError):
        return Denial.NO_IDENTITY
    # 3.4.1 Exactly one URI names exactly one participant.
    if len(uris) != 1:
        return Denial.NO_IDENTITY
    parts = uris[0].split("/")
    if len(parts) != 5 or parts[:2] != ["pausenet:", ""]:
        return Denial.NO_IDENTITY
    # 3.4.2 No identity of one network means anything in another.
    if parts[2] != register.network_id.short:
        return Denial.WRONG_NETWORK
    # 3.4.3 The register binds that id, in that role, to this TLS key.
    try:
        member = register.members.get(ParticipantId(parts[4]))
        spki = spki_digest(certificate)
    except ValueError:
        return Denial.NOT_REGISTERED
    if member is None or member.role != parts[3] or member.tls_spki != spki:
        return Denial.NOT_REGISTERED
    return member


def read_pem(data: bytes) -> x509.Certificate | Denial:
    """A certificate from its PEM text."""
    try:
        return x509.load_pem_x509_certificate(data)
    except ValueError:
        return Denial.NO_IDENTITY


def read_der(data: bytes) -> x509.Certificate | Denial:
    """A certificate from its DER bytes."""
    try:
        return x509.load_der_x509_certificate(data)
    except ValueError:
        return Denial.NO_IDENTITY


def to_pem(certificate: x509.Certificate) -> bytes:
    """The PEM text of a certificate."""
    return certificate.public_bytes(Encoding.PEM)
