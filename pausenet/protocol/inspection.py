"""Drawing what is inspected, so that nobody can steer it (protocol.md 7.4).

Each verifier binds itself before the first period to the head of a SHA-256 hash chain, and gives
away one pre-image a period, only once the period's cut is endorsed. Its own share of the quota
follows from that pre-image and from the usage statement that the cut has fixed. Shares are
united and never combined into one value: whoever reveals last, or not at all, changes no other
share. Neither roots nor cosignatures nor times are drawn from alone: their makers can grind them.

The chain's seed comes from the shell. The numbers are those of docs/spec/inspection.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from hashlib import sha256
from math import comb, prod
from typing import Final

from pausenet.errors import Misuse
from pausenet.protocol import rules
from pausenet.statements.agreement import Agreement, Schedule
from pausenet.statements.clauses import PPM
from pausenet.statements.inspection import (
    CHAIN_MAX,
    LEAVES_DRAWN_MAX,
    SampleCommitment,
    SampleReveal,
)
from pausenet.values import Digest, NetworkId, ParticipantId, PeriodIndex, Salt, StatementId

CHAIN_LENGTH: Final = CHAIN_MAX
ANSWER_PERIODS: Final = 2
"""How many periods after the one that runs at the cut an answer may take."""
_CHAIN: Final = b"pausenet/chain/v1\n"
_SAMPLE: Final = b"pausenet/sample/v1\n"
_SITE: Final = b"pausenet/site/v1\n"
_WORD: Final = 2**64
_STRIDE: Final = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How much is drawn each period: leaves of each ledger, and each site's chance."""

    quota: int
    site_ppm: int


def terms_of(agreement: Agreement) -> Terms:
    """What an agreement's annex publishes of its draws."""
    return Terms(quota=agreement.annex.sample_quota, site_ppm=agreement.annex.sample_ppm)


