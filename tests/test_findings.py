"""The list of findings is that of the deviation files."""

import runpy
from pathlib import Path

DOCS = Path(__file__).parents[1] / "docs"


def test_the_page_of_findings_lists_every_deviation():
    page = runpy.run_path(str(DOCS / "list_findings.py"))["main"]()
    assert (DOCS / "findings.md").read_text(encoding="utf-8") == page
