"""The end of a run, as lines for a terminal: chapter × verdict, worst cells, where to look."""

import os
from collections import Counter

from .record import obstacles, ordered
from .schema import Cell, Record
from .verdicts import CELL_VERDICTS, RED, SYMBOLS

WORST_CELLS = 5
RED_CELLS = 10
WIDTH = 150


def summary(record: Record, report: str | os.PathLike[str] | None = None) -> list[str]:
    """Lines for the end of a run; ``report`` is the folder or page to point to."""
    record = ordered(record)
    lines = [_title(record), "", *_table(record)]
    for title, found in (("not green", _reds(record)), ("nearest to the bound", _worst(record))):
        if found:
            lines += ["", f"{title}:", *(f"  {line}" for line in found)]
    flagged = [d for d in record.deviations if d.state == "live" and d.share > 0.25]
    if flagged:
        lines += ["", "deviations that match more than a quarter of a cell's cases:"]
        lines += [f"  {clean(d.name)}: {d.share:.0%}" for d in flagged]
    against = obstacles(record)
    verdict = f"does not conform: {'; '.join(map(clean, against))}" if against else "conforms"
    lines += ["", verdict]
    if report is not None:
        lines.append(f"report: {os.fspath(report)}")
    return lines


def clean(text: str) -> str:
    """One printable line: control characters of an implementation's message stay harmless."""
    line = " ".join(str(text).split())
    line = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in line)
    return line if len(line) <= WIDTH else line[: WIDTH - 1] + "…"


def _title(record: Record) -> str:
    run = record.run
    name = f"{run.adapter}:{run.backend}" if run.backend else run.adapter
    parts = [name, run.device, run.profile, f"seed {run.seed}", f"{run.seconds:.1f} s"]
    parts += [f"shard {run.shard}"] * bool(run.shard) + [run.selection] * bool(run.selection)
    return clean(f"layerproof {record.suite}: " + " · ".join(parts))


def _table(record: Record) -> list[str]:
    """Cells per chapter and verdict; a verdict that does not occur has no column."""
    counts: dict[str, Counter[str]] = {}
    for cell in record.cells:
        counts.setdefault(cell.chapter, Counter())[cell.verdict] += 1
    total = sum(counts.values(), Counter())
    used = [v for v in reversed(CELL_VERDICTS) if total[v] or v == "pass"]
    heads = [f"{SYMBOLS[v]} {v}" for v in used]
    rows = [*counts.items(), ("all", total)]
    width = max(len("chapter"), *(len(clean(name)) for name, _ in rows))
    lines = ["  ".join(["chapter".ljust(width), *heads])]
    for name, row in rows:
        numbers = (str(row[v] or ".").rjust(len(head)) for v, head in zip(used, heads, strict=True))
        lines.append("  ".join([clean(name).ljust(width), *numbers]))
    return lines


def _reds(record: Record) -> list[str]:
    found = sorted(
        (cell for cell in record.cells if cell.verdict in RED),
        key=lambda cell: RED.index(cell.verdict),
    )
    lines = [f"{_name(cell)}: {_reason(cell)}" for cell in found[:RED_CELLS]]
    if len(found) > RED_CELLS:
        lines.append(f"… and {len(found) - RED_CELLS} more, in the report")
    return [clean(line) for line in lines]


def _reason(cell: Cell) -> str:
    if cell.verdict == "not-run":
        return "no case was judged"
    if cell.verdict == "thin":
        supported = cell.cases - cell.verdicts.get("unsupported", 0)
        return f"{cell.compared} of {supported} supported cases compared"
    count = sum(n for verdict, n in cell.verdicts.items() if verdict == cell.verdict)
    message = next((f.message for f in cell.failures if f.verdict == cell.verdict), "")
    return f"{count} of {cell.cases} cases" + (f": {message}" if message else "")


def _worst(record: Record) -> list[str]:
    measured = [c for c in record.cells if c.max_ratio is not None and c.verdict not in RED]
    measured.sort(key=lambda cell: -(cell.max_ratio or 0.0))
    lines = []
    for cell in measured[:WORST_CELLS]:
        line = f"{_name(cell)}: error {cell.max_ratio:.2g} × its bound"
        if cell.max_ulp is not None:
            line += f", {cell.max_ulp:.3g} ulp"
        if cell.worst is not None and cell.worst.input:
            line += f", at {cell.worst.input}"
        lines.append(clean(line))
    return lines


def _name(cell: Cell) -> str:
    return f"{SYMBOLS[cell.verdict]} {cell.item} {cell.property} {cell.dtype} {cell.device}"
