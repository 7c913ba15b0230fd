"""What middlewares and mirrors add to a request. For proxies that read Traefik's files."""

import statistics
import time
from collections.abc import Callable
from dataclasses import replace

import instructions
import origins
from plain import HERE, throughput
from processes import BenchError, Server
from proxies import traefik
from rounds import Effort, Row, Rows, in_parts, one_server, say
from setting import Bench, Work

NONE, PLAIN = "none", "h0.test"
"""The route without any middleware, and its host, which a proxy is asked for until it answers."""

SYNCHRONOUS = {
    "addPrefix": "addPrefix: {prefix: /app}",
    "stripPrefix": "stripPrefix: {prefixes: [/api]}",
    "stripPrefixRegex": 'stripPrefixRegex: {regex: ["/ap[a-z]"]}',
    "replacePath": "replacePath: {path: /index}",
    "replacePathRegex": 'replacePathRegex: {regex: "^/api/(.*)", replacement: "/app/$1"}',
    "redirectScheme, nothing to redirect": "redirectScheme: {scheme: http}",
    "redirectRegex, nothing to redirect": 'redirectRegex: {regex: "^https?://[^/]+/old/(.*)", replacement: "/new/$1"}',
    "headers of the request": 'headers: {customRequestHeaders: {X-Team: edge, X-Stage: production, Cookie: ""}}',
    "headers of the answer": 'headers: {customResponseHeaders: {X-Served-By: bench, Server: ""}}',
    "headers for security": "headers: {frameDeny: true, contentTypeNosniff: true}",
    "ipAllowList": "ipAllowList: {sourceRange: [10.0.0.0/8, 127.0.0.0/8]}",
    "rateLimit": "rateLimit: {average: 1000000, burst: 1000000}",
    "inFlightReq": "inFlightReq: {amount: 1000}",
    "circuitBreaker": 'circuitBreaker: {expression: "NetworkErrorRatio() > 0.5"}',
    "retry": "retry: {attempts: 3}",
    "errors, none to replace": 'errors: {status: ["500-599"], service: origin, query: "/{status}"}',
    "contentType": "contentType: {}",
    "encodedCharacters": "encodedCharacters: {allowEncodedSlash: true}",
    "passTLSClientCert, in clear": "passTLSClientCert: {pem: true}",
    "compress, too small": "compress: {}",
    "buffering": "buffering: {maxRequestBodyBytes: 1000000}",
    "grpcWeb, another type": 'grpcWeb: {allowOrigins: ["*"]}',
}
"""Middlewares that decide at once, by what the tables call them. None of them refuses, redirects or replaces."""

WAITING = {
    "basicAuth, {SHA}": 'basicAuth: {users: ["ann:{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g="]}',
    "forwardAuth": 'forwardAuth: {address: "AUTH"}',
}
"""Those that wait for another thread, or for a server."""

FIVE = ("stripPrefix", "addPrefix", "headers of the request", "headers of the answer", "headers for security")
TOGETHER = "five together"
CHAINED = "five in a chain"

HEADERS = {"Authorization": "Basic YW5uOnBhc3N3b3Jk", "Accept-Encoding": "gzip", "Cookie": "a=b"}
"""What some middleware looks at; sent to all, so that reading it costs each the same."""

GROUP = 4
"""So many middlewares follow a turn of the plain route, and are compared with that one: a machine that gets slower within a
round makes both slower."""

SOURCES = 10_000


def middlewares(bench: Bench, names: list[str], effort: Effort) -> Rows:
    """CPU per request on one route for each middleware, and what it is more than on a route without any.

    For Martinet the same by instructions, too, which no other program on the machine disturbs: at the time that one took in
    the plain requests.
    """
    plans = {NONE: (), **{name: (name,) for name in SYNCHRONOUS | WAITING}, TOGETHER: FIVE, CHAINED: ("chain",)}
    hosts = {name: f"h{number}.test" for number, name in enumerate(plans)}
    order = list(plans)[1:]
    for place in reversed(range(0, len(order), GROUP)):
        order.insert(place, f"{NONE} {place}")
    rows: Rows = {name: {} for name in plans}
    plain: list[float] = []
    shares: list[float] = []

    def measure(server: Server, part: str, seconds: float) -> Row:
        host = hosts.get(part, PLAIN)
        cpu = throughput(bench, server, "/api/v1", seconds, host=host, headers=HEADERS)["cpu_us"]
        if host == PLAIN:
            plain.append(cpu)
            shares.append(server.user_share())
        return {part: cpu, f"{part}, more": cpu - plain[-1]}

    for target in _compared(names):
        # There are many, and instructions tell the rest.
        turns = Effort(1, min(effort.rounds, 3))
        routes = _routes(bench, plans)
        start = _with_routes(bench, "middlewares", routes)
        measured = in_parts([target], order, start, turns, measure)[target]
        measured |= {NONE: statistics.median(measured[part] for part in order if part not in hosts)}
        measured |= {f"{NONE}, more": 0.0}
        for name, row in rows.items():
            row |= {f"cpu_us_{target}": measured[name], f"added_us_{target}": round(measured[f"{name}, more"], 2)}
        if target == "martinet":
            say("counting instructions")
            counted = instructions.per_request(bench, routes, hosts, "/api/v1", HEADERS)
            each = measured[NONE] * shares[-1] / counted[NONE]
            for name, row in rows.items():
                more = counted[name] - counted[NONE]
                row |= {"instructions": round(more), "instructions_us": round(more * each, 2)}
    return rows if _compared(names) else {}


