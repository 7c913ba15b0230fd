"""What is counted: configurations, and the exchanges sent through each."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from exchanges import Exchange, chunked, crowd, get, not_found, one_connection, post

ROUTERS = 10_000


@dataclass(frozen=True)
class Case:
    """One number: what `exchange` costs, or what `further` costs more than that, divided by `parts`."""

    name: str
    about: str
    routing: Callable[[int], str]
    exchange: Exchange
    further: Exchange | None = None
    parts: int = 1
    static: str = ""
    """Lines added to the install configuration."""


ACCESS_LOG = "accessLog:\n  filePath: /dev/null\n  format: json\n"


def no_router(_origin: int) -> str:
    """Routes that fit none of the requests."""
    return "http:\n  routers:\n    other:\n      rule: Host(`other.test`)\n      service: noop@internal\n"


def one_router(origin: int) -> str:
    """Everything goes to the origin."""
    return "http:\n  routers:\n    all:\n      rule: PathPrefix(`/`)\n      service: origin\n" + _service(origin)


def many_routers(origin: int) -> str:
    """10,000 routers of the form Host && PathPrefix; requests go to one in their midst."""
    lines = ["http:\n  routers:\n"]
    for number in range(ROUTERS):
        rule = f"Host(`h{number}.test`) && PathPrefix(`/api/v1`)"
        lines.append(f"    r{number}:\n      rule: {rule}\n      service: origin\n")
    return "".join(lines) + _service(origin)


def five_middlewares(origin: int) -> str:
    """Five middlewares that change the request or its answer without waiting for anything."""
    return _through(
        origin,
        "strip, add, request-headers, answer-headers, security",
        """\
    strip:
      stripPrefix:
        prefixes: [/api]
    add:
      addPrefix:
        prefix: /app
    request-headers:
      headers:
        customRequestHeaders: {X-Team: edge, X-Stage: production, Cookie: ""}
    answer-headers:
      headers:
        customResponseHeaders: {X-Served-By: martinet, Server: ""}
    security:
      headers:
        frameDeny: true
        contentTypeNosniff: true
""",
    )


def limits(origin: int) -> str:
    """Middlewares that count or refuse, none of which has reason to."""
    return _through(
        origin,
        "addresses, rate, flight, breaker, escapes",
        """\
    addresses:
      ipAllowList:
        sourceRange: [127.0.0.0/8]
    rate:
      rateLimit:
        average: 1000000
        burst: 1000000
    flight:
      inFlightReq:
        amount: 1000
    breaker:
      circuitBreaker:
        expression: NetworkErrorRatio() > 0.5 || ResponseCodeRatio(500, 600, 0, 600) > 0.5
    escapes:
      encodedCharacters:
        allowEncodedSlash: true
""",
    )


def _through(origin: int, names: str, middlewares: str) -> str:
    """Everything goes through the middlewares of those names to the origin; they are described at the depth of their list."""
    return f"""http:
  routers:
    all:
      rule: PathPrefix(`/`)
      service: origin
      middlewares: [{names}]
{_service(origin)}  middlewares:
{middlewares}"""


def _service(origin: int) -> str:
    url = f"http://127.0.0.1:{origin}"
    return f"  services:\n    origin:\n      loadBalancer:\n        servers:\n          - url: {url}\n"


CASES = [
    Case("get", "GET on kept connections, six header lines, 130-byte answer", one_router, get),
    Case("get-32-clients", "the same, on 32 connections at once", one_router, partial(crowd, clients=32), parts=32),
    Case("get-10000-routers", "the same, with 10,000 routers `Host && PathPrefix`", many_routers, get),
    Case("get-5-middlewares", "the same, through five synchronous middlewares", five_middlewares, get),
    Case("get-5-limits", "the same, through five middlewares that count or refuse", limits, get),
    Case("get-access-log", "the plain GET, written to an access log in JSON", one_router, get, static=ACCESS_LOG),
    Case("not-found", "GET that no router matches", no_router, not_found),
    Case("post", "POST of 1 KiB with Content-Length", one_router, post),
    Case("chunked", "GET with a chunked answer of one chunk", one_router, chunked),
    Case(
        "request-piece",
        "each further 1 KiB piece of a request body",
        one_router,
        partial(post, pieces=2),
        partial(post, pieces=34),
        32,
    ),
    Case(
        "response-chunk",
        "each further 1 KiB chunk of an answer",
        one_router,
        partial(chunked, pieces=2),
        partial(chunked, pieces=34),
        32,
    ),
    Case("connection", "a client connection: opened, one GET, closed; less the GET", one_router, get, one_connection),
]
