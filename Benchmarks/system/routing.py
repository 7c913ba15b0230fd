"""Many routers: their cost per request, at the start and at a reload. For proxies that read Traefik's files."""

import time
from contextlib import ExitStack
from pathlib import Path

from clients import Prober, wait_until_answers
from plain import HERE, throughput
from processes import Server
from proxies import traefik
from rounds import Effort, Row, Rows, in_parts, medians, say
from setting import Bench, Work

ROUTERS, FILES = 10_000, 100


def write_routers(bench: Bench, folder: Path, count: int, files: int) -> Path:
    """``Host(`hN.test`) && PathPrefix(`/api`)``, `count` routers over `files` files; the service has its own file."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "service.yml").write_text("http:\n" + traefik.service(bench, Work()))
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


def routers(bench: Bench, names: list[str], effort: Effort) -> Rows:
    """CPU per request with 1 and with 10,000 routers, requests spread evenly over them."""
    counts = {"cpu_us_1": (1, 1), "cpu_us_10k": (ROUTERS, FILES)}

    def start(name: str, key: str) -> Server:
        folder = write_routers(bench, bench.folder / f"routers-{name}-{key}", *counts[key])
        server = traefik.start_with(bench, name, folder, f"{name}-{key}")
        wait_until_answers(server, f"h{counts[key][0] - 1}.test", "/api/v1")
        return server

    def measure(server: Server, key: str, seconds: float) -> Row:
        arguments = [str(counts[key][0])]
        row = throughput(bench, server, "/api/v1", seconds, script=HERE / "spread.lua", arguments=arguments)
        return {key: row["cpu_us"]}

    rows = in_parts(traefik_likes(names), counts, start, effort, measure)
    return {name: row | {"ratio": row["cpu_us_10k"] / row["cpu_us_1"]} for name, row in rows.items()}


def startup(bench: Bench, names: list[str], effort: Effort) -> Rows:
    """With 10,000 routers: from the start of the process until the last one answers, and memory two seconds later."""
    samples: dict[str, list[Row]] = {name: [] for name in traefik_likes(names)}
    for turn in range(min(effort.rounds, 3)):
        for name, rows in samples.items():
            folder = write_routers(bench, bench.folder / f"startup-{name}", ROUTERS, FILES)
            server = traefik.start_with(bench, name, folder, f"{name}-startup")
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
            servers[name] = traefik.start_with(bench, name, folders[name], f"{name}-reload")
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
