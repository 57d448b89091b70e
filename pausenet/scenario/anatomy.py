"""What the clauses of an exercise agreement say about themselves, in words.

Each text names prover, verifier, declaration, the rule for what is not declared, access,
confidentiality, response, and the observation that would show the clause broken.
"""

from __future__ import annotations

from typing import Final

from pausenet.statements.clauses import Anatomy

RUN_CAP: Final = Anatomy(
    prover="The lab that trains.",
    verifier="Every registered verifier, by appraisal under an endorsed cut.",
    declared=(
        "Each training run's name, its parents, and its operations added up over its whole life, "
        "in every period's usage statement."
    ),
    undeclared=(
        "A run that is not declared is not permitted; its compute counts as undeclared use and is "
        "looked for in the power balance."
    ),
    access="Verifiers read totals; opened job records go to inspectors only.",
    confidentiality=(
        "Architecture, data and results stay with the lab; the public learns whether the cap held."
    ),
    response=(
        "A usage statement over the cap that stands uncorrected at the second cut after it is a "
        "confirmed finding and goes to the adjudicator."
    ),
    falsified_by=(
        "One signed usage statement in force that gives a run a total above the limit, or "
        "recovered weights or job records that show such a run."
    ),
)

TOTAL_CAP: Final = Anatomy(
    prover="The lab that owns or rents the accelerators.",
    verifier="Every registered verifier, by appraisal under an endorsed cut.",
    declared=(
        "Occupied accelerator-seconds and operations of every workload class in every period, "
        "also when nothing was used."
    ),
    undeclared="A period without a statement counts as not demonstrated, never as zero use.",
    access="Verifiers read the totals of each class; opened job records go to inspectors only.",
    confidentiality="Single jobs stand in the ledger as salted records, closed to verifiers.",
    response=(
        "A total over the cap that stands uncorrected at the second cut after it is a confirmed "
        "finding and goes to the adjudicator."
    ),
    falsified_by=(
        "One signed usage statement in force whose pre-training, post-training and research "
        "operations add up to more than the limit."
    ),
)

EXERCISE: Final = Anatomy(
    prover="Each party, for itself.",
    verifier="Every registered verifier, by appraisal under an endorsed cut.",
    declared="What the clause speaks of, in the statement of its kind, when it happens.",
    undeclared="What is not declared is not permitted, and counts against the party once shown.",
    access="Verifiers read the statements; opened records go to inspectors only.",
    confidentiality="The public learns whether the clause was kept.",
    response="A confirmed finding goes to the adjudicator, who determines what follows.",
    falsified_by="One signed statement, or one endorsed cut, that shows the contrary.",
)
"""The words of any clause of an exercise that has none of its own."""
