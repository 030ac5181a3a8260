"""The lines at the end of a run."""

import re

from layerproof.reports.terminal import WIDTH, summary


def test_table_counts_cells_by_chapter_and_verdict(full):
    lines = summary(full)
    head = next(line for line in lines if line.startswith("chapter"))
    total = next(line for line in lines if line.startswith("all"))
    names = re.findall(r"[a-z-]+", head)[1:]
    numbers = [int(n) for n in total.split()[1:]]
    counted = {name: sum(c.verdict == name for c in full.cells) for name in names}
    assert dict(zip(names, numbers, strict=True)) == counted
    assert sum(numbers) == len(full.cells)


def test_red_cells_and_the_verdict_are_named(full):
    text = "\n".join(summary(full, "out/index.html"))
    assert "✗ activations.gelu values float32 cpu: 5 of 15 cases: output 0: -0.0" in text
    assert "≈ layers.Add gradients float32 cpu: 2 of 15 supported cases compared" in text
    assert "○ layers.Embedding save float32 cpu: no case was judged" in text
    assert "does not conform: crash: 1 cell; timeout: 1 cell; fail: 1 cell" in text
    assert text.endswith("report: out/index.html")


def test_cells_nearest_to_their_bound_come_first(make):
    cells = [make.cell(f"i{k}", max_ratio=k / 10, max_ulp=2.0) for k in (1, 9, 5)]
    lines = summary(make.record(*cells))
    start = lines.index("nearest to the bound:")
    assert [line.split()[1] for line in lines[start + 1 : start + 4]] == ["i9", "i5", "i1"]
    assert lines[-1] == "conforms"


def test_a_record_without_cells(make):
    assert "no cell was judged" in summary(make.record())[-1]


def test_an_implementations_text_cannot_steer_the_terminal(hostile):
    text, record = hostile
    for line in summary(record):
        assert line.isprintable() or not line
        assert len(line) <= 3 * WIDTH
    assert text.split()[0][:5] in "\n".join(summary(record))
