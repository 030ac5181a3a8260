"""The page shows the record, is one file, loads nothing, and treats every text as text."""

import base64
import hashlib
import json
import re
import subprocess
import sys
from html.parser import HTMLParser
from urllib.parse import unquote

import msgspec
import pytest

from layerproof.reports import compliance
from layerproof.reports.compliance import render, write_page
from layerproof.reports.schema import DeviationUse
from layerproof.reports.verdicts import SYMBOLS


class Page(HTMLParser):
    """The elements of a page, its scripts and its text, as a browser reads them."""

    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.elements = []
        self.scripts = []
        self.said = []
        self._inside = None
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        self._inside = tag
        if tag == "script":
            self.scripts.append("")

    def handle_endtag(self, tag):
        self._inside = None

    def handle_data(self, data):
        if self._inside == "script":
            self.scripts[-1] += data
        elif self._inside != "style":
            self.said.append(data)

    @property
    def text(self):
        return "\n".join(self.said)

    @property
    def data(self):
        (place,) = [
            i for i, (_, attrs) in enumerate(self.all("script")) if attrs.get("id") == "data"
        ]
        return json.loads(self.scripts[place])

    def all(self, tag):
        return [(t, attrs) for t, attrs in self.elements if t == tag]


@pytest.fixture(scope="module")
def page(full):
    return Page(render(full))


@pytest.fixture(scope="module")
def tame_page(full):
    """A page of the same parts as a hostile one: what elements a page may have."""
    return {tag for tag, _ in Page(render(full)).elements}


@pytest.fixture
def quick_plots(monkeypatch):
    """The page without the four megabytes of the plotting library."""
    monkeypatch.setattr(compliance, "get_plotlyjs", lambda: "/* plots */")


def test_matrix_has_a_square_for_each_item_and_property(full, page):
    squares = [a for _, a in page.all("a") if "square" in a.get("class", "")]
    links = {a["href"] for a in squares}
    assert links == {f"#{c.item}/{c.property}" for c in full.cells}
    assert len(squares) == len(links)


def test_a_square_shows_the_most_serious_verdict_by_sign_and_word(page):
    labels = {
        a["href"]: (a["aria-label"], a["class"])
        for _, a in page.all("a")
        if "square" in a.get("class", "")
    }
    label, kind = labels["#activations.gelu/values"]
    assert label == "activations.gelu values: 1 fail, 3 pass"
    assert kind == "square v-fail"
    assert labels["#layers.Masking/mask"][0] == "layers.Masking mask: 1 unspecified"
    assert all(sign in page.text for sign in SYMBOLS.values())


def test_everything_the_drawer_needs_is_in_the_page(full, page):
    cell = page.data["cells"]["activations.gelu"]["values"][0]
    (failure,) = cell["failures"]
    assert failure["shrunk"]
    assert "float.fromhex" in failure["script"]
    assert failure["case"]["item"] == "activations.gelu"
    assert cell["worst"]["input"] == "-0x1.4p+3"
    assert cell["worst"]["explanation"]["sigma"] == 2.6e-28
    count = sum(len(c) for names in page.data["cells"].values() for c in names.values())
    assert count == len(full.cells)


def test_provenance_deviations_and_coverage_are_shown(full, page):
    run = full.run
    for said in (run.platform, str(run.seed), run.profile, run.started, "3.15.1", "1 min 23 s"):
        assert said in page.text
    for use in full.deviations:
        assert use.reason in page.text
    assert "✗ stale" in page.text
    assert "more than a quarter" in page.text
    assert "'softmax'" in page.text
    assert ("a", "https://example.org/issues/1") in [(t, a.get("href")) for t, a in page.elements]


def test_the_gate_says_why(full, make, quick_plots):
    assert "fail: 1 cell" in Page(render(full)).text
    good = Page(render(make.record(make.cell(), make.cell("b", verdicts={"unsupported": 3})))).text
    assert "Conforms" in good
    assert "unsupported: 1 cell" in good
    assert "Does not conform" not in good


def test_one_file_that_loads_nothing(page):
    for tag, attrs in page.elements:
        assert "src" not in attrs, tag
        if tag == "link":
            assert attrs["href"] == "data:,"
    assert not {"iframe", "object", "embed", "base", "img"} & {tag for tag, _ in page.elements}
    assert "url(" not in compliance._file("style.css")
    assert "@import" not in compliance._file("style.css")


