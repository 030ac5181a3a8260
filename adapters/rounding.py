"""Arrays that round after every NumPy operation, as arithmetic in float16 and bfloat16 does.

NumPy and SciPy have no half-precision loops for much of what the oracles use. A ``Rounded`` array
holds float64 values that are representable in the target dtype; each operation is computed in
float64 and its result rounded to the target once, a sum or product of matrices too (as hardware
does, which accumulates wider). Comparisons and integers are left alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Self

import numpy as np


class Rounded(np.ndarray):
    """A float64 array whose every result is rounded to ``target``."""

    target: np.dtype

    @classmethod
    def of(cls, values: Any, target: np.dtype) -> Self:
        """``values`` rounded to ``target``."""
        array = np.asarray(values).astype(target).astype(np.float64).view(cls)
        array.target = target
        return array

    def __array_finalize__(self, source: Any) -> None:
        self.target = getattr(source, "target", np.dtype(np.float64))

    def __array_ufunc__(
        self, ufunc: np.ufunc, method: str, *inputs: Any, out: Any = None, **keywords: Any
    ) -> Any:
        result = getattr(ufunc, method)(*_plain(inputs), **_plain(keywords))
        result = self._rounded(result)
        if out is not None:  # NumPy's own methods (mean) write their result back
            np.copyto(out[0].view(np.ndarray), result)
            return out[0]
        return result

    def __array_function__(
        self, func: Callable, types: Iterable[type], args: Any, kwargs: Mapping[str, Any]
    ) -> Any:
        return self._rounded(func(*_plain(args), **_plain(kwargs)))

    def _rounded(self, result: Any) -> Any:
        if isinstance(result, tuple | list):
            return type(result)(self._rounded(part) for part in result)
        if isinstance(result, np.ndarray | np.floating) and result.dtype.kind == "f":
            return Rounded.of(result, self.target)
        return result


def _plain(value: Any) -> Any:
    """The same with plain arrays in the place of rounded ones."""
    match value:
        case Rounded():
            return value.view(np.ndarray)
        case tuple() | list():
            return type(value)(_plain(part) for part in value)
        case dict():
            return {key: _plain(part) for key, part in value.items()}
        case _:
            return value
