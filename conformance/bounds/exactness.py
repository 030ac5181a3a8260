"""Whether a case needs no rounding at all, so that an implementation must be bit-exact.

The oracle is run once on its exact values under an arithmetic that audits every operation. A
result is free of rounding, in any order of summation, if all operands are multiples of 2^-k and the
sum of the magnitudes of its terms is at most 2^(p - k), p the precision of the tested dtype.
Operations that round even small integers (exp, sqrt, a division by 3) end the audit.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from .arithmetic import Arithmetic, Operand
from .expected import Function, is_floating
from .formats import FORMATS, Format, traits
from .sampled import Sampled

FINEST = 16
"""Grains finer than 2^-16 are not looked for."""


class Inexact(Exception):
    """The audit met an operation that may round."""


class Audit(Arithmetic):
    """Raises ``Inexact`` where an operation could round in ``format``."""

    def __init__(self, format: Format) -> None:
        self.format = format

    def elementwise(
        self, ufunc: np.ufunc, kappa: float, operands: Sequence[Operand], z: np.ndarray
    ) -> tuple[np.ndarray, bool]:
        """``z``, if its grid and magnitude show that it needs no rounding."""
        grains = [grain(x) for x, _ in operands]
        if ufunc in (np.add, np.subtract):
            self._fits(np.abs(z), max(grains))
        elif ufunc is np.multiply:
            self._fits(np.abs(z), sum(grains))
        elif ufunc is np.square:
            self._fits(np.abs(z), 2 * grains[0])
        elif ufunc is np.divide and traits(np.asarray(operands[1][0]), self.format).power_of_two:
            self._fits(np.abs(z), grain(z))
        else:
            raise Inexact(ufunc.__name__)
        return z, True

    def contraction(
        self,
        z: np.ndarray,
        operands: Sequence[np.ndarray],
        constants: Sequence[np.ndarray],
        magnitude: Callable[[], np.ndarray],
        terms: np.ndarray | int,
    ) -> np.ndarray:
        """``z``, if even Σ|a||b| needs no rounding."""
        self._fits(magnitude(), sum(grain(x) for x in operands))
        return z

    def constant(self, c: Any) -> np.ndarray | None:
        """None: the constant must be exact."""
        self._represented(c)
        return None

    def threshold(self, c: Any) -> np.ndarray | None:
        """None: the constant must be exact."""
        self._represented(c)
        return None

    def _represented(self, c: Any) -> None:
        if not traits(c, self.format).representable:
            raise Inexact("constant")

    def _fits(self, magnitude: np.ndarray, k: int) -> None:
        if not np.all(magnitude <= 2.0 ** (self.format.precision - k)):
            raise Inexact("magnitude")


def grain(x: Any) -> int:
    """The smallest k ≥ 0 for which every element is a multiple of 2^-k."""
    x = np.asarray(x, np.float64)
    for k in range(FINEST + 1):
        scaled = np.ldexp(x, k)
        if (scaled == np.rint(scaled)).all():
            return k
    raise Inexact("fraction")


def no_rounding(function: Function, arguments: Mapping[str, np.ndarray], dtype: str) -> bool:
    """Whether ``function(arguments)`` in ``dtype`` is exact whatever the order of operations."""
    format = FORMATS[dtype]
    audit = Audit(format)
    try:
        with np.errstate(all="ignore"):
            checked = {
                name: _audited(x, audit) if is_floating(x) else x for name, x in arguments.items()
            }
            outputs = function(checked)
            for output in outputs:
                if not isinstance(output, Sampled):
                    audit.constant(output)
    except Inexact:
        return False
    return True


def _audited(x: np.ndarray, audit: Audit) -> Sampled:
    grain(x)
    audit.constant(x)
    return Sampled(np.asarray(x, np.float64)[None], audit, untouched=True)
