"""For each fault: whose word it rests on, why that is a proof or why not, what it cannot see.

The sentences are for people who decide and do not program. `{who}` is the accused.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from pausenet.statements.finding import Fault


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """What evidence of one kind is."""

    rests_on: str
    why: str
    sees: str
    blind: str
    adds: str


_UNSIGNABLE: Final = (
    "Nobody else, not even all other parties together, can put that signature under words that "
    "the holder of the key did not sign."
)
_OWN_LOG: Final = "Its own log key alone. No meter and no other party's word is part of it."
_TWICE: Final = "It is a proof, because a log that only grows has one content for each size."
_TWO_FACES: Final = "That it has shown different histories to different readers."
_WHICH: Final = (
    "Which of the two is true, if either; what was hidden behind it; whether it was meant: a "
    "machine that was restored from an old copy and signs on leaves the same proof."
)
_BEHIND: Final = (
    "Nothing is needed to prove it. What it hid takes other channels: meters, counted chips, "
    "work that is run again."
)
_NOT_TRUTH: Final = (
    "Whether what it had declared was true, and anything that it declared to nobody."
)

MEANINGS: Final[Mapping[Fault, Meaning]] = MappingProxyType(
    {
        Fault.F1: Meaning(
            rests_on="Its own statement key alone. No meter and no other party's word is part of "
            "it.",
            why="It is a proof, because every place in a log holds one statement, written down "
            "before it is sent. Here are two, signed by one key for one place. " + _UNSIGNABLE,
            sees=_TWO_FACES,
            blind=_WHICH,
            adds=_BEHIND,
        ),
        Fault.F2: Meaning(
            rests_on=_OWN_LOG,
            why=f"{_TWICE} Here are two of one size that differ. {_UNSIGNABLE}",
            sees=_TWO_FACES,
            blind=_WHICH,
            adds=_BEHIND,
        ),
        Fault.F3: Meaning(
            rests_on=_OWN_LOG,
            why=f"{_TWICE} Here are two that hold different statements at one place. {_UNSIGNABLE}",
            sees=_TWO_FACES,
            blind=_WHICH,
            adds=_BEHIND,
        ),
        Fault.F4: Meaning(
            rests_on=_OWN_LOG,
            why="It is a proof, because it has signed a log with an entry that no log of its own "
            "can hold. " + _UNSIGNABLE,
            sees="That its record is broken where it had promised an unbroken one.",
            blind="Whether it was meant, or a fault in its software; and " + _NOT_TRUTH.lower(),
            adds=_BEHIND,
        ),
        Fault.F5: Meaning(
            rests_on="The word of f+1 verifiers, of whom one at least follows the rules where no "
            "more than f do not. The accused has signed nothing of it.",
            why="It is no proof, because silence has innocent reasons: a cut cable, a full disk, "
            "a verifier that was itself cut off. It is a reason to ask, and falls when what was "
            "due is shown.",
            sees="That what was due was not there in time, for those who were to hold it.",
            blind="Why. Nor can it see whether anything was done in the silence.",
            adds="The answer itself; a meter of another owner for the same periods; and whether "
            "the gaps fall on peaks of power more often than chance would have them.",
        ),
        Fault.F6: Meaning(
            rests_on="Its own signed figures, held against a limit that binds it.",
            why="It is a proof, because it says so itself: its own usage statement is over the "
            "limit, the time to correct a mistake has passed, and the network holds both. "
            + _UNSIGNABLE,
            sees="Declared compute over a limit in force.",
            blind="Anything that was not declared, or declared as something that is not capped. "
            "The figure is taken at its word: the truth may be higher.",
            adds="Nothing is needed to prove it. How far above the limit it truly was takes a "
            "meter and work that is run again.",
        ),
        Fault.F7: Meaning(
            rests_on="The reading of a meter, held against the accused's own declaration.",
            why="It is no proof, because a meter can err, drift or be tampered with, and because "
            "chance alone raises such alarms now and then. Only one side of the comparison is the "
            "accused's own word.",
            sees="That more was used than was declared, as far as the meter is right.",
            blind="What the machines did; whether the meter or the declaration is wrong.",
            adds="A second meter of another owner, a recalibration, an inspection with counted "
            "chips, work that is run again.",
        ),
        Fault.F8A: Meaning(
            rests_on="The verifier's own storing key.",
            why="It is a proof, because whoever cosigns promises to have seen one growing log, and "
            "here it has cosigned two that exclude each other. " + _UNSIGNABLE,
            sees="That this verifier helped, or was made to help, both faces of a log.",
            blind="Whether it was bribed, broken into or badly restored; and who gained by it.",
            adds="Nothing is needed to prove it. Whose log it was is accused apart (F2, F3).",
        ),
        Fault.F8B: Meaning(
            rests_on="The verifier's own storing key.",
            why="It is a proof, because what was stored cannot become less: it has cosigned a "
            "smaller log after a larger one, each with the time that it stated itself. "
            + _UNSIGNABLE,
            sees="That this verifier's word on what it stores cannot be relied on.",
            blind="Whether anything was lost, or it was restored from an old copy.",
            adds="Nothing is needed to prove it. The other verifiers hold what it lost.",
        ),
        Fault.F9: Meaning(
            rests_on="The verifier's own signed appraisal, and the logs that it names.",
            why="It is a proof, because an appraisal is arithmetic on public logs: whoever does "
            "it again from the logs that it names comes to another result. " + _UNSIGNABLE,
            sees="That this verifier has said of a lab what the evidence does not say.",
            blind="Whether it lied or its program was wrong; and whether the lab it spoke of "
            "keeps the agreement.",
            adds="Nothing is needed to prove it. The other verifiers' appraisals stand.",
        ),
        Fault.F10: Meaning(
            rests_on="Its own log: the total that it had sealed, and what it opened later, or that "
            "it went on without opening.",
            why="It is a proof, because it had bound itself beforehand to the list of its jobs, "
            "and its own later words contradict the seal or show that it had seen the request. "
            + _UNSIGNABLE,
            sees="A list of jobs that does not match what was sealed, or that is kept back.",
            blind="What the missing jobs were. A list that is whole and false in its labels "
            "passes.",
            adds="Nothing is needed to prove it. What was run takes work that is run again.",
        ),
        Fault.F10R: Meaning(
            rests_on="The word of f+1 verifiers that an inspection went unanswered, or the "
            "accused's own refusal.",
            why="It is no proof of hidden compute: whoever refuses may have a secret that is "
            "none of the agreement's business. It is a breach of access, and a reason to ask.",
            sees="That nobody was let in.",
            blind="Everything behind the door.",
            adds="The inspection itself; until then the grid, satellites, people who know.",
        ),
        Fault.F11: Meaning(
            rests_on="The verifier's own statement key.",
            why="It is a proof, because a verifier speaks once for each place, and here it has "
            "signed two that differ. " + _UNSIGNABLE,
            sees="That this verifier has told different readers different things.",
            blind="Which of the two it meant, and whom it served.",
            adds="Nothing is needed to prove it. The other verifiers' voices stand.",
        ),
    }
)
"""Every fault's meaning; a test says that none is missing."""

BY_INSPECTION: Final = Meaning(
    rests_on="The reports of f+1 verifiers who counted chips at the place by their UID, held "
    "against the accused's own declaration. Whoever controls the accused controls the declaration "
    "and none of the reports.",
    why="It is no proof, because only other people's statements say what stood there. It is as "
    "strong as the count: one of the reports at least is by a verifier that follows the rules "
    "where no more than f do not.",
    sees="Chips that stand where they were counted, and in no declaration.",
    blind="Why they are there and what they did; every place that nobody visited; labels swapped "
    "on chips that are declared.",
    adds="The shipper's own record of these chips, and the power of the place before the visit.",
)
"""F7 of inspectors' reports, where items are counted and no meter is read."""
