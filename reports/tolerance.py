"""The tolerance part of a page: how near each cell comes to its bound, and where."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from .schema import Cell

LEFT, RIGHT = -16, 4
"""The bins of log2(error / bound) that a small histogram shows; others count in its ends."""

HEIGHT = 18


@dataclass(frozen=True)
class ToleranceRow:
    """One cell with numbers: what the table shows and how it is sorted."""

    cell: Cell
    inside: str
    beyond: str

    @property
    def keys(self) -> dict[str, float]:
        """The numbers to sort by."""
        cell = self.cell
        found = {
            "max": cell.max_ratio,
            "p99": cell.p99_ratio,
            "ulp": cell.max_ulp,
            "bits": cell.bits,
            "a": cell.grade_a,
        }
        return {name: -math.inf if x is None or math.isnan(x) else x for name, x in found.items()}


def rows(cells: Iterable[Cell]) -> list[ToleranceRow]:
    """Every cell that measured an error, nearest to (or farthest beyond) its bound first."""
    measured = [cell for cell in cells if cell.max_ratio is not None]
    made = [ToleranceRow(cell, *_bars(cell.ratios)) for cell in measured]
    return sorted(made, key=lambda row: -row.keys["max"])


def number(value: float | str | None, digits: int = 3) -> str:
    """A number as a reader likes it.

    >>> [number(x) for x in (0.0, 0.25, 12345.0, 2.5e-7, float("inf"), None, "0x1p+3")]
    ['0', '0.25', '1.23e4', '2.5e-7', '∞', '—', '0x1p+3']
    """
    if value is None:
        return "—"
    if isinstance(value, str | bool):
        return str(value)
    if not math.isfinite(value):
        return "NaN" if math.isnan(value) else "∞" if value > 0 else "−∞"
    text = f"{value:.{digits}g}"
    mantissa, e, exponent = text.partition("e")
    return f"{mantissa}e{int(exponent)}" if e else text


def _bars(ratios: Mapping[int, int]) -> tuple[str, str]:
    """SVG paths of a histogram, bar heights by square root: within the bound, and beyond it."""
    counts: dict[int, int] = {}
    for k, count in ratios.items():
        place = min(max(k, LEFT), RIGHT)
        counts[place] = counts.get(place, 0) + count
    top = max(counts.values(), default=1) or 1
    inside: list[str] = []
    beyond: list[str] = []
    for k, count in sorted(counts.items()):
        if count:
            height = max(1.0, HEIGHT * math.sqrt(count / top))
            bar = f"M{4 * (k - LEFT)} {HEIGHT}v-{height:.3g}h3v{height:.3g}z"
            (beyond if k > 0 else inside).append(bar)
    return "".join(inside), "".join(beyond)
