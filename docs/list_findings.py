"""Print findings.md from the deviation files: python docs/list_findings.py > docs/findings.md."""

import tomllib
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).parents[1]

HEAD = """# Findings

What the suite found in released versions, from the deviation files (`adapters/deviations/`). Each entry there has a stored case that every run replays first: one that no
longer disagrees turns the run red as stale. `pytest conformance/ --adapter=keras:BACKEND --no-deviations` shows each as a failure, with a shrunk case
and a standalone script. Reproductions and quotations of the documentation: [activations](findings/activations.md), [regularizers, constraints and core layers](findings/core.md), [reshaping](findings/reshaping.md), [merging](findings/merging.md), [convolution](findings/convolution.md), [pooling](findings/pooling.md), [normalization](findings/normalization.md), [recurrent](findings/recurrent.md).

Made by `python docs/list_findings.py > docs/findings.md`; a test holds it to the files.
"""


def rows() -> dict[tuple[str, str, str], dict[str, set[str]]]:
    """(item, reason, link) -> names, properties and backends."""
    found: dict[tuple[str, str, str], dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for path in sorted((ROOT / "adapters" / "deviations").glob("*.toml")):
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        backend = content["adapter"].split(":")[1] + f", Keras {content['versions']['keras']}"
        for entry in content["deviation"]:
            row = found[entry["item"], entry["reason"], entry.get("link", "")]
            row["names"].add(entry["name"])
            row["also"] |= set(entry.get("also", ()))
            row["properties"] |= set(entry["properties"])
            row["backends"].add(backend.split(",")[0])
    return found


def main() -> str:
    """The page."""
    lines = [HEAD]
    previous = ""
    for (item, reason, link), row in sorted(rows().items()):
        if item != previous:
            lines += [
                "",
                f"## {item}",
                "",
                "| what | properties | backends | entries |",
                "|---|---|---|---|",
            ]
            previous = item
        text = reason.replace("|", "\\|")
        text = f"[{text}]({link})" if link else text
        text += f"; so do {', '.join(sorted(row['also']))}" if row["also"] else ""
        cells = (text, *(", ".join(sorted(row[k])) for k in ("properties", "backends")))
        names = ", ".join(f"`{n}`" for n in sorted(row["names"]))
        lines.append(f"| {' | '.join(cells)} | {names} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    print(main(), end="")  # noqa: T201
