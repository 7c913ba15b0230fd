"""The workloads: each measures all its targets in interleaved rounds (A B C A B C …) and returns medians."""

import statistics
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import clients
from clients import IdleConnections, Prober, wait_until_answers
from fixed_rate import latency_at_rate
from processes import Server
from targets import TARGETS, TLS_TARGETS, Bench, origin_service, start_traefik_like

HERE = Path(__file__).parent
Row = dict[str, float]
Rows = dict[str, Row]

FIXED_RATE = 1000
"""Requests a second at which latency is compared: every proxy bears it with one thread on a small machine."""

ROUTERS, FILES, IDLE = 10_000, 100, 2_000


@dataclass(frozen=True)
class Effort:
    """How long and how often to measure."""

    seconds: float
    rounds: int

    @staticmethod
    def of(quick: bool) -> "Effort":
        """Quick proves that the harness works; only the full effort gives figures worth keeping."""
        return Effort(1, 1) if quick else Effort(5, 5)


def say(text: str) -> None:
    """A progress line."""
    print(f"    {text}", flush=True)


def medians(samples: dict[str, list[Row]]) -> Rows:
    """The median of every figure of every target."""
    return {
        name: {key: statistics.median(row[key] for row in rows) for key in rows[0]} for name, rows in samples.items()
    }


def interleaved(
    names: list[str], start: Callable[[str], Server], effort: Effort, measure: Callable[[Server], Row]
) -> Rows:
    """Starts all targets, warms each up, then measures one after the other, round after round."""
    samples: dict[str, list[Row]] = {name: [] for name in names}
    with ExitStack() as stack:
        servers = {}
        for name in names:
            servers[name] = start(name)
            stack.callback(servers[name].stop)
        for server in servers.values():
            wait_until_answers(server, "h0.test", "/api/v1")
        for turn in range(effort.rounds + 1):
            for name, server in servers.items():
                server.check_alive()
                row = measure(server)
                # Round 0 fills pools and caches and is not counted.
                if turn > 0:
                    samples[name].append(row)
                    say(f"round {turn} {name}: " + ", ".join(f"{key} {value:.4g}" for key, value in row.items()))
    return medians(samples)


def throughput(
    bench: Bench, server: Server, path: str, seconds: float, connections: int = 64, **options: object
) -> Row:
    """CPU microseconds of the proxy per request, and requests per second, under full keep-alive load."""
    before = server.cpu_seconds()
    load = clients.wrk(server.port, path, seconds, bench.cores.load, connections, **options)
    cpu = server.cpu_seconds() - before
    return {"cpu_us": cpu * 1e6 / load.requests, "rps": load.rate}


def small(bench: Bench, names: list[str], effort: Effort) -> Rows:
    """130-byte answers over 64 keep-alive connections, then latency at a fixed rate, then resident memory."""

    def measure(server: Server) -> Row:
        row = throughput(bench, server, "/", effort.seconds)
        p50, p99 = latency_at_rate(server.port, FIXED_RATE, effort.seconds)
        return row | {"p50_ms": p50, "p99_ms": p99, "rss_mib": server.memory_kib() / 1024}

    return interleaved(names, lambda name: TARGETS[name](bench), effort, measure)


def down(bench: Bench, names: list[str], effort: Effort) -> Rows:
    """One megabyte from the origin to the client, 16 connections."""
    return interleaved(
        names,
        lambda name: TARGETS[name](bench),
        effort,
        lambda server: throughput(bench, server, "/1m", effort.seconds, 16),
    )


def up(bench: Bench, names: list[str], effort: Effort) -> Rows:
    """One megabyte from the client to the origin, 16 connections."""
    return interleaved(
        names,
        lambda name: TARGETS[name](bench),
        effort,
        lambda server: throughput(bench, server, "/up", effort.seconds, 16, script=HERE / "upload.lua"),
    )


