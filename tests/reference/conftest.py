"""Node, for all tests of the Node verifier."""

import pytest

from tests.reference.nodejs import find_node


@pytest.fixture(scope="session")
def node() -> str:
    """Node of a version that will do."""
    return find_node()
