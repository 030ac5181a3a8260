"""One pytest run of the suite: its options, its implementation, its surveys, its record."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from .. import adapters
from ..adapters.client import connect
from ..adapters.loading import AdapterError
from ..adapters.protocol import Case, ProtocolError, decode, digest, encode
from ..reference import CATALOGUE
from ..reports import record, terminal
from ..reports.record import Cell
from .chapters import table
from .deviations import Deviation, DeviationError, applicable
from .examiner import Examiner
from .profiles import PROFILES, Profile
from .recorder import CELL, SURVEY, Recorder, packed
from .spec import Spec
from .survey import Survey, dtypes_of, properties_of

RED = ("crash", "timeout", "fail")


class UsageError(ValueError):
    """An option that makes no sense; one line that says what to do."""


@dataclass
class Judged:
    """What a cell's test needs: what to report, and whether it is red or skipped."""

    red: str = ""
    skip: str = ""
    brought: list[tuple[str, str]] = field(default_factory=list)


class Session:
    """Everything that outlives a single test."""

    def __init__(self, config: pytest.Config) -> None:
        option = config.getoption
        self.adapter: str = option("--adapter")
        self.device: str = option("--device")
        self.seed: int = option("--seed")
        self.profile = _profile(option("--profile"))
        self.dtypes = dtypes_of(self.profile, _known_dtypes(option("--dtype"), self.profile))
        self.shard = _shard(option("--shard"))
        self.stored = _stored(option("--cases"))
        self.save_to = option("--save-cases")
        self.files = [] if option("--no-deviations") else _files(option("--deviations"))
        self.client = connect(self.adapter, self.device, isolate=option("isolate"))
        self.deviations: list[Deviation] | None = None
        self.adapter_error = ""
        self.surveys: dict[tuple[str, str], Survey] = {}
        self.broken: dict[tuple[str, str], Exception] = {}
        self.recorder = Recorder(
            self.adapter,
            self.device,
            self.profile.name,
            self.seed,
            option("--shard"),
            _selection(config),
            Path(option("--report")),
        )
        self._final: record.Record | None = None

    def cells_of(self, spec: Spec) -> tuple[list[tuple[str, str]], list[str]]:
        """(property, dtype) of each cell of an item in this run, and their test ids."""
        cells = [
            (p.name, dtype)
            for dtype in self.dtypes
            for p in properties_of(spec, dtype, self.profile)
        ]
        ids = [p if dtype == "float32" else f"{p}-{dtype}" for p, dtype in cells]
        return cells, ids

    def selects(self, item: str) -> bool:
        """Whether this shard, and these stored cases, include the item."""
        if self.stored and item not in self.stored:
            return False
        part, parts = self.shard
        return list(table()).index(item) % parts == part - 1

    def judge(self, spec: Spec, property_: str, dtype: str) -> Judged:
        """The cell's verdict; the first cell of a survey runs it and brings what it found."""
        if self.adapter_error:
            return Judged(red=self.adapter_error)
        key = (spec.item, dtype)
        brought = []
        if key not in self.surveys:
            try:
                survey = self.surveys[key] = self._survey(spec, dtype)
            except AdapterError as error:
                return self._no_adapter(str(error))
            except DeviationError as error:
                pytest.exit(f"layerproof: {error}", returncode=2)
            survey.run()
            self._save(survey)
            brought.append((SURVEY, packed(self._found(survey))))
        survey = self.surveys[key]
        cell = survey.tallies[property_].cell(self.client.versions)
        return self._judged(cell, [*brought, (CELL, packed(cell))])

    def _judged(self, cell: Cell, brought: list[tuple[str, str]]) -> Judged:
        if cell.verdict == "unsupported":
            return Judged(skip="; ".join(cell.unsupported), brought=brought)
        red = RED if self.stored else record.RED
        if cell.verdict not in red:
            return Judged(brought=brought)
        text = "\n".join(f"{f.group}\n  {f.message}" for f in cell.failures)
        counts = ", ".join(f"{n} {verdict}" for verdict, n in cell.verdicts.items())
        return Judged(red=f"{cell.verdict} ({counts or 'no case'})\n{text}", brought=brought)

    def _survey(self, spec: Spec, dtype: str) -> Survey:
        self._start()
        return Survey(
            spec,
            dtype,
            self.device,
            self.profile,
            self.seed,
            Examiner(self.client),
            [d.afresh() for d in self.deviations or [] if d.concerns(spec.item, dtype)],
            tuple(c for c in self.stored[spec.item] if c.dtype == dtype) if self.stored else None,
        )

    def _start(self) -> None:
        """Start the implementation, and see which deviation files are for it."""
        if self.deviations is not None:
            return
        self.client.start()
        versions = self.client.versions
        names = {self.adapter, f"{self.client.name}:{versions.get('backend', '')}"}
        found: list[Deviation] = []
        for name in sorted(names):
            found += applicable(self.files, name, versions)[0]
        self.deviations = found

    def _found(self, survey: Survey) -> dict[str, Any]:
        sizes = {
            (name, survey.dtype): len(tally.observed) for name, tally in survey.tallies.items()
        }
        return {
            "versions": self.client.versions,
            "deviations": [d.use(sizes) for d in survey.deviations],
            "coverage": survey.coverage.counts,
        }

    def _save(self, survey: Survey) -> None:
        for case in survey.cases if self.save_to else ():
            folder = Path(self.save_to) / case.item
            folder.mkdir(parents=True, exist_ok=True)
            (folder / f"{digest(case)}.json").write_bytes(encode(case) + b"\n")

    def _no_adapter(self, reason: str) -> Judged:
        self.adapter_error = reason
        return Judged(red=reason)

    def close(self) -> None:
        """Stop the implementation."""
        self.client.close()

    def finish(self, exitstatus: int) -> int:
        """Write the report; the run's exit code."""
        if self.adapter_error:
            return 3
        if exitstatus not in (
            pytest.ExitCode.OK,
            pytest.ExitCode.TESTS_FAILED,
            pytest.ExitCode.INTERRUPTED,
        ):
            return exitstatus
        interrupted = exitstatus == pytest.ExitCode.INTERRUPTED
        self._final = self.recorder.write(complete=not interrupted, interrupted=interrupted)
        if exitstatus != pytest.ExitCode.OK:
            return 1
        stale = any(d.state == "stale" for d in self._final.deviations)
        return int(stale or (not self.stored and not record.conforms(self._final)))

    def summary(self) -> Iterable[str]:
        """Lines for the end of the terminal output."""
        if self.adapter_error:
            return [f"layerproof: {self.adapter_error}"]
        if self._final is None:
            return []
        page = self.recorder.folder / "index.html"
        return [*terminal.summary(self._final), f"report: {page}"]


