"""The results as Markdown tables and an SVG chart, for docs/benchmarks.md."""

import datetime
import os
import platform
from html import escape

from bounds import Verdict
from middlewares import SOURCES
from page import processor
from plain import FIXED_RATE
from rounds import Rows
from routing import ROUTERS
from targets import EQUAL_WORKERS

TITLES = {
    "small": "130-byte answers, 64 keep-alive connections",
    "tls-h1": "HTTP/1 over TLS: 130-byte answers, 64 keep-alive connections",
    "tls-h2": "HTTP/2 over TLS: 130-byte answers, 16 connections with 10 requests at once",
    "handshakes": "TLS 1.3 handshakes in one second of CPU, each with a connection and a small answer",
    "h2c": "HTTP/2 to the origin: 130-byte answers",
    "grpc": "gRPC: messages of 100 bytes, echoed, 16 connections with 10 calls at once",
    "websocket": "WebSockets: messages to an echo and back",
    "down": "1 MiB to the client, 16 connections",
    "up": "1 MiB to the origin, 16 connections",
    "middlewares": "One middleware on the route: 130-byte answers, 64 keep-alive connections",
    "compress": "`compress`: gzip at level 6, 4 connections",
    "rate-limit": "`rateLimit` by a header",
    "mirroring": "Mirroring: a copy of every request to a second origin",
    "idle": "Idle keep-alive connections",
    "routers": "``Host && PathPrefix`` routers: 1 and 10,000",
    "startup": "Start with 10,000 routers in 100 files",
    "reload": "One of 100 files changed, 10,000 routers",
}

COLUMNS = {
    "cpu_us": "CPU µs / request",
    "rps": "requests / s",
    "p50_ms": f"p50 ms at {FIXED_RATE:,}/s",
    "p99_ms": f"p99 ms at {FIXED_RATE:,}/s",
    "rss_mib": "RSS MiB",
    "kib_per_connection": "KiB / connection",
    "kept": "still open",
    "cpu_us_1": "CPU µs, 1 router",
    "cpu_us_10k": f"CPU µs, {ROUTERS:,} routers",
    "ratio": "ratio",
    "live_ms": "ms until live",
    "cpu_ms": "CPU ms",
    "probes": "probes",
    "ecdsa_per_cpu_s": "full, P-256",
    "rsa_per_cpu_s": "full, RSA 2048",
    "resumed_per_cpu_s": "resumed",
    "cpu_us_h1": "CPU µs / request, HTTP/1 client",
    "cpu_us_h2": "CPU µs / request, HTTP/2 client",
    "cpu_us_call": "CPU µs / unary call",
    "cpu_us_message": "CPU µs / message in a stream",
    "cpu_us_64": "CPU µs / message of 64 bytes",
    "cpu_us_64k": "CPU µs / message of 64 KiB",
    "cpu_us_martinet": "martinet: CPU µs / request",
    "added_us_martinet": "more than none",
    "instructions": "instructions more",
    "instructions_us": "µs for them",
    "cpu_us_traefik": "traefik: CPU µs / request",
    "added_us_traefik": "more than none",
    "cpu_us_json": "CPU µs / 100 KiB of JSON",
    "kib_json": "KiB sent",
    "cpu_us_text": "CPU µs / 1 MiB of text",
    "kib_text": "KiB sent",
    "mib_per_cpu_s": "MiB of text / s of CPU",
    "cpu_us_one": "CPU µs, 1 source",
    "cpu_us_sources": f"CPU µs, {SOURCES:,} sources",
    "cpu_us_mirrored": "CPU µs / request, mirrored",
}

NOTES = {
    "middlewares": "A request that each of them lets pass, on a route of its own in one process. Times vary with what "
    "else the machine does, instructions in user mode do not; an instruction is taken for as long as in a request "
    "through none. `basicAuth` waits for another thread, `forwardAuth` for a server.",
    "compress": "Every answer is unpacked and compared. Martinet and NGINX use the same zlib, Traefik a library of "
    "its own at its own level.",
    "rate-limit": "The same requests with and without the middleware; each source has a bucket of its own.",
    "mirroring": "The copy is a request of its own: another head written, another answer read.",
}
"""What is said below the title of a table."""

FIRST = {"middlewares": "middleware"}
"""What the first column of a table is called, if not `proxy`."""

CHARTED = {"small": "cpu_us", "down": "cpu_us", "idle": "kib_per_connection", "routers": "cpu_us_10k"}
"""The figure of a workload that the chart shows; less is better in all of them."""


def number(value: float) -> str:
    """Three significant digits, thousands separated."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def markdown(
    results: dict[str, Rows],
    verdicts: list[Verdict],
    versions: dict[str, str],
    command: str,
    effort: str,
    chart: str | None,
) -> str:
    """What `bench.py` writes of the page."""
    lines = [
        f"- Measured {datetime.date.today().isoformat()} on {processor()}, {os.cpu_count()} cores, "
        f"Linux {platform.release()}, loopback only.",
        f"- Command: `{command}` ({effort}).",
        "- Versions: " + ", ".join(f"{name} {version}" for name, version in versions.items()) + ".",
        f"- One worker each: {EQUAL_WORKERS}.",
        "- CPU is the user and system time of the proxy's process tree. All figures are medians of interleaved runs.",
        "",
    ]
    if chart:
        lines += [f"![CPU per request and memory per idle connection, less is better]({chart})", ""]
    for name, rows in results.items():
        columns = list(next(iter(rows.values())))
        lines += [
            f"### {TITLES[name]}",
            "",
            *([NOTES[name], ""] if name in NOTES else []),
            f"| {FIRST.get(name, 'proxy')} | " + " | ".join(COLUMNS[key] for key in columns) + " |",
            "|---|" + "---:|" * len(columns),
        ]
        lines += [
            f"| {target} | " + " | ".join(number(row[key]) for key in columns) + " |" for target, row in rows.items()
        ]
        lines.append("")
    lines += ["### Promises", "", "| promise | measured | kept |", "|---|---|---|"]
    words = {True: "yes", False: "**no**", None: "–"}
    lines += [f"| {verdict.promise} | {verdict.figure} | {words[verdict.kept]} |" for verdict in verdicts]
    return "\n".join(lines)


def svg(results: dict[str, Rows]) -> str:
    """Horizontal bars, one panel a workload; Martinet in colour, the others grey."""
    bar, gap, width, left, parts, top = 18, 6, 720, 120, [], 16
    for name, key in CHARTED.items():
        rows = {target: row[key] for target, row in results.get(name, {}).items()}
        if not rows:
            continue
        parts.append(
            f'<text x="12" y="{top + 8}" class="t">{escape(f"{TITLES[name]}: {COLUMNS[key]}".replace("``", ""))}</text>'
        )
        top += 22
        scale = (width - left - 90) / max(rows.values())
        for target, value in rows.items():
            colour = "#e4572e" if target == "martinet" else "#8a94a6"
            length = max(1.0, value * scale)
            parts.append(
                f'<text x="{left - 8}" y="{top + 13}" text-anchor="end">{escape(target)}</text>'
                f'<rect x="{left}" y="{top}" width="{length:.1f}" height="{bar}" rx="2" fill="{colour}"/>'
                f'<text x="{left + length + 6:.1f}" y="{top + 13}">{number(value)}</text>'
            )
            top += bar + gap
        top += 18
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {top}" width="{width}" height="{top}">'
        "<style>text{font:12px system-ui,sans-serif;fill:#222}.t{font-weight:600}</style>"
        f'<rect width="{width}" height="{top}" fill="#fff"/>' + "".join(parts) + "</svg>\n"
    )
