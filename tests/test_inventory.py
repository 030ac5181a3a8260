"""Nothing is missing by accident: every documented item, its file, its arguments, its mutants."""

import inspect
from collections import Counter
from pathlib import Path

import keras
import msgspec
import pytest

from layerproof import reference
from layerproof.adapters.mutants import everything
from layerproof.conformance.chapters import table
from layerproof.conformance.coverage import Coverage
from layerproof.conformance.profiles import PROFILES
from layerproof.conformance.reproducible import Enough, draw
from layerproof.conformance.specs import all_specs
from layerproof.reference import CATALOGUE

ROOT = Path(__file__).parents[1]

NOT_COVERED = {
    "1": "base Layer: a stateful model, not yet written",
    "3": "initializers: the oracle is here, their distribution tests are not yet written",
    "9": "recurrent: wrappers, RNN, StackedRNNCells and ConvLSTM are not yet in the suite",
    "10": "preprocessing: not yet in the suite",
    "12": "regularization layers: not yet in the suite",
    "13": "attention: not yet in the suite",
    "17": "backend wrappers: not yet in the suite",
}
"""Chapter -> why its items are not in the suite."""

NOT_DRAWN = {
    "lora_rank": "changes no documented number (docs/limits.md)",
    "lora_alpha": "changes no documented number (docs/limits.md)",
    "quantization_config": "changes no documented number (docs/limits.md)",
    "gptq_unpacked_column_size": "changes no documented number (docs/limits.md)",
    "use_cudnn": "changes no documented number (docs/limits.md)",
    "sparse": "changes no documented number (docs/limits.md)",
    "ragged": "changes no documented number (docs/limits.md)",
    "synchronized": "changes nothing on one device (docs/limits.md)",
    "name": "a label, not a parameter of the computation",
}
"""Argument -> why no case sets it."""


def test_every_documented_item_is_in_the_suite_or_excused():
    rows = table()
    assert len(rows) == 162
    missing = [
        i for i, row in rows.items() if i not in all_specs() and row["chapter"] not in NOT_COVERED
    ]
    assert missing == []
    excused_for_nothing = [
        chapter
        for chapter in NOT_COVERED
        if all(i in all_specs() for i, row in rows.items() if row["chapter"] == chapter)
    ]
    assert excused_for_nothing == []


def test_every_spec_is_a_documented_item_with_an_oracle():
    assert set(all_specs()) <= set(table())
    assert set(all_specs()) <= set(CATALOGUE)


@pytest.mark.parametrize("item", list(all_specs()))
def test_the_oracle_and_its_conformance_file_have_the_same_name(item):
    made = CATALOGUE[item]
    kind = item.split(".")[0]
    stem = Path(inspect.getsourcefile(made)).stem
    file = ROOT / "conformance" / kind / f"test_{stem}.py"
    assert file.is_file()
    assert f'"{item}"' in file.read_text() or f"layers.{made.__name__[:-2]}" in file.read_text()


@pytest.mark.parametrize("item", list(all_specs()))
def test_every_argument_of_the_installed_keras_is_drawn(item):
    """Some case of a standard survey gives the argument another value than its default."""
    kind, name = item.split(".")
    target = getattr(getattr(keras, kind), name)
    signature = inspect.signature(target if kind == "activations" else target.__init__)
    wanted = [
        p for p in signature.parameters.values() if p.kind not in (p.VAR_KEYWORD, p.VAR_POSITIONAL)
    ]
    wanted = [p for p in wanted if p.name not in ("self", "x")]
    if kind == "layers" and hasattr(target, "call"):
        call = inspect.signature(target.call).parameters
        wanted += [call[n] for n in ("mask", "training") if n in call and n in _oracle_call(item)]
    coverage = Coverage()
    cases = []

    def visit(case):
        cases.append(case)
        if len(cases) > 5 * PROFILES["standard"].cases["float32"]:
            raise Enough
        coverage.add(case)

    draw(all_specs()[item].cases("float32"), visit, 0, 200)
    seen = coverage.counts.get(item, {})
    for parameter in wanted:
        if parameter.name in NOT_DRAWN:
            continue
        values = seen.get(parameter.name, Counter()) + seen.get(
            f"call: {parameter.name}", Counter()
        )
        default = "" if parameter.default is parameter.empty else _text(parameter.default)
        others = [value for value in values if value != default]
        assert others, f"{item}: no case sets {parameter.name} to anything but {default!r}"


def _oracle_call(item):
    return inspect.signature(CATALOGUE[item].__call__).parameters


def _text(default):
    return msgspec.json.encode(default, enc_hook=str).decode()


def test_every_item_has_at_least_two_mutants():
    count = Counter(mutant.item for mutant in everything().values())
    assert [item for item in all_specs() if count[item] < 2] == []
    assert set(count) <= set(all_specs())


def test_the_table_of_contents_follows_the_documentation():
    order = [item for item in table() if item in CATALOGUE]
    assert [i for i in CATALOGUE if i.startswith("layers.")] == [
        i for i in order if i.startswith("layers.")
    ]
    assert reference.__doc__
