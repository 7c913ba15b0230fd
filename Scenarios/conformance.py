#!/usr/bin/env python3
"""Clients and servers of other people through Martinet, and through Traefik as the measure of the checks themselves.

    conformance.py [--martinet PATH] [--target both|martinet|traefik] [--filter GLOB]

curl, nghttp2, httpx, websockets, OpenSSL, sslscan and Chromium talk HTTP/1, HTTP/2, TLS and WebSocket to one proxy; each check is
a function in clients/. A client that is not installed is a failure, never a silent gap. Loopback only; every wait is bounded.
Closing line: `N passed, N failed`.
"""

import fnmatch
import os
import tempfile
import time
import traceback
from concurrent.futures import ThreadPoolExecutor

from clients import chromium, curl, httpx_client, nghttp2, tls, websockets_client
from clients.place import Place
from harness import program

MODULES = {"curl": curl, "nghttp2": nghttp2, "httpx": httpx_client, "websockets": websockets_client, "tls": tls,
           "chromium": chromium}


def checks(pattern):
    """Pairs of `client: what is checked` (the function's summary) and the function."""
    found = []
    for client, module in MODULES.items():
        for name, function in vars(module).items():
            if name.startswith("check_"):
                label = f"{client}: {function.__doc__.strip().rstrip('.')}"
                if fnmatch.fnmatch(label, pattern):
                    found.append((label, function))
    return found


def attempt(check, place):
    """Runs one check; what went wrong and where, or None."""
    try:
        check(place)
        return None
    except Exception as error:  # a check may fail in whatever way its client does
        where = traceback.extract_tb(error.__traceback__)[-1]
        return f"{type(error).__name__}: {error}\n     in {os.path.basename(where.filename)} line {where.lineno}: {where.line}"


def run(name, binary, chosen):
    """Runs the checks against one proxy; returns passed and failed."""
    passed = failed = 0
    with tempfile.TemporaryDirectory(prefix="conformance-") as directory:
        place = Place(name, binary, directory)
        try:
            place.start()
            for label, check in chosen:
                began, problem = time.monotonic(), attempt(check, place)
                if problem and name == "traefik":
                    # Traefik measures the checks: what it does not do again says nothing about them. Martinet has one attempt.
                    print(f"     once more, {name} {label}: {problem}", flush=True)
                    problem = attempt(check, place)
                if problem:
                    failed += 1
                    print(f"FAIL {name} {label}\n     {problem}", flush=True)
                else:
                    passed += 1
                    print(f"ok   {name} {label} ({time.monotonic() - began:.1f} s)", flush=True)
        finally:
            place.stop()
    return passed, failed


def main():
    options = program.comparison(__doc__, "both", "matched against `client: check`").parse_args()
    targets = ["martinet", "traefik"] if options.target == "both" else [options.target]
    binaries = {name: program.executable(getattr(options, name)) for name in targets}
    chosen = checks(options.filter)
    with ThreadPoolExecutor(len(targets)) as pool:
        results = list(pool.map(lambda name: run(name, binaries[name], chosen), targets))
    passed, failed = (sum(column) for column in zip(*results))
    program.finish(passed, failed)


if __name__ == "__main__":
    main()
