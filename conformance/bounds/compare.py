"""How an implementation's output compares with what is expected."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .expected import Expected
from .formats import FORMATS


@dataclass(frozen=True)
class Comparison:
    """ratio is error / allowed per element: at most 1 passes; inf where one of both is not finite
    and they are not the same NaN or infinity; 0 where the element is range-limited.
    """

    ratio: np.ndarray
    limited_count: int
    compared_count: int
    max_ratio: float
    worst: tuple[int, ...] | None
    max_ulp: float

    @property
    def passed(self) -> bool:
        """Whether every compared element is within its bound."""
        return self.max_ratio <= 1.0


def compare(expected: Expected, got: np.ndarray) -> Comparison:
    """Compare element by element; the shapes must agree."""
    got = np.asarray(got)
    if got.shape != expected.value.shape:
        raise ValueError(f"got shape {got.shape}, expected {expected.value.shape}")
    got = got.astype(np.float64) if expected.value.dtype.kind == "f" else got
    with np.errstate(all="ignore"):
        ratio = _ratio(expected.value, got, expected.allowed)
        for outcome in expected.accepted:
            ratio = np.minimum(ratio, _ratio(outcome, got, expected.allowed))
        ratio = np.where(expected.limited, 0.0, ratio)
        ulps = _ulps(expected, got)
    limited = int(expected.limited.sum())
    worst = None
    if ratio.size:
        worst = tuple(int(i) for i in np.unravel_index(int(ratio.argmax()), ratio.shape))
    return Comparison(
        ratio, limited, ratio.size - limited, float(ratio.max(initial=0.0)), worst, ulps
    )


def _ratio(value: np.ndarray, got: np.ndarray, allowed: np.ndarray) -> np.ndarray:
    same = got == value
    if value.dtype.kind != "f":
        return np.where(same, 0.0, np.inf)
    same = same | (np.isnan(got) & np.isnan(value))
    both = np.isfinite(got) & np.isfinite(value)
    return np.where(same, 0.0, np.where(both, np.abs(got - value) / allowed, np.inf))


def _ulps(expected: Expected, got: np.ndarray) -> float:
    """Largest error in ulps of the tested dtype at the value, over finite compared elements."""
    if expected.value.dtype.kind != "f":
        return 0.0
    counted = np.isfinite(got) & np.isfinite(expected.value) & ~expected.limited
    error = np.abs(got - expected.value) / FORMATS[expected.dtype].ulp(expected.value)
    return float(np.max(error, initial=0.0, where=counted))
