#!/usr/bin/env bash
# Runs the suites whose name contains "Fuzz" with many more inputs than `make test` does.
# FUZZ_ITERATIONS (default 200000) inputs a suite; FUZZ_SEED repeats a run, its value is printed first.
set -euo pipefail
source "$(dirname "$0")/common.sh"

need_swift
scripts/install-packages.sh build

export MARTINET_FUZZ_ITERATIONS="${FUZZ_ITERATIONS:-200000}"
export MARTINET_FUZZ_SEED="${FUZZ_SEED:-$(od -An -N6 -tu8 /dev/urandom | tr -d ' ')}"
log="$(mktemp)"
trap 'rm -f "$log"' EXIT

step "swift test --filter Fuzz, $MARTINET_FUZZ_ITERATIONS inputs a suite, seed $MARTINET_FUZZ_SEED"
swift test --disable-xctest --filter Fuzz 2>&1 | tee "$log" ||
    fail "an input broke a parser" "repeat it with FUZZ_SEED=$MARTINET_FUZZ_SEED FUZZ_ITERATIONS=$MARTINET_FUZZ_ITERATIONS make fuzz"
grep -qE 'Test run with [1-9][0-9]* tests?' "$log" || fail "no fuzz test was run" "swift test list | grep Fuzz"
step "no input broke anything"
