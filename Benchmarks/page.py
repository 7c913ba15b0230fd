"""Sections of docs/benchmarks.md that programs write; what stands between them is written by hand."""

import platform
from pathlib import Path

PAGE = Path(__file__).resolve().parents[1] / "docs/benchmarks.md"


def processor() -> str:
    """The CPU model as the kernel calls it."""
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def table(head: list[str], rows: list[list[str]], numbers: int) -> str:
    """A Markdown table whose last `numbers` columns are figures."""
    rules = ["---"] * (len(head) - numbers) + ["---:"] * numbers
    return "\n".join("| " + " | ".join(row) + " |" for row in [head, rules, *rows])


def replace_section(name: str, writer: str, text: str) -> None:
    """Puts `text` between the two markers of the section `name`; a section that is not there yet is added at the end."""
    begin, end = f"<!-- {name}:begin (written by {writer}) -->", f"<!-- {name}:end -->"
    old = PAGE.read_text()
    block = f"{begin}\n{text}\n{end}"
    before, found, rest = old.partition(begin)
    _, closed, after = rest.partition(end)
    PAGE.write_text(before + block + after if found and closed else old.rstrip("\n") + f"\n\n{block}\n")
