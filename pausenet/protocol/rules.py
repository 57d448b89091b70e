"""The rules of appraisal: their words, integer tables and vectors, and one digest over them.

Two appraisals can only be compared where their rules digests agree (protocol.md 7.2). A change
of anything here changes the digest, and so does nothing else. The tables are designed by
`pausenet.inference.balance` and re-computed in its tests.
"""

from __future__ import annotations

from bisect import bisect_right
from fractions import Fraction
from typing import Final

from pausenet.statements import canonical
from pausenet.statements.canonical import Json
from pausenet.values import Digest

ALPHA_PPM: Final = 10_000
"""The false-alarm rate of one period's energy test: 1 %."""
Z: Final = Fraction(2_326_348, 1_000_000)
"""The one-sided quantile of the standard normal for that rate."""
JOINT_STEP_MILLI: Final = 25
JOINT_PPM: Final = (
    *(100, 119, 141, 166, 193, 224, 259, 297, 339, 386, 438, 495, 557, 625, 699, 779),
    *(866, 961, 1064, 1175, 1294, 1424, 1564, 1714, 1877, 2053, 2242, 2447, 2669, 2910),
    *(3171, 3457, 3769, 4114, 4498, 4928, 5420, 5996, 6700, 7645, 10000),
)
"""P(two periods both exceed) in ppm, rounded up, for correlations 0, 25, ... 1000 thousandths."""
POWER_STEP_MILLI: Final = 250
POWER_PERCENT: Final = (
    *(0, 1, 3, 5, 9, 14, 20, 28, 37, 46, 56, 66, 74, 82, 87, 92, 95, 97, 98),
    *(99, 99, 99, 99, 99, 99),
)
"""P(one period exceeds) in percent, rounded down, for hidden quantities of 0, 0.25, ... sigma."""

AUDIT_LEAST: Final = 10
"""How many draws each part must expect before draws are audited."""
CHI_SQUARE_MILLI: Final = {2: 10_828, 4: 16_266, 8: 24_322, 16: 37_697}
"""The chi-square quantile that one even draw in a thousand exceeds, by number of parts."""

TEXT: Final = (
    "1 A cut is the network's when k verifiers endorse one cut digest in their own logs. Rules "
    "speak of the network's cuts found inside the appraised cut, and of that cut itself, in the "
    "order in which each contains those before it: one that came late stands last. The "
    "verifiers, k and f of a cut, and of what is said for a period, are those of the epoch of its "
    "period, by the register that the cut names; a proof takes f+1 verifiers of any one epoch up "
    "to it. What a verifier says of proofs and silences counts for an epoch where a cut of that "
    "epoch holds it. A silence or a request counts where the register that it names is the "
    "beginning of that one, and gives its period the same epoch.",
    "2 The agreement's course follows docs/spec/lifecycle.md, cut by cut: activation by the "
    "ratifications, trigger, lift rule, notice, derogation, peers, snap-back and determinations, "
    "with the time to answer, the standard of evidence and appeals. "
    "A lab is bound in the periods that its course opens and does not close or set aside. The "
    "limits of a staged cap are those of the times and milestones that the cuts show reached, its "
    "barred runs those to which the cuts show the panel to have objected in time; clauses that a "
    "rule of their own starts or lifts bind as the cuts show it met, and limits have been lowered "
    "to what enough of the parties held want in a cut.",
    "3 What is due for a period: the first usage statement of the lab with exactly that period, "
    "naming the agreement when the period is in force for the lab; and, where the power channel "
    "is required, the first reading of the lab by its meter with exactly that period. Of "
    "who accedes nothing is due or found for periods before the first that binds it.",
    "4 Published time: the (f+1)-th smallest storing time, over distinct verifiers, on sizes past "
    "the statement; on time at or before the period's close, as shown by a cut of that period.",
    "5 Status, the first that applies: breach-proven, with a confirmed fault of the lab; "
    "discrepancy, with F7; not-demonstrated, when something due up to the cut's period is "
    "missing, when what is due for the cut's own period was not on time, by rule 17, when the "
    "lab's required meter has a confirmed fault, or when a usage statement as in rule 9 is over a "
    "staged cap's limit or a lowered one, or grows a barred run, and nothing shows that the lab "
    "had learned of it in time, or breaks a clause of which it says that it does not bind; "
    "not-in-force; no breach found in what was declared.",
    "6 F1 to F4 contradict declared-run correctness and completeness: the lab's account is not "
    "one account; so does F10. F6 takes the declaration at its word and contradicts neither. F7 "
    "contradicts fleet completeness. Nothing a lab says of itself ever supports a claim.",
    "7 A proof stands when its bundle is among the cut's faults and f+1 verifiers name the same "
    "fault, grade, accused and bundle in their logs. One graded plausible is of a key revoked "
    "before they saw it: it is listed so, and counts for no status, claim or meter.",
    "8 F5, unresolved: f+1 verifiers say in their logs that nothing due was held at a period's "
    "close, and no cut shows it on time. Periods answered since form a withdrawn finding.",
    "9 F6, confirmed: the earliest usage statement of a period in force that names the agreement "
    "and is over a cap, once the second network cut holds it, as corrected by then. Where the "
    "clause counts a run with its ancestors, the largest total that the lab has stated of each is "
    "summed, each once. A staged cap's limit counts where the lab's own usage of a period at least "
    "two before shows that it had k equal appraisals naming it; of runs it counts against those "
    "that grew in the period. So with runs in the band of C11 that grew: each names its report, "
    "which stands in the lab's own log before the usage of a period long enough past; a barred run "
    "counts where the lab had learned of the bar as of a stage. A clause that can be started or "
    "lifted by itself binds as the usage says, and as the cuts show. A limit that the parties have "
    "lowered counts like a staged cap's. Where the agreement says so, "
    "the limits of all these caps halve with its periods, down to a floor; over what such a limit "
    "has come down to counts a run that grew in the period. One finding for each lab.",
    "10 F7, plausible: metered energy exceeds declared energy, as corrected, by more than z "
    "standard deviations in two consecutive periods in force. One finding for each unbroken run of "
    "such periods, on its first pair. A meter with a confirmed fault is not used.",
    "11 F9, confirmed: a verifier's appraisal by these rules that is not, byte for byte, what they "
    "make of the cut it names, as shown by that cut and every log it lists. Two implementations "
    "decide: the Python package pausenet, and the Node verifier in its tests/reference. What is "
    "appraised by rules of another digest is not run, and never F9.",
    "12 F11, confirmed: one verifier's two endorsements of one period and view, two appraisals "
    "of one period, view and lab, or two approvals of changes after one entry, that differ. A "
    "verifier endorses, and appraises, one cut for each period and view, whatever others make of "
    "them.",
    "13 A correction counts when it names an earlier usage statement of its log by id and place, "
    "is of its period, and stands in its window: the entries after it, at most 64, up to the one "
    "with which they have 200,000 bytes, and within the second network cut that holds the "
    "statement: the first of a later period than its own and than the first cut's that holds it. "
    "The last counts. An appraisal says how many count in the periods in force, and in which of "
    "these, the latest 1,000, compute was lowered by any in the window, in time or late: each of "
    "those opens an inspection, and erases nothing.",
    "14 An appraisal lists the findings of rules 7, 9, 10, 8, 16, 17 and 18 in this order, at most "
    "128 and as many as fit in 32,000 bytes of canonical JSON; the others count, and are not "
    "listed.",
    "15 Draws: a verifier's chain is the one whose head is its log's first statement. Of each "
    "party bound in a period, its pre-image draws a share of the quota from the ledger of the "
    "usage statement that counts, and sites; shares are united. A correction changes no draw. A "
    "request that is not so drawn binds nobody. Draws are audited by chi-square over equal parts "
    "of the ledgers, one false alarm in a thousand, once each part expects ten.",
    "16 F10, confirmed, with a bundle of its own: the earliest request whose clock ended without "
    "an opening of the leaves asked for, where the lab, having seen the request, attested a later "
    "period, and the register that it had seen gives the request's period the same epoch. Other "
    "F10 come by rule 7. Not of a lab that has F1, F2 or F3.",
    "17 F10r, unresolved: f+1 verifiers close a request as unanswered, or as undelivered. "
    "Answered since, it is a withdrawn finding; open, it leaves what is due not demonstrated. A "
    "signed refusal of a challenge is F10r as well, and proves nothing of what was suspected.",
    "18 F7, plausible, also of a challenge: f+1 verifiers report alike how many accelerators at "
    "the place stand in no declaration. Challenges move at cuts by the table of the protocol; "
    "three quarters of the parties stop one, nobody need vote to start one.",
)

