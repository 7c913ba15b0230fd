#!/usr/bin/env bash
# Constructs that end the process on bad input, and notes that belong into an issue. Force-unwraps are swift-format's to find.
set -euo pipefail
source "$(dirname "$0")/common.sh"

status=0
# forbid PATTERN WHY: fails when the pattern stands in code; comments are taken off first.
forbid() {
    local found
    found=$(find Sources -name '*.swift' -print0 | xargs -0 awk -v pattern="$1" '
        { code = $0; sub(/(^|[[:space:]])\/\/.*$/, "", code) }
        code ~ pattern { printf "%s:%d: %s\n", FILENAME, FNR, $0 }')
    if [[ -n "$found" ]]; then
        printf '%s\n  %s\n' "$found" "$2" >&2
        status=1
    fi
}

forbid '(^|[^[:alnum:]_])try!' "try! traps on the first error: handle it or pass it on"
forbid '(^|[^[:alnum:]_])as!' "as! traps on another type: use as? and say what happens otherwise"
forbid '(^|[^[:alnum:]_])fatalError[[:space:]]*[(]' "fatalError ends the process: throw, or use precondition for a bug of our own and name the state"

# In comments too: an open end in the sources is an issue nobody can find.
found=$(grep -rnE '\b(TODO|FIXME|XXX|HACK)\b' Sources --include='*.swift' | grep -vE '#[0-9]+' || true)
if [[ -n "$found" ]]; then
    printf '%s\n  %s\n' "$found" "finish it, or open an issue and name its number" >&2
    status=1
fi

exit $status
