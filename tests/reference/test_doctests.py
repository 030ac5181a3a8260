"""The examples in the reference's docstrings run, and every oracle has one."""

import doctest
import importlib
import pkgutil

import numpy as np
import pytest

from layerproof import reference
from layerproof.reference import CATALOGUE

MODULES = sorted(m.name for m in pkgutil.walk_packages(reference.__path__, "layerproof.reference."))


def examples(name: str) -> list[doctest.DocTest]:
    """The docstrings of one module that hold examples, with ``np`` at hand."""
    module = importlib.import_module(name)
    return [t for t in doctest.DocTestFinder().find(module, extraglobs={"np": np}) if t.examples]


def test_every_folder_of_the_reference_is_searched():
    folders = {name.split(".")[2] for name in MODULES}
    assert folders >= {"activations", "constraints", "initializers", "layers", "regularizers"}


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_run(name):
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE, verbose=False)
    report: list[str] = []
    for test in examples(name):
        runner.run(test, out=report.append)
    assert runner.failures == 0, "".join(report)


@pytest.mark.parametrize("item", CATALOGUE)
def test_every_oracle_has_an_example(item):
    found = doctest.DocTestParser().get_examples(CATALOGUE[item].__doc__ or "")
    assert found, f"{item} has no doctest"


def test_a_wrong_example_is_noticed():
    parser, runner = doctest.DocTestParser(), doctest.DocTestRunner(verbose=False)
    wrong = parser.get_doctest(">>> np.ones(2)\narray([1., 2.])\n", {"np": np}, "wrong", None, 0)
    runner.run(wrong, out=lambda _: None)
    assert runner.failures == 1
