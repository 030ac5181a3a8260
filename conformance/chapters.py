"""The documentation's table of contents: item -> chapter."""

import csv
from functools import cache
from importlib.resources import files

from .. import reference


@cache
def table() -> dict[str, dict[str, str]]:
    """Item -> its row of the item table: chapter, section, item, keras, torch."""
    text = files(reference).joinpath("items.tsv").read_text(encoding="utf-8")
    return {row["item"]: row for row in csv.DictReader(text.splitlines(), delimiter="\t")}


def chapter_of(item: str) -> str:
    """Number and title: ``15 Merging``."""
    row = table()[item]
    return f"{row['chapter']} {row['section'].split(':')[0]}"
