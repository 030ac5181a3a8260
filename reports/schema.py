"""The parts of a record: one class each, and what every field means."""

import builtins
from typing import Annotated, Any, Literal

import msgspec

from .verdicts import headline

SCHEMA = 1
"""Version of the document; a document of another version is refused."""

Name = Annotated[str, msgspec.Meta(pattern=r"^[^\x00-\x1f\x7f]{1,300}\Z")]
Count = Annotated[int, msgspec.Meta(ge=0)]
CaseVerdict = Literal["crash", "timeout", "fail", "deviation", "unspecified", "unsupported", "pass"]
FailureVerdict = Literal["crash", "timeout", "fail", "deviation"]
Value = float | int | bool | str | None


class Frozen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Base of every part: immutable, and no unknown field is accepted."""


class Worst(Frozen, frozen=True, kw_only=True):
    """The element of a cell that came nearest to its bound, or went farthest beyond it.

    case         digest of its case
    place        where it stands: ``output 0, element [3, 1]``
    input        the input there, in hex; for an item that is not elementwise, a description
    expected     what the oracle gives
    got          what the implementation gave
    bound        the error allowed for this element
    ratio        error / bound
    explanation  why the bound is what it is: the numbers it was made from, by name
    """

    case: str
    expected: Value
    got: Value
    bound: float
    ratio: float
    input: str = ""
    place: str = ""
    explanation: dict[str, Any] = {}


class Failure(Frozen, frozen=True, kw_only=True):
    """Cases of one cell that fail in one way, represented by one of them, shrunk where possible.

    group     property and configuration that they share
    message   what was found
    verdict   fail, crash, timeout, or deviation
    count     how many cases of the survey this stands for
    case      the case's JSON document, as an object
    digest    the name of that case
    script    a standalone program that shows it, with NumPy and the implementation alone
    shrunk    whether the case is smaller than the one the survey met
    place     the first diverging element, and what was expected and got there
    """

    group: str
    message: str
    verdict: FailureVerdict = "fail"
    count: Count = 1
    case: dict[str, Any] | None = None
    digest: str = ""
    script: str = ""
    shrunk: bool = False
    place: str = ""
    expected: Value = None
    got: Value = None
    bound: float | None = None


class Cell(Frozen, frozen=True, kw_only=True):
    """One cell of the matrix: what one property of one item gave in one dtype on one device.

    chapter             number and title in the item table: ``15 Merging``
    verdict             the headline; computed from the counts if left out, checked if given
    verdicts            how many cases had each verdict
    cases               their sum; computed if left out, checked if given
    compared            cases that were really compared: not unsupported, range-limited as a
                        whole, nor excluded at kinks
    range_limited       elements that are neither judged right nor wrong: near overflow
    excluded_at_kinks   elements left out of a directional gradient
    max_ratio           largest error / bound
    p99_ratio           its 99th percentile
    ratios              histogram of log2(error / bound), in the bins of ``verdicts.bin_of``
    grade_a             largest error / bound from conditioning alone
    max_ulp             largest error in units in the last place of the dtype
    bits                significant bits that agree with float64, at the worst element
    deviations          names of the deviations that matched
    readings            how many cases matched each reading of an ambiguity
    unsupported         how many cases were not expressible, by reason
    statistics          numbers of each statistical test, by test
    """

    item: Name
    chapter: Name
    property: Name
    dtype: Name
    device: Name
    verdicts: dict[CaseVerdict, Count]
    compared: Count = 0
    verdict: str = ""
    cases: int = -1
    range_limited: Count = 0
    excluded_at_kinks: Count = 0
    max_ratio: float | None = None
    p99_ratio: float | None = None
    ratios: dict[int, Count] = {}
    grade_a: float | None = None
    max_ulp: float | None = None
    bits: float | None = None
    worst: Worst | None = None
    failures: tuple[Failure, ...] = ()
    deviations: tuple[str, ...] = ()
    readings: dict[str, Count] = {}
    unsupported: dict[str, Count] = {}
    statistics: dict[str, dict[str, float]] = {}
    seconds: float = 0.0

    def __post_init__(self) -> None:
        cases, verdict = sum(self.verdicts.values()), headline(self.verdicts, self.compared)
        for field, given, computed in (
            ("cases", "" if self.cases == -1 else self.cases, cases),
            ("verdict", self.verdict, verdict),
        ):
            if given == "":
                msgspec.structs.force_setattr(self, field, computed)
            elif given != computed:
                where = f"{self.item} {self.property} {self.dtype} {self.device}"
                raise ValueError(f"{where}: {field} is {given!r} but its counts give {computed!r}")

    @builtins.property  # the field takes the bare name
    def key(self) -> tuple[str, str, str, str]:
        """What names a cell."""
        return self.item, self.property, self.dtype, self.device


class Run(Frozen, frozen=True, kw_only=True):
    """What ran, where and how.

    started      UTC, ISO 8601
    interrupted  whether it was stopped before its end
    complete     whether every selected item was judged; a snapshot of a running suite is not
    shard        ``i/n`` if it is one of several
    selection    what narrowed it beyond the profile (``-k dense``); empty: everything
    """

    adapter: str
    backend: str
    device: str
    versions: dict[str, str]
    platform: str
    profile: str
    seed: int
    started: str
    seconds: float
    interrupted: bool = False
    complete: bool = False
    shard: str = ""
    selection: str = ""


class DeviationUse(Frozen, frozen=True, kw_only=True):
    """One entry of a deviation file and what this run made of it.

    state    live: its stored case still disagrees as recorded; stale: it does not;
             not-judged: its item was not selected
    cells    the cells it covers, in the words of the file
    matched  how many cases of the survey it matched
    share    the largest share of one cell's cases that it matched; above a quarter it is flagged
    """

    name: str
    file: str
    state: Literal["live", "stale", "not-judged"]
    reason: str
    link: str = ""
    ceiling: str = ""
    cells: str = ""
    matched: Count = 0
    share: float = 0.0
    detail: str = ""


class Record(Frozen, frozen=True, kw_only=True):
    """The record of one run (or of its shards, merged).

    suite      version of layerproof that judged
    coverage   item -> argument -> value, as text -> how many cases had it
    """

    run: Run
    cells: tuple[Cell, ...]
    deviations: tuple[DeviationUse, ...] = ()
    coverage: dict[str, dict[str, dict[str, Count]]] = {}
    suite: str
    schema: int = SCHEMA

    def __post_init__(self) -> None:
        seen: set[tuple[str, str, str, str]] = set()
        for cell in self.cells:
            if cell.key in seen:
                raise ValueError(f"cell {' '.join(cell.key)} stands twice in the record")
            seen.add(cell.key)
