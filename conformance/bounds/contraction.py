"""Sums of products over labelled axes: the one form behind matmul, dot, tensordot and einsum.

``explicit`` turns an einsum expression into one label per axis, ``contract`` evaluates it by way of
matrix products, which are much faster than ``numpy.einsum`` on arrays with a hidden axis.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from string import ascii_letters

import numpy as np

from .methods import Refused

Labels = tuple[tuple[str, ...], str]
"""Labels of the inputs' axes and of the output's."""


@lru_cache(maxsize=1024)
def explicit(expression: str, ranks: tuple[int, ...]) -> Labels:
    """``"...ij,jk"`` and the operands' ranks -> (``("abij", "jk")``, ``"abik"``)."""
    left, arrow, output = expression.replace(" ", "").partition("->")
    inputs = left.split(",")
    if len(inputs) != len(ranks):
        raise ValueError(f"einsum {expression!r} has {len(inputs)} operands, got {len(ranks)}")
    free = "".join(c for c in ascii_letters[::-1] if c not in expression)
    spare = [rank - len(term.replace("...", "")) for term, rank in zip(inputs, ranks, strict=True)]
    for term, extra in zip(inputs, spare, strict=True):
        if extra < 0 or (extra and "..." not in term):
            raise ValueError(f"einsum {expression!r} does not fit operands of ranks {ranks}")
    dots = free[: max([0, *spare])]
    named = [
        term.replace("...", dots[len(dots) - n :] if n else "")
        for term, n in zip(inputs, spare, strict=True)
    ]
    if not arrow:
        joined = left.replace(",", "").replace("...", "")
        output = "..." + "".join(c for c in sorted(set(joined)) if joined.count(c) == 1)
    elif dots and "..." not in output:
        raise Refused(f"einsum {expression!r} sums over an ellipsis")
    return tuple(named), output.replace("...", dots)


def unused(labels: Labels) -> str:
    """A label that does not occur in ``labels``."""
    return next(c for c in ascii_letters if not any(c in term for term in labels[0]))


def contract(labels: Labels, operands: Sequence[np.ndarray]) -> np.ndarray:
    """The contraction as a fresh array."""
    inputs, output = labels
    if len(operands) == 2 and all(len(set(term)) == len(term) for term in inputs):
        return _pair(inputs[0], inputs[1], output, operands[0], operands[1])
    expression = f"{','.join(inputs)}->{output}"
    return np.array(np.einsum(expression, *operands, optimize=len(operands) > 2))


def terms(labels: Labels, shapes: Sequence[tuple[int, ...]]) -> int:
    """How many terms each result is the sum of."""
    sizes: dict[str, int] = {}
    for term, shape in zip(labels[0], shapes, strict=True):
        for label, n in zip(term, shape, strict=True):
            sizes[label] = max(n, sizes.get(label, 0)) if n else 0
    return int(np.prod([n for label, n in sizes.items() if label not in labels[1]], dtype=int))


def _pair(left: str, right: str, output: str, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Two operands without repeated labels: (both, left, summed) times (both, summed, right)."""
    for label in sorted(set(left) - set(right) - set(output)):
        a, left = a.sum(left.index(label)), left.replace(label, "")
    for label in sorted(set(right) - set(left) - set(output)):
        b, right = b.sum(right.index(label)), right.replace(label, "")
    both = [c for c in left if c in right and c in output]
    summed = [c for c in left if c in right and c not in output]
    only_left = [c for c in left if c not in right]
    only_right = [c for c in right if c not in left]
    if any(a.shape[left.index(c)] != b.shape[right.index(c)] for c in summed):
        return np.array(np.einsum(f"{left},{right}->{output}", a, b))

    a = a.transpose([left.index(c) for c in both + only_left + summed])
    b = b.transpose([right.index(c) for c in both + summed + only_right])
    n, m, k = len(both), len(only_left), len(summed)
    rows, inner, columns = a.shape[n : n + m], b.shape[n : n + k], b.shape[n + k :]
    height, depth, width = (int(np.prod(s, dtype=int)) for s in (rows, inner, columns))
    product = np.matmul(
        a.reshape(*a.shape[:n], height, depth), b.reshape(*b.shape[:n], depth, width)
    )
    product = product.reshape((*product.shape[:n], *rows, *columns))
    order = both + only_left + only_right
    return np.ascontiguousarray(product.transpose([order.index(c) for c in output]))
