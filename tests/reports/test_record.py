"""Records survive writing and reading exactly, and nothing else is read as a record."""

import json
import math
import os
import threading

import numpy as np
import pytest

from layerproof.reports import record as records
from layerproof.reports.record import RecordError, conforms, obstacles, ordered, read, write
from layerproof.reports.schema import DeviationUse


def test_round_trip(full, tmp_path):
    write(full, tmp_path / "new" / "record.json")
    assert read(tmp_path / "new" / "record.json") == ordered(full)


def test_hostile_text_round_trip(hostile, tmp_path):
    text, hostile_record = hostile
    write(hostile_record, tmp_path / "record.json")
    found = read(tmp_path / "record.json")
    assert found.cells[0].failures == hostile_record.cells[0].failures
    assert found.run.adapter == text


def test_numbers_that_json_lacks_survive(make, tmp_path):
    path = tmp_path / "record.json"
    numbers = {"a": math.nan, "b": -math.inf, "c": 1e-320, "d": 2**70, "e": -0.0}
    worst = make.worst(expected=math.nan, got=np.float32(1.5), bound=math.inf, explanation=numbers)
    write(make.record(make.cell(max_ratio=math.inf, p99_ratio=math.nan, worst=worst)), path)
    json.loads(path.read_text(), parse_constant=pytest.fail)
    cell = read(path).cells[0]
    assert cell.max_ratio == math.inf
    assert math.isnan(cell.p99_ratio)
    assert math.isnan(cell.worst.expected)
    assert cell.worst.got == 1.5
    back = cell.worst.explanation
    assert (back["b"], back["c"], back["d"]) == (-math.inf, 1e-320, 2**70)
    assert math.copysign(1, back["e"]) == -1


def test_text_that_utf8_cannot_hold_is_written(make, tmp_path):
    failure = make.failure(message="half \ud800 of a pair")
    write(make.record(make.cell(verdicts={"fail": 1}, failures=(failure,))), tmp_path / "r.json")
    assert read(tmp_path / "r.json").cells[0].failures[0].message == "half ? of a pair"


def test_order_of_cells_does_not_depend_on_the_run(full, make, tmp_path):
    backwards = make.record(
        *reversed(full.cells),
        deviations=tuple(reversed(full.deviations)),
        coverage=dict(reversed(full.coverage.items())),
    )
    write(full, tmp_path / "a.json")
    write(backwards, tmp_path / "b.json")
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()


def test_chapters_stand_in_the_order_of_their_numbers(full):
    assert list(dict.fromkeys(c.chapter for c in ordered(full).cells)) == [
        "2 Activations",
        "4 Regularizers",
        "6 Core",
        "15 Merging",
    ]


def test_a_failed_write_leaves_the_old_record(full, make, tmp_path, monkeypatch):
    path = tmp_path / "record.json"
    write(make.record(make.cell()), path)
    before = path.read_bytes()

    def no_space(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", no_space)
    with pytest.raises(OSError, match="No space"):
        write(full, path)
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["record.json"]


def test_two_writers_and_a_reader_never_meet_half_a_record(full, make, tmp_path):
    path = tmp_path / "record.json"
    choices = [ordered(full), make.record(make.cell())]
    write(full, path)

    def writing(mine):
        for _ in range(4):
            write(mine, path)

    threads = [threading.Thread(target=writing, args=(mine,)) for mine in choices]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        assert read(path) in choices
    assert [p.name for p in tmp_path.iterdir()] == ["record.json"]


def test_an_unknown_type_is_named(make, tmp_path):
    worst = make.worst(explanation={"sigma": object()})
    with pytest.raises(RecordError, match=r"cells.*explanation.sigma: a object has no place"):
        write(make.record(make.cell(worst=worst)), tmp_path / "record.json")


def _edited(path, edit):
    document = json.loads(path.read_text())
    edit(document)
    path.write_text(json.dumps(document))


EDITS = {
    "verdict": (lambda d: d["cells"][0].update(verdict="pass"), "its counts give"),
    "cases": (lambda d: d["cells"][0].update(cases=99), "its counts give"),
    "counts": (lambda d: d["cells"][0].update(verdicts={"pass": -1}), "verdicts"),
    "verdict name": (lambda d: d["cells"][0].update(verdicts={"fine": 1}), "verdicts"),
    "compared": (lambda d: d["cells"][0].update(compared=10**6), "cannot have been compared"),
    "twice": (lambda d: d["cells"].append(d["cells"][0]), "stands twice"),
    "unknown field": (lambda d: d["run"].update(mood="good"), "mood"),
    "missing field": (lambda d: d["run"].pop("seed"), "seed"),
    "control character": (lambda d: d["cells"][0].update(item="a\x00b"), "item"),
    "no name": (lambda d: d["cells"][0].update(device=""), "device"),
    "type": (lambda d: d["run"].update(seed="1"), "seed"),
    "state": (lambda d: d["deviations"][0].update(state="fine"), "state"),
    "schema": (lambda d: d.update(schema=2), "schema 2 and this layerproof reads 1"),
    "no schema": (lambda d: d.pop("schema"), "no schema number"),
    "bool schema": (lambda d: d.update(schema=True), "no schema number"),
}


@pytest.mark.parametrize("name", EDITS)
def test_a_changed_record_is_refused(full, tmp_path, name):
    edit, message = EDITS[name]
    path = tmp_path / "record.json"
    failing = [cell for cell in full.cells if cell.verdict == "fail"]
    write(type(full)(run=full.run, suite="0", cells=failing, deviations=full.deviations), path)
    _edited(path, edit)
    with pytest.raises(RecordError, match=message) as caught:
        read(path)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"null",
        b"{}",
        b"not json",
        b"\xff\xfe{}",
        b'{"schema": 1}',
        b'{"schema": NaN}',
        b"[" * 200_000,
        b'{"schema": 1, "cells": ' + b'{"a":' * 200_000,
    ],
)
def test_what_is_no_record_is_refused(tmp_path, content):
    path = tmp_path / "record.json"
    path.write_bytes(content)
    with pytest.raises(RecordError, match="another file") as caught:
        read(path)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 1000


