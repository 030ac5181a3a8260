r"""``Sampled``: an array that carries all its Monte-Carlo samples on a hidden leading axis.

``samples`` has shape (rows, \*shape); everything visible (shape, axes, indices) is without the
rows. Operations follow the tables in operations.py, layout.py, sampled_functions.py and
composites.py, ask the array's arithmetic about rounding, and refuse everything else.

``untouched`` marks values that no rounding has reached: selections of the inputs. Whatever is
*decided* on them (a comparison, a floor, an argmax) is decided the same in every correct
implementation, so it is decided on the noiseless row and gives a plain array. That keeps documented
edges strict: an input exactly on a threshold has one documented result.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from .arithmetic import Arithmetic
from .composites import COMPOSITES, matmul
from .layout import LAYOUT, expanded, getitem
from .methods import ArrayMethods, Refused, Table, name_of, refuse_keywords
from .operations import ELEMENTWISE, Kind, Operation, simplified

CONSTANT = (np.ndarray, np.generic, bool, int, float)
"""What may stand beside a duck array: exact constants."""

FUNCTIONS = Table()
"""NumPy function -> implementation on samples; filled by sampled_functions.py."""

REDUCTIONS = {
    np.add: np.sum,
    np.maximum: np.max,
    np.minimum: np.min,
    np.multiply: np.prod,
    np.logical_and: np.all,
    np.logical_or: np.any,
}
"""ufunc -> the function that is its ``reduce``."""


class Sampled(ArrayMethods):
    """See the module's docstring."""

    __slots__ = ("arithmetic", "samples", "untouched")

    def __init__(
        self, samples: np.ndarray, arithmetic: Arithmetic, *, untouched: bool = False
    ) -> None:
        self.samples, self.arithmetic, self.untouched = samples, arithmetic, untouched

    @property
    def shape(self) -> tuple[int, ...]:  # type: ignore[override]
        """Shape without the rows."""
        return self.samples.shape[1:]

    @property
    def dtype(self) -> np.dtype:  # type: ignore[override]
        """float64, or that of a decision."""
        return self.samples.dtype

    def __repr__(self) -> str:
        return f"Sampled(shape={self.shape}, dtype={self.dtype}, noiseless={self.samples[0]!r})"

    def __getitem__(self, index: Any) -> Sampled:
        return self.like(getitem(self.samples, index))

    def like(self, samples: np.ndarray) -> Sampled:
        """The same kind of array with moved elements."""
        return Sampled(samples, self.arithmetic, untouched=self.untouched)

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *operands: Any, **keywords: Any) -> Any:
        if not all(isinstance(o, (Sampled, *CONSTANT)) for o in operands):
            return NotImplemented
        return dispatched(ufunc, method, operands, keywords, apply)

    def __array_function__(self, function: Any, types: Any, args: Any, keywords: Any) -> Any:
        if not all(issubclass(t, (Sampled, np.ndarray)) for t in types):
            return NotImplemented
        if function in COMPOSITES:
            return COMPOSITES.call(function, args, keywords)
        if function not in LAYOUT:
            return FUNCTIONS.call(function, args, keywords)
        x, *rest = args
        if not isinstance(x, Sampled):
            raise Refused(f"{name_of(function)} with samples only beside its first argument")
        moved = LAYOUT.call(function, (x.samples, *rest), keywords)
        return [x.like(m) for m in moved] if isinstance(moved, list) else x.like(moved)


def dispatched(
    ufunc: np.ufunc, method: str, operands: tuple[Any, ...], keywords: dict[str, Any], apply: Any
) -> Any:
    """Route a ufunc call or ``reduce`` to its table, or refuse it."""
    if method == "reduce" and ufunc in REDUCTIONS:
        function: Any = REDUCTIONS[ufunc]
        accepted = frozenset(("axis", "keepdims", "initial", "where"))
        refuse_keywords(ufunc.reduce, keywords, accepted)
        keywords = {k: v for k, v in keywords.items() if v is not np._NoValue}
        return function(*operands, **({"axis": 0} | keywords))
    if method != "__call__":
        raise Refused(f"{name_of(ufunc)}.{method} is not in the bounds engine's table")
    refuse_keywords(ufunc, keywords, frozenset())
    if ufunc is np.matmul:
        return matmul(*operands)
    ufunc, operands = simplified(ufunc, operands)
    if ufunc not in ELEMENTWISE:
        raise Refused(f"{name_of(ufunc)} is not in the bounds engine's table")
    return apply(ufunc, ELEMENTWISE[ufunc], operands)


def apply(ufunc: np.ufunc, operation: Operation, operands: Sequence[Any]) -> Any:
    """An elementwise operation on samples and constants."""
    arithmetic = arithmetic_of(operands)
    if operation.kind is Kind.DECIDING:
        return _decide(ufunc, arithmetic, operands)
    if operation.kind is Kind.SELECTING:
        operands = [selectable(o, arithmetic) for o in operands]
    raw = aligned(operands)
    z = ufunc(*raw)
    exact = True
    if operation.kind is Kind.ROUNDED and z.dtype.kind == "f":
        held = [(r, isinstance(o, Sampled)) for r, o in zip(raw, operands, strict=True)]
        z, exact = arithmetic.elementwise(ufunc, operation.kappa, held, z)
    return Sampled(z, arithmetic, untouched=exact and untouched(operands))


def _decide(ufunc: np.ufunc, arithmetic: Arithmetic, operands: Sequence[Any]) -> Any:
    """A comparison or step: plain if nothing that it depends on varies between samples."""
    settled = untouched(operands)
    varies = not settled
    taken = []
    for operand in operands:
        if isinstance(operand, Sampled):
            taken.append(Sampled(operand.samples[:1], arithmetic) if settled else operand)
        else:
            rows = arithmetic.threshold(operand)
            varies = varies or rows is not None
            taken.append(operand if rows is None else Sampled(rows, arithmetic))
    result = ufunc(*aligned(taken))
    return Sampled(result, arithmetic) if varies else result[0]


def arithmetic_of(operands: Sequence[Any]) -> Arithmetic:
    """The arithmetic that the operands share."""
    return next(o.arithmetic for o in operands if isinstance(o, Sampled))


def untouched(operands: Sequence[Any]) -> bool:
    """Whether no rounding has reached any operand."""
    return all(o.untouched for o in operands if isinstance(o, Sampled))


def selectable(operand: Any, arithmetic: Arithmetic) -> Any:
    """A constant that an implementation may have rounded becomes samples of it."""
    if isinstance(operand, Sampled):
        return operand
    rows = arithmetic.constant(operand)
    return operand if rows is None else Sampled(rows, arithmetic)


def aligned(operands: Sequence[Any]) -> list[Any]:
    """Raw arrays that broadcast against each other as the visible arrays do."""
    rank = max(np.ndim(o) for o in operands)
    return [expanded(o.samples, rank) if isinstance(o, Sampled) else o for o in operands]
