"""A program that does not import layerproof is an adapter; one that breaks the protocol is lost."""

import json
import shlex
import sys
from pathlib import Path

import numpy as np
import pytest

from layerproof.adapters.client import Client, Limits
from layerproof.adapters.loading import AdapterError
from layerproof.adapters.protocol import Case, Forward, Lost, Step, Unsupported

FOREIGN = Path(__file__).with_name("foreign_adapter.py")
X = np.array([[1.0, -2.0], [-0.0, 3e38]], np.float32)


def spec(program: Path, *arguments: str) -> str:
    return "process:" + shlex.join([sys.executable, str(program), *arguments])


def case(item: str, *inputs: np.ndarray, weights: dict | None = None, **config: object) -> Case:
    return Case(item, config, weights or {}, steps=(Step("call", inputs),))


def test_the_example_is_short_and_independent() -> None:
    text = FOREIGN.read_text()
    assert len(text.splitlines()) <= 60
    assert not [line for line in text.splitlines() if "import layerproof" in line]
    assert "from layerproof" not in text


def test_three_items_in_sixty_lines() -> None:
    kernel, bias = np.array([[1, 2], [3, 4]], np.float32), np.array([0.5, -0.5], np.float32)
    expected = [
        (case("activations.relu", X, negative_slope=0.5), np.where(X >= 0, X, X / 2)),
        (
            case("layers.Dense", X[:1], weights={"kernel": kernel, "bias": bias}, units=2),
            np.array([[-4.5, -6.5]], np.float32),
        ),
        (case("layers.Add", X, X[:1], -X), X + X[:1] - X),
    ]
    with Client(spec(FOREIGN)) as client:
        client.start()
        assert (client.name, client.versions) == ("foreign", {"numpy": np.__version__})
        assert client.capabilities.aspects == ("forward",)
        assert client.capabilities.items == ("activations.relu", "layers.Dense", "layers.Add")
        for asked, y in expected:
            answers = client.ask(asked, ("forward", "gradients")).answers
            assert answers["gradients"] == Unsupported(f"no gradients of {asked.item} like this")
            assert isinstance(answers["forward"], Forward)
            output = answers["forward"].results[0].outputs[0]
            assert output.dtype == np.float32
            assert output.tobytes() == y.astype(np.float32).tobytes()
        other = client.ask(case("layers.Conv2D", X), ("forward",)).answers["forward"]
        assert isinstance(other, Unsupported)
        assert client.unconfirmed == 0


BABBLER = """
import json, sys
reply = json.loads(sys.argv[1])
for line in sys.stdin:
    message = json.loads(line)
    kind = message["type"]
    if kind == "stop":
        break
    if kind == "start":
        print(json.dumps({"type": "started", "name": "babbler"}), flush=True)
    elif kind == "capabilities":
        print(json.dumps({"type": "capabilities"}), flush=True)
    else:
        sys.stdout.write(reply.replace("ID", str(message["id"])))
        sys.stdout.flush()
        if not reply.endswith("\\n"):
            break
"""

ANSWER = {"type": "outcome", "id": 0, "answers": {}}
NO = {"type": "unsupported", "reason": "no"}


def outcome(**changes: object) -> str:
    """A reply line with the right id, unless changed."""
    return json.dumps(ANSWER | changes).replace('"id": 0', '"id": ID') + "\n"


DEEP = outcome(answers={"config": {"type": "config", "config": {"a": "HERE"}}}).replace(
    '"HERE"', "[" * 20_000
)


