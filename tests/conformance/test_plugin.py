"""The plugin from outside: exit codes, options, reports, isolation, xdist. Each runs pytest."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PLANTED = "planted"


def run(*options, cwd, items="gelu or dense", adapter="planted:Honest", environment=None):
    """The suite over a few items; stdout and stderr together, and the exit code."""
    command = [sys.executable, "-m", "pytest", str(ROOT / "conformance"), "-q", "-k", items]
    command += [f"--adapter={adapter}", "-p", "no:cacheprovider", *options]
    path = {"PYTHONPATH": str(Path(__file__).parent)}
    done = subprocess.run(
        command,
        cwd=cwd,
        env=os.environ | path | (environment or {}),
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    return done.stdout + done.stderr, done.returncode


def cells(folder):
    record = json.loads((folder / "compliance" / "record.json").read_text())
    return {(c["item"], c["property"], c["dtype"]): c for c in record["cells"]}, record


def timeless(record):
    """The record without what depends on when and how fast it ran."""
    for cell in record["cells"]:
        del cell["seconds"]
    for name in ("started", "seconds"):
        del record["run"][name]
    return record


def test_a_conforming_adapter_exits_with_0_and_leaves_record_and_page(tmp_path):
    output, code = run(cwd=tmp_path)
    assert code == 0, output
    found, record = cells(tmp_path)
    assert found["layers.Dense", "values", "float32"]["verdict"] == "pass"
    assert record["run"]["complete"]
    assert "layers.Dense" in (tmp_path / "compliance" / "index.html").read_text()
    assert "conforms" in output


def test_an_error_of_one_in_a_million_turns_values_red_and_shrinks(tmp_path):
    output, code = run(adapter="planted:OnePerMillion", cwd=tmp_path)
    assert code == 1
    found, _ = cells(tmp_path)
    for item in ("activations.gelu", "layers.Dense"):
        cell = found[item, "values", "float32"]
        assert cell["verdict"] == "fail", output
        (x,) = cell["failures"][0]["case"]["steps"][-1]["inputs"]
        assert max(x["$array"]["shape"]) <= 3
    assert found["layers.Dense", "shape", "float32"]["verdict"] == "pass"


def test_an_error_of_2e7_turns_the_gain_red_and_not_values(tmp_path):
    _, code = run(
        "--profile=standard", "--dtype=float32", adapter="planted:TwoPerTenMillion", cwd=tmp_path
    )
    assert code == 1
    found, _ = cells(tmp_path)
    assert found["activations.gelu", "gain", "float32"]["verdict"] == "fail"
    assert found["activations.gelu", "values", "float32"]["verdict"] == "pass"


def test_clone_and_xdist_give_the_same_record(tmp_path):
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    assert run(cwd=tmp_path / "one")[1] == 0
    assert run("-n", "2", cwd=tmp_path / "two")[1] == 0
    one, two = (timeless(cells(tmp_path / name)[1]) for name in ("one", "two"))
    assert one == two


def test_other_local_modules_change_no_case(tmp_path):
    """Hypothesis would draw constants from them."""
    local = tmp_path / "noise.py"
    local.write_text("NUMBERS = [3, 17, 4242, 65535, 1234, 99]\n")
    for name, plugin in (("one", ()), ("two", ("-p", "noise"))):
        (tmp_path / name).mkdir()
        environment = {"PYTHONPATH": f"{Path(__file__).parent}{os.pathsep}{tmp_path}"}
        output, code = run(
            "--save-cases=cases", *plugin, cwd=tmp_path / name, environment=environment
        )
        assert code == 0, output
    names = [
        sorted(p.relative_to(tmp_path / n) for p in (tmp_path / n / "cases").rglob("*.json"))
        for n in ("one", "two")
    ]
    assert len(names[0]) > 20
    assert names[0] == names[1]


def test_a_crash_costs_its_cases_only(tmp_path):
    output, code = run(adapter="planted:Aborts", items="dense", cwd=tmp_path)
    assert code == 1
    found, record = cells(tmp_path)
    cell = found["layers.Dense", "values", "float32"]
    assert cell["verdict"] == "crash", output
    assert cell["verdicts"]["crash"] >= 1
    assert cell["verdicts"].get("pass", 0) >= 1
    assert cell["failures"][0]["case"]["item"] == "layers.Dense"
    assert found["layers.Dense", "invalid", "float32"]["verdict"] == "pass"
    assert record["run"]["complete"]


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--profile=slow"], "quick, standard"),
        (["--dtype=float8"], "float8"),
        (["--shard=3/2"], "i/n"),
        (["--cases=nowhere.json"], "nowhere.json"),
        (["--deviations=nowhere.toml"], "nowhere.toml"),
    ],
)
def test_an_option_that_makes_no_sense_exits_with_2_and_one_line(options, says, tmp_path):
    output, code = run(*options, cwd=tmp_path)
    assert code == 2, output
    lines = [line for line in output.splitlines() if line.startswith("Exit: layerproof:")]
    assert len(lines) == 1
    assert says in lines[0]
    assert "Traceback" not in output


@pytest.mark.parametrize("workers", [[], ["-n", "2"]])
def test_an_adapter_that_does_not_start_exits_with_3(workers, tmp_path):
    output, code = run(*workers, adapter="planted:DoesNotStart", cwd=tmp_path)
    assert code == 3, output
    assert "no licence found" in output


def test_an_unknown_adapter_exits_with_3_and_lists_the_known_ones(tmp_path):
    output, code = run(adapter="kears", cwd=tmp_path)
    assert code == 3, output
    assert "keras:jax" in output


def test_stored_cases_replay_with_the_same_verdict(tmp_path):
    assert (
        run("--save-cases=cases", adapter="planted:WrongWhereNegative", items="gelu", cwd=tmp_path)[
            1
        ]
        == 1
    )
    found, _ = cells(tmp_path)
    digest = found["activations.gelu", "values", "float32"]["worst"]["case"]
    stored = tmp_path / "cases" / "activations.gelu" / f"{digest}.json"
    output, code = run(
        f"--cases={stored}", adapter="planted:WrongWhereNegative", items="gelu", cwd=tmp_path
    )
    assert code == 1, output
    assert run(f"--cases={stored}", items="gelu", cwd=tmp_path)[1] == 0


def test_shards_together_are_the_whole(tmp_path):
    whole, parts = tmp_path / "whole", [tmp_path / "1", tmp_path / "2"]
    for folder in (whole, *parts):
        folder.mkdir()
    items = "gelu or dense or relu6 or tanh"
    assert run(cwd=whole, items=items)[1] == 0
    seen = {}
    for number, folder in enumerate(parts, start=1):
        run(f"--shard={number}/2", cwd=folder, items=items)
        found, _ = cells(folder)
        assert found
        assert not seen.keys() & found.keys()
        seen |= found
    assert seen.keys() == cells(whole)[0].keys()


def test_conformance_tests_without_an_adapter_say_what_to_do(tmp_path):
    command = [
        sys.executable,
        "-m",
        "pytest",
        str(ROOT / "conformance"),
        "-q",
        "-p",
        "no:cacheprovider",
    ]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "--adapter=keras" in done.stdout + done.stderr


def test_the_plugin_imports_nothing_but_pytest_before_it_is_used():
    code = (
        "import sys, pytest; before = set(sys.modules); import layerproof.conformance.plugin; "
        "new = set(sys.modules) - before; "
        "print([m for m in new if m.split('.')[0] not in ('layerproof', 'typing')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def interrupted(tmp_path, signal_, seconds):
    """A run over everything that is stopped after ``seconds``; its exit code."""
    command = [
        sys.executable,
        "-m",
        "pytest",
        str(ROOT / "conformance"),
        "-q",
        "-p",
        "no:cacheprovider",
    ]
    command += ["-k", "activations or dense", "--adapter=planted:Honest", "--no-isolate"]
    path = {"PYTHONPATH": str(Path(__file__).parent)}
    started = subprocess.Popen(
        command,
        cwd=tmp_path,
        env=os.environ | path,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        preexec_fn=_hear_interrupts,  # noqa: PLW1509  (no thread of this process holds a lock)
    )
    record = tmp_path / "compliance" / "record.json"
    deadline = time.monotonic() + seconds
    while not record.exists() and time.monotonic() < deadline:
        time.sleep(0.1)
    assert record.exists(), "no snapshot"
    started.send_signal(signal_)
    return started.wait(60)


def _hear_interrupts():
    """What a shell starts in the background ignores SIGINT, and so would its children."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def test_a_killed_run_keeps_what_it_recorded(tmp_path):
    interrupted(tmp_path, signal.SIGKILL, 60)
    found, record = cells(tmp_path)
    assert found
    assert not record["run"]["complete"]


def test_an_interrupted_run_leaves_a_report(tmp_path):
    assert interrupted(tmp_path, signal.SIGINT, 60) == 1
    found, record = cells(tmp_path)
    assert found
    assert record["run"]["interrupted"]
    assert (tmp_path / "compliance" / "index.html").is_file()
