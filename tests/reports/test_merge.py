"""Shards, merged, are the record that an unsharded run would have written."""

from dataclasses import dataclass

import msgspec
import pytest

from layerproof.reports.merge import merge
from layerproof.reports.record import RecordError, conforms, ordered
from layerproof.reports.schema import DeviationUse


@dataclass
class Shards:
    """A record cut by item, as ``--shard`` does."""

    whole: object
    n: int

    def cut(self, make):
        items = sorted({cell.item for cell in self.whole.cells})
        for i in range(self.n):
            mine = set(items[i :: self.n])
            yield msgspec.structs.replace(
                self.whole,
                run=make.run(shard=f"{i + 1}/{self.n}", seconds=10.0 + i),
                cells=tuple(cell for cell in self.whole.cells if cell.item in mine),
                deviations=tuple(self._seen(use, mine) for use in self.whole.deviations),
                coverage={k: v for k, v in self.whole.coverage.items() if k in mine},
            )

    def _seen(self, use, items):
        """Each entry is judged by the shard that has its item alone."""
        home = "activations.softplus" if use.name == "softplus-of-nan" else "layers.Dense"
        if home in items:
            return use
        return msgspec.structs.replace(use, state="not-judged", matched=0, share=0.0, detail="")


@pytest.mark.parametrize("n", [1, 2, 3, 7])
def test_merged_equals_unsharded(full, make, n):
    parts = list(Shards(full, n).cut(make))
    merged = merge(reversed(parts))
    timeless = msgspec.structs.replace(merged.run, seconds=full.run.seconds)
    assert msgspec.structs.replace(merged, run=timeless) == ordered(full)
    assert merged.run.seconds == sum(part.run.seconds for part in parts)


def test_workers_without_shards_are_joined(full, make):
    parts = [
        msgspec.structs.replace(part, run=msgspec.structs.replace(part.run, shard=""))
        for part in Shards(full, 2).cut(make)
    ]
    assert merge(parts).cells == ordered(full).cells
    assert merge(parts).run.complete


def test_a_missing_shard_is_not_complete(make):
    parts = [
        make.record(make.cell(f"layers.L{i}"), run=make.run(shard=f"{i}/3")) for i in (1, 2, 3)
    ]
    assert conforms(merge(parts))
    assert not conforms(merge(parts[:2]))
    assert merge(parts[:2]).run.shard == "1/3,2/3"


def test_an_interrupted_shard_interrupts_the_whole(make):
    a = make.record(make.cell("a"), run=make.run(shard="1/2"))
    b = make.record(make.cell("b"), run=make.run(shard="2/2", interrupted=True, complete=False))
    assert merge([a, b]).run.interrupted
    assert not conforms(merge([a, b]))


@pytest.mark.parametrize(
    "change",
    [
        {"seed": 1},
        {"profile": "quick"},
        {"adapter": "torch"},
        {"backend": "jax"},
        {"device": "cuda"},
        {"versions": {"keras": "3.0.0"}},
        {"platform": "other"},
        {"selection": "-k dense"},
    ],
)
def test_different_runs_are_refused(make, change):
    a, b = make.record(make.cell("a")), make.record(make.cell("b"), run=make.run(**change))
    with pytest.raises(RecordError, match=f"different runs cannot be merged: {next(iter(change))}"):
        merge([a, b])


def test_different_suites_are_refused(make):
    with pytest.raises(RecordError, match="suite"):
        merge([make.record(make.cell("a")), make.record(make.cell("b"), suite="9")])


def test_a_shared_cell_is_refused(make):
    same = make.record(make.cell("a"))
    with pytest.raises(RecordError, match="records 1 and 2 both have the cell a values float32"):
        merge([same, same])


def test_a_shard_given_twice_or_of_another_count_is_refused(make):
    a = make.record(make.cell("a"), run=make.run(shard="1/2"))
    b = make.record(make.cell("b"), run=make.run(shard="1/2"))
    c = make.record(make.cell("c"), run=make.run(shard="3/3"))
    with pytest.raises(RecordError, match="given twice"):
        merge([a, b])
    with pytest.raises(RecordError, match="different counts"):
        merge([a, c])


def test_nothing_is_refused():
    with pytest.raises(RecordError, match="at least one"):
        merge([])


def test_a_deviation_stale_in_one_shard_is_stale(make):
    def part(item, state, matched):
        use = DeviationUse(name="d", file="f", state=state, reason="r", matched=matched)
        return make.record(make.cell(item), deviations=(use,))

    (use,) = merge(
        [part("a", "live", 2), part("b", "stale", 0), part("c", "not-judged", 3)]
    ).deviations
    assert (use.state, use.matched) == ("stale", 5)
