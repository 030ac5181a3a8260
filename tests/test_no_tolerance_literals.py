"""No hand-set tolerance in the suite: no ``rtol=1e-5``, no ``tolerance = 0.01``, no ``approx``."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import layerproof

SUITE = Path(layerproof.__file__).parent / "conformance"
NAMES = ("rtol", "atol", "tol", "tolerance", "abs_tol", "rel_tol", "decimal", "delta", "eps_rel")
CALLS = ("allclose", "isclose", "approx", "assert_allclose", "assert_almost_equal")


def tolerances(source: str) -> list[int]:
    """Lines that give a tolerance as a number or compare with one built in."""
    lines = []
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.keyword(arg=str(name), value=value) if name in NAMES and number(value):
                lines.append(value.lineno)
            case ast.Assign(targets=targets, value=value) if number(value):
                if any(isinstance(t, ast.Name) and t.id.lower() in NAMES for t in targets):
                    lines.append(node.lineno)
            case ast.AnnAssign(target=ast.Name(id=name), value=value) if value is not None:
                if name.lower() in NAMES and number(value):
                    lines.append(node.lineno)
            case ast.arguments():
                lines += defaults(node)
            case ast.Call(func=ast.Attribute(attr=name) | ast.Name(id=name)) if name in CALLS:
                lines.append(node.lineno)
            case _:
                pass
    return lines


def defaults(node: ast.arguments) -> list[int]:
    """Lines of parameters whose default is a tolerance."""
    positional = [*node.posonlyargs, *node.args]
    pairs = [*zip(positional[::-1], node.defaults[::-1], strict=False)]
    pairs += [(a, d) for a, d in zip(node.kwonlyargs, node.kw_defaults, strict=True) if d]
    return [a.lineno for a, d in pairs if a.arg in NAMES and number(d)]


def number(node: ast.expr) -> bool:
    """Whether an expression is made of numbers alone."""
    parts = [n for n in ast.walk(node) if isinstance(n, ast.expr)]
    kinds = (ast.Constant, ast.UnaryOp, ast.BinOp)
    values = [n.value for n in parts if isinstance(n, ast.Constant)]
    return all(isinstance(n, kinds) for n in parts) and all(
        isinstance(v, int | float) and not isinstance(v, bool) for v in values
    )


def test_the_suite_has_none() -> None:
    files = sorted(SUITE.rglob("*.py"))
    assert len(files) > 20
    found = {str(f): lines for f in files if (lines := tolerances(f.read_text("utf-8")))}
    assert not found


@pytest.mark.parametrize(
    "planted",
    [
        "np.testing.assert_allclose(a, b)",
        "check(a, b, rtol=1e-5)",
        "check(a, b, atol=-(2 ** -3))",
        "RTOL = 1e-6",
        "tolerance: float = 0.01",
        "def check(a, b, tol=1e-3): ...",
        "def check(a, *, atol=0): ...",
        "x == pytest.approx(3)",
        "math.isclose(a, b)",
    ],
)
def test_a_planted_one_is_found(planted: str, tmp_path: Path) -> None:
    file = tmp_path / "planted.py"
    file.write_text(f"import math\n\n{planted}\n", "utf-8")
    assert tolerances(file.read_text("utf-8")) == [3]


def test_what_is_none_is_not_found() -> None:
    fine = "check(a, b, rtol=expected.allowed)\nsteps = 4\nallowed = C * sigma + u\n"
    assert tolerances(fine) == []
