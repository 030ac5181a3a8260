"""What the backends share about dtypes and lists of tensors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import ml_dtypes
import numpy as np

BFLOAT16 = np.dtype(ml_dtypes.bfloat16)
FLOATING = ("float64", "float32", "bfloat16", "float16")


def is_floating(dtype: object) -> bool:
    """Whether a dtype of NumPy or of a backend, or its name, can have gradients."""
    return str(dtype).removeprefix("torch.") in FLOATING


def flat(structure: Any) -> list[Any]:
    """The leaves of nested lists, tuples and dicts, in order."""
    if isinstance(structure, Mapping):
        return [leaf for key in structure for leaf in flat(structure[key])]
    if isinstance(structure, list | tuple):
        return [leaf for part in structure for leaf in flat(part)]
    return [structure]


def matching(outputs: Sequence[Any], cotangents: Sequence[Any]) -> list[tuple[Any, Any]]:
    """Pairs of a floating output and its cotangent; a plain number has no gradient."""
    if len(outputs) != len(cotangents):
        raise ValueError(f"{len(outputs)} outputs, but the case has {len(cotangents)} cotangents")
    pairs = zip(outputs, cotangents, strict=True)
    return [(y, c) for y, c in pairs if is_floating(_dtype_name(y))]


def _dtype_name(tensor: Any) -> Any:
    dtype = getattr(tensor, "dtype", None)
    return getattr(dtype, "name", dtype)
