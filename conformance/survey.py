"""One survey per item and dtype: every property of the item judges the same list of cases.

The survey draws cases, asks the implementation each once, and lets every property that applies
observe it. Nothing raises in it, so its statistics are those of the whole survey and a failure met
early hides nothing behind it. It draws on, up to five times its size, until it has its number of
cases that the adapter can express and every property has compared enough of them.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from zlib import crc32

from ..adapters.protocol import Case, Forward
from ..reports.verdicts import LEAST_COMPARED
from .bounds import Gain, gain
from .chapters import chapter_of
from .coverage import Coverage
from .deviations import Deviation
from .examined import Examined, completed
from .examiner import Examiner, expressible
from .exhaustive import JUDGED, every_pattern, is_elementwise
from .observation import Observation
from .profiles import CRASH_SHRINK, DRAWS, INFER_AFTER, Profile
from .properties import PROPERTIES, Property
from .reproducible import Enough, draw
from .shrink import simplest
from .spec import Spec
from .specs import all_specs
from .tally import Tally

GAIN_LIMIT, GAIN_ELEMENTS, GAIN_CASES = 2.0, 4096, 8
"""The pooled relative bias may reach 2u, once enough elements of enough cases are pooled."""

NOTHING_TO_POOL = Observation("unsupported", "no case has values to pool", compared=False)

REFUSED_SHARE = 3
"""One case that must raise for so many that must not."""


class SuiteError(AssertionError):
    """The suite contradicts itself: a valid case that its own oracle refuses, or the reverse."""


@dataclass
class Survey:
    """What is known about one item in one dtype. ``run`` fills it; then it is only read."""

    spec: Spec
    dtype: str
    device: str
    profile: Profile
    seed: int
    examiner: Examiner
    deviations: list[Deviation]
    replayed: tuple[Case, ...] | None = None
    coverage: Coverage = field(default_factory=Coverage)
    tallies: dict[str, Tally] = field(init=False)
    supported: int = 0
    cases: list[Case] = field(default_factory=list)
    _seen: set[str] = field(default_factory=set)
    _crashes: dict[str, tuple[Examined, Observation]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.tallies = {
            p.name: Tally(
                self.spec.item, chapter_of(self.spec.item), p.name, self.dtype, self.device
            )
            for p in self.properties
        }

    @property
    def properties(self) -> list[Property]:
        """Those judged in this dtype and profile."""
        return properties_of(self.spec, self.dtype, self.profile)

    @property
    def number(self) -> int:
        """The seed of the draws."""
        return crc32(f"{self.spec.item} {self.dtype}".encode()) ^ self.seed

    @property
    def size(self) -> int:
        """How many cases it judges."""
        return self.profile.cases[self.dtype]

    def run(self) -> None:
        """Replay what is declared, visit the corners, draw the survey, shrink what failed."""
        for deviation in self.deviations:
            item = deviation.entry.item
            own = item == self.spec.item
            deviation.replay(self.spec if own else all_specs()[item], self.examiner)
        if self.replayed is not None:
            for case in self.replayed:
                self._visit(case)
            return
        if self.profile.exhaustive:
            for case in every_pattern(self.spec, self.dtype):
                self._visit(case)
            return
        for corner in self.spec.examples:
            self._visit(corner(self.dtype))
        draw(self.spec.cases(self.dtype), self._visit_until_enough, self.number, DRAWS * self.size)
        if self.spec.invalid is not None and "invalid" in self.tallies:
            limit = max(self.size // REFUSED_SHARE, LEAST_COMPARED + 1)
            draw(self.spec.invalid(self.dtype), self._visit_refused(limit), self.number, 10 * limit)
        self._pool()
        for tally in self.tallies.values():
            self._shrink(tally)

    def _visit_until_enough(self, case: Case) -> None:
        if self.supported >= self.size and not self._lacking():
            raise Enough
        self._visit(case)

    def _visit_refused(self, limit: int) -> Callable[[Case], None]:
        tally, known = self.tallies["invalid"], set()

        def visit(case: Case) -> None:
            if len(tally.observed) >= limit:
                raise Enough
            examined = Examined(self.spec, case)
            if examined.name not in known:
                known.add(examined.name)
                if examined.refused is None:
                    raise SuiteError(
                        f"{self.spec.item}: the oracle accepts {case.config}, {case.steps}"
                    )
                self._judge(examined, [PROPERTIES["invalid"]])

        return visit

    def _visit(self, case: Case) -> None:
        """Ask and judge one case, unless it is known or nothing would be learnt."""
        examined = completed(self.spec, case)
        if examined.refused is not None:
            if "invalid" in self.tallies:
                self._judge(examined, [PROPERTIES["invalid"]])
                return
            raise SuiteError(f"{self.spec.item}: the oracle refuses a case: {examined.refused}")
        if examined.name in self._seen:
            return
        self._seen.add(examined.name)
        wanted = self._wanted(examined.case)
        if wanted:
            self._judge(examined, wanted)
            self.supported += expressible(examined)

    def _wanted(self, case: Case) -> list[Property]:
        """Properties that the case says something about and that still need cases."""
        full = self.supported >= self.size and self.replayed is None
        lacking = self._lacking()
        return [
            p
            for p in self.properties
            if not p.refused
            and (p.name in lacking if full else True)
            and (self.replayed is not None or not p.costly or self._judged(p) < self.profile.costly)
            and p.applies(self.spec, case)
        ]

    def _judged(self, p: Property) -> int:
        tally = self.tallies[p.name]
        return tally.compared + tally.count("unsupported")

    def _lacking(self) -> set[str]:
        """Properties without enough compared cases that the adapter does not plainly refuse."""
        few = {
            name
            for name, tally in self.tallies.items()
            if not PROPERTIES[name].refused
            and not PROPERTIES[name].pooled
            and tally.compared < LEAST_COMPARED
            and (tally.compared or tally.count("unsupported") < LEAST_COMPARED)
        }
        short = "gain" in self.tallies and self.supported >= self.size and not _enough(self._gain())
        return few | {"values"} if short else few

    def _judge(self, examined: Examined, properties: list[Property]) -> None:
        """Ask for what the properties need, once, and add what each observes."""
        self.cases.append(examined.case)
        self.coverage.add(examined.case)
        alive = []
        for p in properties:
            inferred = _inferred(self.tallies[p.name])
            if inferred is None:
                alive.append(p)
            else:
                self.tallies[p.name].add(examined, inferred)
        self.examiner.ask(examined, alive)
        for p in alive:
            if not p.pooled:
                observation = self._declared(examined.case, p.name, p.judge(examined))
                self.tallies[p.name].add(examined, observation, examined.seconds / len(alive))

    def _declared(self, case: Case, name: str, seen: Observation) -> Observation:
        """A failure that a live deviation covers is a deviation."""
        deviation = self.covering(case, name, seen)
        if deviation is None:
            return seen
        self.tallies[name].deviations.add(deviation.name)
        return deviation.take(case, name, seen)

    def covering(self, case: Case, name: str, seen: Observation) -> Deviation | None:
        """The first live deviation that declares what property ``name`` saw of the case."""
        return next((d for d in self.deviations if d.covers(case, name, seen)), None)

    def _pool(self) -> None:
        """The gain: one number from all values of the survey."""
        tally = self.tallies.get("gain")
        if tally is None:
            return
        found = self._gain()
        tally.statistics["gain"] = {
            "bias in u": found.delta_in_u,
            "limit in u": GAIN_LIMIT,
            "elements": found.elements,
            "cases": found.cases,
        }
        if not _enough(found):
            for examined in self._unsupported_values():
                tally.add(examined, NOTHING_TO_POOL)
            return
        within = abs(found.delta_in_u) <= GAIN_LIMIT
        message = "" if within else f"pooled relative bias of {found.delta_in_u:.2f} u"
        for examined in self._passed():
            seen = Observation("pass" if within else "fail", message)
            tally.add(examined, self._declared(examined.case, "gain", seen))

    def _passed(self) -> list[Examined]:
        """The cases that the gain is pooled from."""
        return [e for e, o in self.tallies["values"].observed if o.verdict == "pass"]

    def _unsupported_values(self) -> list[Examined]:
        """The cases without values, if none of the others gave values to pool either."""
        seen = self.tallies["values"].observed
        return [] if self._passed() else [e for e, o in seen if o.verdict == "unsupported"]

    def _gain(self) -> Gain:
        return gain(
            (
                (want, have)
                for examined in self._passed()
                if isinstance(forward := examined.answers["forward"], Forward)
                for number, result in enumerate(forward.results)
                for want, have in zip(examined.outputs(number), result.outputs, strict=True)
            ),
            self.dtype,
        )

    def _shrink(self, tally: Tally) -> None:
        """Shrink a cell's first failure; a crash, which is dear, once for all its cells."""
        failing = tally.first_failure
        p = PROPERTIES[tally.property]
        if failing is None or p.pooled:
            return
        crashed = any(o.verdict == "crash" for e, o in tally.observed if e is failing)
        if crashed and failing.name in self._crashes:
            tally.shrunk |= self._crashes
            return
        strategy = self.spec.invalid if p.refused and self.spec.invalid else self.spec.cases
        budget = CRASH_SHRINK if crashed else self.profile.shrink
        small = simplest(self, strategy(self.dtype), p, failing, budget)
        if small is not None:
            tally.shrunk[failing.name] = small
        if crashed:
            self._crashes[failing.name] = small or (failing, Observation("crash"))


def _inferred(tally: Tally) -> Observation | None:
    """The verdict of a case that need not be run: the cell has lost too many of its like."""
    for verdict, limit in INFER_AFTER.items():
        if tally.count(verdict) >= limit:
            return Observation(verdict, f"by inference: {limit} cases of this cell ended so")
    return None


def properties_of(spec: Spec, dtype: str, profile: Profile) -> list[Property]:
    """The properties of an item that a profile judges in a dtype."""
    found = [PROPERTIES[name] for name in spec.properties]
    if profile.exhaustive:
        return [p for p in found if p.name in JUDGED] if is_elementwise(spec) else []
    return [p for p in found if dtype in p.dtypes and (profile.pooled or not p.pooled)]


def dtypes_of(profile: Profile, chosen: Iterable[str]) -> list[str]:
    """The dtypes of a profile, or those chosen by ``--dtype``."""
    chosen = list(chosen)
    return [dtype for dtype in profile.cases if not chosen or dtype in chosen]


def _enough(found: Gain) -> bool:
    """Whether so much was pooled that the gain means something."""
    return found.elements >= GAIN_ELEMENTS and found.cases >= GAIN_CASES