def share_of(quota: int, verifiers: int) -> int:
    """One verifier's share of the quota, rounded up, as far as an opening can carry it.

    >>> share_of(10, 4)
    3
    """
    return min(LEAVES_DRAWN_MAX, -(-quota // verifiers))


# ------------------------------------------------------------------------------------ the chain


def commitment_of(seed: Salt, length: int = CHAIN_LENGTH) -> SampleCommitment:
    """What a verifier says of its chain before the first period."""
    return SampleCommitment(head=_onward(Digest(seed), length), length=length)


def image_of(seed: Salt, period: PeriodIndex, length: int = CHAIN_LENGTH) -> Digest:
    """A period's pre-image; raise `Misuse` past the chain's end."""
    if period >= length:
        raise Misuse(f"a chain of {length} pre-images has none for period {period}")
    steps = length - 1 - period
    return _onward(_milestone(Digest(seed), steps // _STRIDE), steps % _STRIDE)


def in_chain(commitment: SampleCommitment, reveal: SampleReveal) -> bool:
    """I1 Whether a pre-image is the one of its period: so many steps before the head."""
    if reveal.period >= commitment.length:
        return False
    return _onward(reveal.image, reveal.period + 1) == commitment.head


@lru_cache(maxsize=8_192)
def _milestone(value: Digest, number: int) -> Digest:
    """The chain's value so many strides later: from one end to the other it is walked once."""
    return value if number == 0 else _onward(_milestone(value, number - 1), _STRIDE)


@lru_cache(maxsize=1_024)
def _onward(value: Digest, steps: int) -> Digest:
    """The chain's value so many steps later."""
    raw: bytes = value
    for _ in range(steps):  # thousands at a time: no value is made of what lies between
        raw = sha256(_CHAIN + raw).digest()
    return Digest(raw)


# ------------------------------------------------------------------------------------- the draw


@lru_cache(maxsize=4_096)
def draw_leaves(
    network: NetworkId,
    image: Digest,
    period: PeriodIndex,
    usage: StatementId,
    *,
    leaves: int,
    share: int,
) -> tuple[int, ...]:
    """I2 One verifier's own share of a ledger's leaves, ascending, none twice.

    Rejection sampling over 64-bit words: a word at or above the largest multiple of the number
    of leaves is thrown away, and so is a leaf drawn before.
    """
    seed = _seed(_SAMPLE, network, image, period, usage)
    words, found = _words(seed), set[int]()
    bound = _WORD - _WORD % leaves if leaves else 0
    while len(found) < min(share, leaves):
        word = next(words)
        if word < bound:
            found.add(word % leaves)
    return tuple(sorted(found))


@lru_cache(maxsize=4_096)
def draw_sites(
    network: NetworkId,
    image: Digest,
    period: PeriodIndex,
    usage: StatementId,
    *,
    sites: tuple[ParticipantId, ...],
    site_ppm: int,
    verifiers: int,
) -> tuple[ParticipantId, ...]:
    """I3 The sites that one verifier visits at short notice: each by a draw of its own.

    The published chance is divided among the verifiers, rounded up, so that each draws alone.
    """
    chance = -(-site_ppm // verifiers)
    bound = _WORD - _WORD % PPM
    found = []
    for site in sites:
        words = _words(_seed(_SITE, network, image, period, usage, site.encode()))
        word = next(word for word in words if word < bound)
        if word % PPM < chance:
            found.append(site)
    return tuple(sorted(found))


def answer_due(schedule: Schedule, period: PeriodIndex) -> PeriodIndex:
    """I4 The period by whose close a request that rests on this period's cut is answered."""
    return PeriodIndex(schedule.last_ended(schedule.close(period)) + ANSWER_PERIODS)


def _seed(tag: bytes, network: bytes, image: bytes, period: int, *parts: bytes) -> bytes:
    return sha256(b"".join((tag, network, image, period.to_bytes(8, "big"), *parts))).digest()


def _words(seed: bytes) -> Iterator[int]:
    """64-bit words without end: SHA-256 of the seed and a running number, four words each."""
    number = 0
    while True:
        block = sha256(seed + number.to_bytes(8, "big")).digest()
        for at in range(0, 32, 8):
            yield int.from_bytes(block[at : at + 8], "big")
        number += 1


# ----------------------------------------------------------------------------------- the numbers


def detection(*, leaves: int, shown: int, shares: Sequence[int]) -> Fraction:
    """The chance that independent shares of a ledger's leaves hold one of those that show a fault.

    1 - product over the shares s of C(N - d, s) / C(N, s), with N leaves of which d show it. Only
    n - f shares are counted on: f verifiers may withhold theirs.
    """
    if not 0 <= shown <= leaves:
        raise Misuse(f"expected 0..{leaves} leaves that show a fault, found {shown}")
    missed = (
        Fraction(comb(leaves - shown, min(share, leaves)), comb(leaves, min(share, leaves)))
        for share in shares
    )
    return 1 - prod(missed, start=Fraction(1))


def samples_needed(*, bad_ppm: int, miss_ppm: int) -> int:
    """How many independent samples leave at most this chance of meeting no bad one.

    The smallest n with (1 - bad)^n <= miss, exactly (recompute sampling, domain.md 2.1).
    """
    if not (0 < bad_ppm <= PPM and 0 < miss_ppm < PPM):
        raise Misuse("expected shares above 0, and a chance of missing below 1")
    good = PPM - bad_ppm
    low, high = 0, 1
    while good**high * PPM > miss_ppm * PPM**high:
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        if good**middle * PPM > miss_ppm * PPM**middle:
            low = middle
        else:
            high = middle
    return high


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """Realised draws against published chances; `run` is False where there are too few of them.

    `statistic` and `threshold` are exact; above it the draws are not what was published, at the
    false-alarm rate of the rules.
    """

    draws: int
    run: bool
    statistic: Fraction
    threshold: Fraction

    @property
    def suspicious(self) -> bool:
        """Whether the draws are too far from what was published."""
        return self.run and self.statistic > self.threshold


def audit_leaves(drawn: Sequence[tuple[int, Sequence[int]]]) -> Audit:
    """I5 Whether leaves were drawn evenly: pairs of a ledger's number of leaves, and those drawn.

    Each ledger is divided into equal parts, as many as the smallest has leaves for; counts are
    compared with what an even draw gives, by chi-square. Drawing without repeats varies less than
    the table allows for, so that honest draws are suspected no more often than stated.
    """
    smallest = min((leaves for leaves, _ in drawn), default=0)
    parts = max((size for size in rules.CHI_SQUARE_MILLI if size <= smallest), default=0)
    total = sum(len(indices) for _, indices in drawn)
    if not parts or total < rules.AUDIT_LEAST * parts:
        return Audit(draws=total, run=False, statistic=Fraction(0), threshold=Fraction(0))
    counts, expected, of_size = [0] * parts, [Fraction(0)] * parts, dict[int, int]()
    for leaves, indices in drawn:
        of_size[leaves] = of_size.get(leaves, 0) + len(indices)
        for index in indices:
            counts[index * parts // leaves] += 1
    for leaves, many in of_size.items():
        for part in range(parts):
            size = -(-(part + 1) * leaves // parts) - -(-part * leaves // parts)
            expected[part] += Fraction(many * size, leaves)
    statistic = sum(
        ((count - mean) ** 2 / mean for count, mean in zip(counts, expected, strict=True)),
        start=Fraction(0),
    )
    threshold = Fraction(rules.CHI_SQUARE_MILLI[parts], 1_000)
    return Audit(draws=total, run=True, statistic=statistic, threshold=threshold)


def audit_sites(*, visits: int, chances: int, site_ppm: int) -> Audit:
    """I6 Whether as many sites were visited as was published: so many visits in so many draws.

    The square of the distance from the mean, in variances, against the table's value for two
    parts.
    """
    chance = Fraction(site_ppm, PPM)
    mean, variance = chances * chance, chances * chance * (1 - chance)
    threshold = Fraction(rules.CHI_SQUARE_MILLI[2], 1_000)
    if mean < rules.AUDIT_LEAST or chances - mean < rules.AUDIT_LEAST:
        return Audit(draws=chances, run=False, statistic=Fraction(0), threshold=threshold)
    statistic = (visits - mean) ** 2 / variance
    return Audit(draws=chances, run=True, statistic=statistic, threshold=threshold)
