#!/usr/bin/env bash
# Writes the parts of docs/ that follow from the code: the option tables of docs/middlewares and the table of differences.
set -euo pipefail
source "$(dirname "$0")/common.sh"

need_swift
scripts/install-packages.sh build
step "docs/middlewares"
MARTINET_WRITE_PAGES=1 swift test --filter MiddlewarePages
if [[ -x .cache/venv/bin/python3 ]]; then
    step "docs/compatibility.md"
    .cache/venv/bin/python3 Scenarios/run.py --differences --write
fi
step "written"
