"""What the tests of the bounds engine share: samples without noise, and numbers of a format."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from layerproof.conformance.bounds import FORMATS
from layerproof.conformance.bounds.arithmetic import Arithmetic
from layerproof.conformance.bounds.sampled import Sampled

EXACT = Arithmetic()


def noiseless(rows: np.ndarray) -> Sampled:
    """Samples that are computed with exactly: the leading axis is the hidden one."""
    return Sampled(rows, EXACT)


def rows_of(result: Any, count: int) -> np.ndarray:
    """Raw rows of a result that may not depend on the sample at all."""
    if isinstance(result, Sampled):
        return result.samples
    return np.broadcast_to(result, (count, *np.shape(result)))


def represented(arrays: Mapping[str, Any], dtype: str) -> dict[str, Any]:
    """The arguments rounded to the tested dtype, as float64; integers and booleans unchanged."""
    return {
        name: FORMATS[dtype].rounded(x) if np.asarray(x).dtype.kind == "f" else x
        for name, x in arrays.items()
    }
