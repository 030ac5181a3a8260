"""From the observations of one cell to the cell of the record."""

import builtins
from collections import Counter
from dataclasses import dataclass, field
from math import isfinite, log2
from typing import cast

import msgspec
import numpy as np

from ..adapters.protocol import encode
from ..reports import record, schema, verdicts
from .examined import Examined
from .observation import NOTHING, Observation
from .observation import Worst as Element
from .script import standalone

MOST_FAILURES = 5
"""Groups of failures that a cell keeps with their case."""

MANTISSA = {"float64": 53, "float32": 24, "bfloat16": 8, "float16": 11}


@dataclass
class Tally:
    """All that one property found in one survey."""

    item: str
    chapter: str
    property: str
    dtype: str
    device: str
    observed: list[tuple[Examined, Observation]] = field(default_factory=list)
    deviations: set[str] = field(default_factory=set)
    statistics: dict[str, dict[str, float]] = field(default_factory=dict)
    shrunk: dict[str, tuple[Examined, Observation]] = field(default_factory=dict)
    seconds: float = 0.0

    def add(self, examined: Examined, observation: Observation, seconds: float = 0.0) -> None:
        """Take one more observation, and the time it took."""
        self.observed.append((examined, observation))
        self.seconds += seconds

    def count(self, *verdicts: str) -> int:
        """How many cases have one of these verdicts."""
        return sum(o.verdict in verdicts for _, o in self.observed)

    @builtins.property  # a field is called property
    def compared(self) -> int:
        """Cases of which something was really compared."""
        return sum(o.compared and o.verdict != "unsupported" for _, o in self.observed)

    @builtins.property  # a field is called property
    def first_failure(self) -> Examined | None:
        """The case that is worth shrinking."""
        for verdict in ("crash", "fail"):
            for examined, observation in self.observed:
                if observation.verdict == verdict:
                    return examined
        return None

    def cell(self, versions: dict[str, str]) -> record.Cell:
        """The record's cell."""
        ratios = np.concatenate([o.ratios for _, o in self.observed] or [NOTHING])
        grades = np.concatenate([o.grades_a for _, o in self.observed] or [NOTHING])
        worst = max(
            ((examined, o.worst) for examined, o in self.observed if o.worst is not None),
            key=lambda pair: pair[1].ratio,
            default=None,
        )
        ulp = max((o.max_ulp for _, o in self.observed), default=0.0)
        return record.Cell(
            item=self.item,
            chapter=self.chapter,
            property=self.property,
            dtype=self.dtype,
            device=self.device,
            verdicts=dict(Counter(o.verdict for _, o in self.observed)),
            compared=self.compared,
            range_limited=sum(o.limited for _, o in self.observed),
            excluded_at_kinks=sum(o.excluded for _, o in self.observed),
            max_ratio=float(ratios.max()) if ratios.size else None,
            p99_ratio=_quantile(ratios, 0.99) if ratios.size else None,
            ratios=verdicts.histogram(ratios),
            grade_a=float(grades.max()) if grades.size else None,
            max_ulp=ulp if ratios.size else None,
            bits=self._bits(ulp) if ratios.size else None,
            worst=self._worst(*worst) if worst else None,
            failures=self._failures(versions),
            deviations=tuple(sorted(self.deviations)),
            readings=dict(Counter(o.reading for _, o in self.observed if o.reading)),
            unsupported=dict(
                Counter(o.message for _, o in self.observed if o.verdict == "unsupported")
            ),
            statistics=self.statistics,
            seconds=self.seconds,
        )

    def _bits(self, ulp: float) -> float:
        """Significant bits that agree with float64, at the worst element."""
        p = MANTISSA[self.dtype]
        return float(p) if ulp <= 1 else max(p - log2(ulp), 0.0) if isfinite(ulp) else 0.0

    def _worst(self, examined: Examined, element: Element) -> record.Worst:
        return record.Worst(
            case=examined.name,
            place=element.where,
            input=element.input,
            expected=element.expected,
            got=element.got,
            bound=element.bound,
            ratio=element.ratio,
            explanation=element.explanation,
        )

    def _failures(self, versions: dict[str, str]) -> tuple[record.Failure, ...]:
        """Failures grouped by configuration; the shrunk one first."""
        groups: dict[str, list[tuple[Examined, Observation]]] = {}
        for examined, observation in self.observed:
            if observation.verdict in ("fail", "crash", "timeout", "deviation"):
                group = f"{observation.verdict} {_configuration(examined)}"
                groups.setdefault(group, []).append((examined, observation))
        shown = sorted(groups.values(), key=lambda g: g[0][1].verdict == "deviation")
        return tuple(self._failure(group, versions) for group in shown[:MOST_FAILURES])

    def _failure(
        self, group: list[tuple[Examined, Observation]], versions: dict[str, str]
    ) -> record.Failure:
        small = self.shrunk.get(group[0][0].name)
        shown, observation = small or group[0]
        worst = observation.worst
        return record.Failure(
            group=f"{self.property} {_configuration(shown)}",
            message=observation.message,
            verdict=cast("schema.FailureVerdict", group[0][1].verdict),
            count=len(group),
            case=msgspec.json.decode(encode(shown.case)),
            digest=shown.name,
            script=standalone(shown, self.property, versions),
            shrunk=small is not None,
            place=worst.where if worst else "",
            expected=worst.expected if worst else None,
            got=worst.got if worst else None,
            bound=worst.bound if worst else None,
        )


def _quantile(ratios: np.ndarray, share: float) -> float:
    with np.errstate(invalid="ignore"):  # between two infinite ones
        return float(np.quantile(ratios, share))


def _configuration(examined: Examined) -> str:
    """The arguments that the case sets, arrays left out."""
    shown = {k: v for k, v in examined.case.config.items() if not isinstance(v, np.ndarray)}
    return msgspec.json.encode(shown, enc_hook=str).decode()
