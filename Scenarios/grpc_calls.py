#!/usr/bin/env python3
"""gRPC through the proxy, with the real client and the real server of grpcio.

    grpc_calls.py [--martinet PATH] [--target traefik|martinet|both] [--filter GLOB]

Every check runs through Traefik and through Martinet with the same expectations; most of them four times, for a client and a
server that speak TLS or not. `calls/` holds them, a module a subject. Loopback only, bounded in time; ends what it started.
Closing line: `N passed, N failed`.
"""

import fnmatch
import itertools
import shutil
import tempfile
import time
import traceback

# Imported for the checks that they enter into the lists.
from calls import kinds, endings, proxy  # pylint: disable=unused-import
from calls.checks import CHECKS, ONCE
from calls.world import World
from harness import program


def attempt(name, function):
    """Runs one check; whether it passed."""
    began = time.monotonic()
    try:
        function()
    except Exception as error:  # pylint: disable=broad-except
        lines = traceback.format_exception_only(error)
        print(f"FAILED {name}: {''.join(lines).strip():.800}", flush=True)
        return False
    print(f"passed {name} ({time.monotonic() - began:.2f} s)", flush=True)
    return True


def run(name, binary, pattern):
    """All checks against one proxy: numbers passed and failed."""
    results = []
    directory = tempfile.mkdtemp(prefix="grpc-calls-")
    world = World(name, binary, directory)
    try:
        for client_tls, server in itertools.product((False, True), ("clear", "tls")):
            for function in CHECKS:
                title = f"{name}: {function.__name__}, client {'TLS' if client_tls else 'clear'}, server {server}"
                if fnmatch.fnmatch(title, pattern):
                    with world.client(client_tls, server) as client:
                        results.append(attempt(title, lambda: function(world, client)))
        for function in ONCE:
            title = f"{name}: {function.__name__}"
            if fnmatch.fnmatch(title, pattern):
                results.append(attempt(title, lambda: function(world)))
    finally:
        if not all(results):
            print(world.target.log_tail(5), end="")
        world.stop()
        shutil.rmtree(directory, ignore_errors=True)
    return sum(results), len(results) - sum(results)


def main():
    options = program.comparison(__doc__, "both", "of the lines that are printed").parse_args()
    passed = failed = 0
    for name in ("traefik", "martinet"):
        if options.target in (name, "both"):
            good, bad = run(name, program.executable(getattr(options, name)), options.filter)
            passed, failed = passed + good, failed + bad
    program.finish(passed, failed)


if __name__ == "__main__":
    main()
