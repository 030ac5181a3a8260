"""The gain test: a relative bias pooled over many cases shows where single elements do not.

    delta = Σ (y e / s²) / Σ (y² / s²)        s = max(sigma, 2u|y|)

each case weighted by 1 / size, outliers |e| > 50 s and range-limited elements left out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from .expected import Expected
from .formats import FORMATS

OUTLIER = 50.0


@dataclass(frozen=True)
class Gain:
    """delta in units of u, and how many elements of how many cases it is from."""

    delta_in_u: float
    elements: int
    cases: int


def gain(pool: Iterable[tuple[Expected, np.ndarray]], dtype: str) -> Gain:
    """The pooled relative bias of (expected, got) pairs."""
    u = FORMATS[dtype].u
    above = below = 0.0
    elements = cases = 0
    for expected, got in pool:
        if expected.value.dtype.kind != "f":
            continue
        value = expected.value
        with np.errstate(all="ignore"):
            scale = np.maximum(expected.sigma, 2.0 * u * np.abs(value))
            error = np.asarray(got, np.float64) - value
            counted = np.isfinite(error) & np.isfinite(value) & (scale > 0.0)
            counted &= (np.abs(error) < OUTLIER * scale) & ~expected.limited
        if not counted.any():
            continue
        y, e = value[counted] / scale[counted], error[counted] / scale[counted]
        above += float((y * e).mean())
        below += float((y * y).mean())
        elements, cases = elements + y.size, cases + 1
    return Gain(above / below / u if below else 0.0, elements, cases)