def test_every_cut_is_noticed(make, tmp_path):
    path = tmp_path / "record.json"
    write(make.record(make.cell(worst=make.worst())), path)
    whole = path.read_bytes()
    for end in range(0, len(whole) - 2, 7):
        path.write_bytes(whole[:end])
        with pytest.raises(RecordError, match="damaged or cut short"):
            read(path)


def test_a_missing_file_and_a_folder(tmp_path):
    with pytest.raises(RecordError, match="No such file"):
        read(tmp_path / "none.json")
    with pytest.raises(RecordError, match="cannot read"):
        read(tmp_path)


def test_a_huge_file_is_not_read(tmp_path, monkeypatch):
    monkeypatch.setattr(records, "MAX_BYTES", 10)
    (tmp_path / "record.json").write_bytes(b"x" * 11)
    with pytest.raises(RecordError, match="not a record"):
        read(tmp_path / "record.json")


def test_a_cell_states_the_headline_of_its_counts(make):
    assert make.cell(verdicts={"pass": 2}, compared=2).verdict == "thin"
    with pytest.raises(ValueError, match="verdict is 'pass' but its counts give 'thin'"):
        make.cell(verdicts={"pass": 2}, compared=2, verdict="pass")


STALE = DeviationUse(name="old", file="f.toml", state="stale", reason="r")


def test_what_conforms(make):
    amber = [
        make.cell("a", verdicts={"pass": 9, "deviation": 1}, compared=10),
        make.cell("b", verdicts={"pass": 9, "unspecified": 1}, compared=10),
        make.cell("c", verdicts={"unsupported": 9}, compared=0),
    ]
    live = DeviationUse(name="d", file="f.toml", state="live", reason="r")
    idle = DeviationUse(name="e", file="f.toml", state="not-judged", reason="r")
    assert conforms(make.record(make.cell(), *amber, deviations=(live, idle)))


@pytest.mark.parametrize(
    ("fields", "line"),
    [
        ({"verdicts": {"pass": 9, "fail": 1}, "compared": 10}, "fail: 1 cell"),
        ({"verdicts": {"pass": 9, "crash": 1}, "compared": 9}, "crash: 1 cell"),
        ({"verdicts": {"pass": 9, "timeout": 1}, "compared": 9}, "timeout: 1 cell"),
        ({"verdicts": {}, "compared": 0}, "not-run: 1 cell"),
        ({"verdicts": {"pass": 9}, "compared": 1}, "thin: 1 cell"),
    ],
)
def test_one_red_cell_does_not_conform(make, fields, line):
    found = make.record(make.cell(), make.cell("x", **fields))
    assert not conforms(found)
    assert obstacles(found) == [line]


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"deviations": (STALE,)}, "deviation old is stale"),
        ({"cells": ()}, "no cell was judged"),
        ({"run": {"complete": False}}, "the run is not complete"),
        ({"run": {"complete": False, "interrupted": True}}, "the run was interrupted"),
    ],
)
def test_a_run_that_does_not_conform(make, changes, line):
    if "run" in changes:
        changes = {"run": make.run(**changes["run"])}
    found = make.record(make.cell(), **changes)
    assert not conforms(found)
    assert obstacles(found) == [line]
