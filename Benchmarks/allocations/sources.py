"""Where allocations come from: stacks taken inside the process, grouped, with names, files and lines."""

import json
import shutil
import subprocess
from collections import Counter
from pathlib import Path

from counted import BenchError, CountedMartinet

ALLOCATORS = ("swift::", "swift_", "_swift_", "malloc", "calloc", "realloc", "memalign", "posix_memalign", "aligned_alloc")
"""Beginnings of the names of functions that take memory for somebody else."""

SHOWN = 14
"""Frames shown of each stack, inlined ones included, from the first that is not the allocator's."""

Names = dict[int, list[str]]
"""`function (file:line)` by address, innermost inlined function first."""


def report_sources(martinet: CountedMartinet, exchanges: int) -> None:
    """Prints each place that allocates, the most frequent first, with its count per exchange."""
    base = martinet.base_address()
    stacks = Counter(martinet.stacks())
    names = _names(martinet.binary, base, {address for stack in stacks for address in stack})
    places: Counter[tuple[str, ...]] = Counter()
    for stack, times in stacks.items():
        frames = [frame for address in stack for frame in names.get(address, [])]
        while len(frames) > 1 and frames[0].startswith(ALLOCATORS):
            frames.pop(0)
        places[tuple(frames[:SHOWN])] += times
    for frames, times in places.most_common():
        print(f"\n{times / exchanges:.2f} per exchange")
        for frame in frames:
            print(f"    {frame}")


def _names(binary: Path, base: int, addresses: set[int]) -> Names:
    """The functions at `addresses`; those of shared libraries are left out."""
    size = binary.stat().st_size
    # A return address lies behind its call, maybe in the next line.
    offsets = {address - base - 1: address for address in addresses if base < address < base + size}
    run = subprocess.run(
        [_toolchain("llvm-symbolizer"), f"--obj={binary}", "--inlines", "--output-style=JSON"],
        input="".join(f"{offset:#x}\n" for offset in offsets),
        capture_output=True,
        text=True,
        check=True,
    )
    names: Names = {}
    for line in run.stdout.splitlines():
        found = json.loads(line)
        names[offsets[int(found["Address"], 16)]] = [
            f"{frame['FunctionName'] or '??'} ({'/'.join(Path(frame['FileName']).parts[-3:])}:{frame['Line']})"
            for frame in found.get("Symbol", [])
            # Thunks and witnesses, of which the compiler makes many.
            if "compiler-generated" not in frame["FileName"]
        ]
    flat = "\n".join(frame for frames in names.values() for frame in frames)
    readable = subprocess.run(
        [_toolchain("swift-demangle"), "--simplified"], input=flat, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    lines = iter(readable)
    return {address: [next(lines) for _ in frames] for address, frames in names.items()}


def _toolchain(name: str) -> str:
    """A program of the Swift toolchain: older ones of the system cannot read what the compiler writes."""
    swift = shutil.which("swift")
    beside = Path(swift).resolve().parent / name if swift else None
    if beside is None or not beside.exists():
        raise BenchError(f"{name} is not beside swift; put the Swift toolchain's usr/bin into PATH")
    return str(beside)