def tls_h1(bench: Bench, names: list[str], effort: Effort) -> Rows:
    """130-byte answers over 64 keep-alive connections with TLS 1.3 and HTTP/1.1."""
    return interleaved(
        [name for name in names if name in TLS_TARGETS],
        lambda name: TLS_TARGETS[name](bench),
        effort,
        lambda server: throughput(bench, server, "/", effort.seconds, secure=True),
    )


def tls_h2(bench: Bench, names: list[str], effort: Effort) -> Rows:
    """130-byte answers over 16 connections with TLS 1.3 and HTTP/2, 10 requests at once on each."""

    def measure(server: Server) -> Row:
        before = server.cpu_seconds()
        load = clients.h2load(server.port, "/", effort.seconds, bench.cores.load)
        return {"cpu_us": (server.cpu_seconds() - before) * 1e6 / load.requests, "rps": load.rate}

    return interleaved(
        [name for name in names if name in TLS_TARGETS], lambda name: TLS_TARGETS[name](bench), effort, measure
    )


def idle(bench: Bench, names: list[str], effort: Effort) -> Rows:
    """Memory of one idle keep-alive connection that has had one answer, over 2,000, in a fresh process each round."""
    samples: dict[str, list[Row]] = {name: [] for name in names}
    for turn in range(min(effort.rounds, 3)):
        for name in names:
            server = TARGETS[name](bench)
            try:
                wait_until_answers(server)
                IdleConnections(server.port, 100).close()
                time.sleep(0.5)
                before = server.memory_kib("Pss")
                connections = IdleConnections(server.port, IDLE)
                time.sleep(1.5)
                kept = connections.count_open()
                row = {"kib_per_connection": (server.memory_kib("Pss") - before) / max(kept, 1), "kept": float(kept)}
                connections.close()
            finally:
                server.stop()
            samples[name].append(row)
            say(f"round {turn + 1} {name}: {row['kib_per_connection']:.2f} KiB, {kept} kept")
    return medians(samples)


def write_routers(bench: Bench, folder: Path, count: int, files: int) -> Path:
    """``Host(`hN.test`) && PathPrefix(`/api`)``, `count` routers over `files` files; the service has its own file."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "service.yml").write_text("http:\n" + origin_service(bench))
    each = count // files
    for number in range(files):
        (folder / f"routers-{number:03}.yml").write_text(routers_text(range(number * each, (number + 1) * each)))
    return folder


def routers_text(numbers: range, extra: str = "") -> str:
    """One file of routers; `extra` is the host of one more router, for the reload workload."""
    rows = [f"    r{n}:\n      rule: Host(`h{n}.test`) && PathPrefix(`/api`)\n      service: origin\n" for n in numbers]
    if extra:
        rows.append(f"    extra:\n      rule: Host(`{extra}`)\n      service: origin\n")
    return "http:\n  routers:\n" + "".join(rows)


def traefik_likes(names: list[str]) -> list[str]:
    """Those of the targets that read Traefik's routing files."""
    return [name for name in names if name in ("martinet", "traefik", "traefik-fast")]


def start_with(bench: Bench, name: str, folder: Path, label: str) -> Server:
    """A target with the routers of a directory."""
    return start_traefik_like(
        bench, name.removesuffix("-fast"), folder, fast=name.endswith("-fast"), label=f"{name}-{label}"
    )


def routers(bench: Bench, names: list[str], effort: Effort) -> Rows:
    """CPU per request with 1 and with 10,000 routers, requests spread evenly over them."""
    counts = {"1": (1, 1), "10k": (ROUTERS, FILES)}
    variants = [f"{name} {label}" for name in traefik_likes(names) for label in counts]

    def start(variant: str) -> Server:
        name, label = variant.split()
        server = start_with(
            bench,
            name,
            write_routers(bench, bench.folder / f"routers-{variant.replace(' ', '-')}", *counts[label]),
            label,
        )
        wait_until_answers(server, f"h{counts[label][0] - 1}.test", "/api/v1")
        server.routers = counts[label][0]
        return server

    both = interleaved(
        variants,
        start,
        effort,
        lambda server: throughput(
            bench, server, "/api/v1", effort.seconds, script=HERE / "spread.lua", arguments=[str(server.routers)]
        ),
    )
    return {
        name: {
            "cpu_us_1": both[f"{name} 1"]["cpu_us"],
            "cpu_us_10k": both[f"{name} 10k"]["cpu_us"],
            "ratio": both[f"{name} 10k"]["cpu_us"] / both[f"{name} 1"]["cpu_us"],
        }
        for name in traefik_likes(names)
    }


