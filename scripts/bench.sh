#!/usr/bin/env bash
# Runs Martinet beside the other proxies. Without arguments it measures everything (about twenty minutes), writes
# docs/benchmarks.md and judges the promises; with arguments it hands them to Benchmarks/system/bench.py.
set -euo pipefail
source "$(dirname "$0")/common.sh"

need_swift
scripts/install-packages.sh build
scripts/install-packages.sh bench
build_release

# bench.py finds the binary by itself; a path of this machine would end up in the page otherwise.
(($#)) || set -- --write --check
step "Benchmarks/system/bench.py $*"
exec python3 Benchmarks/system/bench.py "$@"
