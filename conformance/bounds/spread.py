"""Run a computation under Monte-Carlo arithmetic and measure how far its samples spread."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from .arithmetic import SAMPLES, Noisy
from .formats import FORMATS, Format
from .sampled import Sampled

Computation = Callable[[Noisy], Sequence[Any]]
"""An arithmetic -> outputs, each an array or ``Sampled``."""

NOISY = slice(1, 1 + SAMPLES)
INPUTS = slice(1 + SAMPLES, None)

RESOLUTION = 16.0
"""float64 noise is drawn this much larger, and the deviations scaled back: half an ulp of float64
cannot be added to a float64."""


class Disagreement(RuntimeError):
    """The engine's noiseless row is not what NumPy computes: a defect of the engine or of an
    alternate formula, never of the implementation under test.
    """


@dataclass(frozen=True)
class Rows:
    """One output of one run: its rows (None: it depends on no perturbed input), and per element
    whether a sample was flushed.
    """

    values: np.ndarray | None
    flushed: np.ndarray | bool
    untouched: bool


@dataclass(frozen=True)
class Spread:
    """Statistics of the samples of one output, per element.

    sigma          scaled RMS deviation from the float64 value
    sigma_inputs   the same with noise on the inputs alone
    limited        samples disagree with the value or each other about being finite
    flushed        a sample would be another one without flushing
    """

    sigma: np.ndarray
    sigma_inputs: np.ndarray
    limited: np.ndarray
    flushed: np.ndarray
    untouched: bool


def amplitude_for(format: Format, discrete: bool = False) -> float:
    """How much larger than u the noise is drawn."""
    if format.u == FORMATS["float64"].u:
        return RESOLUTION
    return 4.0 if discrete else 1.0


def run(
    computation: Computation, format: Format, seed: Sequence[int], amplitude: float
) -> list[Rows]:
    """All samples of a computation in one evaluation; a second one only if something underflowed.

    The second run draws the same noise but flushes nothing, so that exactly the elements that
    flushing reached differ.
    """
    arithmetic = Noisy(format, seed, amplitude)
    outputs = computation(arithmetic)
    flushed: list[Any] = [False] * len(outputs)
    if arithmetic.underflowed:
        twin = computation(Noisy(format, seed, amplitude, underflow=False))
        flushed = [
            _differs(a.samples[NOISY], b.samples[NOISY]) if isinstance(a, Sampled) else False
            for a, b in zip(outputs, twin, strict=True)
        ]
    return [
        Rows(o.samples, f, o.untouched) if isinstance(o, Sampled) else Rows(None, f, True)
        for o, f in zip(outputs, flushed, strict=True)
    ]


def _differs(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return ((a != b) & ~(np.isnan(a) & np.isnan(b))).any(axis=0)


def measure(
    value: np.ndarray, rows: Rows, amplitude: float, *, u: float, discrete: bool = False
) -> Spread:
    """Statistics of one output; those of a discrete one leave its jumps out."""
    zero, false = np.zeros(value.shape), np.zeros(value.shape, bool)
    if rows.values is None:
        return Spread(zero, zero, false, false, True)
    if rows.values.shape[1:] != value.shape:
        raise Disagreement(f"shape {rows.values.shape[1:]} under the engine, {value.shape} without")
    if value.dtype.kind != "f":
        return Spread(zero, zero, false, false, rows.untouched)
    deviation = rows.values - value
    finite = np.isfinite(deviation)
    if finite.all():
        limited = false
    else:
        samples = rows.values[NOISY]
        same = (samples == value) | (np.isnan(samples) & np.isnan(value)) | finite[NOISY]
        limited = ~same.all(axis=0)
        deviation = np.where(finite, deviation, 0.0)
    if discrete:
        settled = ~jumps(value, rows.values[NOISY], u)
        share = np.maximum(settled.mean(axis=0), 1.0 / SAMPLES)
        sigma = rms(deviation[NOISY] * settled) / np.sqrt(share)
    else:
        sigma = rms(deviation[NOISY])
    return Spread(
        sigma / amplitude,
        rms(deviation[INPUTS]) / amplitude,
        limited,
        false | rows.flushed,
        rows.untouched,
    )


def jumps(value: np.ndarray, samples: np.ndarray, u: float) -> np.ndarray:
    """Samples that lie apart: sorted by their distance, they come after a gap.

    Rounding moves a sample by some u, a decision by some whole; so a gap is a distance more than
    1 / √u times the one before it (and that of one rounding, u |y|).
    """
    if value.dtype.kind != "f":
        return samples != value
    distance = np.abs(np.where(np.isfinite(samples - value), samples - value, 0.0))
    ordered = np.sort(distance, axis=0)
    before = np.concatenate([np.zeros((1, *value.shape)), ordered[:-1]]) + u * np.abs(value)
    first = np.where(ordered * np.sqrt(u) > before, ordered, np.inf).min(axis=0)
    return distance >= first


def rms(deviation: np.ndarray) -> np.ndarray:
    """Root mean square over axis 0, scaled so that squares do not underflow."""
    top = np.abs(deviation).max(axis=0)
    scale = np.where(top > 0.0, top, 1.0)
    return top * np.sqrt(np.square(deviation / scale).mean(axis=0))


def verify(
    value: np.ndarray, rows: Rows, allowed: np.ndarray, limited: np.ndarray, u: float
) -> None:
    """Raise ``Disagreement`` unless the noiseless row is the float64 value.

    They differ by float64 rounding alone, which is to ``allowed`` as the roundoff of float64 is to
    u; half that many digits are required.
    """
    if rows.values is None or not value.size:
        return
    noiseless = rows.values[0]
    if value.dtype.kind != "f":
        wrong = (noiseless != value) & (rows.values == value).all(axis=0)
    else:
        share = (FORMATS["float64"].u / u) ** 0.5
        near = np.abs(noiseless - value) <= share * allowed
        wrong = ~(near | limited | (noiseless == value) | (np.isnan(noiseless) & np.isnan(value)))
    if wrong.any():
        at = tuple(int(i) for i in np.argwhere(wrong)[0])
        raise Disagreement(f"at {at}: {noiseless[at]!r} under the engine, {value[at]!r} without")
