#!/usr/bin/env bash
# Rewrites Sources, Tests and Fuzz in the style of .swift-format.
set -euo pipefail
source "$(dirname "$0")/common.sh"

need_swift
step "swift format in place"
swift format --in-place --parallel --recursive Sources Tests Fuzz/Invariants Fuzz/Runner Fuzz/Package.swift Package.swift \
    Benchmarks/micro/MicroBenchmarks
git --no-pager diff --stat -- Sources Tests Fuzz/Invariants Fuzz/Runner Fuzz/Package.swift Package.swift 2>/dev/null || true
