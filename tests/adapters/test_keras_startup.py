"""Which backend the Keras adapter takes, before anything heavy is imported."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from layerproof.adapters.client import Client
from layerproof.adapters.keras import startup
from layerproof.adapters.loading import AdapterError


@pytest.fixture(autouse=True)
def _keras_not_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "keras", raising=False)
    monkeypatch.delenv("KERAS_BACKEND", raising=False)


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The packages that are taken to be installed."""
    names = {"jax", "torch"}
    monkeypatch.setattr(startup.importlib.util, "find_spec", lambda n: n if n in names else None)
    return names


def test_the_environment_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KERAS_BACKEND", "torch")
    assert startup.own_choice() == "torch"


@pytest.mark.parametrize(
    ("chosen", "want"), [("torch", "torch"), ("tensorflow", "jax"), (None, "jax")]
)
def test_then_the_file_and_then_what_is_installed(
    chosen: str | None, want: str, installed: set[str], tmp_path: Path, monkeypatch
) -> None:
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    if chosen:
        (tmp_path / "keras.json").write_text(json.dumps({"backend": chosen}))
    assert startup.own_choice() == want


def test_a_missing_backend_is_named(installed: set[str]) -> None:
    installed.add("keras")
    with pytest.raises(RuntimeError, match="needs the package tensorflow, which is not installed"):
        startup.start("tensorflow", "cpu")


def test_an_unknown_backend_does_not_start() -> None:
    with pytest.raises(AdapterError, match="'abacus' is not one of tensorflow, jax, torch"):
        Client("keras:abacus").start()


def test_importing_the_adapter_imports_nothing_heavy() -> None:
    heavy = "{'keras', 'tensorflow', 'jax', 'torch'}"
    code = f"import sys, layerproof.adapters.keras; print({heavy} & set(sys.modules))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "set()"
