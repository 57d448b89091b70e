"""Make a network: keys for everybody, the register, the authority, certificates, files.

    NET/network.json  NET/register.json  NET/ca.pem        public
    NET/<id>/keys/                                         one participant's, mode 0700
    NET/<id>/samples.jsonl                                 for labs and meters
    NET/<id>/acts.jsonl                                    for those who decide to say something
    NET/registrar/keys/ca.key.pem                          the authority's key

Where every participant has a volume of its own, `homes` says which directory is whose; each of
them then also gets the public files. One hand that makes all keys suits a trial network only:
docs/limitations.md says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from pausenet.errors import Misuse, NodeError
from pausenet.node import identity, keystore
from pausenet.node.config import (
    ACTS_FILE,
    CA_FILE,
    NETWORK_FILE,
    REGISTER_FILE,
    SAMPLES_FILE,
    NetworkFile,
    ParticipantEntry,
    encode_register,
    read_network,
    read_register,
    split_address,
)
from pausenet.node.identity import PUBLIC_MODE
from pausenet.node.keystore import Passphrase
from pausenet.node.store.disk import over_disk, replace_file, write_new
from pausenet.protocol.enrolment import compose_register
from pausenet.protocol.register import Applicant, Keyring, Register
from pausenet.statements.agreement import Agreement
from pausenet.values import Digest, NetworkTime, ParticipantId, Role

REGISTRAR: Final = ParticipantId("registrar")
CERTIFICATE_FILE: Final = "tls.cert.pem"


@dataclass(frozen=True, slots=True, kw_only=True)
class ParticipantPlan:
    """One participant to be; `address` is empty for those to whom nobody connects, and `http` for
    those who serve nothing to the world outside.
    """

    id: ParticipantId
    role: Role
    bloc: str
    group: str
    address: str = ""
    http: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkPlan:
    """What a network is to be. The registrar is added; times in seconds of network time.

    `time_zero` is the network time at which the network starts, and `start` the Unix time of
    that moment, 0 while it is not known yet. With `periods` time stands still after so many.
    """

    name: str
    participants: tuple[ParticipantPlan, ...]
    agreement: Agreement
    epsilon_s: int
    delta_s: int
    heartbeat_s: int
    speed: int
    time_zero: NetworkTime
    start: int = 0
    periods: int = 0
    samples: Mapping[ParticipantId, str] = field(default_factory=dict)
    acts: Mapping[ParticipantId, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        names = [participant.id for participant in self.participants]
        if len(set(names)) != len(names) or REGISTRAR in names:
            raise ValueError(f"NetworkPlan: an id twice, or {REGISTRAR} among the participants")
        strangers = {*self.samples, *self.acts} - set(names)
        if strangers:
            raise ValueError(f"NetworkPlan: samples or acts of {min(strangers)}, who takes no part")


def make_network(
    directory: Path,
    plan: NetworkPlan,
    *,
    homes: Mapping[ParticipantId, Path] | None = None,
    passphrase: Passphrase | None = None,
) -> Register:
    """Make a network's files where none are yet; raise `NodeError` where some are."""
    homes = homes or {}
    registrar = ParticipantPlan(id=REGISTRAR, role=Role.REGISTRAR, bloc="", group="registrar")
    everybody = (*plan.participants, registrar)
    where = {each.id: homes.get(each.id, directory / each.id) for each in everybody}
    if (directory / NETWORK_FILE).exists():
        raise NodeError(f"{directory}: there is a network here already")
    with over_disk(directory):
        directory.mkdir(parents=True, exist_ok=True)
    applicants = {each.id: _apply(each, where[each.id], passphrase) for each in everybody}
    register = compose_register(
        name=plan.name,
        applicants=tuple(applicants[each.id] for each in plan.participants),
        registrar=applicants[REGISTRAR],
        agreement=plan.agreement,
        epsilon_s=plan.epsilon_s,
        delta_s=plan.delta_s,
        heartbeat_s=plan.heartbeat_s,
        speed=plan.speed,
    )
    authority = identity.make_authority(register.network_id)
    identity.write_authority(authority, where[REGISTRAR] / "keys" / "ca.key.pem")
    for each in everybody:
        _certify(register, authority, each.id, where[each.id] / "keys")
        for name, texts in ((SAMPLES_FILE, plan.samples), (ACTS_FILE, plan.acts)):
            if each.id in texts:
                write_new(where[each.id] / name, texts[each.id].encode())
    public = {
        REGISTER_FILE: encode_register(register),
        CA_FILE: identity.certificate_pem(authority.certificate),
        NETWORK_FILE: _network_file(plan, everybody, register).encode(),
    }
    for place in dict.fromkeys((*homes.values(), directory)):
        for name, content in public.items():
            write_new(place / name, content, PUBLIC_MODE)
    return register


