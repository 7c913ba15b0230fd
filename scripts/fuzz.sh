#!/usr/bin/env bash
# Feeds what reads input from strangers with inputs that libFuzzer makes up, guided by the branches they reach (Fuzz/README.md).
#
#   FUZZ_SECONDS  how long each target runs; default 60
#   FUZZ_TARGETS  which targets; default all of them, which are the folders of Fuzz/Seeds
#
# What is learned stays in .cache/fuzz/corpus and makes the next run better; inputs that broke something stay in .cache/fuzz/crashes.
set -euo pipefail
source "$(dirname "$0")/common.sh"

seconds="${FUZZ_SECONDS:-60}"
read -ra targets <<<"${FUZZ_TARGETS:-$(ls Fuzz/Seeds | tr '\n' ' ')}"
cache=.cache/fuzz
# Bounds of one process and one input. An input that needs more is as good as a crash: a stranger would find it, too.
rss_mb=1024 input_seconds=10 input_bytes=4096

# dictionary TARGET: the words that libFuzzer is to try; nothing where inputs have no words.
dictionary() {
    case "$1" in
        request-head | response-head | chunked-body) echo Fuzz/Dictionaries/http.dict ;;
        client-hello) echo Fuzz/Dictionaries/tls.dict ;;
        proxy-header) echo Fuzz/Dictionaries/proxy.dict ;;
        hpack | http2-server | http2-client) echo Fuzz/Dictionaries/http2.dict ;;
        http2-conversation) ;;
        redis) echo Fuzz/Dictionaries/redis.dict ;;
        rules) echo Fuzz/Dictionaries/rules.dict ;;
        *) echo Fuzz/Dictionaries/documents.dict ;;
    esac
}

# repeat_line TARGET INPUT: the command that shows a broken invariant again.
repeat_line() { echo "SWIFT_BACKTRACE=enable=no ASAN_OPTIONS=detect_leaks=0 $program --target=$1 -rss_limit_mb=$rss_mb $2"; }

# run TARGET: runs one target; adds a row to `rows`, and to `broken` if an invariant does not hold.
run() {
    local target="$1" log="$cache/$1.log" corpus="$cache/corpus/$1" crashes="$cache/crashes/$1" status=0 last crash words
    mkdir -p "$corpus" "$crashes"
    step "$target: $seconds s"
    words="$(dictionary "$target")"
    # The time beyond FUZZ_SECONDS is for the corpus, which is read first.
    timeout -k 10 $((seconds + 120)) "$program" "--target=$target" -max_total_time="$seconds" \
        -rss_limit_mb="$rss_mb" -timeout="$input_seconds" -max_len="$input_bytes" -use_value_profile=1 \
        -print_final_stats=1 ${words:+-dict="$words"} -artifact_prefix="$crashes/" \
        "$corpus" "Fuzz/Seeds/$target" </dev/null >"$log" 2>&1 &
    local pid=$!
    while kill -0 "$pid" 2>/dev/null; do
        sleep 5
        last="$(grep -aE '^#[0-9]+' "$log" | tail -n 1 || true)"
        kill -0 "$pid" 2>/dev/null && printf '    %s\n' "${last:-starting}"
    done
    wait "$pid" || status=$?
    last="$(grep -aE '^#[0-9]+.* cov: ' "$log" | tail -n 1 || true)"
    rows+=("$(printf '%-14s %9s inputs %6s/s %7s branches %6s in corpus %5s MiB  %s' "$target" \
        "$(stat number_of_executed_units "$log")" "$(stat average_exec_per_sec "$log")" \
        "$(sed -n 's/.* cov: \([0-9]*\).*/\1/p' <<<"$last")" "$(find "$corpus" -type f | wc -l)" \
        "$(stat peak_rss_mb "$log")" "$( ((status == 0)) && echo holds || echo BROKEN)")")
    ((status == 0)) && return
    broken+=("$target")
    echo
    grep -aE -m 3 'Fatal error:|ERROR: |SUMMARY: ' "$log" | cut -c1-2000 || tail -n 20 "$log"
    crash="$(sed -n 's/.*Test unit written to //p' "$log" | tail -n 1)"
    if [[ -n "$crash" ]]; then
        echo "    input:  $crash"
        echo "    repeat: $(repeat_line "$target" "$crash")"
    fi
    echo "    log:    $log"
}

# stat NAME FILE: one of the figures libFuzzer ends with; a dash if it did not come to that.
stat() { sed -n "s/^stat::$1: *//p" "$2" | tail -n 1 | grep . || echo -; }

need_swift
scripts/install-packages.sh build
[[ "$(uname -s)" == Linux ]] || fail "libFuzzer comes with the Swift toolchain for Linux only" "run this on Linux or in a container of swift:6.3"
[[ "$seconds" =~ ^[1-9][0-9]*$ ]] || fail "FUZZ_SECONDS is '$seconds'" "give it a number of seconds, such as FUZZ_SECONDS=60"
for target in "${targets[@]}"; do
    [[ -d "Fuzz/Seeds/$target" ]] || fail "there is no target '$target'" "FUZZ_TARGETS takes some of: $(ls Fuzz/Seeds | tr '\n' ' ')"
done
runtime="$(dirname "$(dirname "$(readlink -f "$(command -v swift)")")")/lib/clang"
[[ -n "$(find "$runtime" -name 'libclang_rt.fuzzer-*.a' 2>/dev/null)" ]] ||
    fail "this Swift toolchain has no libFuzzer (looked below $runtime)" "use a toolchain from https://www.swift.org/install/linux/"

step "building Fuzz (several minutes the first time)"
build=(swift build --package-path Fuzz --scratch-path "$cache/build" -c release)
"${build[@]}" || fail "the fuzz targets do not build" "read the first error above; after a change of compiler flags: rm -rf $cache/build"
program="$("${build[@]}" --show-bin-path)/martinet-fuzz"

# Swift's own backtraces hang under AddressSanitizer. Leaks are not looked for: the TOML library has some of a few bytes a key.
export SWIFT_BACKTRACE=enable=no ASAN_OPTIONS=detect_leaks=0
rows=() broken=()
for target in "${targets[@]}"; do run "$target"; done

printf '\n'
printf '%s\n' "${rows[@]}"
((${#broken[@]} == 0)) || fail "an input breaks ${broken[*]}" \
    "repeat it as shown above, repair it, then copy the input to Fuzz/Seeds/<target>/ so that make test keeps it repaired"
step "every invariant held"
