import pytest

from tests.node.certificates import Net, make_net


@pytest.fixture(scope="session")
def net(tmp_path_factory: pytest.TempPathFactory) -> Net:
    return make_net(tmp_path_factory.mktemp("net"))
