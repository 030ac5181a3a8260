"""Synthetic records: one that has everything a record can have, and one full of hostile text."""

import math
import random
import re
from types import SimpleNamespace

import pytest

from layerproof.reports.schema import Cell, DeviationUse, Failure, Record, Run, Worst
from layerproof.reports.verdicts import histogram

ITEMS = {
    "2 Activations": ["relu", "sigmoid", "softmax", "softplus", "tanh", "selu", "elu", "gelu"],
    "4 Regularizers": ["L1", "L2", "L1L2", "OrthogonalRegularizer"],
    "6 Core": ["Dense", "EinsumDense", "Embedding", "Masking", "Lambda"],
    "15 Merging": ["Add", "Average", "Concatenate", "Dot"],
}
KINDS = {"2 Activations": "activations", "4 Regularizers": "regularizers"}
NUMERIC = ("values", "gradients", "exact", "special")
PLAIN = ("shape", "dtype", "mask", "config", "weights", "save", "compiled", "invalid")
HOSTILE = (
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(2)>",
    "\"'><svg/onload=alert(3)>",
    "<!--<script>",
    "{{ 7 * 7 }}{% raw %}",
    "&lt;b&gt; \u2028\u2029 \x00\x1b[31m",
    "javascript:alert(4)",
)
SCRIPT = """import keras
import numpy as np

x = np.array([float.fromhex("-0x1.4p+3")], "float32")
y = np.asarray(keras.ops.convert_to_numpy(keras.activations.gelu(x)))
expected = -0x1.5b1c2p-77
print(y[0], "expected", expected)
assert abs(y[0] - expected) <= 0x1.9p-99
"""


def run(**changes):
    """The settings of a finished run."""
    settings = {
        "adapter": "keras",
        "backend": "tensorflow",
        "device": "cpu",
        "versions": {"keras": "3.15.1", "tensorflow": "2.21.0", "numpy": "2.2.0"},
        "platform": "Linux x86_64, Python 3.11.2",
        "profile": "standard",
        "seed": 20260101,
        "started": "2026-01-01T12:00:00Z",
        "seconds": 83.4,
        "complete": True,
    }
    return Run(**{**settings, **changes})


def cell(item="layers.Dense", name="values", dtype="float32", **fields):
    """A passing cell, unless ``fields`` say otherwise."""
    given = {"chapter": "6 Core", "device": "cpu", "verdicts": {"pass": 12}, **fields}
    counts = given["verdicts"]
    given.setdefault("compared", sum(counts.values()) - counts.get("unsupported", 0))
    return Cell(item=item, property=name, dtype=dtype, **given)


def record(*cells, **fields):
    """A record of these cells."""
    given = {"run": run(), "suite": "0.1.0", "cells": cells}
    return Record(**{**given, **fields})


def _numbers(rng, scale):
    ratios = [scale * rng.betavariate(1.2, 4) for _ in range(400)] + [0.0] * rng.randrange(200)
    largest = max(ratios)
    return {
        "max_ratio": largest,
        "p99_ratio": sorted(ratios)[int(0.99 * len(ratios))],
        "ratios": histogram(ratios),
        "grade_a": largest * rng.uniform(1.2, 5),
        "max_ulp": largest * rng.uniform(3, 8),
        "bits": 24 - math.log2(1 + 8 * largest),
        "worst": Worst(
            case=f"{rng.randrange(16**16):016x}",
            expected=-2.2711e-23,
            got=-2.2713e-23,
            bound=3.1e-27,
            ratio=largest,
            input="-0x1.4p+3",
            place="output 0, element [2, 7]",
            explanation={
                "formula": "C · sigma + u · |y| + phi",
                "C": 4,
                "sigma": 2.6e-28,
                "u": 2.0**-24,
                "|y|": 2.2711e-23,
                "phi": 0.0,
                "samples": 16,
            },
        ),
    }


def _failure(name):
    return Failure(
        group=f"{name}, approximate=False",
        message="output 0: -0.0 at [0], expected -2.2711e-23, error 7.3e+03 × the allowed 3.1e-27",
        count=5,
        case={
            "item": "activations.gelu",
            "config": {},
            "dtype": "float32",
            "steps": [{"do": "call"}],
        },
        digest="5f0c1d2e3a4b5c6d",
        script=SCRIPT,
        shrunk=True,
        place="output 0, element [0]",
        expected=-2.2711e-23,
        got=-0.0,
        bound=3.1e-27,
    )


def _counts(rng, item, name, dtype):
    """Verdicts of one cell: most pass, and every other verdict occurs somewhere."""
    special = {
        ("gelu", "values", "float32"): {"fail": 5, "pass": 10},
        ("selu", "gradients", "bfloat16"): {"crash": 1, "pass": 14},
        ("Dot", "values", "float16"): {"timeout": 1, "pass": 14},
        ("softplus", "special", "float32"): {"deviation": 4, "pass": 11},
        ("softplus", "special", "float16"): {"deviation": 4, "pass": 11},
        ("Masking", "mask", "float32"): {"unspecified": 3, "pass": 12},
        ("Lambda", "save", "float32"): {"unsupported": 15},
        ("Embedding", "save", "float32"): {},
    }
    return special.get((item, name, dtype), {"pass": rng.choice([15, 15, 15, 60])})


