"""Cases of logs: chains of statements, proofs in their trees, checkpoints and cosignatures."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

from pausenet.crypto import envelope
from pausenet.crypto.keys import SigningKey
from pausenet.log.checkpoint import Checkpoint, Note, SignatureLine, sign_checkpoint
from pausenet.log.cosignature import cosign, cosigner_key
from pausenet.log.merkle import EMPTY_ROOT, Tree, leaf_hash
from pausenet.log.vkey import KeyName, KeyType, VerifierKey
from pausenet.simulator.vectors import curve
from pausenet.simulator.vectors.case import Area, Case, CaseKind, b64, texts
from pausenet.simulator.vectors.edits import payload_of, written
from pausenet.simulator.vectors.ground import Pen, Run, copied, run_of
from pausenet.simulator.vectors.networks import AURORA, BIRCH, VERIFIERS
from pausenet.statements import codec
from pausenet.statements.codec import Body, Head
from pausenet.values import Digest, NetworkTime, Seq, Signature, TreeSize

_LENGTH = 8


def chain_cases() -> list[Case]:
    """A log from its first entry on."""
    run = run_of("honest")
    origin = run.register.origin_of(AURORA)
    area = Area("chain", CaseKind.CHAIN, run="honest", origin=origin)
    good = list(run.entries(AURORA)[:_LENGTH])

    def refuse(name: str, rule: str, entries: Sequence[bytes]) -> None:
        area.refuse(name, rule, entries=texts(entries))

    area.accept("as-published", "statements 3.3", entries=texts(good))
    area.accept("one-entry", "statements 3.3", entries=texts(good[:1]))
    refuse("entry-left-out", "bundles 4.3", [*good[:3], *good[4:]])
    refuse("entry-twice", "bundles 4.3", [*good[:4], *good[3:]])
    refuse("entries-swapped", "bundles 4.3", [*good[:3], good[4], good[3], *good[5:]])
    refuse("first-entry-left-out", "bundles 4.3", good[1:])
    refuse("entry-of-another-log", "bundles 4.2", [*good[:3], run.entries(BIRCH)[3], *good[4:]])
    refuse("entry-of-another-network", "bundles 4.2", list(run_of("cheats").entries(AURORA)[:3]))
    refuse("entry-not-decoding", "bundles 4.1", [*good, b"{}"])
    refuse("entry-empty", "bundles 4.1", [*good, b""])
    for name, rule, entry in _next_entries(run):
        refuse(name, rule, [*good, entry])
    area.accept("with-one-more", "bundles 4.4", entries=texts([*good, _sealed(run)]))
    return area.cases


def _next_entries(run: Run) -> list[tuple[str, str, bytes]]:
    """Entries that cannot stand after the first ones of a log, each for one reason."""
    pen = copied(run, AURORA, _LENGTH)
    body = _body(pen)
    seen = _seen(pen)
    less = (replace(seen[0], size=TreeSize(seen[0].size - 1)), *seen[1:])
    statement = pen.statement(body, seen=seen)
    other = run.register.members[BIRCH]
    by_birch = Pen(setting=run.setting, who=BIRCH)
    payload = payload_of(pen.sealed(statement))
    key = pen.keys.statement
    odd = [
        ("seq-of-another-place", "bundles 4.3", replace(statement, seq=Seq(_LENGTH + 1))),
        ("prev-of-another", "bundles 4.3", replace(statement, prev=Digest.of(b"another"))),
        ("author-another", "bundles 4.2", replace(statement, author=BIRCH)),
        ("origin-another", "bundles 4.2", replace(statement, origin=other.origin)),
        ("seen-smaller", "bundles 4.4", replace(statement, seen=less)),
        ("seen-left-out", "bundles 4.4", replace(statement, seen=seen[1:])),
        ("seen-none", "bundles 4.4", replace(statement, seen=())),
    ]
    return [
        *((name, rule, pen.sealed(each)) for name, rule, each in odd),
        ("signed-by-another", "bundles 4.1", by_birch.sealed(statement)),
        ("signed-by-two", "bundles 4.1", envelope.seal(payload, (key, by_birch.keys.statement))),
        ("body-not-decoding", "bundles 4.1", envelope.seal(_spoiled(payload), (key,))),
    ]


def _sealed(run: Run) -> bytes:
    pen = copied(run, AURORA, _LENGTH)
    return pen.sealed(pen.statement(_body(pen), seen=_seen(pen)))


def _body(pen: Pen) -> Body:
    return codec.decode(payload_of(pen.entries[-1])).body


def _seen(pen: Pen) -> tuple[Head, ...]:
    return codec.decode(payload_of(pen.entries[-1])).seen


def _spoiled(payload: bytes) -> bytes:
    value = json.loads(payload)
    value["predicate"]["body"]["more"] = 1
    return written(value)


# ------------------------------------------------------------------------------------------ trees


def tree_cases() -> list[Case]:
    """Inclusion and consistency in trees of several sizes."""
    entries = [b"entry %d" % number for number in range(13)]
    tree = Tree(leaf_hash(entry) for entry in entries)
    return [*_inclusions(tree, entries), *_consistencies(tree)]


def _hexes(hashes: Sequence[bytes]) -> list[str]:
    return [each.hex() for each in hashes]


def _bent_proof(
    area: Area,
    at: str,
    right: Mapping[str, object],
    name: str,
    rule: str = "logs 1.3",
    **changed: object,
) -> None:
    """A proof with one thing changed."""
    area.refuse(f"{at}-{name}", rule, **{**right, **changed})


def _inclusions(tree: Tree, entries: Sequence[bytes]) -> list[Case]:
    area = Area("tree", CaseKind.INCLUSION)
    for size, index in ((1, 0), (2, 1), (7, 6), (8, 3), (13, 12), (13, 4)):
        proof = tree.inclusion(Seq(index), TreeSize(size))
        root = tree.root(TreeSize(size))
        right = {
            "entry": b64(entries[index]),
            "index": index,
            "size": size,
            "proof": list(_hexes(proof)),
            "root": root.hex(),
        }
        at = f"inclusion-{index}-of-{size}"
        area.accept(at, "logs 1.3", **right)

        refuse = partial(_bent_proof, area, at, right)

        refuse("of-another-entry", entry=b64(b"another"))
        refuse("hash-added", proof=[*_hexes(proof), "00" * 32])
        refuse("index-past-the-end", index=size)
        refuse("index-negative", index=-1)
        if size > 1:
            refuse("hash-missing", proof=_hexes(proof)[:-1])
            refuse(
                "hash-of-31-bytes", rule="logs 1.2", proof=[proof[0].hex()[2:], *_hexes(proof[1:])]
            )
            refuse("neighbours-index", index=index - 1)
        if len(proof) > 1:
            refuse("hashes-reversed", proof=_hexes(proof)[::-1])
    endless = ["00" * 32] * 65
    area.refuse(
        "inclusion-of-65-hashes",
        "logs 1.2",
        entry=b64(b""),
        index=0,
        size=2**53 - 1,
        proof=endless,
        root="00" * 32,
    )
    return area.cases


def _consistencies(tree: Tree) -> list[Case]:
    area = Area("tree", CaseKind.CONSISTENCY)
    for old, new in ((1, 2), (4, 8), (6, 13), (7, 7), (3, 5)):
        proof = tree.consistency(TreeSize(old), TreeSize(new))
        right = {
            "old_size": old,
            "new_size": new,
            "proof": _hexes(proof),
            "old_root": tree.root(TreeSize(old)).hex(),
            "new_root": tree.root(TreeSize(new)).hex(),
        }
        at = f"consistency-{old}-to-{new}"
        area.accept(at, "logs 1.3", **right)

        refuse = partial(_bent_proof, area, at, right)

        refuse("old-root-another", old_root="ab" * 32)
        refuse("new-root-another", new_root="ab" * 32)
        refuse("hash-added", proof=[*_hexes(proof), "00" * 32])
        refuse("from-nothing", old_size=0, old_root=EMPTY_ROOT.hex(), proof=[])
        if proof:
            refuse("hash-missing", proof=_hexes(proof)[1:])
            refuse("sizes-swapped", old_size=new, new_size=old)
    return area.cases


# ------------------------------------------------------------------------------------ checkpoints


def checkpoint_cases() -> list[Case]:
    """Signed notes, and the cosignatures on them."""
    run = run_of("honest")
    pen = copied(run, AURORA, _LENGTH)
    return [*_checkpoints(run, pen), *_cosignatures(run, pen)]


def _checkpoints(run: Run, pen: Pen) -> list[Case]:
    member = run.register.members[AURORA]
    vkey = member.log_key.encode()
    nobody: list[str] = []
    area = Area(
        "checkpoint",
        CaseKind.CHECKPOINT,
        log=vkey,
        cosigners=nobody,
        cosigners_min=0,
    )
    note = pen.note()
    head = pen.head()

    def refuse(name: str, rule: str, data: bytes, **more: str) -> None:
        area.refuse(name, rule, note=b64(data), **more)

    def signed(body: bytes, name: str | None = None) -> bytes:
        """A note of any text under the log's key."""
        blob = member.log_key.key_hash + pen.keys.log.sign(body)
        return body + f"\n\N{EM DASH} {name or pen.origin} {b64(blob)}\n".encode()

    area.accept("as-published", "logs 3.1", note=b64(note))
    area.accept("of-an-empty-log", "logs 3.1", note=b64(pen.note(0)))
    cosigned = pen.note(None, (VERIFIERS[0], 9))
    area.accept("line-of-an-unknown-key", "logs 3.3", note=b64(cosigned))
    body, root = head.body(), b64(head.root)
    lines = body.decode().split("\n")
    refuse("extension-line", "logs 3.1", signed(body + b"more\n"))
    refuse("size-with-leading-zero", "logs 3.1", signed(_lines(lines[0], "0" + lines[1], root)))
    refuse("size-with-sign", "logs 3.1", signed(_lines(lines[0], "+" + lines[1], root)))
    refuse("size-in-other-digits", "logs 3.1", signed(_lines(lines[0], "\u0668", root)))
    refuse("size-of-20-digits", "logs 3.1", signed(_lines(lines[0], "1" + "0" * 19, root)))
    refuse("size-beyond-2-53", "logs 3.1", signed(_lines(lines[0], str(2**53), root)))
    refuse("root-of-31-bytes", "logs 1.2", signed(_lines(*lines[:2], b64(head.root[:31]))))
    refuse("root-not-padded", "logs 3.1", signed(_lines(*lines[:2], root.rstrip("="))))
    refuse("root-missing", "logs 3.1", signed(_lines(*lines[:2])))
    refuse("empty-log-with-a-root", "logs 1.1", signed(_lines(lines[0], "0", root)))
    refuse("origin-another", "logs 3.2", signed(_lines(f"{lines[0]}-x", lines[1], root)))
    refuse("line-ends-of-two-bytes", "logs 3.1", signed(body.replace(b"\n", b"\r\n")))
    refuse("no-empty-line", "logs 3.1", note.replace(b"\n\n", b"\n", 1))
    refuse("no-last-line-end", "logs 3.1", note[:-1])
    refuse("no-signature", "logs 3.1", body + b"\n")
    refuse("hyphen-for-dash", "logs 3.1", note.replace("\N{EM DASH}".encode(), b"-"))
    refuse("line-twice", "logs 3.3", note + note.split(b"\n\n")[1])
    refuse("signature-changed", "logs 3.3", _bent(note))
    refuse("body-changed", "logs 3.3", note.replace(b"\n8\n", b"\n9\n", 1))
    refuse("line-of-another-log-only", "logs 3.3", _by_another(run, head))
    refuse("name-another", "logs 3.3", signed(body, f"{pen.origin}-x"))
    large = curve.with_large_response(pen.keys.log.sign(body))
    line = sign_checkpoint(head, pen.keys.log)
    far = Note(body=head, signatures=(replace(line, blob=bytes(large)),)).encode()
    refuse("s-plus-group-order", "statements 2.6", far)
    refuse("vkey-of-another-hash", "logs 3.3", note, log=_rehashed(vkey))
    refuse("vkey-of-a-cosigner", "logs 3.3", note, log=_typed(member.log_key))
    refuse("control-character", "logs 3.1", signed(_lines(lines[0] + "\t", lines[1], root)))
    return area.cases