def _profile(name: str) -> Profile:
    if name not in PROFILES:
        raise UsageError(f"--profile={name}: choose one of {', '.join(PROFILES)}")
    return PROFILES[name]


def _known_dtypes(chosen: list[str], profile: Profile) -> list[str]:
    unknown = [dtype for dtype in chosen if dtype not in profile.cases]
    if unknown:
        known = ", ".join(profile.cases)
        raise UsageError(f"--dtype={unknown[0]}: profile {profile.name} has {known}")
    return chosen


def _shard(text: str) -> tuple[int, int]:
    part, slash, parts = (text or "1/1").partition("/")
    if not (slash and part.isdigit() and parts.isdigit() and 1 <= int(part) <= int(parts)):
        raise UsageError(f"--shard={text}: write i/n with 1 <= i <= n, for example 2/4")
    return int(part), int(parts)


def _stored(path: str) -> dict[str, list[Case]]:
    """Item -> its cases in a file or, recursively, a folder."""
    if not path:
        return {}
    found: dict[str, list[Case]] = {}
    source = Path(path)
    paths = sorted(source.rglob("*.json")) if source.is_dir() else [source]
    for file in paths:
        try:
            case = decode(file.read_bytes(), Case)
        except (OSError, ProtocolError) as error:
            raise UsageError(f"--cases: {file}: {error}") from None
        if case.item not in CATALOGUE:
            raise UsageError(f"--cases: {file}: unknown item {case.item!r}")
        found.setdefault(case.item, []).append(case)
    if not found:
        raise UsageError(f"--cases={path}: there is no case file there")
    return found


def _files(given: list[str]) -> list[Path]:
    """The project's own deviation files, and those given."""
    own = files(adapters).joinpath("deviations")
    paths = [Path(str(entry)) for entry in own.iterdir() if entry.name.endswith(".toml")]
    for path in given:
        if not Path(path).is_file():
            raise UsageError(f"--deviations={path}: there is no such file")
    return [*sorted(paths), *map(Path, given)]


def _selection(config: pytest.Config) -> str:
    chosen = [f"-{name} {value}" for name in "km" if (value := config.getoption(f"-{name}", ""))]
    return " ".join([*chosen, *(["--cases"] if config.getoption("--cases") else [])])
