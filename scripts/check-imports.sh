#!/usr/bin/env bash
# Imports: internal unless they say more, never leaking, and no Foundation where requests pass.
set -euo pipefail
source "$(dirname "$0")/common.sh"

status=0
# complain WHAT LINES: shows the offending lines.
complain() {
    echo "$2" | sed "s|^|$1: |" >&2
    status=1
}

# An import without a level is internal only as long as the feature is on.
grep -q 'enableUpcomingFeature("InternalImportsByDefault")' Package.swift ||
    complain "Package.swift" "InternalImportsByDefault must be on: plain imports would be public"

# Nothing here is a library for others, so `package` is the widest level, and nothing is exported again.
found=$(grep -rnE '^[[:space:]]*(@_exported[[:space:]]+|public[[:space:]]+|@_implementationOnly[[:space:]]+)import\b' Sources --include='*.swift' || true)
[[ -z "$found" ]] || complain "wider than package" "$found"

# Foundation allocates and locks where nobody sees it; these modules handle each request.
for module in MartinetHTTP MartinetCore MartinetServer; do
    [[ -d "Sources/$module" ]] || continue
    found=$(grep -rnE '\bimport[[:space:]]+((struct|class|func|enum|protocol)[[:space:]]+)?Foundation' "Sources/$module" --include='*.swift' || true)
    [[ -z "$found" ]] || complain "Foundation on the request path" "$found"
done

exit $status
