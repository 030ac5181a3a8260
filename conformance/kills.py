"""Which mutants the suite kills: ``python -m layerproof.conformance.kills [--quiet] [ITEM…]``.

A mutant is an oracle with one small change of meaning. The conformance file of its item must turn
some cell red, by what the mutant computes and never by a crash of it. Only drawn cases count: the
file's own examples are left out. A survivor is a gap in a generator or a property.
"""

import argparse
import sys
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from dataclasses import replace

from ..adapters.client import InProcess
from ..adapters.mutants import Mutant, everything
from .examined import Examined
from .examiner import Examiner
from .profiles import PROFILES
from .properties import Property
from .reproducible import Enough
from .specs import all_specs
from .survey import Survey, dtypes_of
from .tally import Tally

QUICK_SHARE = 0.9
"""The quick profile must kill so many of all mutants; standard, every one."""


class UntilKilled(Survey):
    """A survey that ends with the first failure that is no exception of the mutant, unshrunk."""

    killer: str = ""

    def _judge(self, examined: Examined, properties: list[Property]) -> None:
        super()._judge(examined, properties)
        for tally in self.tallies.values():
            seen = [o for _, o in tally.observed if o.verdict == "fail" and not o.raised]
            if seen:
                self.killer = f"{tally.property} ({tally.dtype}): {seen[0].message}"
                raise Enough

    def _shrink(self, tally: Tally) -> None:
        """A mutant's case is not shown to anyone."""


def killer(name: str, item: str, profile: str, seed: int = 0) -> str:
    """What kills the mutant, or an empty text."""
    chosen = replace(PROFILES[profile], pooled=False)
    spec = replace(all_specs()[item], examples=())
    with InProcess(f"mutant:{name}") as client:
        client.start()
        for dtype in dtypes_of(chosen, []):
            survey = UntilKilled(spec, dtype, "cpu", chosen, seed, Examiner(client), [])
            with suppress(Enough):
                survey.run()
            if survey.killer:
                return survey.killer
    return ""


def _killer(job: tuple[str, str, str]) -> tuple[str, str]:
    return job[0], killer(*job)


def main(arguments: list[str]) -> int:
    """Print every mutant with what kills it; 1 if too many survive."""
    parser = argparse.ArgumentParser(prog="kills", description=__doc__)
    parser.add_argument("items", nargs="*", help="only mutants of these items")
    parser.add_argument("--quiet", action="store_true", help="print survivors only")
    chosen = parser.parse_args(arguments)
    wanted: dict[str, Mutant] = {
        name: mutant
        for name, mutant in everything().items()
        if not chosen.items or mutant.item in chosen.items
    }
    quick = _run(wanted, "quick")
    survivors = {name: wanted[name] for name, by in quick.items() if not by}
    standard = _run(survivors, "standard") if survivors else {}
    for name, mutant in wanted.items():
        by = quick[name] or (standard.get(name) and f"in standard, {standard[name]}") or "SURVIVES"
        if by == "SURVIVES" or not chosen.quiet:
            print(f"{name} ({mutant.item}: {mutant.what}): {by}")  # noqa: T201
    killed = len(wanted) - len(survivors)
    left = [name for name in survivors if not standard[name]]
    print(f"quick kills {killed} of {len(wanted)}, standard leaves {len(left)}")  # noqa: T201
    return int(bool(left) or killed < QUICK_SHARE * len(wanted) or not wanted)


def _run(wanted: dict[str, Mutant], profile: str) -> dict[str, str]:
    jobs = [(name, mutant.item, profile) for name, mutant in wanted.items()]
    with ProcessPoolExecutor() as pool:
        return dict(pool.map(_killer, jobs, chunksize=4))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
