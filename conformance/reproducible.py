"""Equal seeds give equal cases, whatever else is imported.

Hypothesis mixes integers and strings that it finds in the source of the user's *local* modules into
what it draws. Which modules count as local differs between a clone and an installed wheel, and
which are loaded differs between workers, so a survey draws without them.

Hypothesis also follows each new example with up to five variations of it. A survey is too short for
that: five of six cases would repeat the arguments, shapes and values of another.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from unittest.mock import patch

from hypothesis import HealthCheck, Phase, Verbosity, given, seed, settings
from hypothesis.internal.conjecture import engine, providers
from hypothesis.internal.constants_ast import Constants
from hypothesis.strategies import SearchStrategy

from ..adapters.protocol import Case


class Enough(KeyboardInterrupt):
    """Raised to leave a Hypothesis run early: no Exception, so Hypothesis does not shrink it."""


def _no_local_constants() -> AbstractContextManager[object]:
    """Hypothesis without constants from local modules, for the time of the block."""
    return patch.multiple(providers, _get_local_constants=Constants, CONSTANTS_CACHE={})


def _no_variations() -> AbstractContextManager[object]:
    """Hypothesis without variations of examples, for the time of the block."""
    return patch.object(engine.ConjectureRunner, "generate_mutations_from", lambda *_: None)


def draw(
    strategy: SearchStrategy[Case],
    visit: Callable[[Case], None],
    number: int,
    draws: int,
    *,
    shrink: bool = False,
) -> None:
    """Call ``visit`` on up to ``draws`` cases, the same ones for the same ``number``.

    ``visit`` ends the run by raising Enough. With ``shrink``, a visit that raises AssertionError is
    followed by simpler and simpler ones.
    """
    phases = (Phase.generate, Phase.shrink) if shrink else (Phase.generate,)

    @settings(
        max_examples=draws,
        database=None,
        deadline=None,
        phases=phases,
        verbosity=Verbosity.quiet,
        suppress_health_check=list(HealthCheck),
        report_multiple_bugs=False,
        print_blob=False,
    )
    @seed(number)
    @given(strategy)
    def run(case: Case) -> None:
        visit(case)

    with _no_local_constants(), _no_variations():
        try:
            run()
        except Enough:
            return
        except AssertionError:
            if not shrink:
                raise
