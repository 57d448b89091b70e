"""docs/spec/register.md, line by line."""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from tests.reference.merkle import mth
from tests.reference.second.bodies import read_statement
from tests.reference.second.spelling import (
    Envelope,
    must,
    read_base64,
    read_envelope,
    registrable,
    valid,
    write_json,
)

ORIGIN = "pausenet.register"


@dataclass
class Era:
    start: int
    keys: dict[str, bytes]
    entry: bytes = b""
    recovered: bool = False

    def key_hash(self, name: str) -> bytes:
        """What a note's line by this era's storing key begins with."""
        return sha256(f"{name}\n\x04".encode() + self.keys["storing"]).digest()[:4]


@dataclass
class Member:
    id: str
    role: str
    origin: str
    keys: dict[str, bytes]
    eras: list[Era]
    bound: int = 0
    group: str = ""

    def at(self, place: int) -> dict[str, bytes]:
        """The keys in use at a place, or on a checkpoint of that size."""
        return [era.keys for era in self.eras if era.start <= place][-1]

    def revoked_by(self, place: int) -> Era | None:
        """The first recovery after a place."""
        later = [era for era in self.eras if era.recovered and era.start > place]
        return later[0] if later else None


@dataclass
class Epoch:
    first: int
    verifiers: list[str]
    size: int

    @property
    def f(self) -> int:
        return (len(self.verifiers) - 1) // 3

    @property
    def k(self) -> int:
        return len(self.verifiers) - self.f


@dataclass
class Register:
    network: str
    members: dict[str, Member] = field(default_factory=dict)
    agreement: dict[str, Any] = field(default_factory=dict)
    agreement_digest: str = ""
    size: int = 0
    root: str = ""
    epochs: list[Epoch] = field(default_factory=list)
    roots: dict[int, str] = field(default_factory=dict)

    @property
    def verifiers(self) -> list[str]:
        """Those of every epoch, and who was admitted only."""
        return sorted(name for name, who in self.members.items() if who.role == "verifier")

    def epoch(self, period: int, size: int) -> Epoch:
        """3.6: the epoch of a period, as the first entries of the register have it."""
        known = [each for each in self.epochs if each.size <= size and each.first <= period]
        return known[-1]

    def alike(self, size: int, root: str, period: int) -> bool:
        """3.17: whether so much of the register gives a period the same epoch as all of it."""
        if self.roots.get(size) != root:
            return False
        return self.epoch(period, size) is self.epoch(period, self.size)

    def epoch_of(self, names: list[str]) -> Epoch | None:
        """3.9: the first epoch of which these are f+1."""
        fitting = [each for each in self.epochs if set(names) <= set(each.verifiers)]
        fitting = [each for each in fitting if len(names) == each.f + 1]
        return fitting[0] if fitting else None

    @property
    def signatories(self) -> list[str]:
        """lifecycle 8.1: all who may sign the agreement."""
        parties, annex = self.agreement["parties"], self.agreement["annex"]
        if not any(item["clause"] == "accession" for item in self.agreement["clauses"]):
            return list(parties)
        read = [item["party"] for item in annex["channels"]]
        labs = sorted(name for name, who in self.members.items() if who.role == "lab")
        others = [name for name in labs if name not in parties]
        return [*parties, *(each for each in others if not annex["power"] or read.count(each) == 1)]

    def notice(self, party: str) -> int:
        """lifecycle 8.4: how many periods after the cut that holds it a party is bound."""
        schedule, clauses = self.agreement["schedule"], self.agreement["clauses"]
        notice: int = schedule["notice_periods"]
        if party in self.agreement["parties"]:
            return notice
        wait = next(item["wait_periods"] for item in clauses if item["clause"] == "accession")
        lag: int = (schedule["deadline_s"] + schedule["grace_s"]) // schedule["period_s"]
        return max(notice, lag + max(2, wait))

    def owner(self, origin: str) -> Member:
        """Whose log this is; the register is nobody's (2.8)."""
        found = [each for each in self.members.values() if each.origin == origin]
        must(len(found) == 1 and found[0].role != "registrar", "nobody's log")
        return found[0]


def first_prev(network: str, origin: str, statement_key: bytes, log_key: bytes) -> str:
    head = b"pausenet/genesis/v2\n" + bytes.fromhex(network) + origin.encode()
    return sha256(head + statement_key + log_key).hexdigest()


def read_register(entries: list[bytes]) -> Register:
    must(3 <= len(entries) <= 512, "2.1 the number of entries")
    first = read_envelope(entries[0])
    kind, genesis, _ = read_statement(first.payload)
    must(kind == "register-genesis", "1.1 no genesis")
    named = {item["id"]: item for item in genesis["body"]["participants"]}
    registrar = next(item for item in named.values() if item["role"] == "registrar")
    key = bytes.fromhex(registrar["statement_key"])
    log_key = bytes.fromhex(genesis["body"]["registrar_log_key"])
    first.require_signers([key])
    must((genesis["author"], genesis["origin"]) == (registrar["id"], ORIGIN), "1.2 author")
    must((genesis["seq"], genesis["seen"]) == (0, []), "1.2 seq, seen")
    must(genesis["prev"] == first_prev("", ORIGIN, key, log_key), "1.2 prev")
    found = Register(first.id.hex())
    prev, used = first.id.hex(), set[bytes]()
    whole = len(named) + 2
    verifiers = sorted(name for name, each in named.items() if each["role"] == "verifier")
    found.epochs.append(Epoch(0, verifiers, whole))
    for seq, entry in enumerate(entries[1:], start=1):
        sealed = read_envelope(entry, most=2)
        kind, said, subject = read_statement(sealed.payload)
        must((said["network"], said["author"]) == (found.network, registrar["id"]), "2.1 author")
        must((said["origin"], said["seen"]) == (ORIGIN, []), "2.1 origin, seen")
        must((said["seq"], said["prev"]) == (seq, prev), "2.1 seq, prev")
        if kind == "register-entry":
            _bind(found, sealed, said["body"], named, used)
        elif kind == "membership-change":
            must(seq >= whole, "3.1 after everything else")
            approved = sha256(write_json(said["body"]["change"])).hexdigest()
            must(subject == approved, "3.1 the change's subject")
            _approved(found, said["body"], prev, approved)
            _change(found, sealed, said["body"]["change"], seq, key, used)
        else:
            must(kind == "agreement" and not found.agreement, "2.2 the one agreement")
            found.agreement = said["body"]
            found.agreement_digest = sha256(write_json(said["body"])).hexdigest()
            must(subject == found.agreement_digest, "2.2 the agreement's subject")
            sealed.require_signers([key])
        prev = sealed.id.hex()
    _finish(found, named, registrar["id"], log_key)
    found.size, found.root = len(entries), mth(entries).hex()
    found.roots = {size: mth(entries[:size]).hex() for size in range(whole, len(entries) + 1)}
    return found


