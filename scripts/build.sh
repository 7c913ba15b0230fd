#!/usr/bin/env bash
# Builds the release binary.
set -euo pipefail
source "$(dirname "$0")/common.sh"

need_swift
scripts/install-packages.sh build
build_release
step "built $BINARY"
