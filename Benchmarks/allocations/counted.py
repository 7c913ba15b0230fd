"""A Martinet whose allocations are counted: the counter is built, loaded in front of the binary, and read from outside."""

import mmap
import os
import struct
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "system"))

from processes import BenchError, Server, free_port, tool  # noqa: E402

COUNTER = HERE.parent / "counter"

LAYOUT = struct.Struct("=QQQIIQ")
"""`struct martinet_allocations` of counter/include/CAllocationCounter.h."""

DEPTH = 48
"""MARTINET_TRACE_DEPTH of the same file."""


@dataclass(frozen=True)
class Counts:
    """Calls of the allocator since the process started, or the difference of two readings."""

    allocations: int
    bytes: int
    frees: int

    def __sub__(self, other: "Counts") -> "Counts":
        return Counts(self.allocations - other.allocations, self.bytes - other.bytes, self.frees - other.frees)


def build_counter(folder: Path) -> Path:
    """Compiles the counter to a shared library: a second's work, so that no stale one is ever used."""
    library = folder / "counter.so"
    command = [tool("clang", "build"), "-O2", "-fPIC", "-shared", "-fno-builtin", "-Wall", "-Werror"]
    command += ["-I", str(COUNTER / "include"), str(COUNTER / "counter.c"), "-o", str(library)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    if run.returncode != 0:
        raise BenchError(f"the allocation counter does not compile:\n{run.stderr}")
    return library


class CountedMartinet:
    """One running Martinet with one event loop, listening on `port`."""

    def __init__(
        self, binary: Path, library: Path, folder: Path, routing: str, static: str = "", stacks: int = 0
    ) -> None:
        """`routing` is the text of a dynamic configuration, `static` lines for the install configuration; `stacks` is how
        many allocations can be traced."""
        self.port = free_port()
        dynamic, install, counts = folder / "routing.yml", folder / "martinet.yml", folder / "counts"
        dynamic.write_text(routing)
        install.write_text(
            f"{static}log:\n  level: ERROR\n"
            f"entryPoints:\n  web:\n    address: 127.0.0.1:{self.port}\n"
            f"providers:\n  file:\n    filename: {dynamic}\n    watch: false\n"
        )
        size = LAYOUT.size + stacks * DEPTH * 8
        counts.write_bytes(LAYOUT.pack(0, 0, 0, 0, stacks, 0))
        os.truncate(counts, size)
        with counts.open("r+b") as file:
            self.memory = mmap.mmap(file.fileno(), size)
        self.binary = binary
        self.server = Server.start(
            "martinet",
            [str(binary), f"--configFile={install}"],
            sorted(os.sched_getaffinity(0))[0],
            folder / "martinet.log",
            self.port,
            {"LD_PRELOAD": str(library), "MARTINET_ALLOCATIONS": str(counts), "MARTINET_THREADS": "1"},
        )

    def counts(self) -> Counts:
        """What was counted so far. Zero means that the counter was not loaded."""
        found = Counts(*LAYOUT.unpack_from(self.memory)[:3])
        if found.allocations == 0:
            self.server.check_alive()
            raise BenchError("nothing was counted: is the binary linked statically to its allocator?")
        return found

    def trace(self, on: bool) -> None:
        """Starts or stops keeping the stack of each allocation."""
        struct.pack_into("=I", self.memory, 24, int(on))

    def stacks(self) -> list[tuple[int, ...]]:
        """The stacks kept, innermost frame first."""
        capacity, traced = struct.unpack_from("=IQ", self.memory, 28)
        found = []
        for index in range(min(capacity, traced)):
            frames = struct.unpack_from(f"={DEPTH}Q", self.memory, LAYOUT.size + index * DEPTH * 8)
            found.append(frames[: frames.index(0)] if 0 in frames else frames)
        return found

    def base_address(self) -> int:
        """Where the binary is loaded."""
        with open(f"/proc/{self.server.process.pid}/maps", encoding="utf-8") as maps:
            for line in maps:
                if line.rstrip().endswith(str(self.binary.resolve())):
                    return int(line.split("-")[0], 16)
        raise BenchError("the binary is not mapped in its own process")

    def stop(self) -> None:
        self.server.stop()
