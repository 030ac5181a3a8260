"""The gradient of a convolution with respect to its input, in one canonical layout.

    y[b, p, f] = Σ_q Σ_k Σ_c x[b, q, c] kernel[k, f, c]
                 over all q and k with p + before = q·stride + k·dilation

Stride or dilation is 1, so with p + before = m·stride + r and k = i·stride + r the condition is
m = q + i·dilation: for every r, a convolution of stride 1 with every stride-th tap.
"""

from itertools import product
from math import prod
from operator import mul

import numpy as np

from ..core import Array, Shape
from .windows import Window


def transposed(x: Array, kernel: Array, window: Window, before: Shape, lengths: Shape) -> Array:
    """``(batch, *spatial, C)`` and ``(*size, filters, C)`` to ``(batch, *lengths, filters)``.

    >>> x, kernel = np.array([[[1.0], [10.0]]]), np.array([1.0, 2.0, 3.0]).reshape(3, 1, 1)
    >>> window = Window(size=(3,), stride=(2,), dilation=(1,), padding="valid")
    >>> transposed(x, kernel, window, before=(1,), lengths=(5,)).ravel()
    array([ 2., 13., 20., 30.,  0.])
    """
    strides, rank = window.stride, len(window.size)
    ends = [a + n for a, n in zip(before, lengths, strict=True)]
    counts = tuple(-(-end // s) for end, s in zip(ends, strides, strict=True))
    starts = product(*map(range, strides))
    taps = [tuple(np.s_[r::s] for r, s in zip(rs, strides, strict=True)) for rs in starts]
    y = np.stack([_stride_1(x, kernel[every], window.dilation, counts) for every in taps])

    # (*r, batch, *m, filters) -> (batch, m, r, m, r, …, filters)
    y = y.reshape(*strides, *y.shape[1:])
    places = [place for axis in range(rank) for place in (rank + 1 + axis, axis)]
    y = y.transpose(rank, *places, y.ndim - 1)
    y = y.reshape(x.shape[0], *map(mul, counts, strides), kernel.shape[-2])
    return y[(np.s_[:], *(np.s_[a:b] for a, b in zip(before, ends, strict=True)))]


def _stride_1(x: Array, kernel: Array, dilation: Shape, counts: Shape) -> Array:
    """y[b, m, f] = Σ_i Σ_c x[b, m - i·dilation, c] kernel[i, f, c] for m below ``counts``."""
    *size, filters, channels = kernel.shape
    if 0 in size:
        return np.zeros((x.shape[0], *counts, filters))
    window = Window(tuple(size), (1,) * len(size), dilation, "valid")
    after = [max(m - n, 0) for m, n in zip(counts, x.shape[1:-1], strict=True)]
    room = [(span - 1, end) for span, end in zip(window.span, after, strict=True)]
    views = window.over(np.pad(x, [(0, 0), *room, (0, 0)]))
    views = views[(np.s_[:], *(np.s_[:m] for m in counts))]  # (batch, *counts, C, *size)

    # c: channel, k: tap, f: filter.
    views = views.reshape(x.shape[0], *counts, channels, prod(size))
    kernel = np.flip(kernel, tuple(range(len(size)))).reshape(prod(size), filters, channels)
    return np.einsum("...ck,kfc->...f", views, kernel)
