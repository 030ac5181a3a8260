"""From the verdicts of cases to the headline of a cell: names, symbols and arithmetic.

Everything here is a pure function of counts, so that a record can be checked by whoever reads it.
"""

import math
from collections.abc import Iterable, Mapping
from typing import Any

CASE_VERDICTS = (
    *("crash", "timeout", "fail", "deviation", "unspecified", "unsupported", "pass"),
)  # fmt: skip
"""Verdicts of one case; the first that occurs in a cell is the cell's headline."""

CELL_VERDICTS = ("crash", "timeout", "fail", "not-run", "thin", *CASE_VERDICTS[3:])
"""Headlines of a cell, the most serious first."""

RED = CELL_VERDICTS[:5]
"""Headlines with which an implementation does not conform."""

SYMBOLS = {
    "crash": "✸",
    "timeout": "…",
    "fail": "✗",
    "not-run": "○",
    "thin": "≈",
    "deviation": "~",
    "unspecified": "?",
    "unsupported": "–",
    "pass": "✓",
}
"""One sign per headline, so that colour is never the only one."""

MEANINGS = {
    "crash": "the implementation ended its worker process",
    "timeout": "no answer within the time limit",
    "fail": "a result outside its bound, or otherwise not as documented",
    "not-run": "no case was judged",
    "thin": "too few cases were really compared for a green cell",
    "deviation": "a known disagreement, declared in a deviation file",
    "unspecified": "the documentation is silent; the result matches one of its readings",
    "unsupported": "the adapter or this version cannot express a case",
    "pass": "every case is as documented",
}

PROPERTIES = (
    *("values", "gradients", "exact", "gain", "losses", "initial", "constraint", "shape"),
    *("dtype", "mask", "state", "config", "weights", "save", "compiled", "invalid"),
    *("special", "statistics", "laws", "mixed"),
)
"""Properties in the order in which pages and tables show them; unknown ones come last."""

DTYPES = ("float32", "bfloat16", "float16", "float64")
"""Tested dtypes in the order in which pages and tables show them; others come last."""

LEAST_COMPARED = 3
"""A green cell has compared at least so many cases."""

SMALLEST_BIN, LARGEST_BIN = -40, 20
"""Ends of the histogram of error / bound; smaller and larger ratios are counted in them."""


def headline(verdicts: Mapping[Any, int], compared: int) -> str:
    """The headline of a cell that counted ``verdicts``, of which ``compared`` cases were compared.

    The first that occurs of crash, timeout, fail is the headline whatever else there is. A cell
    without a case is ``not-run``. Of the rest, a cell is ``thin`` if fewer than half of the cases
    that the adapter supports were compared, or fewer than three. (Where some cases are
    unsupported, so that the cell is not green anyway, all supported ones suffice instead of
    three.) Cases that deviate or match a reading count as compared.

    >>> headline({"pass": 12}, compared=12)
    'pass'
    >>> headline({"pass": 12}, compared=5)
    'thin'
    >>> headline({"pass": 10, "deviation": 1, "unsupported": 1}, compared=11)
    'deviation'
    """
    unknown = [name for name in verdicts if name not in CASE_VERDICTS]
    if unknown:
        raise ValueError(f"{unknown[0]!r} is not a verdict of a case: {', '.join(CASE_VERDICTS)}")
    cases = sum(verdicts.values())
    lacking = verdicts.get("unsupported", 0)
    supported = cases - lacking
    if min(verdicts.values(), default=0) < 0 or not 0 <= compared <= supported:
        raise ValueError(f"{compared} of {supported} supported cases cannot have been compared")
    if not cases:
        return "not-run"
    first = next(name for name in CASE_VERDICTS if verdicts.get(name, 0))
    needed = min(LEAST_COMPARED, supported) if lacking else LEAST_COMPARED
    if first not in RED and (compared < needed or 2 * compared < supported):
        return "thin"
    return first


def worst_of(headlines: Iterable[str]) -> str:
    """The most serious headline of several cells; ``not-run`` if there is none."""
    return min(headlines, key=CELL_VERDICTS.index, default="not-run")


def rank(known: tuple[str, ...], name: str) -> int:
    """Where ``name`` stands among the known names; unknown ones come last."""
    return known.index(name) if name in known else len(known)


def bin_of(ratio: float) -> int:
    """The histogram bin k of error / bound, 2^(k-1) < ratio <= 2^k: bins up to 0 are within.

    >>> [bin_of(r) for r in (0.0, 0.5, 0.6, 1.0, 1.01, float("inf"), float("nan"))]
    [-40, -1, 0, 0, 1, 20, 20]
    """
    if not ratio > 0:
        return LARGEST_BIN if math.isnan(ratio) else SMALLEST_BIN
    if math.isinf(ratio):
        return LARGEST_BIN
    mantissa, exponent = math.frexp(ratio)  # ratio = mantissa 2^exponent, 0.5 <= mantissa < 1
    k = exponent - 1 if mantissa == 0.5 else exponent
    return min(max(k, SMALLEST_BIN), LARGEST_BIN)


def histogram(ratios: Iterable[float]) -> dict[int, int]:
    """How many ratios of error / bound fall into each bin (``bin_of``)."""
    counts: dict[int, int] = {}
    for ratio in ratios:
        k = bin_of(float(ratio))
        counts[k] = counts.get(k, 0) + 1
    return dict(sorted(counts.items()))
