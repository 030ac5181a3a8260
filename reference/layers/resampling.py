"""Resampling of one axis as a matrix: nearest, bilinear, bicubic, lanczos3, lanczos5.

    y[i] = Σ_j M[i, j] x[j],   M[i, j] = k(|p_i - j|) / Σ_j' k(|p_i - j'|)
    p_i  = (i + 1/2) · size / out - 1/2           the centre of output i, in input positions

    k(t)  bilinear    max(0, 1 - t)
          bicubic     Keys' cubic with a = -1/2 (Catmull-Rom):
                      (a + 2) t³ - (a + 3) t² + 1         for t ≤ 1
                      a t³ - 5a t² + 8a t - 4a            for 1 < t < 2
          lanczos r   sinc(t) sinc(t / r)                 for t < r
    nearest: the input pixel that contains p_i; a tie goes to the later one.

Only pixels inside the input count, and the weights of every output sum to 1, near the edges too.
The kernel has its own width whatever the scale, so nothing is antialiased.

Source: https://www.tensorflow.org/api_docs/python/tf/image/resize (kernels, edges); Keys 1981,
"Cubic convolution interpolation for digital image processing"; Duchon 1979, "Lanczos filtering in
one and two dimensions".
"""

from collections.abc import Callable

import numpy as np

from ..core import Array

METHODS = ("bicubic", "bilinear", "lanczos3", "lanczos5", "nearest")


def matrix(size: int, out: int, method: str, moved: float = 0.0) -> Array:
    """M of shape (out, size), to go from ``size`` positions to ``out``.

    ``moved`` shifts every p_i by that fraction of its distance from the edge of the input, as
    rounding p_i does; nearest takes no notice of it.

    >>> matrix(2, 4, "bilinear")
    array([[1.  , 0.  ],
           [0.75, 0.25],
           [0.25, 0.75],
           [0.  , 1.  ]])
    """
    if method == "nearest":
        return np.eye(size)[(2 * np.arange(out) + 1) * size // (2 * out)]
    offsets = _offsets(size, out, np.arange(size)) + _shift(size, out, moved)
    weights = KERNELS[method](np.abs(offsets))
    return weights / weights.sum(1, keepdims=True)


def matrix_repeating_edges(size: int, out: int, a: float = -0.75, moved: float = 0.0) -> Array:
    """Another bicubic matrix: cubic with coefficient ``a`` over x with its edge pixels repeated."""
    j = np.arange(-2, size + 2)
    weights = _cubic(np.abs(_offsets(size, out, j) + _shift(size, out, moved)), a)
    return weights @ np.eye(size)[np.clip(j, 0, size - 1)]


def apply(m: Array, x: Array, axis: int) -> Array:
    """``m`` times ``x`` along ``axis``."""
    return np.moveaxis(np.moveaxis(x, axis, -1) @ m.T, -1, axis)


def _offsets(size: int, out: int, j: Array) -> Array:
    """p_i - j for every output i and input j, one rounding each: (out, len(j))."""
    i = np.arange(out)[:, None]
    return ((2 * i + 1) * size - (2 * j + 1) * out) / (2 * out)


def _shift(size: int, out: int, moved: float) -> Array:
    """How far every p_i is moved: (out, 1)."""
    return moved * (np.arange(out)[:, None] + 0.5) * size / out


def _cubic(t: Array, a: float = -0.5) -> Array:
    near = ((a + 2) * t - (a + 3)) * t * t + 1
    far = a * (((t - 5) * t + 8) * t - 4)
    return np.where(t <= 1, near, np.where(t < 2, far, 0.0))


def _lanczos(radius: int) -> Callable[[Array], Array]:
    def kernel(t: Array) -> Array:
        angle = np.pi * np.where(t == 0, 1.0, t)
        windowed = radius * np.sin(angle) * np.sin(angle / radius) / (angle * angle)
        inside = np.where(t == np.rint(t), t == 0, windowed)  # np.sin(np.pi) is 1e-16
        return np.where(t < radius, inside, 0.0)

    return kernel


KERNELS: dict[str, Callable[[Array], Array]] = {
    "bilinear": lambda t: np.maximum(0.0, 1.0 - t),
    "bicubic": _cubic,
    "lanczos3": _lanczos(3),
    "lanczos5": _lanczos(5),
}