def test_the_policy_lets_only_the_pages_own_scripts_run(page):
    (policy,) = [a["content"] for _, a in page.all("meta") if "http-equiv" in a]
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    run = [s for (_, a), s in zip(page.all("script"), page.scripts, strict=True) if not a]
    assert len(run) == 1 + len(compliance.SCRIPTS)
    for script in run:
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy
    assert "unsafe-inline" not in policy.split("style-src")[0]
    assert "eval" not in policy


def test_size(full):
    assert len(render(full).encode()) < 10_000_000


def test_charts_are_left_out_where_nothing_was_measured(make):
    html = render(make.record(make.cell()))
    assert len(html) < 200_000
    assert "No cell of this record measured an error." in html


def test_a_record_without_cells_has_a_page(make):
    assert "nothing was judged" in Page(render(make.record())).text


def test_hostile_text_stays_text(hostile, tame_page, quick_plots):
    text, record = hostile
    html = render(record)
    page = Page(html)
    assert {tag for tag, _ in page.elements} <= tame_page
    allowed = re.compile(r"on\w+$")
    for tag, attrs in page.elements:
        assert not [name for name in attrs if allowed.match(name)], (tag, attrs)
        assert not attrs.get("href", "").strip().lower().startswith("javascript"), attrs
    assert len(page.scripts) == 2 + len(compliance.SCRIPTS)
    assert html.count("</script") == len(page.scripts)
    assert "49" not in page.text.replace(text, "")  # no template inside a text is evaluated


def test_links_of_a_hostile_cell_lead_to_it(hostile, quick_plots):
    _, record = hostile
    name = record.cells[0].item
    (square,) = [a for _, a in Page(render(record)).all("a") if "square" in a.get("class", "")]
    assert [unquote(part) for part in square["href"][1:].split("/")] == [name, name]


def test_hostile_text_arrives_unchanged(hostile, quick_plots):
    text, record = hostile
    data = Page(render(record)).data
    name = record.cells[0].item
    (cell,) = data["cells"][name][name]
    assert cell["failures"][0]["script"] == text
    assert cell["failures"][0]["message"] == text
    assert cell["worst"]["input"] == text
    assert cell["unsupported"] == {text: 1}
    assert data["coverage"] == {text: {text: {text: 1}}}
    assert data["deviations"][text]["reason"] == text


def _paths(value, path=()):
    """Every place of a text in a record, as a path of field names and keys."""
    if isinstance(value, str):
        yield path
    elif isinstance(value, dict):
        for key, part in value.items():
            yield from _paths(part, (*path, key))
    elif isinstance(value, list | tuple):
        for place, part in enumerate(value):
            yield from _paths(part, (*path, place))


def test_the_hostile_record_has_no_tame_text(hostile):
    """Otherwise the two tests above would miss a field."""
    text, record = hostile
    plain = msgspec.to_builtins(record)
    names = (text, record.cells[0].item)
    tame = {path[-1] for path in _paths(plain) if _at(plain, path) not in names}
    assert tame <= {"state", "verdict"}  # which the schema restricts to a list of words


def _at(value, path):
    for key in path:
        value = value[key]
    return value


def test_a_link_that_is_no_web_address_is_shown_as_text(make, quick_plots):
    use = DeviationUse(name="d", file="f", state="live", reason="r", link="data:text/html,x")
    page = Page(render(make.record(make.cell(), deviations=(use,))))
    assert "data:text/html,x" in page.text
    assert "data:text/html,x" not in [a.get("href") for _, a in page.all("a")]


def test_a_huge_case_stays_in_the_record(make, quick_plots):
    failure = make.failure(case={"hex": "00" * 60_000}, script="#" * 120_000)
    html = render(make.record(make.cell(verdicts={"fail": 1}, failures=(failure,))))
    assert len(html) < 200_000
    (found,) = Page(html).data["cells"]["layers.Dense"]["values"][0]["failures"]
    assert "record holds it" in str(found["case"])
    assert "record holds it" in found["script"]


def test_write_page_replaces_the_file_whole(make, tmp_path, quick_plots):
    path = tmp_path / "deep" / "index.html"
    broken = make.cell(verdicts={"fail": 1}, failures=(make.failure(message="\ud800"),))
    write_page(make.record(make.cell("a"), broken), path)
    assert path.read_text("utf-8").endswith("</html>")
    assert [p.name for p in path.parent.iterdir()] == ["index.html"]


def test_reports_do_not_import_the_suite():
    code = (
        "import sys, layerproof.reports.compliance, layerproof.reports.terminal, "
        "layerproof.reports.merge; "
        "print([m for m in sys.modules if m.startswith('layerproof.conformance')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
