"""Conformance cases: what every verifier, in any language, must say of the same bytes.

`make_suite` makes them all from seeded runs; `answer` says what pausenet makes of one. Reading and
writing the files is the command's work (`pausenet vectors`).
"""

from pausenet.simulator.vectors.case import Case, CaseKind, Facts, Suite, Verdict
from pausenet.simulator.vectors.judge import answer
from pausenet.simulator.vectors.make import make_suite

__all__ = ["Case", "CaseKind", "Facts", "Suite", "Verdict", "answer", "make_suite"]