@pytest.mark.parametrize(
    ("reply", "detail"),
    [
        ("garbage\n", "wrote b'garbage': not a valid message: JSON is malformed"),
        ("\n", "wrote b'': not a valid message"),
        ("\x00\x1b[31mred\n", "wrote b'\\x00\\x1b[31mred'"),
        ('{"type": "outcome", "id": 1, "answ', "exited with code 0"),
        ('{"type": "nonsense"}\n', "Invalid value 'nonsense'"),
        ('{"type": "started", "name": "again"}\n', "answered with a message of type 'started'"),
        ('{"type": "failed", "reason": "out of\\nluck"}\n', "out of luck"),
        (outcome(), "answered something that was not asked"),
        (outcome(id=99, answers={"forward": NO}), "answered something that was not asked"),
        (outcome(answers={"forward": NO, "save": NO}), "answered something that was not asked"),
        (outcome(answers={"forward": NO}, extra=1), "unknown field `extra`"),
        (outcome(answers={"forward": NO}, schema=2), "schema 2"),
        (outcome(answers={"forward": {"type": "accepted"}}), "the answer to forward is not"),
        (
            outcome(answers={"forward": {"type": "lost", "how": "crash", "detail": "I say so"}}),
            "the answer to forward is not",
        ),
        (
            outcome(answers={"forward": {"type": "forward", "results": [{"outputs": [[1.0]]}]}}),
            'an array is {"$array"',
        ),
        (DEEP, "nested too deeply"),
    ],
)
def test_a_broken_answer_is_a_loss_and_the_run_goes_on(
    reply: str, detail: str, tmp_path: Path
) -> None:
    program = tmp_path / "babbler.py"
    program.write_text(BABBLER)
    with Client(spec(program, json.dumps(reply)), limits=Limits(start_seconds=30.0)) as client:
        client.start()
        for _ in range(2):
            lost = client.ask(case("layers.Add", X), ("forward",)).answers["forward"]
            assert isinstance(lost, Lost)
            assert lost.how == "crash"
            assert detail in lost.detail
            assert lost.detail.isprintable()


def test_two_lines_for_one_message(tmp_path: Path) -> None:
    """The second line answers nothing: it must not become the answer to the next case."""
    program = tmp_path / "babbler.py"
    program.write_text(BABBLER)
    reply = outcome(answers={"forward": NO})
    with Client(spec(program, json.dumps(reply + reply))) as client:
        client.start()
        for _ in range(3):
            answer = client.ask(case("layers.Add", X), ("forward",)).answers["forward"]
            assert answer == Unsupported("no")
        assert client.unconfirmed >= 1


def test_a_flood_without_a_line_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("layerproof.adapters.channel.MAX_LINE", 1 << 20)
    program = tmp_path / "flood.py"
    program.write_text("import sys\nwhile True: sys.stdout.write('x' * 65536)\n")
    with Client(spec(program)) as client, pytest.raises(AdapterError, match="without the end"):
        client.start()


DEAF = """
import sys, time
for reply in ('{"type": "started", "name": "deaf"}', '{"type": "capabilities"}'):
    sys.stdin.readline()
    print(reply, flush=True)
time.sleep(60)
"""


def test_a_program_that_never_reads(tmp_path: Path) -> None:
    """A message larger than the pipe must not block the suite."""
    program = tmp_path / "deaf.py"
    program.write_text(DEAF)
    with Client(spec(program), limits=Limits(wall_seconds=1.0)) as client:
        client.start()
        big = case("layers.Add", np.zeros(1 << 20, np.float32))
        lost = client.ask(big, ("forward",)).answers["forward"]
    assert isinstance(lost, Lost)
    assert lost.how == "timeout"


HASTY = """
import sys
for reply in ('{"type": "started", "name": "hasty"}', '{"type": "capabilities"}'):
    sys.stdin.buffer.raw.read(1 << 10)
    print(reply, flush=True)
sys.stdin.buffer.raw.read(10)
print('{"type": "outcome", "id": 1, "answers": {"forward": {"type": "unsupported", "reason": ""}}}')
sys.stdout.flush()
sys.stdin.buffer.raw.read(10)
import time; time.sleep(60)
"""


def test_a_program_that_answers_before_it_has_read(tmp_path: Path) -> None:
    """The rest of the message would be the beginning of the next one."""
    program = tmp_path / "hasty.py"
    program.write_text(HASTY)
    with Client(spec(program)) as client:
        big = case("layers.Add", np.zeros(1 << 20, np.float32))
        lost = client.ask(big, ("forward",)).answers["forward"]
    assert lost == Lost("crash", "answered before it had read the message")
