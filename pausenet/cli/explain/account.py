"""One bundle's explanation, put together: judged first, then told."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from pausenet.cli.explain.limits import rests_on
from pausenet.cli.explain.meanings import BY_INSPECTION, MEANINGS, Meaning
from pausenet.cli.explain.metered import beyond, counting, when
from pausenet.cli.explain.worth import BASE_RATE, beside, stated_rates, worth
from pausenet.inference.accounts.unseen import Account, cannot_see
from pausenet.protocol.bundle import Outcome, Verification, verify_bundle
from pausenet.protocol.evidence import Bundle, Signed, decode_bundle
from pausenet.protocol.register import Register
from pausenet.protocol.succession import open_envelope
from pausenet.statements.declaration import Declaration
from pausenet.statements.finding import Fault, FaultClass, Grade
from pausenet.values import NetworkId, ParticipantId, Role

_WIDTH: Final = 96
_HOLDS: Final = (Outcome.PROVEN, Outcome.REPRODUCED, Outcome.UNKNOWN_PARTIES)
_MISSED: Final = (
    "Detection is against the evasions modelled here; those nobody has thought of are not counted."
)
_OF_USE: Final = (Fault.F6, Fault.F7)
"""The faults that rest on the use account."""
_UNBREAKABLE: Final = (
    "A proof has no false-alarm rate and no base rate: it would take a forged signature or two "
    "texts of one digest. What remains is whose hand held the key."
)
_REVOKED: Final = (
    "It proves what was signed with the key, and nothing against whoever had revoked it."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """The headed paragraphs of one bundle, and whether its materials show what it claims."""

    holds: bool
    paragraphs: tuple[tuple[str, tuple[str, ...]], ...]

    def lines(self) -> Iterator[str]:
        """All of it, wrapped for reading."""
        for heading, said in self.paragraphs:
            yield heading
            for sentence in said:
                later = "    " if sentence.startswith("- ") else "  "
                yield from textwrap.wrap(
                    sentence,
                    _WIDTH,
                    initial_indent="  ",
                    subsequent_indent=later,
                    break_long_words=False,
                    break_on_hyphens=False,
                )


def explained(
    data: bytes, network_id: NetworkId | None, base: Fraction | None = None
) -> Explanation:
    """Judge a bundle's bytes, and say what they mean; raises `MalformedBundle` for no bundle.

    A bundle whose materials do not show its claim is not explained, only refused. `base` is the
    base rate that a test's alarm is held against; where it is None, `BASE_RATE` is assumed.
    """
    bundle = decode_bundle(data)
    found = verify_bundle(data, network_id)
    if found.outcome not in _HOLDS:
        return Explanation(holds=False, paragraphs=(_refused(found),))
    register = Register.load(bundle.register, None, bundle.network)
    fault = bundle.accusation.fault
    meaning = BY_INSPECTION if _by_inspection(bundle) else MEANINGS[fault]
    return Explanation(
        holds=True,
        paragraphs=(
            ("What it claims", tuple(_claimed(bundle, found))),
            ("How sure it is", tuple(_sure(bundle, meaning))),
            ("What it rests on", tuple(_channel(bundle, register, meaning))),
            ("What such evidence can see", (meaning.sees,)),
            ("What it cannot see", tuple(_unseen(bundle, meaning))),
            ("What it is worth", tuple(_worth(bundle, base))),
            ("What independent channels would add", (_adds(bundle, meaning),)),
        ),
    )


def _refused(found: Verification) -> tuple[str, tuple[str, ...]]:
    if found.outcome is Outcome.NOT_RUN:
        advice = "It is made by rules that this version does not know: ask one that does."
        return "It could not be judged", (f"{found.sentence}.", advice)
    advice = "Nothing that it claims should be believed for its sake."
    return "It shows nothing", (f"{found.sentence}.", advice)


def _claimed(bundle: Bundle, found: Verification) -> Iterator[str]:
    claim = bundle.accusation
    yield f"{_named(bundle)}: {claim.text}."
    known = "" if claim.fault.meaning in claim.text else f": {claim.fault.meaning}"
    yield f"In the specification this is {claim.fault}{known}."
    if claim.fault is Fault.F7 and not _by_inspection(bundle):
        yield when(claim.text, claim.periods)
    elif claim.periods:
        yield f"It is about {_periods(bundle)}."
    if found.outcome is Outcome.UNKNOWN_PARTIES:
        yield (
            "Whose network this is, it cannot say of itself: pin it with --network-id, which you "
            "must have from elsewhere."
        )


def _sure(bundle: Bundle, meaning: Meaning) -> Iterator[str]:
    claim = bundle.accusation
    grade = str(claim.grade).capitalize()
    if _of_a_revoked_key(bundle):
        yield (
            f"{grade}. The key that signed had been revoked before the proof was seen. Who had it "
            "then is not shown, and no participant's status changes."
        )
    elif claim.grade is Grade.UNSUPPORTED:
        yield (
            f"{grade}. It is no proof, and no reason to ask any more: it has been answered since, "
            "and is withdrawn."
        )
    else:
        yield f"{grade}. {meaning.why}"


def _channel(bundle: Bundle, register: Register, meaning: Meaning) -> Iterator[str]:
    if bundle.accusation.fault is Fault.F6:
        yield rests_on(bundle.accusation.text, register.agreement)
    else:
        yield meaning.rests_on
    if bundle.accusation.fault is not Fault.F7:
        return
    accused = register.members[bundle.accusation.accused]
    for meter in sorted(_meters(bundle, register)):
        group = register.members[meter].group
        word = (
            f"the accused's own group, {group}: both sides of this balance are in one hand"
            if group == accused.group
            else f"{group}, and not {accused.group} as the accused: nobody controls both, if "
            "the register is right"
        )
        yield f"The meter is {meter}. Its independence group is {word}."


def _unseen(bundle: Bundle, meaning: Meaning) -> Iterator[str]:
    yield meaning.blind
    if bundle.accusation.fault in _OF_USE and not _by_inspection(bundle):
        yield from cannot_see(Account.USE)
    yield _MISSED


def _worth(bundle: Bundle, base: Fraction | None) -> Iterator[str]:
    claim = bundle.accusation
    if claim.fault.fault_class is FaultClass.PROOF:
        yield _REVOKED if _of_a_revoked_key(bundle) else _UNBREAKABLE
        return
    rates = stated_rates(claim.text)
    rate = BASE_RATE if base is None else base
    for each in rates:
        yield from worth(each, rate, assumed=base is None)
        yield from beyond(each, bundle)
    if rates:
        counted, which = counting(claim.text, rates)
        yield which
        if any(beyond(counted, bundle)):
            counted = rates[-1]
            yield (
                "So much cannot have been hidden in one period here, so what follows goes by the "
                "figure for the same spread out."
            )
        yield from beside(counted if counted.ratio > 1 else rates[0], rate)
        yield (
            "This counts that there was an alarm, and not how far above its limit it stands. One "
            "far above it is worth more against chance, and no more against a meter that is "
            "wrong: the rates are those of the test's error model, and no better than it. Its "
            "false alarms can be counted: pausenet evidence false-alarms."
        )
    else:
        yield (
            "No false-alarm rate is stated, and none is known here: what share of such warrants "
            "is true cannot be said. " + _uncounted(bundle)
        )


def _uncounted(bundle: Bundle) -> str:
    if _by_inspection(bundle):
        return "Chips are counted one by one; an error would be a misread UID or a false report."
    if bundle.accusation.fault is Fault.F10R and bundle.accusation.periods == ():
        return "That it refused is its own signed word; what that hides is not known."
    return "How often those who follow the rules fall silent depends on their machines and lines."


def _adds(bundle: Bundle, meaning: Meaning) -> str:
    if _of_a_revoked_key(bundle):
        return "Who had the key and when: logs of the machine that held it, people who know."
    return meaning.adds


def _of_a_revoked_key(bundle: Bundle) -> bool:
    claim = bundle.accusation
    return claim.fault.fault_class is FaultClass.PROOF and claim.grade is not Grade.CONFIRMED


def _named(bundle: Bundle) -> str:
    claim = bundle.accusation
    if _of_a_revoked_key(bundle):
        return f"Of a key that {claim.accused}, a {claim.role}, had revoked"
    article = "an" if str(claim.role)[0] in "aeiou" else "a"
    return f"Against {claim.accused}, {article} {claim.role}"


def _periods(bundle: Bundle) -> str:
    numbers = [int(period) for period in bundle.accusation.periods]
    if len(numbers) == 1:
        return f"period {numbers[0]}"
    if numbers == list(range(numbers[0], numbers[-1] + 1)):
        return f"periods {numbers[0]} to {numbers[-1]}"
    return f"periods {', '.join(map(str, numbers))}"


def _by_inspection(bundle: Bundle) -> bool:
    """Whether an F7 is of inspectors' reports: its first material is a declaration."""
    first = bundle.materials[0]
    return (
        bundle.accusation.fault is Fault.F7
        and isinstance(first, Signed)
        and isinstance(open_envelope(first.entry)[1].body, Declaration)
    )


def _meters(bundle: Bundle, register: Register) -> set[ParticipantId]:
    """Who has read what the declaration is held against."""
    authors = {
        open_envelope(material.entry)[1].author
        for material in bundle.materials
        if isinstance(material, Signed)
    }
    return {each for each in authors if register.members[each].role is Role.METER}
