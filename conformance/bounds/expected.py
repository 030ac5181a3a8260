"""``expect``: the oracle's value of every output element and how far an implementation may be.

    allowed = C sigma + u |y| + phi [some sample was flushed]          twice that for float64

sigma is the spread of the oracle under Monte-Carlo arithmetic (arithmetic.py), the largest over
the item's alternates; C = 4 for values, 8 for gradients. A single contraction is covered by
theorem (C c(n) ≥ n), a single elementwise operation has at least 8u; compositions are covered
statistically, not by proof.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from .arithmetic import SAMPLES, Noisy
from .formats import FORMATS, Format
from .sampled import Sampled
from .spread import NOISY, Rows, amplitude_for, jumps, measure, run, verify

Function = Callable[[Mapping[str, Any]], Sequence[Any]]
"""Named arrays -> outputs: how the oracle is called."""

NONE: tuple[np.ndarray, ...] = ()

C_VALUES = 4.0
C_GRADIENTS = 8.0

OVERFLOW_MARGIN = 16.0
"""Elements within this factor of overflow are range-limited."""


@dataclass(frozen=True)
class Expected:
    """What one output must be.

    value         float64, or exact integers or booleans (then ``allowed`` is 0)
    allowed       largest |got - value|
    sigma         the spread behind it; ``formula`` says of which formula (0: the oracle itself)
    sigma_inputs  spread from perturbed inputs alone (grade A)
    limited       range-limited elements: neither passed nor failed
    flushed       elements where a sample was flushed to zero
    accepted      for discrete outputs: further outcomes, equal to ``value`` except where they jump
    untouched     the output is a selection of the inputs: no rounding is needed to compute it
    normwise      allowance relative to a norm, in absolute terms (0: none)
    """

    value: np.ndarray
    sigma: np.ndarray
    allowed: np.ndarray
    sigma_inputs: np.ndarray
    limited: np.ndarray
    flushed: np.ndarray
    formula: np.ndarray
    accepted: tuple[np.ndarray, ...]
    dtype: str
    c: float
    untouched: bool = False
    normwise: np.ndarray | float = 0.0

    def explain(self, index: int | tuple[int, ...]) -> dict[str, Any]:
        """Why the element at ``index`` (flat or tuple) was allowed this much; JSON-able."""
        format = FORMATS[self.dtype]
        if isinstance(index, int):
            index = tuple(int(i) for i in np.unravel_index(index, self.value.shape))
        exact = self.value.dtype.kind != "f"
        flushed = bool(self.flushed[index])
        return {
            "index": list(index),
            "value": self.value[index].item(),
            "allowed": float(self.allowed[index]),
            "dtype": self.dtype,
            "u": format.u,
            "C": self.c,
            "samples": SAMPLES,
            "sigma": float(self.sigma[index]),
            "sigma_inputs": float(self.sigma_inputs[index]),
            "C_sigma": self.c * float(self.sigma[index]),
            "u_value": 0.0 if exact else format.u * abs(float(self.value[index])),
            "phi": format.phi if flushed and not exact else 0.0,
            "flushed": flushed,
            "oracle_rounds_too": self.dtype == "float64",
            "formula": int(self.formula[index]),
            "normwise": float(np.broadcast_to(self.normwise, self.value.shape)[index]),
            "limited": bool(self.limited[index]),
            "untouched": self.untouched,
            "accepted": [a[index].item() for a in self.accepted if a[index] != self.value[index]],
        }


def expect(
    function: Function,
    arguments: Mapping[str, np.ndarray],
    dtype: str,
    seed: int,
    *,
    alternates: Sequence[Function] = (),
    discrete: bool = False,
    normwise: Callable[[Mapping[str, np.ndarray]], Any] | None = None,
) -> tuple[Expected, ...]:
    """The expected outputs of ``function(arguments)``.

    float64 arguments hold values that ``dtype`` represents, and are perturbed; integers and
    booleans pass unchanged. ``normwise(arguments)`` gives an allowance in units of u for fast
    convolutions.
    """
    format = FORMATS[dtype]
    check_representable(arguments, format)
    amplitude = amplitude_for(format, discrete)
    with np.errstate(all="ignore"):
        values = [np.asarray(v) for v in function(arguments)]
        runs = [
            run(lambda a: f(perturbed(arguments, a)), format, (seed, j), amplitude)  # noqa: B023
            for j, f in enumerate((function, *alternates))
        ]
        extra = 0.0 if normwise is None else format.u * np.asarray(normwise(arguments))
        return tuple(
            judged(value, rows, format, C_VALUES, amplitude, discrete=discrete, normwise=extra)
            for value, *rows in zip(values, *runs, strict=True)
        )


def judged(
    value: np.ndarray,
    runs: Sequence[Rows],
    format: Format,
    c: float,
    amplitude: float,
    *,
    discrete: bool = False,
    normwise: Any = 0.0,
) -> Expected:
    """The bound of one output from the runs of the oracle and of its alternates."""
    spreads = [measure(value, r, amplitude, u=format.u, discrete=discrete) for r in runs]
    sigmas = np.stack([s.sigma for s in spreads])
    formula = sigmas.argmax(axis=0)
    sigma, sigma_inputs = sigmas.max(axis=0), np.max([s.sigma_inputs for s in spreads], axis=0)
    limited = np.any([s.limited for s in spreads], axis=0)
    flushed = np.any([s.flushed for s in spreads], axis=0)
    allowed, accepted = np.zeros(value.shape), NONE
    if value.dtype.kind == "f":
        allowed = c * sigma + format.u * np.abs(value) + format.phi * flushed
        allowed = np.maximum(allowed, normwise)
        allowed = allowed * 2.0 if format.name == "float64" else allowed
        near = (np.abs(value) + allowed) * OVERFLOW_MARGIN > format.big
        limited = limited | (near & np.isfinite(value))
        allowed = np.where(np.isfinite(value), allowed, 0.0)
    for rows in runs:
        verify(value, rows, allowed, limited, format.u)
    if discrete:
        accepted = _outcomes(value, runs, format.u)
    return Expected(
        *(value, sigma, allowed, sigma_inputs, limited, flushed, formula, accepted),
        *(format.name, c, all(s.untouched for s in spreads), normwise),
    )


def _outcomes(value: np.ndarray, runs: Sequence[Rows], u: float) -> tuple[np.ndarray, ...]:
    """The distinct samples that jump away from the value, each equal to it elsewhere."""
    found = {}
    for rows in runs:
        if rows.values is None:
            continue
        samples = rows.values[NOISY]
        for sample, jumped in zip(samples, jumps(value, samples, u), strict=True):
            if jumped.any():
                outcome = np.where(jumped, sample, value)
                found[outcome.tobytes()] = outcome
    return tuple(found.values())


def perturbed(arguments: Mapping[str, np.ndarray], arithmetic: Noisy) -> dict[str, Any]:
    """The arguments as samples; integers and booleans as they are."""
    return {name: noisy(x, arithmetic) if is_floating(x) else x for name, x in arguments.items()}


def noisy(x: np.ndarray, arithmetic: Noisy) -> Sampled:
    """A perturbed input."""
    rows, untouched = arithmetic.perturbed(np.asarray(x, np.float64))
    return Sampled(rows, arithmetic, untouched=untouched)


def is_floating(x: Any) -> bool:
    """Whether an argument is perturbed."""
    return isinstance(x, np.ndarray | np.floating) and x.dtype.kind == "f"


def check_representable(arguments: Mapping[str, np.ndarray], format: Format) -> None:
    """Arguments are rounded to the tested dtype before the oracle sees them."""
    for name, x in arguments.items():
        if is_floating(x) and not format.representable(x):
            raise ValueError(f"argument {name!r} holds values that are not {format.name} numbers")
