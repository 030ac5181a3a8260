"""What the merging layers share: aligning the inputs, and what masks on the inputs may mean.

Ambiguous, for all of them: the documentation speaks of inputs of one shape, and not of masks.

    shapes  Readings: inputs of lower rank get axes of length 1 behind the batch axis, and axes of
            length 1 broadcast (here); an error.
    mask    of the output, if inputs carry masks. Readings: a step counts if it counts in any input,
            and an input without a mask counts everywhere (here); it must count in every input.
"""

from collections.abc import Callable
from functools import reduce

import numpy as np

from ..core import Array, Shape, check

Masks = tuple[Array | None, ...]
"""The mask that each input carries, of its leading axes; None: that input has none."""


def aligned_shapes(*shapes: Shape) -> list[Shape]:
    """The shapes with axes of length 1 put in behind the batch axis, up to the largest rank.

    Raises unless the batch sizes agree and the other axes agree or have length 1.

    >>> aligned_shapes((2, 3, 4), (2, 4))
    [(2, 3, 4), (2, 1, 4)]
    """
    check(len(shapes) > 0 and min(map(len, shapes)) > 0, f"want a list of batches, got {shapes}")
    rank = max(map(len, shapes))
    full = [(s[0], *(1,) * (rank - len(s)), *s[1:]) for s in shapes]
    check(len({s[0] for s in full}) == 1, f"different batch sizes: {shapes}")
    fits = all(len(set(sizes) - {1}) <= 1 for sizes in zip(*full, strict=True))
    check(fits, f"shapes do not match: {shapes}")
    return full


def aligned(inputs: tuple[Array, ...]) -> list[Array]:
    """The inputs, reshaped so that NumPy broadcasts them batch by batch."""
    shapes = aligned_shapes(*(x.shape for x in inputs))
    return [x.reshape(shape) for x, shape in zip(inputs, shapes, strict=True)]


def aligned_masks(inputs: tuple[Array, ...], masks: Masks) -> list[Array]:
    """Each mask with one axis for every axis of its aligned input; all True where there is none."""
    check(len(masks) == len(inputs), f"{len(masks)} masks for {len(inputs)} inputs")
    full = []
    for x, mask, shape in zip(
        inputs, masks, aligned_shapes(*(x.shape for x in inputs)), strict=True
    ):
        sizes = (1,) if mask is None else mask.shape
        sizes += (1,) * (x.ndim - len(sizes))
        counts = np.ones(sizes, bool) if mask is None else mask
        full.append(counts.reshape(sizes[0], *(1,) * (len(shape) - x.ndim), *sizes[1:]))
    return full


def mask_readings(inputs: tuple[Array, ...], masks: Masks) -> dict[str, Array | None]:
    """The output masks of an elementwise merge, by reading; the first is ``compute_mask``'s."""
    if all(mask is None for mask in masks):
        return {"no mask": None}
    full = aligned_masks(inputs, masks)
    missing = min(
        x.ndim - mask.ndim for x, mask in zip(inputs, masks, strict=True) if mask is not None
    )
    leading = full[0].ndim - missing
    either, both = (reduce(op, full) for op in (np.logical_or, np.logical_and))
    everywhere = any(mask is None for mask in masks)  # nothing is masked: no mask
    return {
        "counts in any": None if everywhere else either.reshape(either.shape[:leading]),
        "counts in all": both.reshape(both.shape[:leading]),
    }


def merge_counting(
    op: Callable[[Array, Array], Array], inputs: tuple[Array, ...], masks: Masks
) -> tuple[Array, Array]:
    """``op`` over only those inputs that count at each step, and whether any does.

    The first input where none counts.
    """
    (y, *xs), (seen, *counts) = aligned(inputs), aligned_masks(inputs, masks)
    for x, counting in zip(xs, counts, strict=True):
        y = np.where(seen & counting, op(y, x), np.where(counting, x, y))
        seen = seen | counting
    return y, seen
