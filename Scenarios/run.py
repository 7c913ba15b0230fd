#!/usr/bin/env python3
"""Runs the scenarios of cases/ against Traefik, Martinet or both. See README.md.

The last line is `N passed, N failed`; the exit status is 0 only if nothing failed.
"""

import difflib
import fnmatch
import glob
import os
import re
import sys
import time
from concurrent.futures import ThreadPoolExecutor, as_completed

from harness import program
from harness.pages import Page
from harness.runner import Run, Scenario

HERE = os.path.dirname(os.path.abspath(__file__))
CASES = os.path.join(HERE, "cases")
DOCS = os.path.join(program.REPOSITORY, "docs")
PAGE = os.path.join(DOCS, "compatibility.md")
BEGIN, END = "<!-- differences:begin (written by Scenarios/run.py --differences --write) -->\n", "<!-- differences:end -->"


def parse_arguments():
    parser = program.comparison(__doc__, "traefik", "matched against `subject/file: case name`")
    parser.add_argument("--jobs", type=int, default=2, metavar="N", help="scenario files at the same time")
    parser.add_argument("--time-limit", type=float, default=900, metavar="SECONDS", help="for the whole run")
    parser.add_argument("--list", action="store_true", help="print the case names and stop")
    parser.add_argument("--differences", action="store_true", help="print the deliberate differences as Markdown")
    parser.add_argument("--write", action="store_true", help="with --differences: into docs/compatibility.md")
    parser.add_argument("--compare", action="store_true", help="print how the answers of the two targets differ")
    return parser.parse_args()


def load(pattern):
    """Scenarios, and examples of pages, with the names of their selected cases."""
    chosen = []
    scenarios = [Scenario(path, CASES) for path in sorted(glob.glob(os.path.join(CASES, "*", "*.yaml")))]
    pages = [path for path in sorted(glob.glob(os.path.join(DOCS, "middlewares", "*.md"))) if not path.endswith("README.md")]
    for scenario in scenarios + [Page(path, program.REPOSITORY) for path in pages]:
        names = {case["name"] for case in scenario.cases if matches(scenario, case, pattern)}
        if names:
            chosen.append((scenario, names))
    return chosen


def matches(scenario, case, pattern):
    identifier = scenario.identifier(case)
    return fnmatch.fnmatch(identifier, pattern) or fnmatch.fnmatch(identifier, pattern + "*")


def differences(chosen):
    """The deliberate differences as lines of a Markdown table."""
    rows = ["| Scenario | Difference and reason |", "| --- | --- |"]
    for scenario, names in chosen:
        rows += [f"| {scenario.identifier(case)} | {' '.join(case['differs']['why'].split())} |"
                 for case in scenario.cases if case["name"] in names and "differs" in case]
    return "\n".join(rows) + "\n"


def split_page():
    """docs/compatibility.md before, within and after the place of the table."""
    with open(PAGE) as file:
        before, mark, rest = file.read().partition(BEGIN)
    table, end, after = rest.partition(END)
    if not mark or not end:
        raise SystemExit(f"{PAGE} has no place for the table: put {BEGIN.strip()} and {END.strip()} there")
    return before + mark, table, end + after


def run_all(chosen, targets, jobs, deadline, reference):
    """Yields the results of one scenario file on one target at a time, as they finish."""
    with ThreadPoolExecutor(max_workers=jobs) as pool:
        futures = [pool.submit(Run(scenario, name, binary, names, deadline, reference).results)
                   for scenario, names in chosen for name, binary in targets if scenario.is_for(name)]
        for future in as_completed(futures):
            yield future.result()


def load_pending():
    """Cases that Martinet does not serve yet, with the reason: `pending.txt` holds `case # reason` lines. They are run all the same;
    one that passes must leave the list."""
    path = os.path.join(HERE, "pending.txt")
    if not os.path.exists(path):
        return {}
    with open(path) as lines:
        pairs = (line.rstrip("\n").split(" # ", 1) for line in lines if line.strip() and not line.startswith("#"))
        return {case.strip(): reason for case, reason in pairs}


def masked(result):
    """The transcript without what differs on every run: ports, dates, generated identifiers."""
    text = "\n".join(f"--- {label}\n{content}" for label, content in result.transcript)
    text = re.sub(r"(127\.0\.0\.1|localhost):\d+", r"\1:PORT", text)
    text = re.sub(r"(?m)^Date: .*$", "Date: …", text)
    return re.sub(r'"connection": \d+', '"connection": N', text).replace("\r", "\\r").splitlines()


def print_comparison(results):
    """A unified diff per case that was run on both targets."""
    pairs = {}
    for result in results:
        pairs.setdefault(result.case, {})[result.target] = result
    for case, both in sorted(pairs.items()):
        if len(both) == 2:
            lines = list(difflib.unified_diff(masked(both["traefik"]), masked(both["martinet"]), "traefik", "martinet",
                                              lineterm="", n=2))
            print(f"=== {case}: {'same' if not lines else 'different'}")
            print("\n".join(lines))


def main():
    arguments = parse_arguments()
    chosen = load(arguments.filter)
    if arguments.list:
        for scenario, names in chosen:
            print("\n".join(scenario.identifier(case) for case in scenario.cases if case["name"] in names))
        return 0
    if arguments.differences:
        if arguments.write:
            before, _, after = split_page()
            with open(PAGE, "w") as file:
                file.write(before + differences(chosen) + after)
        else:
            print(differences(chosen), end="")
        return 0
    if arguments.filter == "*" and split_page()[1] != differences(chosen):
        print("the table in docs/compatibility.md is not that of the scenarios; run Scenarios/run.py --differences --write")
        return 1
    names = ["traefik", "martinet"] if arguments.target == "both" or arguments.compare else [arguments.target]
    targets = [(name, os.path.abspath(getattr(arguments, name))) for name in names]
    for name, binary in targets:
        if not os.access(binary, os.X_OK):
            print(f"no executable for {name} at {binary} (setup.sh installs Traefik; --{name} PATH names another)")
            return 2
    wanted = sum(len(names) for scenario, names in chosen for name, _ in targets if scenario.is_for(name))
    results, pending = [], load_pending()
    for batch in run_all(chosen, targets, max(1, arguments.jobs), time.monotonic() + arguments.time_limit, arguments.traefik):
        results += batch
        for result in batch:
            result.pending = result.target == "martinet" and result.case in pending
            if result.pending and result.problems:
                continue
            if result.pending:
                result.problems = ["passes now: remove it from pending.txt"]
            if result.problems:
                print(f"FAILED [{result.target}] {result.case}")
                print("".join(f"    {problem}\n" for problem in result.problems), end="", flush=True)
    if arguments.compare:
        print_comparison(results)
    for name, _ in targets:
        own = [result for result in results if result.target == name]
        bad = sum(1 for result in own if result.problems)
        waiting = sum(1 for result in own if result.problems and result.pending)
        differing = sum(1 for result in own if result.different)
        print(f"{name}: {len(own) - bad} of {len(own)} as expected, {differing} of them by a deliberate difference"
              + (f"; {waiting} not served yet (pending.txt)" if waiting else ""))
    passed = sum(1 for result in results if not result.problems)
    waiting = sum(1 for result in results if result.pending and result.problems != ["passes now: remove it from pending.txt"])
    failed = wanted - passed - waiting
    print(f"{passed} passed, {failed} failed" + (f", {waiting} skipped" if waiting else ""))
    return 0 if failed == 0 and passed else 1


if __name__ == "__main__":
    sys.exit(main())
