"""The house rules that a machine can hold: sizes of files, floors, names."""

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FLOORS = {"reference": 1, "adapters": 2, "reports": 3, "conformance": 4}
"""Folder -> floor; each imports from floors below it only."""

LIBRARY = [path for folder in FLOORS for path in sorted((ROOT / folder).rglob("*.py"))]


def lines(path):
    return len(path.read_text(encoding="utf-8").splitlines())


@pytest.mark.parametrize(
    ("pattern", "ceiling"),
    [
        ("reference/**/*.py", 200),
        ("conformance/*/test_*.py", 150),
        ("adapters/**/*.py", 400),
        ("conformance/**/*.py", 400),
        ("reports/**/*.py", 400),
        ("tests/**/*.py", 500),
        ("noxfile.py", 80),
    ],
)
def test_no_file_is_longer_than_its_kind_may_be(pattern, ceiling):
    long = {
        str(path.relative_to(ROOT)): lines(path)
        for path in ROOT.glob(pattern)
        if not any(part.startswith(".") or part == "build" for part in path.relative_to(ROOT).parts)
        and lines(path) > ceiling
    }
    assert long == {}


def imported_folders(path):
    """Top-level folders of the package that a module imports."""
    package = path.relative_to(ROOT).parent.parts
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level:
            base = package[: len(package) - node.level + 1]
            target = (*base, *(node.module or "").split("."))
            names = [alias.name for alias in node.names] if not node.module else [target[0]]
            yield from (target[:1] if base else names)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("layerproof."):
            yield node.module.split(".")[1]


@pytest.mark.parametrize("path", LIBRARY, ids=lambda p: str(p.relative_to(ROOT)))
def test_a_module_imports_only_from_its_floor_and_below(path):
    own = FLOORS[path.relative_to(ROOT).parts[0]]
    above = {f for f in imported_folders(path) if FLOORS.get(f, 0) > own}
    assert above == set()


def test_the_reference_needs_nothing_but_numpy_and_scipy():
    allowed = {"numpy", "scipy"}
    found = set()
    for path in (ROOT / "reference").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level:
                found.add(node.module.split(".")[0])
    assert found - allowed - set(sys.stdlib_module_names) == set()


def test_no_module_is_called_after_nothing():
    empty = {"utils", "helpers", "common", "base", "misc"}
    assert [p for p in LIBRARY if p.stem in empty] == []
