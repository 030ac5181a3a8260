"""The compliance page: one HTML file that shows a record, opens from disk and loads nothing.

Whatever a record says is text: the templates escape it, the data for the scripts is JSON whose
angle brackets are escaped too, scripts put it on the page as text nodes, and a content security
policy lets only the page's own scripts (by their hashes) run and nothing be fetched.
"""

import base64
import hashlib
import os
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any
from urllib.parse import quote

import jinja2
import msgspec
from markupsafe import Markup
from plotly.offline import get_plotlyjs

from . import tolerance
from .record import conforms, obstacles, ordered, plain, replace_file
from .schema import Cell, Record
from .verdicts import CELL_VERDICTS, MEANINGS, PROPERTIES, SYMBOLS, rank, worst_of

SCRIPTS = ("show.js", "matrix.js", "drawer.js", "charts.js")
"""The page's own scripts, in the order in which they run."""

LONGEST_TEXT = 100_000
"""Characters of one case or script that the page holds; a longer one is in the record alone."""

APART = ("deviation", "unspecified", "unsupported")
"""Headlines that are neither red nor green: never added to either."""

MUCH = 0.25
"""A deviation that matches a larger share of a cell's cases is flagged."""


@dataclass(frozen=True)
class Square:
    """One square of the matrix: an item's property in every dtype and device that ran."""

    verdict: str
    parts: tuple[Cell, ...]

    @property
    def label(self) -> str:
        """What it says, in words."""
        counts = Counter(cell.verdict for cell in self.parts)
        said = [f"{n} {v}" for v, n in sorted(counts.items(), key=lambda c: _severity(c[0]))]
        first = self.parts[0]
        return f"{first.item} {first.property}: {', '.join(said)}"


@dataclass(frozen=True)
class Row:
    """One item of the matrix: its squares by property."""

    item: str
    squares: dict[str, Square]


def render(record: Record) -> str:
    """The page, as text."""
    record = ordered(record)
    page = _environment().get_template("compliance.html.j2")
    tally = Counter(cell.verdict for cell in record.cells)
    scripts = [Markup(_file(name)) for name in SCRIPTS]  # noqa: S704  (our own files)
    rows = tolerance.rows(record.cells)
    if rows:
        scripts.insert(0, Markup(get_plotlyjs()))  # noqa: S704  (the plotting library)
    return page.render(
        record=record,
        run=record.run,
        conforms=conforms(record),
        obstacles=obstacles(record),
        tally=[(verdict, tally[verdict]) for verdict in reversed(CELL_VERDICTS) if tally[verdict]],
        chapters=_chapters(record.cells),
        properties=_properties(record.cells),
        dtypes=list(dict.fromkeys(cell.dtype for cell in record.cells)),
        devices=list(dict.fromkeys(cell.device for cell in record.cells)),
        tolerance=rows,
        symbols=SYMBOLS,
        meanings=MEANINGS,
        apart=[(v, tally[v]) for v in APART if tally[v]],
        much=MUCH,
        data=_embedded(_data(record)),
        scripts=scripts,
        style=Markup(_file("style.css")),  # noqa: S704  (our own file)
        policy=_policy(scripts),
    )


def write_page(record: Record, path: str | os.PathLike[str]) -> None:
    """Write the page, whole or not at all."""
    replace_file(Path(path), render(record).encode("utf-8", "replace"))


def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader(__package__),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["address"] = lambda name: quote(name, safe="")
    environment.filters["number"] = tolerance.number
    environment.filters["duration"] = _duration
    environment.tests["web"] = lambda link: link.startswith(("https://", "http://"))
    return environment


def _file(name: str) -> str:
    return (resources.files(__package__) / "templates" / name).read_text("utf-8")


def _chapters(cells: Iterable[Cell]) -> dict[str, list[Row]]:
    grouped: dict[str, dict[str, dict[str, list[Cell]]]] = {}
    for cell in cells:
        items = grouped.setdefault(cell.chapter, {})
        items.setdefault(cell.item, {}).setdefault(cell.property, []).append(cell)
    return {
        chapter: [
            Row(item, {name: _square(parts) for name, parts in squares.items()})
            for item, squares in items.items()
        ]
        for chapter, items in grouped.items()
    }


def _square(parts: list[Cell]) -> Square:
    return Square(worst_of(cell.verdict for cell in parts), tuple(parts))


def _properties(cells: Iterable[Cell]) -> list[str]:
    return sorted(
        {cell.property for cell in cells}, key=lambda name: (rank(PROPERTIES, name), name)
    )


def _severity(verdict: str) -> int:
    return CELL_VERDICTS.index(verdict)


def _duration(seconds: float) -> str:
    """Seconds in the largest unit that suits.

    >>> _duration(8.25), _duration(83), _duration(3700)
    ('8.2 s', '1 min 23 s', '1 h 1 min')
    """
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s"
    return f"{minutes // 60} h {minutes % 60} min"


def _data(record: Record) -> dict[str, Any]:
    """What the scripts of the page need: cells by item and property, and what explains them."""
    cells: dict[str, dict[str, list[Any]]] = {}
    for cell in record.cells:
        entry = plain(cell)
        for failure in entry["failures"]:
            _shorten(failure)
        cells.setdefault(cell.item, {}).setdefault(cell.property, []).append(entry)
    return {
        "cells": cells,
        "coverage": plain(record.coverage),
        "deviations": {use.name: plain(use) for use in record.deviations},
        "symbols": SYMBOLS,
        "meanings": MEANINGS,
        "order": CELL_VERDICTS,
    }


def _shorten(failure: dict[str, Any]) -> None:
    """Leave texts in the record alone that would make the page heavy."""
    if len(msgspec.json.encode(failure["case"])) > LONGEST_TEXT:
        failure["case"] = {"too long for this page": "the record holds it"}
    if len(failure["script"]) > LONGEST_TEXT:
        failure["script"] = "# too long for this page: the record holds it\n"


def _embedded(data: dict[str, Any]) -> Markup:
    """JSON that can stand inside a script element, whatever its strings contain."""
    text = msgspec.json.encode(data).decode()
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(text)  # noqa: S704  (no sign of HTML is left in it)


def _policy(scripts: Iterable[str]) -> str:
    """The content security policy that lets exactly these scripts run."""
    digests = (hashlib.sha256(script.encode()).digest() for script in scripts)
    allowed = " ".join(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)
    return (
        f"default-src 'none'; script-src {allowed}; style-src 'unsafe-inline'; "
        "img-src data: blob:; base-uri 'none'; form-action 'none'"
    )