def settle(
    directory: Path,
    who: ParticipantId,
    *,
    keys: Path,
    authority: Path,
    address: str,
    http: str = "",
) -> None:
    """Certify the TLS key of who was admitted, and write into `network.json` where it is reached.

    `keys` is the directory of its keys, `authority` the file of the authority's key. What is there
    already is left as it is. Raises `Misuse` for who is not admitted by the register, and where
    `network.json` says something else; `NodeError` for keys that are not those of the register.
    """
    register, network = read_register(directory, None), read_network(directory)
    member = register.members.get(who)
    if member is None or member.bound <= register.size_at_first:
        raise Misuse(f"{who}: the register admits nobody of this name")
    for each in (address, *([http] if http else [])):
        split_address(each)
    entry = ParticipantEntry(role=member.role, address=address, http=http)
    found = network.participants.get(who, entry)
    if found != entry:
        raise Misuse(f"{directory / NETWORK_FILE}: {who} is at {found.address} already")
    taken = {each.address for name, each in network.participants.items() if name != who}
    if address in taken:
        raise Misuse(f"{address}: somebody else is reached there")
    held = identity.load_authority(authority, directory / CA_FILE)
    if not (keys / CERTIFICATE_FILE).exists():
        _certify(register, held, who, keys)
    participants = dict(sorted({**network.participants, str(who): entry}.items()))
    _rewrite(directory, network.model_copy(update={"participants": participants}))


def start_network(directories: tuple[Path, ...], start: int) -> None:
    """Write into every copy of `network.json` when the network starts, in Unix seconds."""
    if start <= 0:
        raise Misuse(f"expected a start after 1970, found {start}")
    for directory in directories:
        _rewrite(directory, read_network(directory).model_copy(update={"start": start}))


def set_addresses(directories: tuple[Path, ...], addresses: Mapping[ParticipantId, str]) -> None:
    """Write into every copy of `network.json` where participants are reached."""
    for directory in directories:
        network = read_network(directory)
        participants = {
            name: entry.model_copy(
                update={"address": addresses.get(ParticipantId(name), entry.address)}
            )
            for name, entry in network.participants.items()
        }
        _rewrite(directory, network.model_copy(update={"participants": participants}))


def _rewrite(directory: Path, network: NetworkFile) -> None:
    replace_file(directory / NETWORK_FILE, network.encode(), mode=PUBLIC_MODE)


def _apply(plan: ParticipantPlan, home: Path, passphrase: Passphrase | None) -> Applicant:
    """Draw a participant's keys."""
    keystore.make_private_directory(home)
    keys: Keyring = keystore.make_keys(home / "keys", plan.id, plan.role, passphrase)
    tls: Digest = identity.make_tls_key(home / "keys" / "tls.key.pem")
    return Applicant(keys=keys, bloc=plan.bloc, group=plan.group, tls_spki=tls)


def _certify(
    register: Register, authority: identity.Authority, who: ParticipantId, keys: Path
) -> None:
    key, member = identity.load_tls_key(keys / "tls.key.pem").public_key(), register.members[who]
    if identity.key_digest(key) != member.tls_spki:
        raise NodeError(f"{keys}: another TLS key than the register binds")
    certificate = identity.issue(authority, register.network_id, member.role, who, key)
    write_new(keys / CERTIFICATE_FILE, identity.certificate_pem(certificate))


def _network_file(
    plan: NetworkPlan, everybody: tuple[ParticipantPlan, ...], register: Register
) -> NetworkFile:
    return NetworkFile(
        network_id=register.network_id.hex(),
        name=plan.name,
        speed=plan.speed,
        time_zero=int(plan.time_zero),
        start=plan.start,
        periods=plan.periods,
        participants={
            str(each.id): ParticipantEntry(role=each.role, address=each.address, http=each.http)
            for each in sorted(everybody, key=lambda each: each.id)
        },
    )
