#!/usr/bin/env bash
# Builds Martinet and serves examples/quickstart with two demo servers behind it, until Ctrl-C.
set -euo pipefail
source "$(dirname "$0")/common.sh"

need_swift
scripts/install-packages.sh build
build_release

# Everything started here ends with this script, by the process id it got.
started=()
stop_all() {
    trap - EXIT INT TERM
    if ((${#started[@]})); then
        echo
        step "stopping"
        kill "${started[@]}" 2>/dev/null || true
        wait "${started[@]}" 2>/dev/null || true
    fi
}
trap stop_all EXIT
# Ctrl-C is the ordinary way to end a demo, not a failure.
trap 'exit 0' INT
trap 'exit 143' TERM

# in_use PORT: whether somebody listens there already.
in_use() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# answers PORT PATH: whether a GET there gives 200.
answers() {
    local line=""
    {
        exec 3<>"/dev/tcp/127.0.0.1/$1"
        printf 'GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' "$2" >&3
        read -r -t 2 line <&3
        exec 3>&-
    } 2>/dev/null || true
    [[ "$line" == "HTTP/1.1 200"* ]]
}

for port in 8000 8080 8081 8082; do
    if in_use "$port"; then
        fail "port $port is in use" "stop what listens there (ss -ltnp 'sport = :$port'), then make run again"
    fi
done

step "starting two demo servers on 8081 and 8082, and Martinet on 8000 and 8080"
"$BINARY" whoami --port 8081 --name a &
started+=($!)
"$BINARY" whoami --port 8082 --name b &
started+=($!)
"$BINARY" --configFile=examples/quickstart/traefik.yml &
started+=($!)

for ((attempt = 0; ; attempt++)); do
    # In a subshell, so that a refused connection does not end this script.
    if (answers 8080 /ping) && (answers 8000 /whoami); then break; fi
    for pid in "${started[@]}"; do
        kill -0 "$pid" 2>/dev/null || fail "a server ended right after its start" "read its message above"
    done
    ((attempt < 100)) || fail "Martinet did not answer within 10 seconds" "read its log above; the files are in examples/quickstart"
    sleep 0.1
done

cat <<'TEXT'

Martinet is running with examples/quickstart. Files in examples/quickstart/dynamic are live as soon as they are saved.

  entry point   http://localhost:8000
  API           http://localhost:8080/api/overview
  ping          http://localhost:8080/ping

  curl -i http://localhost:8000/whoami                         three of four answers come from a, one from b
  curl -i http://localhost:8000/api/users                      the prefix /api is stripped, a header is added
  curl -i -u test:martinet http://localhost:8000/private       401 without the password

Ctrl-C ends everything.
TEXT
# The first one to end ends all: a demo with a missing part only confuses.
wait -n "${started[@]}"
