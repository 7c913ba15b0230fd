#!/usr/bin/env python3
"""Counts the allocations a request costs in the release binary, and fails when they are more than limits.json says."""

import argparse
import datetime
import json
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from cases import CASES, Case
from counted import BenchError, CountedMartinet, Counts, build_counter
from exchanges import Exchange, Pair
from sources import report_sources

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from page import PAGE, replace_section, table  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
LIMITS = Path(__file__).resolve().parent / "limits.json"

WARM_UP = 300
"""Exchanges before counting: connections, pools and tables have grown by then."""

ROUNDS = 5
EXCHANGES = 400
"""Exchanges of a round."""

SLACK = 0.02
"""Allocations above the limit that are not yet too many: clocks tick while we count."""

Figures = dict[str, float]


def run_through(pair: Pair, exchange: Exchange, times: int) -> None:
    """Sends `times` exchanges, one after the other."""
    for _ in range(times):
        exchange(pair)


def cost(martinet: CountedMartinet, pair: Pair, exchange: Exchange, times: int) -> Figures:
    """What one exchange costs: the least of all rounds, for what else the process does meanwhile only adds."""
    run_through(pair, exchange, max(WARM_UP, times // 4))
    rounds: list[Counts] = []
    for _ in range(ROUNDS):
        before = martinet.counts()
        run_through(pair, exchange, times)
        rounds.append(martinet.counts() - before)
    least = min(rounds, key=lambda counts: counts.allocations)
    kept = sum(counts.allocations - counts.frees for counts in rounds) / ROUNDS
    return {"allocations": least.allocations / times, "bytes": least.bytes / times, "kept": kept / times}


def measure(case: Case, martinet: CountedMartinet, pair: Pair) -> Figures:
    """The figures of one case."""
    # Exchanges of many parts need not be as many.
    few = max(40, EXCHANGES // case.parts)
    if case.further is None:
        return {name: value / case.parts for name, value in cost(martinet, pair, case.exchange, few).items()}
    base = cost(martinet, pair, case.exchange, EXCHANGES)
    further = cost(martinet, pair, case.further, few)
    return {name: (further[name] - base[name]) / case.parts for name in base}


def start(stack: ExitStack, binary: Path, library: Path, case: Case, stacks: int = 0) -> tuple[CountedMartinet, Pair]:
    """A Martinet with the configuration of `case`, and a client and an origin for it."""
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="martinet-allocations-")))
    pair = Pair()
    stack.callback(pair.close)
    martinet = CountedMartinet(binary, library, folder, case.routing(pair.origin_port), case.static, stacks)
    stack.callback(martinet.stop)
    pair.proxy_port = martinet.port
    deadline = time.monotonic() + 30
    while True:
        try:
            pair.connect()
            return martinet, pair
        except ConnectionRefusedError:
            martinet.server.check_alive()
            if time.monotonic() > deadline:
                raise BenchError("martinet does not listen after 30 seconds") from None
            time.sleep(0.02)


def trace(case: Case, binary: Path, library: Path) -> None:
    """Prints where the allocations of one case come from."""
    times = 50
    with ExitStack() as stack:
        martinet, pair = start(stack, binary, library, case, stacks=200_000)
        exchange = case.further or case.exchange
        run_through(pair, exchange, WARM_UP)
        martinet.trace(True)
        run_through(pair, exchange, times)
        martinet.trace(False)
        report_sources(martinet, times)


def count(cases: list[Case], binary: Path, library: Path) -> dict[str, Figures]:
    """Measures the cases, those with the same configuration in one process."""
    results: dict[str, Figures] = {}
    for configuration in dict.fromkeys((case.routing, case.static) for case in cases):
        with ExitStack() as stack:
            alike = [case for case in cases if (case.routing, case.static) == configuration]
            martinet, pair = start(stack, binary, library, alike[0])
            for case in alike:
                results[case.name] = measure(case, martinet, pair)
    return results


def judge(cases: list[Case], results: dict[str, Figures], limits: dict[str, float]) -> int:
    """Prints the table; returns how many cases cost more than is written down."""
    failed = 0
    print(f"{'case':22} {'allocations':>12} {'limit':>8} {'bytes':>10} {'kept':>7}")
    for case in cases:
        figures, limit = results[case.name], limits.get(case.name)
        verdict = ""
        if limit is None:
            verdict, failed = "no limit is written down", failed + 1
        elif figures["allocations"] > limit + SLACK:
            verdict, failed = "too many", failed + 1
        elif figures["kept"] > 0.5:
            verdict, failed = "allocates without freeing", failed + 1
        elif figures["allocations"] < limit - 0.5:
            verdict = "fewer: lower the limit with --update"
        print(
            f"{case.name:22} {figures['allocations']:12.2f} {'-' if limit is None else f'{limit:.2f}':>8} "
            f"{figures['bytes']:10,.0f} {abs(figures['kept']):7.2f}  {verdict}".rstrip()
        )
    return failed


def update(results: dict[str, Figures], limits: dict[str, float]) -> None:
    """Writes the counts down as the new limits; limits of cases not measured stay."""
    known = limits | {name: abs(round(figures["allocations"], 1)) for name, figures in results.items()}
    ordered = {case.name: known[case.name] for case in CASES if case.name in known}
    LIMITS.write_text(json.dumps(ordered, indent=4) + "\n")
    print(f"written to {LIMITS.relative_to(ROOT)}: say in the commit why a count went up")


def write_page(cases: list[Case], results: dict[str, Figures]) -> None:
    """Writes the table of docs/benchmarks.md."""
    rows = [
        [case.name, case.about, f"{results[case.name]['allocations']:.3g}", f"{results[case.name]['bytes']:,.0f}"]
        for case in cases
    ]
    text = (
        f"Counted {datetime.date.today()} with `Benchmarks/allocations/allocations.py --write`.\n\n"
        + table(["case", "what", "allocations", "bytes"], rows, 2)
    )
    replace_section("allocations", "Benchmarks/allocations/allocations.py", text)
    print(f"written to {PAGE.relative_to(ROOT)}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--martinet", type=Path, default=ROOT / ".build/release/martinet", help="the release binary")
    parser.add_argument("--only", action="append", choices=[case.name for case in CASES], help="count only this case")
    parser.add_argument("--update", action="store_true", help="write the counts down as the new limits")
    parser.add_argument("--write", action="store_true", help="write the table of docs/benchmarks.md; all cases only")
    parser.add_argument("--sources", action="store_true", help="show where the allocations of --only come from")
    options = parser.parse_args()
    cases = [case for case in CASES if not options.only or case.name in options.only]
    try:
        if not options.martinet.exists():
            raise BenchError(f"{options.martinet} is missing; run `make build` or give --martinet PATH")
        with tempfile.TemporaryDirectory(prefix="martinet-counter-") as folder:
            library = build_counter(Path(folder))
            if options.sources:
                for case in cases:
                    trace(case, options.martinet, library)
                return 0
            results = count(cases, options.martinet, library)
    except BenchError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    limits: dict[str, float] = json.loads(LIMITS.read_text()) if LIMITS.exists() else {}
    if options.write and not options.only:
        write_page(cases, results)
    if options.update:
        update(results, limits)
        return 0
    failed = judge(cases, results, limits)
    if failed:
        print("where they come from: Benchmarks/allocations/allocations.py --sources --only CASE")
        print("a count that is meant to go up is written down with: Benchmarks/allocations/allocations.py --update")
    print(f"{len(cases) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
