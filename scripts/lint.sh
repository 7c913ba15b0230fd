#!/usr/bin/env bash
# Formatting, import and safety rules. Runs all of them before it fails, and changes nothing.
set -euo pipefail
source "$(dirname "$0")/common.sh"

need_swift
broken=()
step "swift format lint --strict"
swift format lint --strict --parallel --recursive Sources Tests Fuzz/Invariants Fuzz/Runner Fuzz/Package.swift Package.swift \
    Benchmarks/micro/MicroBenchmarks || broken+=("style: make format")
step "scripts/check-imports.sh"
scripts/check-imports.sh || broken+=("imports: see above")
step "scripts/check-forbidden.sh"
scripts/check-forbidden.sh || broken+=("forbidden constructs: see above")

((${#broken[@]} == 0)) || fail "$(IFS=';'; echo "${broken[*]}")" "repair what is listed above, then make lint again"
step "clean"
