"""What may stand after ``--adapter=``, and what is said about anything else."""

import subprocess
import sys
from importlib.metadata import EntryPoint, EntryPoints
from pathlib import Path

import pytest

from layerproof.adapters import loading
from layerproof.adapters.loading import AdapterError, load

HERE = Path(__file__).parent


@pytest.fixture(autouse=True)
def _importable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(HERE))


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if a third party had installed two adapters."""
    points = EntryPoints(
        (
            EntryPoint("theirs", "unruly:Unruly", loading.GROUP),
            EntryPoint("broken", "unruly:Nothing", loading.GROUP),
        )
    )
    monkeypatch.setattr(loading, "entry_points", lambda group: points.select(group=group))


def test_built_in() -> None:
    assert load("reference").name == "reference"
    assert load("reference:float64").mode == "float64"
    assert (
        load("mutant:activations.gelu.tanh_for_erf").name == "mutant:activations.gelu.tanh_for_erf"
    )


def test_a_class_by_its_path() -> None:
    assert load("unruly:Unruly").name == "unruly"
    assert load("unruly:OnDevice", "cuda").name == "unruly on cuda"
    assert load("unruly:OnDevice").name == "unruly on cpu"


@pytest.mark.usefixtures("installed")
def test_an_entry_point() -> None:
    assert load("theirs").name == "unruly"
    with pytest.raises(AdapterError, match=r"'broken': AttributeError: .*Nothing"):
        load("broken")


def test_a_module_beside_the_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "mine_in_cwd.py").write_text("class Adapter:\n    name = 'mine'\n")
    monkeypatch.setattr(sys, "path", [p for p in sys.path if p])
    monkeypatch.chdir(tmp_path)
    assert load("mine_in_cwd:Adapter").name == "mine"


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize("spec", ["", "kears", "kears:", ":jax", "a b:C", "unruly.Unruly", "1x:A"])
def test_unknown_says_what_there_is(spec: str) -> None:
    message = error_of(spec)
    assert message.startswith(f"adapter {spec!r}: is unknown; there is keras, ")
    for form in ("reference", "mutant:NAME", "process:COMMAND", "package.module:Class", "theirs"):
        assert form in message


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ("kears:jax", "No module named 'kears'"),
        ("unruly:Unrully", "has no attribute 'Unrully'"),
        ("unruly:BOTH.x", "has no attribute 'BOTH'"),
        ("unruly:MISDEEDS", "is not a class"),
        ("unruly:NoStart", "OSError: no such accelerator please buy one"),
        ("reference:float8", "mode 'float8' is not one of dtype, float64"),
        ("mutant:activations.gelu.tanh", "near it: activations.gelu.tanh_for_erf"),
        ("mutant:", "no mutant ''"),
    ],
)
def test_what_does_not_load_says_why(spec: str, message: str) -> None:
    assert message in error_of(spec)


@pytest.mark.parametrize(
    "spec", ["unruly:Unruly", "reference", "mutant:activations.gelu.tanh_for_erf"]
)
def test_an_adapter_without_devices_runs_on_the_cpu_only(spec: str) -> None:
    with pytest.raises(AdapterError, match="cuda"):
        load(spec, "cuda")


def test_warnings_at_import_are_no_errors(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "import warnings\nwarnings.warn('old', FutureWarning)\nclass A:\n    name = 'warning'\n"
    (tmp_path / "warning_adapter.py").write_text(text)
    monkeypatch.syspath_prepend(str(tmp_path))
    assert load("warning_adapter:A").name == "warning"


def test_nothing_heavy_is_imported_before_it_is_chosen() -> None:
    code = (
        "import sys\n"
        "import layerproof.adapters.client, layerproof.adapters.worker\n"
        "heavy = {'keras', 'tensorflow', 'jax', 'torch', 'scipy', 'hypothesis'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def error_of(spec: str) -> str:
    with pytest.raises(AdapterError) as error:
        load(spec)
    message = str(error.value)
    assert message.isprintable()
    return message