def startup(bench: Bench, names: list[str], effort: Effort) -> Rows:
    """With 10,000 routers: from the start of the process until the last one answers, and memory two seconds later."""
    samples: dict[str, list[Row]] = {name: [] for name in traefik_likes(names)}
    for turn in range(min(effort.rounds, 3)):
        for name, rows in samples.items():
            folder = write_routers(bench, bench.folder / f"startup-{name}", ROUTERS, FILES)
            server = start_with(bench, name, folder, "startup")
            try:
                live = wait_until_answers(server, f"h{ROUTERS - 1}.test", "/api/v1")
                cpu = server.cpu_seconds()
                time.sleep(2)
                row = {"live_ms": live * 1000, "cpu_ms": cpu * 1000, "rss_mib": server.memory_kib() / 1024}
            finally:
                server.stop()
            rows.append(row)
            say(f"round {turn + 1} {name}: " + ", ".join(f"{key} {value:.4g}" for key, value in row.items()))
    return medians(samples)


def reload(bench: Bench, names: list[str], effort: Effort) -> Rows:
    """One changed file of 100, 10,000 routers in all: time until it is live, CPU until three seconds later."""
    chosen = traefik_likes(names)
    changes = max(2, effort.rounds)
    folders = {name: write_routers(bench, bench.folder / f"reload-{name}", ROUTERS, FILES) for name in chosen}
    samples: dict[str, list[Row]] = {name: [] for name in chosen}
    with ExitStack() as stack:
        servers = {}
        for name in chosen:
            servers[name] = start_with(bench, name, folders[name], "reload")
            stack.callback(servers[name].stop)
        for server in servers.values():
            wait_until_answers(server, f"h{ROUTERS - 1}.test", "/api/v1")
        time.sleep(3)
        for turn in range(changes):
            for name, server in servers.items():
                samples[name].append(_one_reload(server, folders[name], turn))
                say(
                    f"change {turn + 1} {name}: "
                    + ", ".join(f"{key} {value:.4g}" for key, value in samples[name][-1].items())
                )
    return medians(samples)


def _one_reload(server: Server, folder: Path, turn: int) -> Row:
    """Replaces one file atomically and asks every two milliseconds for a host that only the new content knows."""
    host, number = f"extra-{turn}.test", FILES // 2
    each = ROUTERS // FILES
    prober = Prober(server.port)
    try:
        prober.status(host)
        # Outside of the watched directory, so that only the rename is seen.
        fresh = folder.parent / f"{folder.name}.new"
        fresh.write_text(routers_text(range(number * each, (number + 1) * each), host))
        cpu, began = server.cpu_seconds(), time.perf_counter()
        fresh.rename(folder / f"routers-{number:03}.yml")
        live, probes = None, 0
        while live is None:
            probes += 1
            if prober.status(host) == 200:
                live = (time.perf_counter() - began) * 1000
            elif time.perf_counter() - began > 60:
                live = float("inf")
            else:
                time.sleep(0.002)
        # Work that goes on after the change is live (freeing the old table, for one) belongs to the change.
        time.sleep(3)
        return {"live_ms": live, "cpu_ms": (server.cpu_seconds() - cpu) * 1000, "probes": float(probes)}
    finally:
        prober.close()


WORKLOADS: dict[str, Callable[[Bench, list[str], Effort], Rows]] = {
    "small": small,
    "down": down,
    "up": up,
    "tls-h1": tls_h1,
    "tls-h2": tls_h2,
    "idle": idle,
    "routers": routers,
    "startup": startup,
    "reload": reload,
}
"""Every workload by the name that `--only` takes."""
