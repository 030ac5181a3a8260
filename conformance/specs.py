"""Every Spec of the suite, by item: what pytest collects, for tools that run without pytest."""

from functools import cache
from importlib import import_module
from pathlib import Path

from .spec import Spec

FOLDERS = ("activations", "regularizers", "constraints", "layers")


@cache
def all_specs() -> dict[str, Spec]:
    """Item -> its Spec, from the test files of the suite."""
    found: dict[str, Spec] = {}
    here = Path(__file__).parent
    for folder in FOLDERS:
        for file in sorted((here / folder).glob("test_*.py")):
            module = import_module(f"{__package__}.{folder}.{file.stem}")
            for test in vars(module).values():
                spec = getattr(test, "spec", None)
                if isinstance(spec, Spec):
                    found[spec.item] = spec
    return found
