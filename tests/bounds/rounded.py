"""A model of an implementation: every operation is rounded, sums accumulate in float32.

float32 and float64 are NumPy's own arithmetic. float16 and bfloat16 go through ``Rounded``, a duck
array that computes in float32 and rounds every result once. It shares no code with the engine.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import ml_dtypes
import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

KINDS = {"float16": np.float16, "bfloat16": ml_dtypes.bfloat16}


class Rounded(NDArrayOperatorsMixin):
    """float32 values that are all numbers of a half format."""

    def __init__(self, x: np.ndarray, kind: type) -> None:
        self.x, self.kind = x, kind
        self.shape, self.ndim, self.size = x.shape, x.ndim, x.size

    def like(self, result: Any) -> Any:
        if isinstance(result, list | tuple):
            return [self.like(r) for r in result]
        if np.asarray(result).dtype.kind != "f":
            return result
        kept = np.asarray(result).astype(self.kind).astype(np.float32)
        return Rounded(kept, self.kind)

    def __getitem__(self, index: Any) -> Rounded:
        return self.like(self.x[index])

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *args: Any, **keywords: Any) -> Any:
        return self.like(getattr(ufunc, method)(*map(single, args), **keywords))

    def __array_function__(self, function: Any, types: Any, args: Any, keywords: Any) -> Any:
        return self.like(function(*map(single, args), **keywords))

    def sum(self, *args: Any, **keywords: Any) -> Any:
        return self.like(self.x.sum(*args, **keywords))

    def max(self, *args: Any, **keywords: Any) -> Any:
        return self.like(self.x.max(*args, **keywords))

    def mean(self, *args: Any, **keywords: Any) -> Any:
        return self.like(self.x.mean(*args, **keywords))


def single(x: Any) -> Any:
    """The operands as float32 arrays."""
    if isinstance(x, Rounded):
        return x.x
    if isinstance(x, list | tuple):
        return type(x)(single(i) for i in x)
    return x.astype(np.float32) if isinstance(x, np.ndarray) and x.dtype == np.float64 else x


def evaluated(
    function: Callable[[Mapping[str, Any]], Sequence[Any]],
    arguments: Mapping[str, np.ndarray],
    dtype: str,
) -> list[np.ndarray]:
    """The outputs of ``function`` computed in ``dtype``."""
    with np.errstate(all="ignore"):
        if dtype == "float64":
            return [np.asarray(o) for o in function(arguments)]
        inputs = {name: single(x) for name, x in arguments.items()}
        if dtype != "float32":
            inputs = {
                name: Rounded(x, KINDS[dtype]) if x.dtype == np.float32 else x
                for name, x in inputs.items()
            }
        return [o.x if isinstance(o, Rounded) else np.asarray(o) for o in function(inputs)]