def _full_cells():
    rng = random.Random(7)
    for chapter, items in ITEMS.items():
        for short in items:
            kind = KINDS.get(chapter, "layers")
            names = NUMERIC + (PLAIN if kind == "layers" else ("dtype", "compiled"))
            for name in names:
                dtypes = ("float32", "bfloat16", "float16", "float64")
                for dtype in dtypes if name in NUMERIC else dtypes[:1]:
                    counts = _counts(rng, short, name, dtype)
                    compared = sum(counts.values()) - counts.get("unsupported", 0)
                    extra = _numbers(rng, 30.0 if "fail" in counts else 0.8)
                    if short == "Add" and name == "gradients":
                        compared = 2
                    yield cell(
                        f"{kind}.{short}",
                        name,
                        dtype,
                        chapter=chapter,
                        verdicts=counts,
                        compared=compared,
                        seconds=rng.uniform(0.02, 2),
                        failures=(_failure(name),) if "fail" in counts else (),
                        deviations=("softplus-of-nan",) if "deviation" in counts else (),
                        readings={"mask kept": 3} if "unspecified" in counts else {},
                        unsupported={"not in Keras 3.15.1": 15} if "unsupported" in counts else {},
                        **(extra if name in NUMERIC else {}),
                    )


@pytest.fixture(scope="session")
def full():
    """Several chapters, every verdict, numbers, failures, deviations, coverage."""
    uses = (
        DeviationUse(
            name="softplus-of-nan",
            file="keras-3.15.1-tensorflow.toml",
            state="live",
            reason="softplus(NaN) is 0 instead of NaN on CPUs without AVX512.",
            link="https://example.org/issues/1",
            ceiling="non-finite inputs only",
            cells="activations.softplus special",
            matched=8,
            share=0.27,
        ),
        DeviationUse(
            name="dense-bias-order",
            file="keras-3.15.1-tensorflow.toml",
            state="stale",
            reason="The bias gradient was summed in bfloat16.",
            detail="the stored case agrees with the documentation now",
        ),
    )
    coverage = {
        "layers.Dense": {
            "units": {"1": 4, "3": 20, "8": 9},
            "activation": {"None": 11, "'relu'": 8, "'softmax'": 6, "{'$fn': 'square'}": 2},
            "use_bias": {"True": 25, "False": 8},
        },
        "activations.gelu": {"approximate": {"False": 30, "True": 12}},
    }
    return record(*_full_cells(), deviations=uses, coverage=coverage)


def hostile_record(text):
    """A record whose every text field is ``text`` (keys too), as far as its schema allows."""
    name = re.sub(r"[\x00-\x1f]", "", text)  # in the names of cells no control character is read
    worst = Worst(
        case=text,
        expected=text,
        got=text,
        bound=math.inf,
        ratio=math.nan,
        input=text,
        place=text,
        explanation={text: text, "nested": {text: [text, math.nan]}},
    )
    failure = Failure(
        group=text,
        message=text,
        case={text: [text, {"$float": text}]},
        digest=text,
        script=text,
        place=text,
        expected=text,
        got=text,
    )
    found = cell(
        name,
        name,
        name,
        chapter=name,
        device=name,
        verdicts={"fail": 1, "deviation": 1, "unsupported": 1, "unspecified": 1, "pass": 1},
        compared=4,
        max_ratio=math.inf,
        p99_ratio=math.nan,
        ratios={20: 1, -3: 2},
        worst=worst,
        failures=(failure,),
        deviations=(text,),
        readings={text: 1},
        unsupported={text: 1},
        statistics={text: {text: 1.0}},
    )
    use = DeviationUse(
        name=text, file=text, state="live", reason=text, link=text, ceiling=text, cells=text,
        detail=text,
    )  # fmt: skip
    return record(
        found,
        suite=text,
        run=run(
            adapter=text, backend=text, device=text, versions={text: text}, platform=text,
            profile=text, started=text, shard=text, selection=text,
        ),
        deviations=(use,),
        coverage={text: {text: {text: 1}}},
    )  # fmt: skip


@pytest.fixture(scope="session")
def make():
    """Parts of a record, ordinary unless told otherwise."""

    def worst(**fields):
        given = {
            "case": "0123456789abcdef",
            "expected": 1.0,
            "got": 1.5,
            "bound": 1.0,
            "ratio": 0.5,
        }
        return Worst(**{**given, **fields})

    def failure(**fields):
        return Failure(**{"group": "values", "message": "off", **fields})

    return SimpleNamespace(run=run, cell=cell, record=record, worst=worst, failure=failure)


@pytest.fixture(scope="session", params=HOSTILE)
def hostile(request):
    """A hostile text, and the record full of it."""
    return request.param, hostile_record(request.param)
