"""Words of an agreement that come to nothing: nobody is named, or nothing is limited.

A determination counts where the panel's members have signed it in their logs; without a panel
there is no such log. A duty to keep within the limits asks nothing where there are none.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pausenet.protocol.drafting.sight import Unseen
from pausenet.statements.agreement import Agreement
from pausenet.statements.clauses import Dispute, LiftCondition, Triggered, Withdrawal
from pausenet.statements.clauses.anatomy import ClauseKind
from pausenet.statements.clauses.course import Duty
from pausenet.statements.rule import AdjudicatorDetermines, Rule

_LIMITS: Final = frozenset(
    {
        *(ClauseKind.TOTAL_CAP, ClauseKind.RUN_CAP, ClauseKind.POST_TRAINING_CAP),
        *(ClauseKind.CLUSTER_CAP, ClauseKind.STOCK_CAP, ClauseKind.RESEARCH_BUDGET),
        *(ClauseKind.STAGED_CAP, ClauseKind.INFERENCE_CAP),
    }
)


def empty(agreement: Agreement) -> Iterator[Unseen]:
    """What rules 1.23 and 1.24 find: number, path, text."""
    if not agreement.adjudicator.panel and _asks_a_panel(agreement):
        text = (
            "no panel is named, so that determinations are not in any log and nothing counts them"
        )
        yield "1.23", ("adjudicator",), text
    limited = any(clause.KIND in _LIMITS for clause in agreement.clauses)
    for at, clause in enumerate(agreement.clauses):
        if isinstance(clause, Withdrawal) and Duty.CAPS in clause.duties and not limited:
            text = "whoever leaves is to keep within the limits, and this agreement has none"
            yield "1.24", ("clauses", at, "duties"), text


def _asks_a_panel(agreement: Agreement) -> bool:
    """Whether a clause or a rule waits for what only a panel's log can show."""
    rules: list[Rule] = [agreement.trigger, agreement.lift]
    for clause in agreement.clauses:
        match clause:
            case Dispute():
                return True
            case Triggered() | LiftCondition():
                rules.append(clause.rule)
            case _:
                pass
    return any(
        isinstance(each, AdjudicatorDetermines) for rule in rules for each in rule.conditions
    )
