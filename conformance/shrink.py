"""Make a failing case as simple as a count of executions allows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..adapters.protocol import Case, encode
from .examined import Examined, completed
from .observation import Observation
from .properties import Property
from .reproducible import Enough, draw

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    from .survey import Survey


def simplest(
    survey: Survey,
    strategy: SearchStrategy[Case],
    p: Property,
    failing: Examined,
    executions: int,
) -> tuple[Examined, Observation] | None:
    """The smallest case found that fails ``p``, with its observation; None if none is smaller.

    The same strategy and seed first draw the survey's own cases again: what they gave is known, so
    only the shrinking itself costs executions, and none of them enters the survey's statistics.
    """
    known = {e.name: o.verdict for e, o in survey.tallies[p.name].observed}
    best: tuple[Examined, Observation] | None = None
    left = executions

    def fails(examined: Examined) -> bool:
        nonlocal left, best
        if examined.name in known:
            return known[examined.name] in ("fail", "crash")
        if (examined.refused is not None) != p.refused:
            return False
        if not p.refused and not p.applies(survey.spec, examined.case):
            return False
        if left <= 0:
            raise Enough
        left -= 1
        seen = survey.examiner.examine(examined, [p])[p.name]
        covered = survey.covering(examined.case, p.name, seen)
        verdict = "deviation" if covered else seen.verdict
        known[examined.name] = verdict
        if verdict in ("fail", "crash") and (best is None or _size(examined) < _size(best[0])):
            best = examined, seen
        return verdict in ("fail", "crash")

    def visit(case: Case) -> None:
        if fails(completed(survey.spec, case)):
            raise AssertionError(p.name)

    draw(strategy, visit, survey.number, 5 * survey.size, shrink=True)
    if best is None or _size(best[0]) >= _size(failing):
        return None
    return best


def _size(examined: Examined) -> tuple[int, bytes]:
    """Short documents first, and one order among those of equal length."""
    text = encode(examined.case)
    return len(text), text
