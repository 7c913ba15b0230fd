# Shared by the scripts beside it; to be sourced, not run. Moves to the root of the repository.

cd "$(dirname "${BASH_SOURCE[0]}")/.."

# step TEXT: a progress line with the seconds since the script began.
step() { printf '==> [%4ds] %s\n' "$SECONDS" "$*"; }

# fail TEXT REMEDY: what went wrong, what to do about it; ends the script.
fail() {
    printf '\nerror: %s\n' "$1" >&2
    printf '  try: %s\n' "$2" >&2
    exit 1
}

# need_swift: refuses to go on without a Swift 6.2 toolchain or later, and shows which one is used.
need_swift() {
    command -v swift >/dev/null || fail "swift is not in PATH" \
        "install Swift 6.3 (https://www.swift.org/install/linux/) and put its usr/bin into PATH"
    local version
    version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9][0-9]*\.[0-9][0-9]*\).*/\1/p')
    [[ -n "$version" ]] || fail "swift --version says nothing understandable" "install Swift 6.3 from https://www.swift.org/install/linux/"
    if [[ "$(printf '%s\n' 6.2 "$version" | sort -V | head -n 1)" != 6.2 ]]; then
        fail "Swift $version is too old: 6.2 is the least, 6.3 is what is tested" "install Swift 6.3 from https://www.swift.org/install/linux/"
    fi
    step "Swift $version ($(command -v swift))"
}

# How the program is built as it is shipped. Accesses that the compiler cannot prove exclusive are checked at run time in debug
# builds, and so in all tests; in the data path those checks cost 5 % of the CPU per request.
release_flags=(-c release --static-swift-stdlib -Xswiftc -enforce-exclusivity=unchecked)

# build_release: builds the program as it is shipped and sets BINARY to its path.
build_release() {
    step "swift build -c release --product martinet (several minutes the first time)"
    swift build "${release_flags[@]}" --product martinet ||
        fail "the release build failed" "read the first error above; if a header is missing: scripts/install-packages.sh build"
    BINARY="$(swift build "${release_flags[@]}" --show-bin-path)/martinet"
}