def _routes(bench: Bench, plans: dict[str, tuple[str, ...]]) -> str:
    """A router for each plan, told by its host. A broken one leaves its host without an answer."""
    every = SYNCHRONOUS | WAITING
    keys = {name: f"x{number}" for number, name in enumerate(every)} | {"chain": "chain"}
    auth = f"http://127.0.0.1:{bench.origins['second']}/"
    lines = ["http:\n  routers:\n"]
    for number, members in enumerate(plans.values()):
        listed = f", middlewares: [{', '.join(keys[name] for name in members)}]" if members else ""
        lines.append(f"    r{number}: {{rule: Host(`h{number}.test`), service: origin{listed}}}\n")
    lines.append("  middlewares:\n")
    lines += [f"    {keys[name]}: {{{text.replace('AUTH', auth)}}}\n" for name, text in every.items()]
    lines.append(f"    chain: {{chain: {{middlewares: [{', '.join(keys[name] for name in FIVE)}]}}}}\n")
    return "".join(lines) + traefik.service(bench, Work())


def rate_limit(bench: Bench, names: list[str], effort: Effort) -> Rows:
    """CPU per request without `rateLimit`, and with it for one source and for 10,000, told by a header."""
    routes = f"""http:
  routers:
    plain: {{rule: Host(`{PLAIN}`), service: origin}}
    limited: {{rule: Host(`limited.test`), service: origin, middlewares: [limit]}}
  middlewares:
    limit: {{rateLimit: {{average: 1000000, burst: 1000000, sourceCriterion: {{requestHeaderName: X-Source}}}}}}
{traefik.service(bench, Work())}"""
    limited = "limited.test"
    figures = {"cpu_us": (PLAIN, SOURCES), "cpu_us_one": (limited, 1), "cpu_us_sources": (limited, SOURCES)}

    def measure(server: Server, key: str, seconds: float) -> Row:
        host, sources = figures[key]
        load = {"host": host, "script": HERE / "spread.lua", "arguments": [str(sources), host]}
        return {key: throughput(bench, server, "/api/v1", seconds, **load)["cpu_us"]}

    start = _with_routes(bench, "rate-limit", routes)
    return in_parts(_compared(names), figures, start, replace(effort, seconds=1), measure)


def mirroring(bench: Bench, names: list[str], effort: Effort) -> Rows:
    """CPU per request without a mirror, and with one that gets a copy of every request."""
    second = f"http://127.0.0.1:{bench.origins['second']}"
    routes = f"""http:
  routers:
    plain: {{rule: Host(`{PLAIN}`), service: origin}}
    mirrored: {{rule: Host(`mirrored.test`), service: both}}
{traefik.service(bench, Work())}    second: {{loadBalancer: {{servers: [{{url: "{second}"}}]}}}}
    both: {{mirroring: {{service: origin, mirrors: [{{name: second, percent: 100}}]}}}}
"""
    figures = {"cpu_us": PLAIN, "cpu_us_mirrored": "mirrored.test"}

    def measure(server: Server, key: str, seconds: float) -> Row:
        before = origins.requests(bench)
        row = throughput(bench, server, "/api/v1", seconds, host=figures[key])
        # The last copies go out after the last answer.
        time.sleep(0.2)
        # What wrk did in the last moments it does not count, and its seconds are a little longer than it was told.
        asked = (origins.requests(bench) - before) / (row["rps"] * max(1, round(seconds)))
        if key == "cpu_us_mirrored" and asked < 1.9:
            raise BenchError(f"{server.name}: each request reached {asked:.2f} origins instead of 2")
        return {key: row["cpu_us"]}

    start = _with_routes(bench, "mirroring", routes)
    return in_parts(_compared(names), figures, start, replace(effort, seconds=1), measure)


def _compared(names: list[str]) -> list[str]:
    return [name for name in names if name in ("martinet", "traefik")]


def _with_routes(bench: Bench, label: str, routes: str) -> Callable[[str, str], Server]:
    return one_server(lambda name: traefik.start_with(bench, name, routes, f"{name}-{label}"))
