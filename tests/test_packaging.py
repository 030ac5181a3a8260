"""What is installed: the wheel's contents, and the suite run from it, from anywhere."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
NOT_COPIED = shutil.ignore_patterns(
    ".git", ".venv*", "build", "*.egg-info", "__pycache__", "compliance"
)


def done(*command, cwd, **environment):
    """Run a command; its output, having checked that it succeeded."""
    found = subprocess.run(
        command, cwd=cwd, env=os.environ | environment, capture_output=True, text=True, check=False
    )
    assert found.returncode == 0, found.stdout + found.stderr
    return found.stdout


@pytest.fixture(scope="module")
def clone(tmp_path_factory):
    """A copy of the project in a folder whose name is no Python name."""
    folder = tmp_path_factory.mktemp("clones") / "a-b.c"
    shutil.copytree(ROOT, folder, ignore=NOT_COPIED)
    return folder


@pytest.fixture(scope="module")
def wheel(clone):
    """The wheel built from the clone."""
    pip = (sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation")
    done(*pip, "-w", "dist", ".", cwd=clone)
    (found,) = (clone / "dist").glob("*.whl")
    return found


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """The wheel unpacked where Python finds it before anything else."""
    folder = tmp_path_factory.mktemp("installed")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def test_the_wheel_holds_the_library_and_nothing_else(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    library = {
        f"layerproof/{path.relative_to(ROOT)}"
        for folder in ("reference", "conformance", "adapters", "reports")
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    missing = sorted(library - set(names))
    assert missing == []
    loose = [n for n in names if n.startswith("layerproof/") and n.count("/") == 1]
    assert set(loose) <= {"layerproof/__init__.py", "layerproof/cli.py"}
    assert not [n for n in names if "tests/" in n or "noxfile" in n or "setup_build" in n]


def cases(folder):
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*.json"))


def test_clone_and_wheel_judge_the_same_cases(clone, installed, tmp_path):
    """Also: the suite runs from any folder with only the wheel, and from a clone called a-b.c."""
    common = ("-q", "-p", "no:cacheprovider", "--adapter=reference", "-k", "gelu or dense")
    pytest_ = (sys.executable, "-m", "pytest")
    there, here = tmp_path / "wheel", tmp_path / "clone"
    there.mkdir()
    here.mkdir()
    done(
        *pytest_, "--pyargs", "layerproof.conformance", *common, "--save-cases=cases",
        cwd=there, PYTHONPATH=str(installed),
    )  # fmt: skip
    done(
        *(*pytest_, "conformance", *common),
        f"--save-cases={here}/cases", f"--report={here}/compliance",
        cwd=clone, PYTHONPATH=str(installed),
    )  # fmt: skip
    assert (there / "compliance" / "index.html").is_file()
    assert len(cases(there / "cases")) > 20
    assert cases(there / "cases") == cases(here / "cases")
