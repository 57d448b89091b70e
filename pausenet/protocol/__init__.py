"""The heart: machines that take events and return effects; no clock, chance, socket or file."""

from pausenet.protocol.appraisal import Appraised, appraise
from pausenet.protocol.attester import LabMachine, MeterMachine
from pausenet.protocol.bundle import Verification, verify_bundle
from pausenet.protocol.enrolment import compose_register
from pausenet.protocol.messages import Effect, Event, Machine, Message
from pausenet.protocol.register import Applicant, Keyring, Member, Register
from pausenet.protocol.verifier import VerifierMachine, VerifierView

__all__ = [
    "Applicant",
    "Appraised",
    "Effect",
    "Event",
    "Keyring",
    "LabMachine",
    "Machine",
    "Member",
    "Message",
    "MeterMachine",
    "Register",
    "Verification",
    "VerifierMachine",
    "VerifierView",
    "appraise",
    "compose_register",
    "verify_bundle",
]
