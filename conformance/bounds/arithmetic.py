"""What happens to the result of an operation: nothing, noise, or an audit.

A ``Sampled`` array asks the arithmetic it was made with about every result. ``Arithmetic`` leaves
results alone; ``Noisy`` is Monte-Carlo arithmetic (below); ``Audit`` (exactness.py) checks that
nothing was rounded. With xi = ±1, fresh for every element and sample:

    input        x ← x (1 + u xi)
    elementwise  z ← z (1 + kappa u xi)
    contraction  z ← z + c(n) u_acc (Σ|a||b|) xi,  then one final u where u_acc < u
    |z| < tiny   z ← 0 at random (float16: z ± half a subnormal spacing, at most |z|)
    |z| > big    z ← ±inf

The rows of the hidden axis: row 0 is noiseless, the next ``samples`` rows have everything, the last
``input_only`` rows have noise on the inputs alone (grade A).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from .formats import Format, traits

SAMPLES = 16
"""K: how many samples sigma is estimated from."""

INPUT_ONLY = 8
"""How many further rows carry input noise alone, for grade A."""

Raw = Any
Operand = tuple[Raw, bool]
"""An array or scalar, and whether its leading axis is the hidden one; if not, it is a constant."""


class Arithmetic:
    """Exact: float64 results as they come; every row is a computation of its own."""

    def elementwise(
        self, ufunc: np.ufunc, kappa: float, operands: Sequence[Operand], z: np.ndarray
    ) -> tuple[np.ndarray, bool]:
        """The result ``z`` of a rounded ufunc, and whether it is known to be exact."""
        return z, False

    def contraction(
        self,
        z: np.ndarray,
        operands: Sequence[np.ndarray],
        constants: Sequence[np.ndarray],
        magnitude: Callable[[], np.ndarray],
        terms: np.ndarray | int,
    ) -> np.ndarray:
        """The result of a sum (one operand) or of a sum of products.

        ``operands`` are noiseless rows; ``magnitude`` gives Σ|a||b| over them; ``terms`` is how
        many terms each result has.
        """
        return z

    def constant(self, c: Raw) -> np.ndarray | None:
        """Rows standing for a constant that may be rounded before use; None: it is exact."""
        return None

    def threshold(self, c: Raw) -> np.ndarray | None:
        """Rows standing for a constant that is only compared with; None: it is exact."""
        return None


class Noisy(Arithmetic):
    """Monte-Carlo arithmetic in one format; deterministic for a seed.

    ``underflowed`` tells afterwards whether any result was small enough to be flushed. With
    ``underflow=False`` the same noise is drawn, but nothing is flushed.
    """

    def __init__(
        self, format: Format, seed: Sequence[int], amplitude: float = 1.0, underflow: bool = True
    ) -> None:
        self.format, self.amplitude, self.underflow = format, amplitude, underflow
        self.u = format.u * amplitude
        self.rows = 1 + SAMPLES + INPUT_ONLY
        self.underflowed = False
        self._seed = tuple(seed)
        self._generator = np.random.Generator(np.random.SFC64(self._seed))
        self._scratch = np.empty((0, 8))
        self._flushes: np.random.Generator | None = None

    def perturbed(self, x: np.ndarray) -> tuple[np.ndarray, bool]:
        """Rows of an input, and whether comparing it is exact (no subnormal is among it)."""
        rows = np.repeat(x[None], self.rows, axis=0)
        rows[1:] *= self._factors(self.u, rows[1:].shape)
        magnitude = np.abs(x)
        subnormal = ((magnitude < self.format.tiny) & (magnitude > 0.0)).any()
        if subnormal:
            self._limit_range(rows)
        return rows, not subnormal

    def fixed(self, x: np.ndarray) -> np.ndarray:
        """Rows of an array that is exact itself but whose arithmetic is not."""
        return np.broadcast_to(x, (self.rows, *x.shape))

    def elementwise(
        self, ufunc: np.ufunc, kappa: float, operands: Sequence[Operand], z: np.ndarray
    ) -> tuple[np.ndarray, bool]:
        """``z`` with noise in every row but the noiseless one, unless the operation is exact."""
        kappa = self._kappa(ufunc, kappa, operands)
        if not kappa:
            scaled = ufunc in (np.multiply, np.divide)
            return z, not (scaled and self._limit_range(z))
        part = z[1 : 1 + SAMPLES]
        part *= self._factors(kappa * self.u, part.shape)
        self._limit_range(z)
        return z, False

    def contraction(
        self,
        z: np.ndarray,
        operands: Sequence[np.ndarray],
        constants: Sequence[np.ndarray],
        magnitude: Callable[[], np.ndarray],
        terms: np.ndarray | int,
    ) -> np.ndarray:
        """``z`` with the error of a sum in every noisy row, as its number of terms allows."""
        of = [traits(c, self.format) for c in constants]
        factors = len(operands)
        inexact = factors - 1 - sum(t.power_of_two for t in of)
        c = growth(terms, one_term=max(inexact, 0))
        if not np.any(c):
            return z
        relative = c * self.format.u_acc + 2.0 * (factors > 1) * self.format.u_prod
        relative = relative + sum(not t.representable for t in of) * self.format.u
        error = self.amplitude * relative * magnitude()
        if not np.isfinite(error).all():
            error = np.where(np.isfinite(error), error, 0.0)
        part = z[1 : 1 + SAMPLES]
        noise = self._xi(part.shape)
        noise *= error
        part += noise
        if self.format.u_acc < self.format.u:
            part *= self._factors(self.u, part.shape)
        self._limit_range(z)
        return z

    def constant(self, c: Raw) -> np.ndarray | None:
        """Every sample uses a rounding of its own."""
        if traits(c, self.format).representable:
            return None
        rows = np.repeat(np.asarray(c, np.float64)[None], self.rows, axis=0)
        part = rows[1 : 1 + SAMPLES]
        part *= self._factors(self.u, part.shape)
        if np.abs(rows[0]).max(initial=0.0) <= self.format.big:
            self._limit_range(rows)
        return rows

    def threshold(self, c: Raw) -> np.ndarray | None:
        """Every second sample compares with the rounded constant."""
        if traits(c, self.format).representable:
            return None
        rows = np.repeat(np.asarray(c, np.float64)[None], self.rows, axis=0)
        rows[1 : 1 + SAMPLES : 2] = self.format.rounded(c)
        return rows

    def _kappa(self, ufunc: np.ufunc, kappa: float, operands: Sequence[Operand]) -> float:
        """0 where the operation is exact; one more for a constant that is rounded itself."""
        extra = 0.0
        for position, (operand, has_rows) in enumerate(operands):
            if has_rows:
                if operand.dtype == bool and ufunc is np.multiply:
                    return 0.0
                continue
            constant = traits(operand, self.format)
            if constant.power_of_two and (
                ufunc is np.multiply or (ufunc is np.divide and position == 1)
            ):
                return 0.0
            if constant.zero and ufunc in (np.add, np.subtract):
                return 0.0
            extra = extra or float(not constant.representable)
        return kappa + extra

    def _factors(self, scale: float, shape: tuple[int, ...]) -> np.ndarray:
        return self._draw(_table(1.0, scale), shape)

    def _xi(self, shape: tuple[int, ...]) -> np.ndarray:
        return self._draw(_table(0.0, 1.0), shape)

    def _draw(self, table: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
        """Two-valued noise, valid until the next draw: a random byte selects eight values."""
        count = 1
        for n in shape:
            count *= n
        codes = np.frombuffer(self._generator.bytes(-(-count // 8)), np.uint8)
        if codes.size > len(self._scratch):  # one buffer for all draws: fresh pages are slow
            self._scratch = np.empty((codes.size, 8))
        drawn = self._scratch[: codes.size]
        table.take(codes, axis=0, out=drawn, mode="clip")
        return drawn.reshape(-1)[:count].reshape(shape)

    def _limit_range(self, z: np.ndarray) -> bool:
        """Overflow and underflow of the noisy rows; two rows tell whether to look closer."""
        probe = np.abs(z[:2])
        small = probe < 4.0 * self.format.tiny
        if probe.max(initial=0.0) * 4.0 < self.format.big and not (
            small.any() and (small & (probe > 0.0)).any()
        ):
            return False
        part = z[1 : 1 + SAMPLES]
        magnitude = np.abs(part)
        over = magnitude > self.format.big
        if over.any():
            np.copyto(part, np.copysign(np.inf, part), where=over)
        under = (magnitude < self.format.tiny) & (magnitude > 0.0)
        if under.any():
            self.underflowed = True
            if self.underflow:
                self._flush(part, magnitude, under)
        return True

    def _flush(self, part: np.ndarray, magnitude: np.ndarray, under: np.ndarray) -> None:
        """Flush at random, with a stream of its own: the other noise must not depend on it."""
        if self._flushes is None:
            self._flushes = np.random.Generator(np.random.SFC64([*self._seed, 1]))
        up = self._flushes.integers(0, 2, part.shape, dtype=bool)
        if self.format.gradual:
            step = np.minimum(magnitude, self.format.gradual * self.amplitude)
            np.copyto(part, part + np.where(up, step, -step), where=under)
        else:
            # What is lost is enlarged as the noise is, for it will be scaled back like it.
            enlarged = self.amplitude if self.format.name == "float64" else 1.0
            np.copyto(part, part * (1.0 - enlarged), where=under & up)


def growth(terms: np.ndarray | int, one_term: float = 0.0) -> np.ndarray:
    """c(n) = max(√n, n/4): times C ≥ 4 it covers every summation order; c of one term is given."""
    n = np.asarray(terms, np.float64)
    return np.where(n > 1.0, np.maximum(np.sqrt(n), n / 4.0), one_term)


@lru_cache(maxsize=256)
def _table(centre: float, scale: float) -> np.ndarray:
    """For every byte its eight bits as ``centre ± scale``."""
    bits = np.unpackbits(np.arange(256, dtype=np.uint8)[:, None], axis=1)
    return centre + scale * (2.0 * bits - 1.0)


def _keep_freed_memory() -> None:
    """Teach glibc's malloc to keep freed blocks: once a large one was freed, it does so up to that
    size. Samples are short-lived arrays of megabytes, whose page faults cost more than they do.
    """
    block = np.empty(3 << 20)
    del block


_keep_freed_memory()
