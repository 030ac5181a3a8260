"""Declared disagreements: one TOML file per implementation and version range.

    adapter = "keras:torch"                       # which adapter the file is for
    versions = { keras = ">=3.15,<3.16" }         # each must hold; absent: any version

    [[deviation]]
    name = "softplus-threshold"
    item = "activations.softplus"
    also = ["layers.Dense"]                       # others that reach the same bug; absent: none
    properties = ["values", "gradients"]
    dtypes = ["float32"]                          # absent: every dtype
    when = { "config.axis" = [1, 2] }             # each place of conditions.py holds one of these
    case = "keras-torch/softplus-threshold.json"  # stored case, beside the file
    reason = "…"
    link = "https://…"
    ceiling = { values = 12.0, gradients = 20.0 } # largest error / bound
    no_ceiling = "why there is none"              # instead, for values and gradients
    shows = { config = "text in the message" }    # for what has no number

The stored case is replayed first, in every run that judges the item. The entry is live if that case
still disagrees as recorded, property by property; otherwise it is stale, and covers nothing.
"""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

import msgspec
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import InvalidVersion, Version

from ..adapters.protocol import Case, ProtocolError, decode
from ..reference import CATALOGUE
from ..reports.record import DeviationUse
from .conditions import DeviationError, holds
from .examined import completed
from .examiner import Examiner
from .observation import Observation
from .properties import PROPERTIES
from .spec import Spec

BOUNDED = ("values", "gradients")
"""Properties whose entries need a ceiling, or the reason why there is none."""


class _Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One ``[[deviation]]`` as written."""

    name: str
    item: str
    properties: tuple[str, ...]
    reason: str
    case: str
    link: str = ""
    also: tuple[str, ...] = ()
    dtypes: tuple[str, ...] = ()
    when: dict[str, list[Any]] = {}
    ceiling: dict[str, float] = {}
    no_ceiling: str = ""
    shows: dict[str, str] = {}


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    adapter: str
    versions: dict[str, str] = {}
    deviation: tuple[_Entry, ...] = ()


@dataclass
class _Standing:
    """What replaying the stored case showed, once for all surveys of a run that it concerns."""

    state: Literal["live", "stale", "not-judged"] = "not-judged"
    detail: str = ""


@dataclass
class Deviation:
    """One entry during a run, with what became of it."""

    entry: _Entry
    file: str
    stored: Case
    standing: _Standing = field(default_factory=_Standing)
    matched: int = 0
    seen: dict[tuple[str, str], int] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The entry's name."""
        return self.entry.name

    @property
    def state(self) -> Literal["live", "stale", "not-judged"]:
        """What replaying the stored case has shown so far."""
        return self.standing.state

    def concerns(self, item: str, dtype: str) -> bool:
        """Whether a survey of ``item`` in ``dtype`` may meet it."""
        known = item == self.entry.item or item in self.entry.also
        return known and (not self.entry.dtypes or dtype in self.entry.dtypes)

    def afresh(self) -> "Deviation":
        """The same entry, which has covered nothing: each survey has its own."""
        return Deviation(self.entry, self.file, self.stored, self.standing)

    def replay(self, spec: Spec, examiner: Examiner) -> None:
        """Judge the stored case, of the item of ``spec``, unless it has been: is it as recorded?"""
        if self.state != "not-judged":
            return
        examined = completed(spec, self.stored)
        wanted = [PROPERTIES[name] for name in self.entry.properties]
        seen = examiner.examine(examined, wanted)
        wrong = [name for name in self.entry.properties if not self._as_recorded(name, seen[name])]
        self.standing.state = "stale" if wrong else "live"
        self.standing.detail = "; ".join(
            f"{name}: {seen[name].verdict}"
            + (f" ({seen[name].message})" if seen[name].message else "")
            for name in wrong
        )

    def covers(self, case: Case, name: str, seen: Observation) -> bool:
        """Whether this live entry declares what property ``name`` saw of the case."""
        if self.state != "live" or name not in self.entry.properties:
            return False
        if not self._as_recorded(name, seen):
            return False
        if self.entry.dtypes and case.dtype not in self.entry.dtypes:
            return False
        return all(holds(case, place, values) for place, values in self.entry.when.items())

    def take(self, case: Case, name: str, seen: Observation) -> Observation:
        """Count a failure that it covers, which is a deviation."""
        self.matched += 1
        key = (name, case.dtype)
        self.seen[key] = self.seen.get(key, 0) + 1
        return replace(seen, verdict="deviation", message=f"{self.name}: {seen.message}")

    def use(self, sizes: dict[tuple[str, str], int]) -> DeviationUse:
        """For the record; ``sizes`` is the number of cases per (property, dtype) of the item."""
        items, properties = (self.entry.item, *self.entry.also), self.entry.properties
        shares = [count / max(sizes.get(key, 0), 1) for key, count in self.seen.items()]
        return DeviationUse(
            name=self.name,
            file=self.file,
            state=self.state,
            reason=self.entry.reason,
            link=self.entry.link,
            ceiling=self._ceilings(),
            cells=f"{', '.join(items)}: {', '.join(properties)}",
            matched=self.matched,
            share=max(shares, default=0.0),
            detail=self.standing.detail,
        )

    def _as_recorded(self, name: str, seen: Observation) -> bool:
        """Whether a failure is the one that was recorded, and no worse."""
        if seen.verdict not in ("fail", "crash", "timeout"):
            return False
        if name in self.entry.ceiling:
            ratio = seen.worst.ratio if seen.worst else float("inf")
            return ratio <= self.entry.ceiling[name]
        return self.entry.shows.get(name, "") in seen.message

    def _ceilings(self) -> str:
        parts = [f"{name} ≤ {value:g} × bound" for name, value in self.entry.ceiling.items()]
        return ", ".join(parts) or self.entry.no_ceiling


