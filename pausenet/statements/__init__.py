"""What can be said: frozen values, one kind a module, one encoder and one decoder."""

from pausenet.statements.agreement import Agreement, Schedule
from pausenet.statements.codec import Body, Kind, Statement, Subject, decode, encode
from pausenet.statements.cut import Cut
from pausenet.statements.finding import Appraisal, Fault, Finding, Grade, Status
from pausenet.statements.reading import Reading
from pausenet.statements.usage import ComputeUsage

__all__ = [
    "Agreement",
    "Appraisal",
    "Body",
    "ComputeUsage",
    "Cut",
    "Fault",
    "Finding",
    "Grade",
    "Kind",
    "Reading",
    "Schedule",
    "Statement",
    "Status",
    "Subject",
    "decode",
    "encode",
]
