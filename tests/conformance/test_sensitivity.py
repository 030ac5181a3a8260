"""The suite neither cries wolf nor sleeps: every item, on honest rounding and on planted errors."""

from dataclasses import replace
from pathlib import Path

import pytest

from layerproof.adapters.client import InProcess
from layerproof.conformance.examiner import Examiner
from layerproof.conformance.profiles import PROFILES
from layerproof.conformance.specs import all_specs
from layerproof.conformance.survey import Survey, properties_of

SPECS = all_specs()
NUMERIC = [item for item, spec in SPECS.items() if "gain" in spec.properties]
RED = ("fail", "crash", "timeout")


class Unshrunk(Survey):
    """A survey that leaves its failures as they are."""

    def _shrink(self, tally):
        pass


@pytest.fixture(autouse=True)
def _planted(monkeypatch):
    monkeypatch.syspath_prepend(str(Path(__file__).parent))


def surveyed(adapter, item, dtype, profile):
    client = InProcess(adapter)
    client.start()
    survey = Unshrunk(SPECS[item], dtype, "cpu", profile, 0, Examiner(client), [])
    survey.run()
    return survey


@pytest.mark.parametrize("dtype", ["float32", "bfloat16", "float16", "float64"])
@pytest.mark.parametrize("item", list(SPECS))
def test_the_oracle_rounded_after_every_operation_is_within_its_own_bounds(item, dtype):
    standard = PROFILES["standard"]
    survey = surveyed("reference", item, dtype, replace(standard, cases={dtype: 12}, pooled=False))
    alarms = {
        name: [o.message for _, o in tally.observed if o.verdict in RED]
        for name, tally in survey.tallies.items()
    }
    assert {name: messages for name, messages in alarms.items() if messages} == {}


@pytest.mark.parametrize("item", NUMERIC)
def test_a_relative_error_of_1e6_turns_values_red(item):
    survey = surveyed("planted:OnePerMillion", item, "float32", PROFILES["quick"])
    assert survey.tallies["values"].count("fail")


@pytest.mark.parametrize("item", NUMERIC)
def test_a_relative_error_of_2e7_turns_the_gain_red(item):
    survey = surveyed("planted:TwoPerTenMillion", item, "float32", PROFILES["standard"])
    assert survey.tallies["gain"].count("fail")


@pytest.mark.parametrize("item", NUMERIC)
def test_every_numeric_item_pools_enough_for_the_gain(item):
    standard = PROFILES["standard"]
    for dtype in ("float32", "bfloat16", "float16"):
        if "gain" in [p.name for p in properties_of(SPECS[item], dtype, standard)]:
            survey = surveyed("reference:float64", item, dtype, standard)
            assert survey.tallies["gain"].observed, survey.tallies["gain"].statistics
            assert not survey.tallies["gain"].count("fail")
