"""Judges a checkpoint by a c2sp.org/tlog-policy file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pausenet.errors import InvalidSignature, MalformedCheckpoint, MalformedFile
from pausenet.log.checkpoint import Note
from pausenet.log.opened import open_note
from pausenet.log.policyfile import NO_QUORUM, WitnessPolicy, parse_policy
from pausenet.log.vkey import Name, VerifierKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What a policy makes of a checkpoint; `signed` says whether one of its logs signed it."""

    problems: tuple[str, ...]
    signed: str
    sentence: str


def read_policy(path: Path) -> WitnessPolicy:
    """Read a policy file; raise `MalformedFile` for another content or none."""
    try:
        return parse_policy(path.read_bytes(), str(path))
    except OSError as error:
        raise MalformedFile(str(path), 0, 0, error.strerror or "cannot be read") from error


def judge(note: Note, policy: WitnessPolicy, log_key: VerifierKey | None) -> Judgement:
    """Check the log's line, every known witness's line, and the quorum over those that hold.

    A policy that names no log judges by the key given.
    """
    problems: list[str] = []
    keys = tuple(witness.key for witness in policy.witnesses)
    cosigned: set[Name] = set()
    known = [log.key for log in policy.logs] or [key for key in (log_key,) if key is not None]
    logs = [key for key in known if key.name == note.body.origin]
    signed = "not by a log of the policy"
    for log in logs:
        try:
            opened = open_note(note, log, keys)
        except (InvalidSignature, MalformedCheckpoint) as error:
            problems.append(str(error))
            continue
        signed, cosigned = "by a log of the policy", {each.cosigner for each in opened.cosignatures}
        problems = []
        break
    if not logs:
        problems.append(f"{note.body.origin} is no log of the policy")
    met = policy.is_met_by(cosigned)
    if not met:
        problems.append("the quorum of the policy is not met")
    sentence = f"{'met' if met else 'not met'}, {len(cosigned)} of {len(keys)} witnesses cosigned"
    if policy.quorum == NO_QUORUM:
        sentence += ", none is asked for"
    return Judgement(problems=tuple(problems), signed=signed, sentence=sentence)
