"""The rules of appraisal: their words, integer tables and vectors, and one digest over them.

Two appraisals can only be compared where their rules digests agree (protocol.md 7.2). A change
of anything here changes the digest, and so does nothing else. The tables are designed by
`pausenet.inference.sequential.triple` and re-computed in its tests.
"""

from __future__ import annotations

from typing import Final

from pausenet.inference.series import Limits, Page
from pausenet.statements import canonical
from pausenet.statements.canonical import Json
from pausenet.values import Digest

ALPHA_PPM: Final = 50_000
"""The false-alarm rate of all tests of one lab together, over a series of so many balances."""
SERIES: Final = Limits(
    row_milli=2_326,
    large=Page(reference_milli=1_000, limit_milli=2_861),
    small=Page(reference_milli=500, limit_milli=5_363),
    periods=52,
)
"""The limits that make it so; a value above that of a row is one in a hundred."""
REPEAT_PERIODS: Final = 13
"""An alarm within so many periods of the last finding is of the same excess."""
SERIES_BYTES_MAX: Final = 1_000_000
"""How many bytes of envelopes a series takes; then a new one begins."""
SUDDEN_STEP_MILLI: Final = 250
SUDDEN_PERCENT: Final = (
    *(0, 0, 0, 0, 2, 4, 9, 16, 26, 39, 53, 67, 78, 87, 93, 96, 98),
    *(99, 99, 99, 99, 99, 99, 99, 99),
)
"""P(an alarm within two periods) in percent, rounded down, for 0, 0.25, ... sigma in each."""
SPREAD_STEP_MILLI: Final = 100
SPREAD_PERCENT: Final = (4, 10, 19, 34, 54, 73, 88, 96, 99)
"""P(an alarm within a whole series) in percent, rounded down, for 0, 0.1, ... sigma in each."""

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
    "10 F7, plausible: the metered energy of a series, at most 52 consecutive periods in force "
    "with usage and reading, is above the declared energy, as corrected, by one of three tests: "
    "two values in a row above a limit, or Page's sum above its own, for a large shift or a small"
    " one. A value is what a balance leaves, relative to what was declared, less what those "
    "before it of the same calibration foretell, in standard deviations. All tests of a lab that "
    "follows the rules alarm in one series in twenty. After an alarm, a gap, 52 balances or "
    "1,000,000 bytes a new series begins. The first alarm is a finding, and each one more than 13"
    " periods after the last finding; it names the first test that alarms, in the order above. A "
    "meter with a confirmed fault is not used.",
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
    "128 and as many as fit with all else that it says in 32,000 bytes of canonical JSON, commas "
    "between them left out of account; the others count, and are not listed. What no bundle can "
    "hold is not found.",
    "15 Draws: a verifier's chain is the one whose head is its log's first statement. Of each "
    "party bound in a period, its pre-image draws a share of the quota from the ledger of the "
    "usage statement that counts, and sites; shares are united. A correction changes no draw. A "
    "request that is not so drawn binds nobody. Draws are audited by chi-square over equal parts "
    "of the ledgers, one false alarm in a thousand, once each part expects ten.",
    "16 F10, confirmed, with a bundle of its own: the earliest request whose clock ended without "
    "an opening of the leaves asked for, where the lab, having seen the request, attested a later "
    "period, and the register that it knew then, and when it first had seen it, is as long as the "
    "request's and gives the request's period the same epoch. Other F10 come by rule 7. Not of a "
    "lab that has F1, F2 or F3.",
    "17 F10r, unresolved: f+1 verifiers close a request as unanswered, or as undelivered. "
    "Answered since, it is a withdrawn finding; open, it leaves what is due not demonstrated. A "
    "signed refusal of a challenge is F10r as well, and proves nothing of what was suspected.",
    "18 F7, plausible, also of a challenge: f+1 verifiers report alike how many accelerators at "
    "the place stand in no declaration. Challenges move at cuts by the table of the protocol; "
    "three quarters of the parties stop one, nobody need vote to start one.",
)

VECTORS: Final[tuple[dict[str, list[int] | int], ...]] = (
    {
        "random_ppm": 10_000,
        "systematic_ppm": 0,
        "calibration_periods": 0,
        "declared_wh": [1_000, 1_000, 979],
        "metered_wh": [1_000, 1_020, 1_000],
        "values": [0, 2_000, 2_145],
    },
    {
        "random_ppm": 10_000,
        "systematic_ppm": 10_000,
        "calibration_periods": 2,
        "declared_wh": [1_000, 1_000, 1_000, 500, 1_000, 0],
        "metered_wh": [1_020, 1_020, 1_020, 1_000, 0, 0],
        "values": [1_414, 816, 1_414, 80_833, -70_710, 2_309],
    },
    {
        "random_ppm": 10_000,
        "systematic_ppm": 3_000,
        "calibration_periods": 0,
        "declared_wh": [8_917_199_254_740_991, 999_999, 0, 1_000_003],
        "metered_wh": [9_007_199_254_740_991, 989_999, 1, 1_013_337],
        "values": [966, -1_041, 96_390, 1_001],
    },
    {
        "random_ppm": 0,
        "systematic_ppm": 2_000,
        "calibration_periods": 3,
        "declared_wh": [1_000_000, 1_000_000, 1_000_000, 1_000_000],
        "metered_wh": [1_002_000, 1_002_001, 1_001_999, 998_000],
        "values": [999, 707, -1_224, -999],
    },
)
"""Series from period 0 on, with their values in thousandths of sigma."""

RULES: Final[dict[str, Json]] = {
    "rules": "v1",
    "text": list(TEXT),
    "alpha_ppm": ALPHA_PPM,
    "series": {
        "row_milli": SERIES.row_milli,
        "large": [SERIES.large.reference_milli, SERIES.large.limit_milli],
        "small": [SERIES.small.reference_milli, SERIES.small.limit_milli],
        "periods": SERIES.periods,
        "repeat_periods": REPEAT_PERIODS,
        "bytes_max": SERIES_BYTES_MAX,
    },
    "sudden_step_milli": SUDDEN_STEP_MILLI,
    "sudden_percent": list(SUDDEN_PERCENT),
    "spread_step_milli": SPREAD_STEP_MILLI,
    "spread_percent": list(SPREAD_PERCENT),
    "audit_least": AUDIT_LEAST,
    "chi_square_milli": [[parts, CHI_SQUARE_MILLI[parts]] for parts in sorted(CHI_SQUARE_MILLI)],
    "vectors": [
        {name: list(each) if isinstance(each, list) else each for name, each in vector.items()}
        for vector in VECTORS
    ],
}
RULES_BYTES: Final = canonical.encode(RULES)
"""The rules as they are published: canonical JSON."""
RULES_DIGEST: Final = Digest.of(RULES_BYTES)


def sudden_percent(shift_milli: int) -> int:
    """The power within two periods against a shift of so many thousandths of sigma in both."""
    return SUDDEN_PERCENT[min(shift_milli // SUDDEN_STEP_MILLI, len(SUDDEN_PERCENT) - 1)]


def spread_percent(shift_milli: int) -> int:
    """The power within a whole series against a shift of so many thousandths in each value."""
    return SPREAD_PERCENT[min(shift_milli // SPREAD_STEP_MILLI, len(SPREAD_PERCENT) - 1)]
