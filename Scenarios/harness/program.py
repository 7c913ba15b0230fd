"""What the programs beside this folder share: their options, and how a run of them ends."""

import argparse
import os
import shutil
import sys

REPOSITORY = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
MARTINET = os.path.join(REPOSITORY, ".build/release/martinet")
TRAEFIK = os.path.join(REPOSITORY, ".cache/venv/bin/traefik")


def parser(about):
    """A parser without options; `about` is the program's own description."""
    return argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)


def comparison(about, target, matched):
    """A parser for a program that runs against Traefik, Martinet or both, by default `target`; `matched` is what its
    `--filter` is held against."""
    options = parser(about)
    options.add_argument("--target", choices=["traefik", "martinet", "both"], default=target)
    options.add_argument("--traefik", metavar="PATH", default=TRAEFIK)
    options.add_argument("--martinet", metavar="PATH", default=MARTINET)
    options.add_argument("--filter", metavar="GLOB", default="*", help=matched)
    return options


def trial(about, **numbers):
    """The options of a program that tries Martinet alone: `martinet`, the path of a binary that is there, and the named
    numbers with these defaults."""
    options = parser(about)
    options.add_argument("--martinet", metavar="PATH", default=MARTINET)
    for name, default in numbers.items():
        options.add_argument(f"--{name}", type=int, default=default, metavar="N")
    found = options.parse_args()
    found.martinet = executable(found.martinet)
    return found


def executable(path):
    """The whole path of a program; ends this one when it is missing."""
    if not os.access(path, os.X_OK):
        raise SystemExit(f"{path} is not there; `make build` makes Martinet, Scenarios/setup.sh installs Traefik")
    return os.path.abspath(path)


def finish(passed, failed):
    """Prints the closing line and ends the program: in order only if something was tried and nothing failed."""
    print(f"{passed} passed, {failed} failed")
    sys.exit(0 if passed and not failed else 1)


def kill_all(processes, directory):
    """Ends what a trial started, and removes its directory."""
    for process in processes:
        if process.poll() is None:
            process.kill()
        process.wait()
    shutil.rmtree(directory, ignore_errors=True)
