"""Declared disagreements: what an entry covers, when it is stale, and what it never hides."""

from pathlib import Path

import pytest
from msgspec import structs

from layerproof.adapters.client import InProcess
from layerproof.adapters.protocol import encode
from layerproof.conformance.deviations import DeviationError, applicable, load
from layerproof.conformance.examiner import Examiner
from layerproof.conformance.observation import Observation, Worst
from layerproof.conformance.profiles import PROFILES
from layerproof.conformance.specs import all_specs
from layerproof.conformance.survey import Survey

ITEM = "activations.gelu"
ENTRY = """
adapter = "planted"
versions = {{ numpy = "{versions}" }}
[[deviation]]
name = "off-where-negative"
item = "activations.gelu"
properties = ["values"]
reason = "planted"
case = "case.json"
{rest}
"""


def survey(adapter, deviations=(), item=ITEM):
    """A quick survey, in process."""
    client = InProcess(f"planted:{adapter}")
    client.start()
    found = Survey(
        all_specs()[item],
        *("float32", "cpu", PROFILES["quick"], 0, Examiner(client), list(deviations)),
    )
    found.run()
    return found


@pytest.fixture(autouse=True)
def _planted(monkeypatch):
    """Adapters are imported from this folder."""
    monkeypatch.syspath_prepend(str(Path(__file__).parent))


@pytest.fixture
def file(tmp_path):
    """Writes a deviation file whose stored case is the first failure of WrongWhereNegative."""
    failing = survey("WrongWhereNegative").tallies["values"].first_failure
    (tmp_path / "case.json").write_bytes(encode(failing.case))

    def write(rest, versions=">=1"):
        path = tmp_path / "planted.toml"
        path.write_text(ENTRY.format(rest=rest, versions=versions))
        return path

    return write


def entries(path):
    return applicable([path], "planted", {"numpy": "2.0"})[0]


def verdicts(found, name="values"):
    tally = found.tallies[name]
    return {v for v in ("fail", "deviation", "pass") if tally.count(v)}


def test_a_live_entry_turns_its_failures_into_deviations_and_nothing_else(file):
    declared = entries(file("ceiling = { values = 1e9 }"))
    found = survey("WrongWhereNegative", declared)
    assert declared[0].state == "live"
    assert verdicts(found) == {"deviation", "pass"}
    assert "fail" not in verdicts(found, "laws")
    assert declared[0].use({("values", "float32"): 7}).matched >= 1


def test_an_error_beyond_the_ceiling_is_red(file):
    declared = entries(file("ceiling = { values = 1e5 }"))
    stored = declared[0].stored
    found = survey("WrongWhereNegative", declared)
    assert declared[0].state == "live"
    worst = max(o.worst.ratio for _, o in found.tallies["values"].observed)
    tighter = entries(file(f"ceiling = {{ values = {worst * 0.99} }}"))
    again = survey("WrongWhereNegative", tighter)
    assert stored.item == ITEM
    assert "fail" in verdicts(again)


def test_an_entry_whose_case_agrees_is_stale_and_covers_nothing(file):
    declared = entries(file("ceiling = { values = 1e9 }"))
    survey("Honest", declared)
    assert declared[0].state == "stale"
    assert "pass" in declared[0].standing.detail


def test_an_entry_with_a_condition_covers_only_what_it_names(file):
    path = file('ceiling = { values = 1e9 }\nwhen = { family = ["no such family"] }')
    found = survey("WrongWhereNegative", entries(path))
    assert verdicts(found) >= {"fail"}
    assert "deviation" not in verdicts(found)


def test_an_entry_covers_no_property_it_does_not_name(file):
    path = file("ceiling = { values = 1e9 }")
    path.write_text(path.read_text().replace('["values"]', '["gradients"]') + 'no_ceiling = "x"\n')
    found = survey("WrongWhereNegative", entries(path))
    assert "deviation" not in verdicts(found)


@pytest.mark.parametrize(("adapter", "version"), [("keras:torch", "2.0"), ("planted", "0.9")])
def test_files_of_others_and_of_other_versions_are_left_out(file, adapter, version):
    found, skipped = applicable([file("ceiling = { values = 9.0 }")], adapter, {"numpy": version})
    assert found == []
    assert len(skipped) == 1


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda text: text.replace("reason", "raison"), "raison"),
        (lambda text: text.replace('"planted"\ncase', '" "\ncase'), "no reason"),
        (lambda text: text.replace("activations.gelu", "activations.galu"), "galu"),
        (lambda text: text.replace('["values"]', '["valeurs"]'), "valeurs"),
        (lambda text: text.replace("ceiling = { values = 9.0 }", ""), "ceiling"),
        (lambda text: text.replace("case.json", "none.json"), "none.json"),
        (lambda text: text[:40], "deviation file"),
    ],
)
def test_a_damaged_file_is_one_clear_line(file, change, says):
    path = file("ceiling = { values = 9.0 }")
    path.write_text(change(path.read_text()))
    with pytest.raises(DeviationError) as caught:
        load(path)
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_entry_with_also_covers_other_items_that_use_the_same(file):
    path = file('ceiling = { values = 1e9 }\nalso = ["layers.Dense"]\nwhen = { uses = ["gelu"] }')
    (narrow,) = entries(path)
    survey("WrongWhereNegative", [narrow])
    assert narrow.concerns("layers.Dense", "float32")
    assert not narrow.concerns("layers.Conv1D", "float32")
    off = Observation("fail", worst=Worst("", "", "", "", 1.0, 10.0, {}))
    for activation, expected in (("gelu", True), ("tanh", False)):
        case = structs.replace(
            narrow.stored, item="layers.Dense", config={"activation": activation}
        )
        assert narrow.covers(case, "values", off) is expected


def test_a_stored_case_is_replayed_once_for_all_surveys_of_a_run(file):
    (declared,) = entries(file("ceiling = { values = 1e9 }"))
    survey("WrongWhereNegative", [declared.afresh()])
    survey("Honest", [declared.afresh()])
    assert declared.state == "live"


def test_what_shrinking_tries_is_not_counted(file):
    dense = "layers.Dense"
    path = file('no_ceiling = "far off"\nwhen = { family = ["iota", "normal", "wide"] }')
    path.write_text(path.read_text().replace(ITEM, dense))
    failing = survey("FarOff", item=dense).tallies["values"].first_failure
    (path.parent / "case.json").write_bytes(encode(failing.case))
    (declared,) = entries(path)
    found = survey("FarOff", [declared], dense)
    assert found.tallies["values"].count("fail")
    assert declared.matched == found.tallies["values"].count("deviation") > 0
