"""pausenet: a prototype of a verifiable-pause coordination protocol."""

__version__ = "0.1.0"
