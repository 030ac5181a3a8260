"""Every ceiling of the project's deviation files: a larger error in the entry's region is red."""

from importlib.resources import files
from pathlib import Path

import pytest

from layerproof import adapters
from layerproof.adapters.client import InProcess
from layerproof.conformance.deviations import load
from layerproof.conformance.examined import completed
from layerproof.conformance.examiner import Examiner
from layerproof.conformance.properties import PROPERTIES
from layerproof.conformance.specs import all_specs

FOLDER = Path(str(files(adapters))) / "deviations"
BOUNDED = [
    pytest.param(entry, name, id=f"{path.stem}-{entry.name}-{name}")
    for path in sorted(FOLDER.glob("*.toml"))
    for entry in load(path)[2]
    for name in entry.entry.ceiling
]


@pytest.fixture(scope="module")
def examiner():
    """Of an adapter whose every floating number is off by more than it is large."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(Path(__file__).parent))
        client = InProcess("planted:FarOff")
        client.start()
        yield Examiner(client)


def test_there_are_ceilings_to_test():
    assert len(BOUNDED) > 100


@pytest.mark.parametrize(("deviation", "name"), BOUNDED)
def test_an_error_beyond_the_ceiling_is_not_covered(deviation, name, examiner):
    spec = all_specs()[deviation.entry.item]
    examined = completed(spec, deviation.stored)
    deviation.standing.state = "live"
    seen = examiner.examine(examined, [PROPERTIES[name]])[name]
    assert seen.verdict == "fail", seen.message
    assert not deviation.covers(examined.case, name, seen)
