"""Collects what the surveys found, wherever they ran, and writes the record and the page.

Under pytest-xdist the surveys run in other processes; what they found travels to this one as JSON
in the test reports. The record is written again and again during the run, whole each time, so that
a killed run keeps what it had.
"""

import platform
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from .. import __version__
from ..reports import compliance, record
from ..reports.record import Cell, DeviationUse, Record, Run

SNAPSHOT_SECONDS = 5.0

CELL, SURVEY = "layerproof cell", "layerproof survey"
"""Names of the test reports' user properties."""

PYTHON = f"Python {platform.python_version()}"


def packed(part: msgspec.Struct | dict[str, Any]) -> str:
    """A part of the record as text that survives the trip between processes."""
    return msgspec.json.encode(record.plain(part)).decode()


def unpacked(text: str, kind: Any) -> Any:
    """The part again, as ``kind``."""
    return msgspec.convert(record.revive(msgspec.json.decode(text)), kind, str_keys=True)


@dataclass
class Recorder:
    """The record of the run so far."""

    adapter: str
    device: str
    profile: str
    seed: int
    shard: str
    selection: str
    folder: Path
    versions: dict[str, str] = field(default_factory=dict)
    cells: dict[tuple[str, str, str, str], Cell] = field(default_factory=dict)
    deviations: dict[str, DeviationUse] = field(default_factory=dict)
    coverage: dict[str, dict[str, Counter[str]]] = field(default_factory=dict)
    errors: int = 0
    started: datetime = field(default_factory=lambda: datetime.now(UTC))
    _clock: float = field(default_factory=time.monotonic)
    _written: float = 0.0

    def take(self, properties: list[tuple[str, Any]]) -> None:
        """Add what one test report brings."""
        for name, text in properties:
            if name == CELL:
                cell = unpacked(text, Cell)
                self.cells[cell.key] = cell
            elif name == SURVEY:
                self._take_survey(unpacked(text, dict[str, Any]))
        if time.monotonic() - self._written > SNAPSHOT_SECONDS:
            self.write(complete=False, interrupted=False)
            self._written = time.monotonic()

    def _take_survey(self, found: dict[str, Any]) -> None:
        self.versions |= found["versions"]
        for use in msgspec.convert(found["deviations"], list[DeviationUse]):
            self._merge(use)
        for item, arguments in found["coverage"].items():
            known = self.coverage.setdefault(item, {})
            for name, values in arguments.items():
                known.setdefault(name, Counter()).update(values)

    def _merge(self, use: DeviationUse) -> None:
        """One entry may be replayed by the surveys of several dtypes: what was judged counts."""
        known = self.deviations.get(use.name)
        if known is None or known.state == "not-judged":
            self.deviations[use.name] = use
        elif use.state != "not-judged":
            self.deviations[use.name] = msgspec.structs.replace(
                use,
                state="stale" if "stale" in (use.state, known.state) else use.state,
                matched=use.matched + known.matched,
                share=max(use.share, known.share),
                detail=use.detail or known.detail,
            )

    def note_error(self) -> None:
        """A cell was not judged because the suite itself failed: the record is not complete."""
        self.errors += 1

    def record(self, *, complete: bool, interrupted: bool) -> Record:
        """The record as it stands."""
        backend = self.versions.get("backend", "")
        run = Run(
            adapter=self.adapter.removesuffix(f":{backend}"),
            backend=backend,
            device=self.device,
            versions=self.versions,
            platform=f"{platform.system()} {platform.machine()}, {PYTHON}",
            profile=self.profile,
            seed=self.seed,
            started=self.started.isoformat(timespec="seconds"),
            seconds=time.monotonic() - self._clock,
            interrupted=interrupted,
            complete=complete and not self.errors,
            shard=self.shard,
            selection=self.selection,
        )
        return record.ordered(
            Record(
                run=run,
                cells=tuple(self.cells.values()),
                deviations=tuple(self.deviations.values()),
                coverage={i: {a: dict(v) for a, v in c.items()} for i, c in self.coverage.items()},
                suite=__version__,
            )
        )

    def write(self, *, complete: bool, interrupted: bool) -> Record:
        """Write record.json; the page too, once the run has ended."""
        found = self.record(complete=complete, interrupted=interrupted)
        record.write(found, self.folder / "record.json")
        if complete or interrupted:
            compliance.write_page(found, self.folder / "index.html")
        return found
