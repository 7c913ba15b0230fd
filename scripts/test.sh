#!/usr/bin/env bash
# Runs everything that must be green: unit tests, every scenario and gRPC against Martinet and against Traefik, allocations per
# request and of single parts, other people's clients against both, reloads and restarts under load, mutated connections, TLS scanners, hostile
# clients, a service manager.
# Ends with a table and exits non-zero if anything failed. A suite that does not report how many tests it ran has failed.
set -euo pipefail
source "$(dirname "$0")/common.sh"

results=.build/test-results
names=() passed=() failed=() seconds=()

# record NAME PASSED FAILED SECONDS: one row of the final table.
record() {
    names+=("$1") passed+=("$2") failed+=("$3") seconds+=("$4")
}

# finish: the table, the sum, the exit status. It also runs when something above ended the script early.
finish() {
    local status=$? index sum_passed=0 sum_failed=0
    trap - EXIT
    # An early end without a failure in the table is a failure of its own.
    if ((status != 0 && ${#names[@]} < 12)); then record "run to the end" 0 1 0; fi
    printf '\n%-44s %8s %8s %8s\n' suite passed failed seconds
    for index in "${!names[@]}"; do
        printf '%-44s %8d %8d %8d\n' "${names[$index]}" "${passed[$index]}" "${failed[$index]}" "${seconds[$index]}"
        ((sum_passed += passed[index], sum_failed += failed[index])) || true
    done
    printf 'total time: %d min %d s\n\n' $((SECONDS / 60)) $((SECONDS % 60))
    printf '%d passed, %d failed\n' "$sum_passed" "$sum_failed"
    ((sum_failed == 0 && sum_passed > 0)) || exit 1
    exit 0
}
trap finish EXIT

# count ELEMENT FILE: how many test cases of a report hold that element; `testcase` counts all of them.
count() {
    awk -v element="<$1" '
        /<testcase / { counted = 0 }
        index($0, element) && !counted { n++; counted = 1 }
        END { print n + 0 }' "$2"
}

# unit_tests: swift test, counted from the report it writes.
unit_tests() {
    local began=$SECONDS status=0 report="$results/unit.xml" tests failures skipped
    rm -f "$results"/unit*.xml
    step "swift test"
    swift test --skip-build --disable-xctest --xunit-output "$report" || status=$?
    # Some toolchains add a suffix to the name they are given.
    [[ -s "$report" ]] || report="$results/unit-swift-testing.xml"
    if [[ ! -s "$report" ]] || ! tests=$(count testcase "$report") || ((tests == 0)); then
        echo "error: swift test reported no tests: it crashed or did not start (status $status)" >&2
        record "unit tests (swift test)" 0 1 $((SECONDS - began))
        return
    fi
    failures=$(count failure "$report")
    skipped=$(count skipped "$report")
    ((skipped == 0)) || echo "note: $skipped unit tests were skipped, they count neither as passed nor as failed"
    # A crash after the report was written shows in the status only.
    if ((status != 0 && failures == 0)); then failures=1 tests=$((tests + 1)); fi
    record "unit tests (swift test)" $((tests - failures - skipped)) "$failures" $((SECONDS - began))
}

# suite NAME COMMAND…: runs a suite that ends with the line `N passed, N failed`; one that does not has failed.
suite() {
    local name="$1" began=$SECONDS status=0 line log
    shift
    log="$results/${name//[^a-zA-Z]/-}.log"
    step "$name"
    "$@" 2>&1 | tee "$log" || status=$?
    line=$(grep -E '^[0-9]+ passed, [0-9]+ failed' "$log" | tail -n 1 || true)
    if [[ ! "$line" =~ ([0-9]+)\ passed,\ ([0-9]+)\ failed ]]; then
        echo "error: $name did not report how many passed (status $status)" >&2
        record "$name" 0 1 $((SECONDS - began))
        return
    fi
    local ok="${BASH_REMATCH[1]}" bad="${BASH_REMATCH[2]}"
    if ((status != 0 && bad == 0)); then bad=1; fi
    record "$name" "$ok" "$bad" $((SECONDS - began))
}

need_swift
scripts/install-packages.sh build
scripts/install-packages.sh test
mkdir -p "$results"

began=$SECONDS
step "swift build --build-tests (several minutes the first time)"
swift build --build-tests || fail "the tests do not compile" "read the first error above"
build_release
record "builds without a warning" 2 0 $((SECONDS - began))

unit_tests
suite "scenarios (Martinet and Traefik)" .cache/venv/bin/python3 Scenarios/run.py --martinet "$BINARY" --target both
suite "gRPC (Martinet and Traefik)" .cache/venv/bin/python3 Scenarios/grpc_calls.py --martinet "$BINARY"
suite "allocations per request" python3 Benchmarks/allocations/allocations.py --martinet "$BINARY"
suite "allocations of single parts" python3 Benchmarks/micro/micro.py
suite "other people's clients (both)" .cache/venv/bin/python3 Scenarios/conformance.py --martinet "$BINARY"
suite "nothing lost (reloads, restarts)" .cache/venv/bin/python3 Scenarios/lossless.py --martinet "$BINARY"
suite "mutated connections" .cache/venv/bin/python3 Scenarios/mutants.py --martinet "$BINARY"
suite "TLS scanners (testssl.sh, sslscan)" .cache/venv/bin/python3 Scenarios/scanners.py --martinet "$BINARY"
suite "hostile clients (slow, many, no descriptors)" .cache/venv/bin/python3 Scenarios/hostile.py --martinet "$BINARY"
suite "service manager (sockets, notifications)" .cache/venv/bin/python3 Scenarios/activation.py --martinet "$BINARY"