def _approved(found: Register, body: dict[str, Any], prev: str, digest: str) -> None:
    """3.2"""
    epoch = found.epochs[-1]
    by = [each["by"] for each in body["approvals"]]
    must(len(by) == epoch.k and set(by) <= set(epoch.verifiers), "3.2 k of the epoch before")
    lines = ("pausenet/membership/v1", found.network, prev, digest)
    message = "".join(f"{line}\n" for line in lines).encode()
    for each in body["approvals"]:
        key = found.members[each["by"]].keys["recovery"]
        must(valid(key, read_base64(each["signature"]), message), "3.2 an approval")


def _change(
    found: Register,
    sealed: Envelope,
    change: dict[str, Any],
    seq: int,
    registrar: bytes,
    used: set[bytes],
) -> None:
    """3.3 to 3.5"""
    if change["step"] == "admits":
        entry = change["entry"]
        name = entry["id"]
        must(name not in found.members, "3.3 a new id")
        must(entry["origin"] == f"pausenet.{found.network[:32]}/verifier/{name}", "3.3 origin")
        sealed.require_signers([registrar, bytes.fromhex(entry["keys"]["statement"])])
        _hold(found, entry, used, seq + 1)
        return
    sealed.require_signers([registrar])
    who, last = change["verifier"], found.epochs[-1]
    must(who in found.members and found.members[who].role == "verifier", "3.4 was admitted")
    must(change["epoch"] == len(found.epochs) and change["first"] > last.first, "3.5 in order")
    joins = change["step"] == "joins"
    must(joins != (who in last.verifiers), "3.4 comes or goes")
    verifiers = [*last.verifiers, who] if joins else [n for n in last.verifiers if n != who]
    least, most = sorted((len(verifiers), len(last.verifiers)))
    must(least >= 4 and most <= 64, "3.5 how many verifiers")
    found.epochs.append(Epoch(change["first"], sorted(verifiers), seq + 1))


def _bind(
    found: Register,
    sealed: Envelope,
    body: dict[str, Any],
    named: dict[str, Any],
    used: set[bytes],
) -> None:
    name, role = body["id"], body["role"]
    must(name in named and name not in found.members, "2.4 nobody, or twice")
    must((named[name]["role"], named[name]["bloc"]) == (role, body["bloc"]), "2.4 as in genesis")
    must(named[name]["statement_key"] == body["keys"]["statement"], "2.4 the statement key")
    origin = ORIGIN if role == "registrar" else f"pausenet.{found.network[:32]}/{role}/{name}"
    must(body["origin"] == origin, "2.4 the origin")
    registrar = next(item for item in named.values() if item["role"] == "registrar")
    sealed.require_signers(
        [bytes.fromhex(each["statement_key"]) for each in (registrar, named[name])]
    )
    _hold(found, body, used, len(named) + 2)


def _hold(found: Register, body: dict[str, Any], used: set[bytes], bound: int) -> None:
    name, role, origin = body["id"], body["role"], body["origin"]
    keys = {purpose: bytes.fromhex(key) for purpose, key in body["keys"].items()}
    for purpose, key in keys.items():
        must(registrable(key) and key not in used, "2.5 a key's form, or a key twice")
        used.add(key)
        lines = ("pausenet/possession/v1", found.network, name, role, purpose)
        message = "".join(f"{line}\n" for line in lines).encode()
        must(valid(key, read_base64(body["possession"][purpose]), message), "2.5 possession")
    eras = [Era(0, keys)]
    found.members[name] = Member(name, role, origin, keys, eras, bound, body["group"])


def _finish(found: Register, named: dict[str, Any], registrar: str, log_key: bytes) -> None:
    must(set(found.members) >= set(named) and bool(found.agreement), "2.6 somebody is missing")
    must(found.members[registrar].keys["log"] == log_key, "2.4 the registrar's log key")
    for judge in found.agreement["adjudicator"]["panel"]:
        member = found.members.get(judge)
        must(member is not None and member.role == "adjudicator", "2.6 the panel")
    for party in found.agreement["parties"]:
        must(party in found.members and found.members[party].role == "lab", "2.6 a party")
    for channel in found.agreement["annex"]["channels"]:
        meter = found.members.get(channel["meter"])
        must(meter is not None and meter.role == "meter", "2.6 a meter")
        lab = found.members.get(channel["party"])
        must(lab is not None and lab.role == "lab", "2.6 a lab read")
