"""Join the records of shards: the result equals the unsharded record, apart from times."""

from collections.abc import Iterable
from itertools import chain

import msgspec

from .record import RecordError, ordered
from .schema import DeviationUse, Record, Run

SETTINGS = ("adapter", "backend", "device", "versions", "platform", "profile", "seed", "selection")
"""What the runs of shards have in common."""

STATES = ("stale", "live", "not-judged")
"""A deviation judged by any shard is judged; stale in any of them is stale."""


def merge(records: Iterable[Record]) -> Record:
    """One record of several, whose cells are disjoint; raises RecordError if they do not fit."""
    parts = list(records)
    if not parts:
        raise RecordError("nothing to merge: give at least one record")
    first = parts[0]
    for part in parts[1:]:
        _same_settings(first, part)
    _disjoint(parts)
    return ordered(
        msgspec.structs.replace(
            first,
            run=_run([part.run for part in parts]),
            cells=tuple(chain.from_iterable(part.cells for part in parts)),
            deviations=_deviations(parts),
            coverage=_coverage(parts),
        )
    )


def _same_settings(first: Record, other: Record) -> None:
    pairs = [("suite", first.suite, other.suite)]
    pairs += [(name, getattr(first.run, name), getattr(other.run, name)) for name in SETTINGS]
    for name, a, b in pairs:
        if a != b:
            raise RecordError(f"records of different runs cannot be merged: {name} {a!r} and {b!r}")


def _disjoint(parts: list[Record]) -> None:
    """Shards never share an item, so that no number of a cell has to be combined."""
    owner: dict[tuple[str, ...], int] = {}
    for number, part in enumerate(parts):
        for cell in part.cells:
            if cell.key in owner:
                raise RecordError(
                    f"records {owner[cell.key] + 1} and {number + 1} both have the cell "
                    f"{' '.join(cell.key)}; give each shard once"
                )
            owner[cell.key] = number


def _run(runs: list[Run]) -> Run:
    shards = [run.shard for run in runs if run.shard]
    present = set(shards)
    counts = {shard.partition("/")[2] for shard in shards}
    if len(counts) > 1:
        raise RecordError(f"shards of different counts cannot be merged: {', '.join(shards)}")
    if len(present) < len(shards):
        raise RecordError(f"a shard is given twice: {', '.join(shards)}")
    n = len(present)
    whole = present == {f"{i}/{n}" for i in range(1, n + 1)}
    return msgspec.structs.replace(
        runs[0],
        started=min(run.started for run in runs),
        seconds=sum(run.seconds for run in runs),
        interrupted=any(run.interrupted for run in runs),
        complete=all(run.complete for run in runs) and whole,
        shard="" if whole else ",".join(sorted(present)),
    )


def _deviations(parts: list[Record]) -> tuple[DeviationUse, ...]:
    merged: dict[tuple[str, str], DeviationUse] = {}
    for use in chain.from_iterable(part.deviations for part in parts):
        other = merged.setdefault((use.file, use.name), use)
        if other is use:
            continue
        judged = min(other, use, key=lambda entry: STATES.index(entry.state))
        merged[use.file, use.name] = msgspec.structs.replace(
            judged, matched=other.matched + use.matched, share=max(other.share, use.share)
        )
    return tuple(merged.values())


def _coverage(parts: list[Record]) -> dict[str, dict[str, dict[str, int]]]:
    merged: dict[str, dict[str, dict[str, int]]] = {}
    for part in parts:
        for item, arguments in part.coverage.items():
            for name, values in arguments.items():
                counts = merged.setdefault(item, {}).setdefault(name, {})
                for value, count in values.items():
                    counts[value] = counts.get(value, 0) + count
    return merged
