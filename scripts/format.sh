#!/usr/bin/env bash
# Rewrites Sources and Tests in the style of .swift-format.
set -euo pipefail
source "$(dirname "$0")/common.sh"

need_swift
step "swift format in place"
swift format --in-place --parallel --recursive Sources Tests Package.swift
git --no-pager diff --stat -- Sources Tests Package.swift 2>/dev/null || true
