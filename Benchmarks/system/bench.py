#!/usr/bin/env python3
"""Runs Martinet and other proxies side by side on the same work. Benchmarks/README.md tells how to read the figures."""

import argparse
import json
import os
import shlex
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "Benchmarks"))

import bounds  # noqa: E402
import origins  # noqa: E402
import report  # noqa: E402
import rounds  # noqa: E402
import targets  # noqa: E402
import workloads  # noqa: E402
from clients import raise_file_limit  # noqa: E402
from page import PAGE, replace_section  # noqa: E402
from processes import BenchError, Cores  # noqa: E402
from setting import Bench  # noqa: E402

CHART = PAGE.with_suffix(".svg")


def parse() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--only", action="append", choices=list(workloads.WORKLOADS), help="measure only this workload; may be repeated"
    )
    parser.add_argument(
        "--targets", default=",".join(targets.TARGETS), help="comma list of proxies (default: %(default)s)"
    )
    parser.add_argument(
        "--quick",
        action="store_true",
        help="one short round each: proves that the harness works, says nothing about speed",
    )
    parser.add_argument(
        "--check", action="store_true", help="exit non-zero unless every promise was measured and holds"
    )
    parser.add_argument("--write", action="store_true", help=f"write tables and chart into {PAGE.relative_to(ROOT)}")
    parser.add_argument("--json", type=Path, help="also write the raw medians to this file")
    parser.add_argument(
        "--martinet", type=Path, default=ROOT / ".build/release/martinet", help="the binary (default: %(default)s)"
    )
    parser.add_argument(
        "--venv",
        type=Path,
        default=ROOT / ".cache/venv",
        help="where traefik, caddy and envoy are (default: %(default)s)",
    )
    options = parser.parse_args()
    unknown = set(options.targets.split(",")) - set(targets.TARGETS)
    if unknown:
        parser.error(f"unknown targets: {', '.join(sorted(unknown))}; known are {', '.join(targets.TARGETS)}")
    return options


def measure(options: argparse.Namespace, folder: Path) -> tuple[dict[str, rounds.Rows], dict[str, str], str]:
    """Runs the chosen workloads; returns results, versions and a description of the effort."""
    bench = Bench(folder, options.venv, options.martinet, Cores.of_this_machine())
    # Probes, idle connections and fixed-rate requests come from this process: they must not take the proxy's core.
    os.sched_setaffinity(0, {bench.cores.load})
    names = options.targets.split(",")
    effort = rounds.Effort.of(options.quick)
    origin = origins.start(bench, "http")
    results: dict[str, rounds.Rows] = {}
    try:
        for name in options.only or workloads.WORKLOADS:
            print(f"==> {name}: {report.TITLES[name]}", flush=True)
            began = time.perf_counter()
            rows = workloads.WORKLOADS[name](bench, names, effort)
            if rows:
                results[name] = rows
            print(f"    {time.perf_counter() - began:.0f} s", flush=True)
    finally:
        origin.stop()
    versions = {name: targets.version_of(bench, name) for name in names if not name.endswith("-fast")}
    return results, versions, f"{effort.rounds} rounds of {effort.seconds:.0f} s each"


def main() -> int:
    """Measures, prints, writes and judges; returns the exit status."""
    options = parse()
    # A terminated run unwinds through the same `finally` blocks that end the servers.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    folder = Path(tempfile.mkdtemp(prefix="martinet-bench-"))
    # NGINX gives up root for its worker, which must still reach its files here.
    folder.chmod(0o755)
    try:
        raise_file_limit()
        results, versions, effort = measure(options, folder)
    except BenchError as error:
        print(f"bench: {error}\nbench: configuration files and logs of this run are kept in {folder}", file=sys.stderr)
        return 2
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    shutil.rmtree(folder, ignore_errors=True)
    verdicts = bounds.judge(results)
    command = "Benchmarks/system/bench.py " + shlex.join(sys.argv[1:])
    text = report.markdown(results, verdicts, versions, command.strip(), effort, CHART.name if options.write else None)
    print("\n" + text)
    if options.json:
        options.json.parent.mkdir(parents=True, exist_ok=True)
        options.json.write_text(json.dumps({"versions": versions, "results": results}, indent=2) + "\n")
    if options.write:
        CHART.parent.mkdir(parents=True, exist_ok=True)
        CHART.write_text(report.svg(results))
        replace_section("benchmarks", "Benchmarks/system/bench.py", text)
        print(f"\nwritten: {PAGE.relative_to(ROOT)}, {CHART.relative_to(ROOT)}")
    if options.check and not all(verdict.kept for verdict in verdicts):
        for verdict in verdicts:
            if not verdict.kept:
                print(f"bench: not shown to hold: {verdict.promise}: {verdict.figure}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
