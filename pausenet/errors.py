"""Every error pausenet raises, in one tree.

    PausenetError
    ├── MalformedInput             bytes or text from outside that a decoder refuses
    │   ├── MalformedStatement     a payload that is not one canonical statement
    │   ├── MalformedEnvelope      bytes that are not one canonical DSSE envelope
    │   ├── MalformedCheckpoint    a signed note, checkpoint or cosignature line
    │   ├── MalformedProof         a Merkle proof or receipt that cannot be right
    │   ├── MalformedTile          a tile, an entry bundle or a tile path
    │   ├── MalformedBundle        an evidence bundle
    │   ├── MalformedMessage       a message of a peer, or its protobuf form
    │   ├── MalformedRecord        a record of our own disk that fails its checks
    │   └── MalformedFile          a scenario, topology or key file; says file:line:column
    ├── InvalidKey                 key material outside the strict profile
    ├── InvalidSignature           a signature that does not verify
    ├── InvalidProof               a well-formed Merkle proof that proves something else
    ├── InvalidEvidence            well-formed materials that do not show what is claimed
    │   └── UnknownRules           an appraisal by rules that this program does not have
    ├── InvalidRegister            register entries that do not chain to their network id
    ├── SigningRefused             the guard forbids a signature (protocol.md 3.6)
    ├── NodeError                  the machine's surroundings: disk, port, certificate
    ├── EndlessRun                 a simulation in which far more happens than ever should
    └── Misuse                     a slip of the calling code, never of a peer

Misbehaviour of a participant is not an error: it is a value, a finding with evidence.
"""

from __future__ import annotations


class PausenetError(Exception):
    """Root of the tree; never raised itself."""


class MalformedInput(PausenetError):
    """Bytes or text from outside that a decoder refuses."""


class MalformedStatement(MalformedInput):
    """A payload that is not one statement in its canonical spelling."""


class MalformedEnvelope(MalformedInput):
    """Bytes that are not one DSSE envelope in its canonical spelling."""


class MalformedCheckpoint(MalformedInput):
    """A signed note, a checkpoint or a cosignature line that is not well formed."""


class MalformedProof(MalformedInput):
    """A Merkle proof or a receipt whose shape cannot be right."""


class MalformedTile(MalformedInput):
    """A tile, an entry bundle or a tile path that is not well formed."""


class MalformedBundle(MalformedInput):
    """An evidence bundle that is not in its one canonical form."""


class MalformedMessage(MalformedInput):
    """A message of a peer that is not well formed."""


class MalformedRecord(MalformedInput):
    """A record of this node's own disk that fails its checks."""


class MalformedFile(MalformedInput):
    """A file a person wrote, with the place of the first mistake.

    Attributes: `path`, `line`, `column` (from 1; 0 where no place is known), `problem`.
    """

    def __init__(self, path: str, line: int, column: int, problem: str) -> None:
        self.path, self.line, self.column, self.problem = path, line, column, problem
        place = f"{path}:{line}:{column}" if line else f"{path}:"
        super().__init__(f"{place} {problem}")


class InvalidKey(PausenetError):
    """Key material outside the strict Ed25519 profile (protocol.md 5.3)."""


class InvalidSignature(PausenetError):
    """A well-formed signature that does not verify."""


class InvalidProof(PausenetError):
    """A well-formed Merkle proof that does not prove what it is offered for."""


class InvalidEvidence(PausenetError):
    """Well-formed materials of evidence that do not show what is claimed."""


class UnknownRules(InvalidEvidence):
    """An appraisal by rules that this program does not have: nothing is said about it."""


class InvalidRegister(PausenetError):
    """Register entries that do not chain to the pinned network id."""


class SigningRefused(PausenetError):
    """The signing guard forbids this signature (protocol.md 3.6).

    Attributes: `reason`, a short text that may be shown.
    """

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class NodeError(PausenetError):
    """The machine's surroundings failed: disk, port, certificate, another process."""


class EndlessRun(PausenetError):
    """A simulation in which machines answer each other for ever: a mistake of ours.

    Attributes: `seed`, `moment` (true seconds of network time) and `events` so far.
    """

    def __init__(self, *, scenario: str, seed: int, moment: int, events: int) -> None:
        self.seed, self.moment, self.events = seed, moment, events
        super().__init__(
            f"{events} events by {moment}, and no end: seed {seed} of {scenario}; "
            f"repeat it: pausenet run {scenario} --seed {seed}"
        )


class Misuse(PausenetError):
    """A slip of the calling code, never of a peer."""