def _lines(*lines: str) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()


def _bent(note: bytes) -> bytes:
    """The last signature with one bit changed, in canonical base64."""
    decoded = Note.decode(note)
    last = decoded.signatures[-1]
    blob = last.blob[:-1] + bytes((last.blob[-1] ^ 1,))
    lines = (*decoded.signatures[:-1], replace(last, blob=blob))
    return Note(body=decoded.body, signatures=lines).encode()


def _by_another(run: Run, head: Checkpoint) -> bytes:
    """The checkpoint under another log's name and key."""
    keys = run.setting.keys[BIRCH]
    other = replace(head, origin=run.register.origin_of(BIRCH))
    line = sign_checkpoint(other, keys.log)
    return Note(body=head, signatures=(line,)).encode()


def _rehashed(vkey: str) -> str:
    name, _, key = vkey.split("+", 2)
    return f"{name}+00000000+{key}"


def _typed(key: VerifierKey) -> str:
    return replace(key, type=KeyType.COSIGNATURE).encode()


def _cosignatures(run: Run, pen: Pen) -> list[Case]:
    members = run.register.members
    names = VERIFIERS[:3]
    keys = [members[name].storing_key for name in names]
    vkeys = [key.encode() for key in keys if key is not None]
    area = Area(
        "cosignature",
        CaseKind.COSIGNATURE,
        log=members[AURORA].log_key.encode(),
        cosigners=vkeys,
        cosigners_min=3,
    )
    head, times = pen.head(), tuple((name, 1000 + place) for place, name in enumerate(names))
    note = pen.note(None, *times)
    area.accept("three-of-three", "logs 4.1", note=b64(note))
    with_unknown = pen.note(None, *times, (VERIFIERS[3], 5))
    area.accept("line-of-an-unknown-cosigner", "logs 3.3", note=b64(with_unknown))

    def refuse(name: str, rule: str, data: bytes) -> None:
        area.refuse(name, rule, note=b64(data))

    def signed(blob: bytes) -> bytes:
        """The note with another third line."""
        decoded = Note.decode(note)
        third = replace(decoded.signatures[3], blob=blob)
        return Note(body=decoded.body, signatures=(*decoded.signatures[:3], third)).encode()

    storing = run.setting.keys[names[2]].storing
    witness = run.setting.keys[names[2]].witness
    assert storing is not None, "verifiers have one"
    assert witness is not None, "and the other"
    blob = Note.decode(note).signatures[3].blob
    refuse("below-the-quorum", "logs 4.1", pen.note(None, *times[:2]))
    refuse("time-changed", "logs 3.4", signed((5).to_bytes(8, "big") + blob[8:]))
    refuse("time-beyond-2-53", "logs 3.4", signed(_timed(head, storing, 2**53)))
    refuse("time-left-out", "logs 3.4", signed(blob[8:]))
    refuse("signature-changed", "logs 3.3", _bent(note))
    refuse("without-its-prefix", "logs 3.4", signed(blob[:8] + storing.sign(head.body())))
    refuse("of-another-size", "logs 3.4", signed(_timed(pen.head(5), storing, 1002)))
    refuse("line-twice", "logs 3.3", note + (note.split(b"\n")[-2] + b"\n"))
    refuse("by-the-witness-key", "logs 3.5", _with_line(note, _line(run, head, witness)))
    refuse("logs-line-missing", "logs 3.3", _without_log(note))
    return area.cases


def _timed(head: Checkpoint, key: SigningKey, time: int) -> bytes:
    """A cosignature's blob for any time, also one that no clock shows."""
    message = f"cosignature/v1\ntime {time}\n".encode() + head.body()
    return time.to_bytes(8, "big") + Signature(key.sign(message))


def _line(run: Run, head: Checkpoint, key: SigningKey) -> SignatureLine:
    """A cosignature under the storing cosigner's name and another key."""
    name = run.register.origin_of(VERIFIERS[2]).storing
    return cosign(head, KeyName(cosigner_key(name, key.public_key).name), key, NetworkTime(7))


def _with_line(note: bytes, line: SignatureLine) -> bytes:
    decoded = Note.decode(note)
    return Note(body=decoded.body, signatures=(*decoded.signatures[:3], line)).encode()


def _without_log(note: bytes) -> bytes:
    decoded = Note.decode(note)
    return Note(body=decoded.body, signatures=decoded.signatures[1:]).encode()
