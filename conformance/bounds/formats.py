"""Floating-point formats: unit roundoffs, ranges, and what is representable.

u        unit roundoff of one rounded operation (half an ulp at 1)
u_acc    unit roundoff inside sums and products; above it stands one final u
u_prod   relative error of each factor of a product inside a contraction (TF32 only)
tiny     smallest normal number;  big: largest finite number
gradual  half the spacing of subnormals where they are kept; 0 where they may be flushed
phi      what an element is allowed in addition once a sample of it was flushed
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import ml_dtypes
import numpy as np


@dataclass(frozen=True)
class Format:
    """One tested dtype; the legend is in the module's docstring."""

    name: str
    kind: type
    precision: int
    u_acc: float
    tiny: float
    big: float
    phi: float
    gradual: float = 0.0
    u_prod: float = 0.0

    @property
    def u(self) -> float:
        """Unit roundoff: 2 to the minus ``precision``."""
        return 2.0**-self.precision

    def rounded(self, x: np.ndarray | float) -> np.ndarray:
        """``x`` rounded to this format, as float64."""
        with np.errstate(all="ignore"):
            return np.asarray(x, np.float64).astype(self.kind).astype(np.float64)

    def representable(self, x: np.ndarray | float) -> bool:
        """Whether every element survives rounding (NaN and infinities do)."""
        x = np.asarray(x, np.float64)
        kept = self.rounded(x)
        return bool(((kept == x) | np.isnan(x)).all())

    def ulp(self, x: np.ndarray) -> np.ndarray:
        """Distance between neighbours of this format at ``x``."""
        _, exponent = np.frexp(np.maximum(np.abs(x), self.tiny))
        return np.ldexp(1.0, exponent - self.precision)


FORMATS = {
    f.name: f
    for f in (
        Format("float64", np.float64, 53, 2.0**-53, 2.0**-1022, 2.0**1023 * 1.9, 2.0**-1020),
        Format("float32", np.float32, 24, 2.0**-24, 2.0**-126, 2.0**128 - 2.0**104, 2.0**-124),
        Format(
            *("bfloat16", ml_dtypes.bfloat16, 8, 2.0**-24),
            *(2.0**-126, 2.0**128 - 2.0**120, 2.0**-124),
        ),
        Format("float16", np.float16, 11, 2.0**-24, 2.0**-14, 65504.0, 2.0**-24, 2.0**-25),
        Format(
            *("tf32", np.float32, 24, 2.0**-24, 2.0**-126, 2.0**128 - 2.0**104, 2.0**-124),
            u_prod=2.0**-11,
        ),
    )
}
"""The dtypes that can be tested. ``tf32`` is float32 whose contractions round their factors."""


@dataclass(frozen=True)
class Traits:
    """What the engine asks of a constant operand."""

    representable: bool
    power_of_two: bool
    zero: bool


def traits(constant: np.ndarray | float, format: Format) -> Traits:
    """Traits of a constant: of all its elements together."""
    if isinstance(constant, np.ndarray) and constant.ndim:
        return _traits_of_array(constant, format)
    return _traits_of_scalar(float(constant), format)


@lru_cache(maxsize=4096)
def _traits_of_scalar(constant: float, format: Format) -> Traits:
    return _traits_of_array(np.array(constant), format)


def _traits_of_array(constant: np.ndarray, format: Format) -> Traits:
    if constant.dtype == bool:
        return Traits(True, True, not constant.any())
    constant = constant.astype(np.float64)
    fraction = np.abs(np.frexp(constant)[0])
    scales = ((fraction == 0.5) | (fraction == 0.0)).all()
    return Traits(format.representable(constant), bool(scales), not constant.any())
