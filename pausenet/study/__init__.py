"""Studies: a question, a computation that anybody can repeat, a table and a picture.

`accountancy` holds the design document's assertions on material accountancy against what
`pausenet.inference` computes; `precision` asks how precise a meter must be for a fleet and a cap.
"""

from pausenet.study.accountancy import ASSERTIONS
from pausenet.study.assertions import Answer, Assertion, Verdict
from pausenet.study.precision import Question, precision_needed

__all__ = [
    "ASSERTIONS",
    "Answer",
    "Assertion",
    "Question",
    "Verdict",
    "precision_needed",
]