VECTORS: Final[tuple[dict[str, int], ...]] = (
    {"declared_wh": 1000, "metered_wh": 1000, "random_ppm": 10000, "systematic_ppm": 0, "z": 0},
    {"declared_wh": 979, "metered_wh": 1000, "random_ppm": 10000, "systematic_ppm": 0, "z": 2100},
    {
        "declared_wh": 976,
        "metered_wh": 1000,
        "random_ppm": 10000,
        "systematic_ppm": 3000,
        "z": 2298,
    },
    {
        "declared_wh": 975,
        "metered_wh": 1000,
        "random_ppm": 10000,
        "systematic_ppm": 3000,
        "z": 2394,
    },
)
"""Balances with their z in thousandths."""

RULES: Final[dict[str, Json]] = {
    "rules": "v1",
    "text": list(TEXT),
    "alpha_ppm": ALPHA_PPM,
    "z_ppm": int(Z * 10**6),
    "joint_step_milli": JOINT_STEP_MILLI,
    "joint_ppm": list(JOINT_PPM),
    "power_step_milli": POWER_STEP_MILLI,
    "power_percent": list(POWER_PERCENT),
    "audit_least": AUDIT_LEAST,
    "chi_square_milli": [[parts, CHI_SQUARE_MILLI[parts]] for parts in sorted(CHI_SQUARE_MILLI)],
    "vectors": [dict(vector) for vector in VECTORS],
}
RULES_BYTES: Final = canonical.encode(RULES)
"""The rules as they are published: canonical JSON."""
RULES_DIGEST: Final = Digest.of(RULES_BYTES)


def joint_ppm(correlation_milli: int) -> int:
    """The false-alarm rate of a pair, from the next larger correlation of the table."""
    return JOINT_PPM[-(-correlation_milli // JOINT_STEP_MILLI)]


def power_percent(quantity_milli: int) -> int:
    """The power against a quantity of so many thousandths of sigma, from the next smaller."""
    steps = range(0, POWER_STEP_MILLI * len(POWER_PERCENT), POWER_STEP_MILLI)
    return POWER_PERCENT[bisect_right(steps, quantity_milli) - 1]
