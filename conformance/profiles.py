"""How much a run looks at: cases per item and dtype, costly aspects, and effort of shrinking."""

from dataclasses import dataclass

from ..reports.schema import CaseVerdict


@dataclass(frozen=True)
class Profile:
    """One choice of ``--profile``.

    cases        dtype -> number of supported cases per item
    costly       how many cases are asked for an aspect that costs much (save, compiled, …)
    shrink       executions that may be spent on shrinking one failure
    pooled       whether properties over the whole survey have enough elements to be judged
    exhaustive   every bit pattern of the dtype, of elementwise items only, instead of drawn cases
    """

    name: str
    cases: dict[str, int]
    costly: int
    shrink: int
    pooled: bool
    exhaustive: bool = False


PROFILES = {
    profile.name: profile
    for profile in (
        Profile("quick", {"float32": 12}, costly=3, shrink=50, pooled=False),
        Profile(
            "standard",
            {"float32": 24, "bfloat16": 12, "float16": 12, "float64": 12},
            costly=6,
            shrink=300,
            pooled=True,
        ),
        Profile(
            "thorough",
            {"float32": 200, "bfloat16": 100, "float16": 100, "float64": 100},
            costly=40,
            shrink=1000,
            pooled=True,
        ),
        Profile(
            "exhaustive",
            {"bfloat16": 16, "float16": 16},
            costly=0,
            shrink=300,
            pooled=False,
            exhaustive=True,
        ),
    )
}

CRASH_SHRINK = 15
"""Executions for shrinking a crash: each costs a new worker. A timeout is not shrunk."""

DRAWS = 5
"""A survey draws at most so many times its number of cases."""

INFER_AFTER: dict[CaseVerdict, int] = {"crash": 5, "timeout": 2}
"""After so many crashes or timeouts in a cell the rest is the same by inference."""
