"""Whatever an implementation does, the client comes back with an Outcome and the run goes on."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import psutil
import pytest

from layerproof.adapters.client import Client, InProcess, Limits, connect
from layerproof.adapters.loading import AdapterError
from layerproof.adapters.protocol import (
    Case,
    Forward,
    Gradients,
    Lost,
    Outcome,
    Raised,
    Step,
    Unsupported,
)

HERE = Path(__file__).parent
TIGHT = Limits(cpu_seconds=1.0, wall_seconds=4.0, memory_bytes=400 << 20, start_seconds=60.0)
X = np.array([1.0, -2.0], np.float32)


@pytest.fixture(autouse=True)
def _importable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(HERE))


@pytest.fixture
def client() -> Iterator[Client]:
    with Client("unruly:Unruly", "cpu", TIGHT) as client:
        client.start()
        yield client


def case(**config: object) -> Case:
    return Case("layers.Double", config, steps=(Step("call", (X,)),), cotangents=(X,))


def is_right(outcome: Outcome) -> bool:
    """Both aspects have their real answers."""
    match outcome.answers:
        case {"forward": Forward(results=[result]), "gradients": Gradients(inputs=[gradient])}:
            return np.array_equal(result.outputs[0], 2 * X) and np.array_equal(gradient, 2 * X)
    return False


BOTH = ("forward", "gradients")


def test_says_what_it_is(client: Client) -> None:
    assert (client.name, client.versions) == ("unruly", {"unruly": "1.0"})
    assert client.capabilities.items is None
    assert client.capabilities.aspects == ("forward", "gradients", "shape", "compiled")
    assert is_right(client.ask(case(), BOTH))
    assert client.unconfirmed == 0


@pytest.mark.parametrize(
    ("do", "how", "detail"),
    [
        ("abort", "crash", "killed by SIGABRT: Fatal Python error: Aborted"),
        ("sigfpe", "crash", "killed by SIGFPE: Fatal Python error: Floating"),
        ("sigkill", "crash", "killed by SIGKILL (not by the suite: out of memory?)"),
        ("exit", "crash", "exited with code 3"),
        ("complain", "crash", "exited with code 7: terrible"),
        ("orphan", "crash", "exited with code 9"),
        ("spin", "timeout", "more than 1 s of CPU time"),
        ("spin_in_child", "timeout", "more than 1 s of CPU time"),
        ("sleep", "timeout", "more than 4 s without an answer"),
        ("eat", "crash", "resident memory above 0.391 GiB"),
    ],
)
def test_a_loss_costs_one_aspect_and_the_run_goes_on(
    client: Client, do: str, how: str, detail: str
) -> None:
    outcome = client.ask(case(do=do, **{"in": "gradients"}), BOTH)
    lost = outcome.answers["gradients"]
    assert isinstance(lost, Lost), lost
    assert lost.how == how
    assert lost.detail.startswith(detail)
    assert isinstance(outcome.answers["forward"], Forward)
    assert client.unconfirmed == 0
    assert is_right(client.ask(case(), BOTH))


def test_all_aspects_can_be_lost(client: Client) -> None:
    outcome = client.ask(case(do="abort"), BOTH)
    assert [type(a) for a in outcome.answers.values()] == [Lost, Lost]
    assert is_right(client.ask(case(), BOTH))


def test_a_loss_that_does_not_repeat_is_counted_and_not_reported(
    client: Client, tmp_path: Path
) -> None:
    outcome = client.ask(case(do="abort", once=str(tmp_path / "done")), BOTH)
    assert is_right(outcome)
    assert client.unconfirmed == 1


@pytest.mark.parametrize("do", ["print", "stdin", "warn", "flood"])
def test_noise_does_not_reach_the_channel(client: Client, do: str) -> None:
    assert is_right(client.ask(case(do=do), BOTH))
    assert is_right(client.ask(case(), BOTH))
    assert client.unconfirmed == 0


@pytest.mark.parametrize("isolate", [True, False])
def test_exceptions_are_answers(isolate: bool) -> None:
    with connect("unruly:Unruly", limits=TIGHT, isolate=isolate) as client:
        client.start()
        for do, kind, message in [
            ("value_error", "ValueError", "x" * 2000),
            ("weird", "Weird", "(its message raises RuntimeError)"),
            ("memory_error", "MemoryError", "too big"),
        ]:
            answer = client.ask(case(do=do), ("forward",)).answers["forward"]
            assert isinstance(answer, Raised)
            assert (answer.kind, answer.message) == (kind, message)
            assert "Exception" in answer.bases


@pytest.mark.parametrize("isolate", [True, False])
def test_wrong_and_missing_methods(isolate: bool) -> None:
    with connect("unruly:Unruly", limits=TIGHT, isolate=isolate) as client:
        answers = client.ask(case(), ("shape", "compiled", "save", "upper")).answers
    assert answers["shape"] == Raised(
        "TypeError", ("Exception", "BaseException"), "shape() of the adapter returned a Forward"
    )
    assert answers["compiled"] == Unsupported("no compiler here")
    assert answers["save"] == Unsupported("the adapter has no method save")
    assert answers["upper"] == Unsupported("the adapter has no method upper")


@pytest.mark.parametrize(
    ("spec", "message"), [("unruly:Complex", "complex64"), ("unruly:Scalar", "an array is")]
)
def test_what_the_protocol_cannot_say_is_an_answer(spec: str, message: str) -> None:
    with Client(spec, "cpu", TIGHT) as client:
        answer = client.ask(case(), ("forward",)).answers["forward"]
        assert client.unconfirmed == 0
    assert isinstance(answer, Raised)
    assert message in answer.message


def test_in_process_takes_warnings_and_exit() -> None:
    with InProcess("unruly:Unruly") as client:
        assert is_right(client.ask(case(do="warn"), BOTH))
        lost = client.ask(case(do="exit"), BOTH).answers["forward"]
        assert lost == Lost("crash", "exited with code 3")
        assert is_right(client.ask(case(), BOTH))


def test_large_arrays_pass_both_ways(client: Client) -> None:
    x = np.arange(1 << 18, dtype=np.float32)
    big = Case("layers.Double", steps=(Step("call", (x,)),))
    answer = client.ask(big, ("forward",)).answers["forward"]
    assert isinstance(answer, Forward)
    assert np.array_equal(answer.results[0].outputs[0], 2 * x)


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ("unruly:NoStart", "OSError: no such accelerator please buy one"),
        ("no.such.module:Adapter", "No module named 'no'"),
        ("process:/no/such/program", "No such file or directory"),
        ("process:false", "exited with code 1"),
        ("process:sleep 60", "more than 1 s without an answer"),
        ("process:echo hello", "wrote b'hello'"),
        ("process:'", "No closing quotation"),
        ("process:", "names no command"),
    ],
)
def test_what_does_not_start_says_why_in_one_line(spec: str, message: str) -> None:
    seconds = 1.0 if "sleep" in spec else 60.0
    client = Client(spec, "cpu", Limits(start_seconds=seconds))
    with client, pytest.raises(AdapterError) as error:
        client.start()
    assert message in str(error.value)
    assert "\n" not in str(error.value)


def test_close_leaves_no_process(client: Client) -> None:
    client.ask(case(), BOTH)
    worker = client._channel.process
    client.close()
    assert worker.returncode == 0
    client.close()


@pytest.mark.parametrize("do", ["nothing", "sleep"])
def test_the_worker_ends_when_its_parent_is_killed(do: str, tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from test_client import Client, case\n"
        "client = Client('unruly:Unruly'); client.start()\n"
        "print(client._channel.process.pid, flush=True)\n"
        "client.ask(case(do=sys.argv[2]), ('forward',)); input()\n"
    )
    command = [sys.executable, str(script), str(HERE), do]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        worker = psutil.Process(int(parent.stdout.readline()))
        time.sleep(0.5)
        os.kill(parent.pid, signal.SIGKILL)
        worker.wait(10)
    assert not worker.is_running()
