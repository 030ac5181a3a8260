"""What a property says about one case, and the comparisons that it is made of."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from ..adapters.protocol import Answer, Lost, Raised, Unsupported
from ..reference.core import Array
from ..reports.schema import CaseVerdict
from .bounds import FORMATS, Comparison, Expected, compare

NOTHING = np.zeros(0)


@dataclass(frozen=True)
class Worst:
    """The element with the largest error for its bound."""

    where: str
    input: str
    expected: str
    got: str
    bound: float
    ratio: float
    explanation: dict[str, Any]


@dataclass(frozen=True)
class Observation:
    """The verdict on one case, and the numbers behind it.

    ratios     |error| / bound of every element compared
    grades_a   |error| / (error that rounding the inputs alone would make)
    limited    elements not judged because the dtype's range ends near them
    compared   False where so much was range-limited or excluded that nothing was really compared
    raised     the implementation raised instead of answering
    """

    verdict: CaseVerdict
    message: str = ""
    compared: bool = True
    ratios: Array = field(default_factory=lambda: NOTHING)
    grades_a: Array = field(default_factory=lambda: NOTHING)
    limited: int = 0
    excluded: int = 0
    max_ulp: float = 0.0
    worst: Worst | None = None
    reading: str = ""
    raised: bool = False


PASS = Observation("pass")


def fail(message: str) -> Observation:
    """A failure without numbers."""
    return Observation("fail", message)


def lost(answer: Answer) -> Observation | None:
    """The verdict of an answer that is no answer to the question; None if it is one."""
    match answer:
        case Unsupported(reason):
            return Observation("unsupported", reason, compared=False)
        case Lost(how, detail):
            return Observation(how, detail)
        case Raised(kind, _, message):
            return Observation("fail", f"raised {kind}: {message}", raised=True)
    return None


def numeric(
    label: str, expected: Sequence[Expected], got: Sequence[Array], source: Array | None = None
) -> Observation:
    """Compare outputs one by one; ``source`` is the input, to say where the worst error occurs."""
    if len(expected) != len(got):
        return fail(f"{label}: {len(got)} arrays, expected {len(expected)}")
    with np.errstate(all="ignore"):  # a signalling NaN warns when it is only converted
        return together(
            _one(f"{label} {place}", want, have, source)
            for place, (want, have) in enumerate(zip(expected, got, strict=True))
        )


def together(parts: Iterable[Observation]) -> Observation:
    """Several observations of one case as one: the first failure speaks, the numbers are pooled."""
    parts = list(parts)
    if not parts:
        return PASS
    order = ("crash", "timeout", "fail", "unspecified", "unsupported", "pass")
    first = min(parts, key=lambda part: order.index(part.verdict))
    worsts = [part.worst for part in parts if part.worst is not None]
    return replace(
        first,
        compared=any(part.compared for part in parts),
        ratios=np.concatenate([part.ratios for part in parts]),
        grades_a=np.concatenate([part.grades_a for part in parts]),
        limited=sum(part.limited for part in parts),
        excluded=sum(part.excluded for part in parts),
        max_ulp=max(part.max_ulp for part in parts),
        worst=max(worsts, key=lambda w: w.ratio, default=None),
    )


def nearest(found: Iterable[Observation]) -> Observation:
    """The one that judges most and whose worst element is the least wrong, or the first."""
    return min(found, key=lambda o: (o.limited, o.worst.ratio if o.worst else np.inf))


def same(label: str, want: Sequence[Array], got: Sequence[Array]) -> Observation:
    """Bit for bit: the same arrays, with -0 apart from 0 and every NaN alike."""
    if len(want) != len(got):
        return fail(f"{label}: {len(got)} arrays, expected {len(want)}")
    for place, (a, b) in enumerate(zip(want, got, strict=True)):
        if a.shape != b.shape or a.dtype != b.dtype:
            return fail(f"{label} {place}: {b.dtype}{b.shape}, expected {a.dtype}{a.shape}")
        alike = (a == b) & (np.signbit(a) == np.signbit(b)) if _signed(a) else a == b
        alike |= (a != a) & (b != b)
        if not alike.all():
            index = tuple(int(i) for i in np.argwhere(~np.atleast_1d(alike))[0])
            return fail(
                f"{label} {place}: {_text(b, index)} at {index}, expected {_text(a, index)}"
            )
    return PASS


def hexadecimal(value: Any) -> str:
    """A number exactly: hex for floats."""
    number = np.asarray(value)
    return str(number) if number.dtype.kind in "bui" else float(number).hex()


def _signed(x: Array) -> bool:
    return x.dtype.kind not in "bOSU" and x.dtype.kind != "u"


def _text(x: Array, index: tuple[int, ...]) -> str:
    return str(np.atleast_1d(x)[index])


def _one(label: str, want: Expected, have: Array, source: Array | None) -> Observation:
    if want.value.shape != have.shape:
        return fail(f"{label}: shape {have.shape}, expected {want.value.shape}")
    have = have.astype(np.float64) if want.value.dtype.kind == "f" else have
    comparison = compare(want, have)
    judged = ~want.limited
    # An empty array is compared; one of which nothing could be judged is not.
    observation = Observation(
        "pass",
        compared=bool(judged.any()) or want.value.size == 0,
        ratios=comparison.ratio[judged].ravel(),
        grades_a=_grades_a(want, have)[judged].ravel(),
        limited=comparison.limited_count,
        max_ulp=comparison.max_ulp,
    )
    if want.value.size == 0 or not judged.any():
        return observation
    worst = _worst(label, want, have, comparison, source)
    if comparison.max_ratio <= 1.0:
        return replace(observation, worst=worst)
    message = (
        f"{label}: {worst.got} at {worst.where}, expected {worst.expected}, "
        f"error {worst.ratio:.3g} × the allowed {worst.bound:.3g}"
    )
    return replace(observation, verdict="fail", message=message, worst=worst)


def _grades_a(want: Expected, have: Array) -> Array:
    """|error| over what rounding the inputs alone would cause (or a rounding of the output)."""
    floor = np.maximum(want.sigma_inputs, FORMATS[want.dtype].u * np.abs(want.value))
    ratio = np.abs(have.astype(np.float64) - want.value) / floor
    return np.where(np.isfinite(ratio), ratio, 0.0)


def _worst(
    label: str, want: Expected, have: Array, comparison: Comparison, source: Array | None
) -> Worst:
    index = comparison.worst or ()  # a scalar's, too
    at = "" if source is None or source.shape != want.value.shape else hexadecimal(source[index])
    return Worst(
        where=f"{label}{list(index)}",
        input=at,
        expected=str(want.value[index]),
        got=str(have[index]),
        bound=float(want.allowed[index]),
        ratio=float(comparison.max_ratio),
        explanation=want.explain(index),
    )
