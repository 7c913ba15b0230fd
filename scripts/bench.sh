#!/usr/bin/env bash
# Runs Martinet beside the other proxies. Without arguments it measures everything, allocations and micro benchmarks too (about
# forty minutes), writes docs/benchmarks.md and judges limits and promises; arguments are handed to Benchmarks/system/bench.py.
set -euo pipefail
source "$(dirname "$0")/common.sh"

need_swift
scripts/install-packages.sh build
scripts/install-packages.sh bench
build_release

status=0
if (($# == 0)); then
    step "Benchmarks/allocations/allocations.py"
    Benchmarks/allocations/allocations.py --write || status=1
    step "Benchmarks/micro/micro.py"
    Benchmarks/micro/micro.py --instructions --write || status=1
    # bench.py finds the binary by itself; a path of this machine would end up in the page otherwise.
    set -- --write --check
fi
step "Benchmarks/system/bench.py $*"
python3 Benchmarks/system/bench.py "$@" || status=1
exit $status
