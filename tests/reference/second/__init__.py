"""Evidence verification written a second time, from docs/spec: slow and obvious.

Nothing is imported from the package under test.
"""

from tests.reference.second.verifier import derive, examine, verify

__all__ = ["derive", "examine", "verify"]
