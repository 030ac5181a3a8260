"""Shapes from a small palette: equal dimensions often, size 1 often, and now and then a large one.

Bugs hide where dimensions are equal (a transposed weight goes unnoticed only there), and compiled
backends pay per new shape, so the palette is small and repeats itself.
"""

from hypothesis import strategies as st

from ...reference.core import Shape

SIZES = (2, 3, 1, 4)


def sizes(low: int = 1, high: int = 4) -> st.SearchStrategy[int]:
    """One axis length of the palette between ``low`` and ``high``."""
    return st.sampled_from([n for n in (*SIZES, *range(5, high + 1)) if low <= n <= high])


@st.composite
def shapes(draw: st.DrawFn, low: int = 1, high: int = 4, largest: int = 1024) -> Shape:
    """A shape of ``low`` to ``high`` axes.

    One in four has all axes equal, one in eight about ``largest`` elements, for pooled statistics.
    """
    rank = draw(st.integers(low, high))
    kind = draw(st.integers(0, 7))
    if kind == 7:
        return (4,) * (rank - 1) + (max(largest // 4 ** (rank - 1), 1),)
    if kind in (5, 6):
        return (draw(sizes()),) * rank
    return tuple(draw(sizes()) for _ in range(rank))
