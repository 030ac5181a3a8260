"""One worker per Keras backend that is installed, shared by the tests of the Keras adapter."""

import importlib.util
from collections.abc import Callable, Iterator

import pytest

from layerproof.adapters.client import Client
from layerproof.adapters.protocol import Answer, Case, Forward, Result

BACKENDS = [b for b in ("tensorflow", "jax", "torch") if importlib.util.find_spec(b)]


@pytest.fixture(scope="session", params=BACKENDS)
def keras_worker(request: pytest.FixtureRequest) -> Iterator[Client]:
    """A worker of ``--adapter=keras:BACKEND``."""
    with Client(f"keras:{request.param}") as client:
        client.start()
        yield client


@pytest.fixture(scope="session")
def ask(keras_worker: Client) -> Callable[[Case, str], Answer]:
    """The answer to one aspect of a case."""
    return lambda case, aspect: keras_worker.ask(case, (aspect,)).answers[aspect]


@pytest.fixture(scope="session")
def run(ask: Callable[[Case, str], Answer]) -> Callable[[Case], Result]:
    """What the only call of a case gives."""

    def only_result(case: Case) -> Result:
        answer = ask(case, "forward")
        assert isinstance(answer, Forward), answer
        (result,) = answer.results
        return result

    return only_result
