#!/usr/bin/env python3
"""Builds and runs the micro benchmarks, and fails when one allocates more, or needs more instructions, than limits.json says."""

import argparse
import datetime
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from page import PAGE, processor, replace_section, table  # noqa: E402

LIMITS = HERE / "limits.json"

BUILD = ["swift", "build", "--package-path", str(HERE.parent.parent), "--product", "MicroBenchmarks"]
BUILD += ["-c", "release", "--static-swift-stdlib", "-Xswiftc", "-enforce-exclusivity=unchecked"]
"""The flags of scripts/common.sh: what is measured is built as it is shipped."""

SWITCH = {"MARTINET_MICRO_BENCHMARKS": "1"}
"""The environment in which Package.swift has the benchmarks."""

ALLOCATION_SLACK = 0.02
"""Allocations above the limit that are not yet too many: other threads have timers."""

INSTRUCTION_SLACK = 1.1
"""Times the limit that are not yet too many: libraries and compilers differ a little from one machine to the next."""

COUNTED = 1000
"""Operations between the two runs whose difference is the instructions."""


class MicroError(Exception):
    """A failure with a remedy, shown to the reader as it is."""


@dataclass
class Result:
    """What one operation of a benchmark costs."""

    name: str
    allocations: float
    bytes: float
    nanoseconds: float
    about: str
    instructions: float | None = None


def build() -> Path:
    """Builds the program, of the parts of the release build."""
    environment = os.environ | SWITCH
    if subprocess.run(BUILD, check=False, env=environment).returncode != 0:
        raise MicroError("the micro benchmarks do not compile: read the first error above")
    place = subprocess.run([*BUILD, "--show-bin-path"], capture_output=True, text=True, check=True, env=environment)
    return Path(place.stdout.strip()) / "MicroBenchmarks"


def measure(program: Path) -> list[Result]:
    """Runs all benchmarks."""
    run = subprocess.run([str(program)], stdout=subprocess.PIPE, text=True, check=False)
    if run.returncode != 0:
        raise MicroError(f"the micro benchmarks ended with status {run.returncode}:\n{run.stdout}")
    rows = [line.split("\t") for line in run.stdout.splitlines()]
    return [Result(row[0], float(row[1]), float(row[2]), float(row[3]), row[4]) for row in rows]


def count_instructions(program: Path, results: list[Result]) -> None:
    """Counts instructions in user mode with Valgrind: the same on every run, however busy the machine is."""
    if shutil.which("valgrind") is None:
        raise MicroError("valgrind is not installed; run scripts/install-packages.sh bench")
    with tempfile.TemporaryDirectory(prefix="martinet-micro-") as folder:
        # Valgrind gives up on the compiler's debug information.
        bare = Path(folder) / "MicroBenchmarks"
        subprocess.run(["strip", "-g", "-o", str(bare), str(program)], check=True)
        for result in results:
            few, many = (_instructions(bare, result.name, count) for count in (COUNTED, 2 * COUNTED))
            result.instructions = (many - few) / COUNTED


def _instructions(program: Path, name: str, count: int) -> int:
    command = ["valgrind", "--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null"]
    run = subprocess.run([*command, str(program), name, str(count)], capture_output=True, text=True, check=False)
    found = re.search(r"I +refs: +([\d,]+)", run.stderr)
    if run.returncode != 0 or not found:
        raise MicroError(f"valgrind could not run {name}:\n{run.stdout}{run.stderr[-1500:]}")
    return int(found[1].replace(",", ""))


def judge(results: list[Result], limits: dict[str, dict[str, float]]) -> int:
    """Prints the table; returns how many benchmarks cost more than is written down."""
    failed = 0
    print(f"{'benchmark':26} {'allocations':>11} {'limit':>6} {'bytes':>7} {'instructions':>12} {'limit':>8} {'ns':>9}")
    for result in results:
        limit = limits.get(result.name, {})
        allowed, instructions = limit.get("allocations"), limit.get("instructions")
        wrong = []
        if allowed is None:
            wrong.append("no limit is written down")
        elif result.allocations > allowed + ALLOCATION_SLACK:
            wrong.append("too many allocations")
        if result.instructions is not None and instructions is not None:
            if result.instructions > instructions * INSTRUCTION_SLACK:
                wrong.append("too many instructions")
        failed += bool(wrong)
        print(
            f"{result.name:26} {result.allocations:11.2f} {_shown(allowed):>6} {result.bytes:7,.0f} "
            f"{_shown(result.instructions):>12} {_shown(instructions):>8} {result.nanoseconds:9,.0f}  "
            f"{', '.join(wrong)}".rstrip()
        )
    return failed


def _shown(value: float | None) -> str:
    return "–" if value is None else f"{value:,.0f}"


def update(results: list[Result], limits: dict[str, dict[str, float]]) -> None:
    """Writes the figures down as the new limits; instructions that were not counted stay."""
    known: dict[str, dict[str, float]] = {}
    for result in results:
        entry = {"allocations": round(result.allocations, 1)}
        instructions = result.instructions or limits.get(result.name, {}).get("instructions")
        if instructions is not None:
            entry["instructions"] = round(instructions)
        known[result.name] = entry
    LIMITS.write_text(json.dumps(known, indent=4) + "\n")
    print(f"written to {LIMITS}: say in the commit why a figure went up")


def write_page(results: list[Result]) -> None:
    """Writes the table of docs/benchmarks.md."""
    head = ["operation", "what", "allocations", "instructions", "ns"]
    rows = [
        [result.name, result.about, _shown(result.allocations), _shown(result.instructions), _shown(result.nanoseconds)]
        for result in results
    ]
    text = (
        f"Measured {datetime.date.today()} on {processor()} with `Benchmarks/micro/micro.py --instructions --write`.\n\n"
        + table(head, rows, 3)
    )
    replace_section("micro", "Benchmarks/micro/micro.py", text)
    print(f"written to {PAGE}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--instructions", action="store_true", help="count instructions as well; a minute, needs valgrind")
    parser.add_argument("--update", action="store_true", help="write the figures down as the new limits")
    parser.add_argument("--write", action="store_true", help="write the table of docs/benchmarks.md")
    options = parser.parse_args()
    try:
        program = build()
        results = measure(program)
        if options.instructions:
            count_instructions(program, results)
    except MicroError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    limits: dict[str, dict[str, float]] = json.loads(LIMITS.read_text()) if LIMITS.exists() else {}
    if options.write:
        write_page(results)
    if options.update:
        update(results, limits)
        return 0
    failed = judge(results, limits)
    if failed:
        print("a figure that is meant to go up is written down with: Benchmarks/micro/micro.py --instructions --update")
    print(f"{len(results) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
