"""Cases of items that take one array and no weights: activations, regularizers, constraints."""

from typing import Any

from hypothesis import strategies as st

from ...adapters.protocol import Case
from .arrays import families, floats
from .cases import SEEDS, plain_case
from .shapes import shapes


@st.composite
def function_cases(
    draw: st.DrawFn,
    item: str,
    dtype: str,
    config: dict[str, st.SearchStrategy[Any]] | None = None,
    low: int = 1,
    high: int = 4,
    special: bool = True,
) -> Case:
    """A case of a function of one array; each argument is left at its default half of the time."""
    given = draw(arguments(config or {}))
    family = draw(families(special))
    x = floats(family, draw(shapes(low, high)), dtype, draw(SEEDS))
    return plain_case(item, given, x, dtype, family)


@st.composite
def arguments(draw: st.DrawFn, choices: dict[str, st.SearchStrategy[Any]]) -> dict[str, Any]:
    """A configuration that sets each optional argument half of the time."""
    return {name: draw(values) for name, values in choices.items() if draw(st.booleans())}
