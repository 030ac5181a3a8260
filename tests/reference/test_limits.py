"""docs/limits.md holds exactly the arguments that raise NotImplementedError, both ways."""

import ast
import inspect
import re
import textwrap
from pathlib import Path

import pytest

from layerproof.reference import CATALOGUE
from layerproof.reference.layers import GRU

ROWS = re.compile(
    r"^\| `(?P<argument>\w+)` \| (?P<items>.*) \| (?P<reason>[^|]+) \|$", re.MULTILINE
)

REQUIRED = {
    "layers.Bidirectional": {"layer": GRU(1)},
    "layers.Dense": {"units": 1},
    "layers.EinsumDense": {"equation": "ab,bc->ac", "output_shape": 1},
    "layers.Embedding": {"input_dim": 1, "output_dim": 1},
    "layers.GRU": {"units": 1},
    "layers.GroupQueryAttention": {"head_dim": 1, "num_query_heads": 1, "num_key_value_heads": 1},
    "layers.Input": {"shape": (1,)},
    "layers.LSTM": {"units": 1},
    "layers.MultiHeadAttention": {"num_heads": 1, "key_dim": 1},
}
"""What the items of the table need to be made; the others need nothing."""

REFUSED = {"axis": (1, 2), "cropping": {}, "padding": {}}
"""A value that is refused, where it is not True."""


def listed() -> dict[tuple[str, str], str]:
    """(item, argument) -> reason, from the document."""
    document = Path(__file__).parents[2] / "docs" / "limits.md"
    rows = ROWS.finditer(document.read_text(encoding="utf-8"))
    return {
        (item, row["argument"]): row["reason"]
        for row in rows
        for item in re.findall(r"`([\w.]+)`", row["items"])
    }


def raised_in(oracle: object) -> set[str]:
    """Parameters that the source of an oracle, or of a class it inherits from, refuses by name."""
    parameters = set(inspect.signature(oracle).parameters)
    classes = [c for c in getattr(oracle, "__mro__", [oracle]) if c.__module__ != "builtins"]
    names: set[str] = set()
    for source in map(inspect.getsource, classes):
        for node in ast.walk(ast.parse(textwrap.dedent(source))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "not_covered":
                names |= {keyword.arg for keyword in node.keywords}
            if isinstance(node, ast.Raise) and "NotImplementedError" in ast.unparse(node):
                names |= set(re.findall(r"\w+", ast.unparse(node)))
    return names & parameters


def test_everything_that_is_refused_is_listed() -> None:
    refused = {(item, name) for item, oracle in CATALOGUE.items() for name in raised_in(oracle)}
    assert refused == set(listed())


@pytest.mark.parametrize(("item", "argument"), listed())
def test_everything_that_is_listed_is_refused(item: str, argument: str) -> None:
    config = REQUIRED.get(item, {})
    CATALOGUE[item](**config)
    with pytest.raises(NotImplementedError, match=rf"^{argument}\b"):
        CATALOGUE[item](**config, **{argument: REFUSED.get(argument, True)})


def test_every_row_has_a_reason() -> None:
    assert listed()
    assert all(len(reason.split()) >= 5 for reason in listed().values())