def load(path: Path) -> tuple[str, dict[str, str], list[Deviation]]:
    """The adapter, version ranges and entries of a file; raises DeviationError."""
    try:
        parsed = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), _File)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise DeviationError(f"deviation file {path}: {error}") from None
    return parsed.adapter, parsed.versions, [_entry(path, entry) for entry in parsed.deviation]


def applicable(
    paths: Sequence[Path], adapter: str, versions: dict[str, str]
) -> tuple[list[Deviation], list[str]]:
    """Entries of the files for this adapter and its versions, and why other files are left out."""
    found: list[Deviation] = []
    skipped = []
    for path in paths:
        owner, ranges, entries = load(path)
        reason = _why_not(owner, ranges, adapter, versions)
        if reason:
            skipped.append(f"{path.name} is left out: {reason}")
        else:
            found += entries
    names = [deviation.name for deviation in found]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise DeviationError(f"deviation {twice[0]!r} is declared twice; rename one")
    return found, skipped


def _why_not(owner: str, ranges: dict[str, str], adapter: str, versions: dict[str, str]) -> str:
    if owner != adapter:
        return f"it is for {owner}"
    for package, wanted in ranges.items():
        try:
            version = Version(versions.get(package, "0"))
            if version not in SpecifierSet(wanted, prereleases=True):
                return f"it is for {package} {wanted}, this is {version}"
        except (InvalidVersion, InvalidSpecifier) as error:
            raise DeviationError(f"version range {package} {wanted!r}: {error}") from None
    return ""


def _entry(path: Path, entry: _Entry) -> Deviation:
    where = f"deviation file {path}, {entry.name!r}"
    unknown = [name for name in entry.properties if name not in PROPERTIES]
    unknown += [item for item in (entry.item, *entry.also) if item not in CATALOGUE]
    if unknown or not entry.properties:
        raise DeviationError(f"{where}: unknown item or property, or none: {', '.join(unknown)}")
    if not entry.reason.strip():
        raise DeviationError(f"{where}: has no reason")
    bounded = [p for p in entry.properties if p in BOUNDED and p not in entry.ceiling]
    if bounded and not entry.no_ceiling:
        raise DeviationError(f"{where}: needs a ceiling for {bounded[0]}, or no_ceiling = 'why'")
    try:
        case = decode((path.parent / entry.case).read_bytes(), Case)
    except (OSError, ProtocolError) as error:
        raise DeviationError(f"{where}: stored case {entry.case}: {error}") from None
    if case.item != entry.item:
        raise DeviationError(f"{where}: the stored case is of {case.item}, not {entry.item}")
    return Deviation(entry, path.name, case)
