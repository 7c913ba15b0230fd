"""Starting, measuring and ending the processes a benchmark needs; each is ended by the id it was started with."""

import os
import shutil
import signal
import socket
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path


class BenchError(Exception):
    """A failure with a remedy, shown to the reader as it is."""


def free_port() -> int:
    """A TCP port of 127.0.0.1 that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def tool(name: str, group: str = "bench") -> str:
    """The full path of a program; looks in PATH and in /usr/sbin, where Debian keeps servers."""
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/local/sbin")
    if found is None:
        raise BenchError(f"{name} is not installed; run scripts/install-packages.sh {group}")
    return found


@dataclass(frozen=True)
class Cores:
    """Which cores the three parties of a run are pinned to; the proxy never shares its core when there are two."""

    proxy: int
    origin: int
    load: int

    @staticmethod
    def of_this_machine() -> "Cores":
        """Proxy first, origin second, load third; with two cores origin and load share one."""
        allowed = sorted(os.sched_getaffinity(0))
        if len(allowed) < 2:
            return Cores(allowed[0], allowed[0], allowed[0])
        return Cores(allowed[0], allowed[1], allowed[2] if len(allowed) > 2 else allowed[1])


@dataclass
class Server:
    """A running server: its process, the children it forked, and where its output went."""

    name: str
    process: subprocess.Popen
    log: Path
    port: int
    started: float = field(default_factory=time.perf_counter)
    secure: bool = False
    http2: bool = False
    """Understands nothing but HTTP/2 in clear."""
    part: str = ""
    """What of its work is measured, where that has several parts."""

    @staticmethod
    def start(
        name: str,
        command: list[str],
        core: int,
        log: Path,
        port: int,
        env: dict[str, str] | None = None,
        secure: bool = False,
        http2: bool = False,
    ) -> "Server":
        """Starts `command` pinned to `core`, in a process group of its own, with its output in `log`."""
        with log.open("wb") as output:
            process = subprocess.Popen(
                ["taskset", "-c", str(core), *command],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env={**os.environ, **(env or {})},
                start_new_session=True,
            )
        return Server(name, process, log, port, secure=secure, http2=http2)

    def pids(self) -> list[int]:
        """This process and all of its living descendants: NGINX and HAProxy work in children of a master."""
        found, waiting = [], [self.process.pid]
        while waiting:
            pid = waiting.pop()
            found.append(pid)
            for children in Path(f"/proc/{pid}/task").glob("*/children"):
                try:
                    waiting += [int(child) for child in children.read_text().split()]
                except OSError:
                    continue
        return found

    def cpu_seconds(self) -> float:
        """User and system time of the whole process tree so far, all threads, dead ones included, in seconds.

        The process clock is the sum that utime and stime of /proc/PID/stat are made of, in nanoseconds instead of
        10 ms ticks.
        """
        total = 0.0
        for pid in self.pids():
            try:
                total += time.clock_gettime((~pid << 3) | 2)
            except OSError:
                continue
        return total

    def user_share(self) -> float:
        """The part of the processor time so far that was spent in user mode, from 0 to 1."""
        user = system = 0
        for pid in self.pids():
            try:
                fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            user, system = user + int(fields[11]), system + int(fields[12])
        return user / max(1, user + system)

    def memory_kib(self, kind: str = "Rss") -> int:
        """`Rss` or `Pss` of the process tree in KiB."""
        total = 0
        for pid in self.pids():
            try:
                lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
            except OSError:
                continue
            total += sum(int(line.split()[1]) for line in lines if line.startswith(f"{kind}:"))
        return total

    def check_alive(self) -> None:
        """Raises with the end of the log when the process has ended by itself."""
        if self.process.poll() is not None:
            tail = self.log.read_text(errors="replace")[-1500:]
            raise BenchError(f"{self.name} ended with status {self.process.returncode}:\n{tail}")

    def stop(self) -> None:
        """Ends the process: SIGTERM, five seconds of patience, then SIGKILL to the group it leads."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait(5)
