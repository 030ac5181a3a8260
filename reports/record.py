"""The record of a run: everything that a report shows, as one JSON document.

A record is written once a run ends, also when it is interrupted, and read by pages, merges and
gates. It is untrusted data on reading: checked against this schema, its cells' headlines
recomputed from their counts, its size bounded, and nothing in it is ever evaluated.

Numbers that JSON lacks are objects with one key, wherever they stand: ``{"$float": "nan"}``,
``{"$float": "inf"}``, ``{"$float": "-inf"}``, and ``{"$int": "…"}`` for an integer beyond 64 bits.
"""

import math
import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from .schema import SCHEMA, Cell, DeviationUse, Failure, Record, Run, Worst
from .verdicts import DTYPES, PROPERTIES, RED, headline, rank

__all__ = [
    "Cell",
    "DeviationUse",
    "Failure",
    "Record",
    "RecordError",
    "Run",
    "Worst",
    "conforms",
    "headline",
    "obstacles",
    "ordered",
    "plain",
    "read",
    "revive",
    "write",
]

MAX_BYTES = 1 << 28
"""The largest record that is read."""


class RecordError(ValueError):
    """A file that is not a whole record of this schema; the message says what to do."""


def obstacles(record: Record) -> list[str]:
    """What keeps the record from conforming, one line each, the most serious first."""
    lines = []
    for verdict in RED:
        count = sum(cell.verdict == verdict for cell in record.cells)
        if count:
            lines.append(f"{verdict}: {count} cell{'s' * (count > 1)}")
    lines += [f"deviation {d.name} is stale" for d in record.deviations if d.state == "stale"]
    if record.run.interrupted:
        lines.append("the run was interrupted")
    elif not record.run.complete:
        lines.append("the run is not complete")
    if not record.cells:
        lines.append("no cell was judged")
    return lines


def conforms(record: Record) -> bool:
    """Whether the gate is open: nothing red, no stale deviation, run to its end, not empty."""
    return not obstacles(record)


def ordered(record: Record) -> Record:
    """The same record in the one order in which records are written and shown."""
    return msgspec.structs.replace(
        record,
        cells=tuple(sorted(record.cells, key=_place)),
        deviations=tuple(sorted(record.deviations, key=lambda use: (use.file, use.name))),
        coverage={
            item: {name: dict(sorted(values.items())) for name, values in sorted(arguments.items())}
            for item, arguments in sorted(record.coverage.items())
        },
    )


def write(record: Record, path: str | os.PathLike[str]) -> None:
    """Write the record in its order, whole or not at all: a reader never sees half of it."""
    text = msgspec.json.format(msgspec.json.encode(plain(ordered(record))), indent=1)
    replace_file(Path(path), text + b"\n")


def replace_file(target: Path, content: bytes) -> None:
    """Give ``target`` this content in one step, whoever else reads or writes it meanwhile."""
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f".{target.name}.{os.getpid()}.{secrets.token_hex(4)}")
    try:
        with part.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def read(path: str | os.PathLike[str]) -> Record:
    """The record at ``path``; raises RecordError, one line that says what to do."""
    source = Path(path)
    again = "run the suite again, or give another file"
    try:
        if source.stat().st_size > MAX_BYTES:
            raise RecordError(f"{source} is larger than {MAX_BYTES >> 20} MiB: not a record")
        text = source.read_bytes()
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise RecordError(f"cannot read {source} ({reason}); {again}") from None
    try:
        raw = msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise RecordError(f"{source} is damaged or cut short ({_line(error)}); {again}") from None
    schema = raw.get("schema") if isinstance(raw, dict) else None
    if type(schema) is not int:
        raise RecordError(f"{source} is not a layerproof record (it has no schema number); {again}")
    if schema != SCHEMA:
        raise RecordError(
            f"{source} has schema {schema} and this layerproof reads {SCHEMA}; "
            f"use the layerproof that wrote it ({str(raw.get('suite', 'unknown'))[:40]!r})"
        )
    try:
        return msgspec.convert(revive(raw), Record, str_keys=True)
    except (msgspec.ValidationError, ValueError, RecursionError) as error:
        raise RecordError(f"{source} is not a valid record: {_line(error)}; {again}") from None


def _line(error: BaseException) -> str:
    return " ".join(str(error).split())[:300]


def _place(cell: Cell) -> tuple[Any, ...]:
    number = cell.chapter.split(" ", 1)[0]
    return (
        *(int(number) if number.isascii() and number.isdigit() else math.inf, cell.chapter),
        cell.item,
        *(rank(PROPERTIES, cell.property), cell.property),
        *(rank(DTYPES, cell.dtype), cell.dtype),
        cell.device,
    )


def plain(value: Any, where: str = "record") -> Any:
    """The value as what JSON has; strings that UTF-8 cannot hold lose the offending halves."""
    match value:
        case None | bool():
            return value
        case str():
            return value.encode("utf-8", "replace").decode()
        case int():
            return int(value) if -(2**63) <= value < 2**63 else {"$int": str(int(value))}
        case float():
            return float(value) if math.isfinite(value) else {"$float": str(float(value))}
        case np.generic():
            return plain(value.item(), where)
        case msgspec.Struct():
            fields = value.__struct_fields__
            return {name: plain(getattr(value, name), f"{where}.{name}") for name in fields}
        case Mapping():
            return {plain(str(k), where): plain(v, f"{where}.{k}") for k, v in value.items()}
        case list() | tuple():
            return [plain(part, where) for part in value]
    raise RecordError(f"{where}: a {type(value).__name__} has no place in a record")


def revive(value: Any) -> Any:
    """What ``plain`` wrote, with its floats that are not finite."""
    match value:
        case {"$float": "nan" | "inf" | "-inf" as text} if len(value) == 1:
            return float(text)
        case {"$int": str(text)} if len(value) == 1 and len(text) < 4000:
            return int(text)
        case dict():
            return {key: revive(part) for key, part in value.items()}
        case list():
            return [revive(part) for part in value]
    return value
