"""Traefik and Martinet, which read the very same files."""

from collections.abc import Sequence
from pathlib import Path

from processes import BenchError, Server, free_port
from setting import Bench, Work


def routing(bench: Bench, work: Work) -> str:
    """The routing configuration: everything goes to the origin, or everything but `/none`."""
    rule = "PathPrefix(`/`)" + (" && !Path(`/none`)" if work.origin == "none" else "")
    text = f"http:\n  routers:\n    all:\n      rule: {rule}\n      service: origin\n"
    if work.gzip:
        # Of a client's encodings each prefers another one; gzip is what all of them have.
        packed = "  middlewares:\n    packed:\n      compress:\n        encodings: [gzip]\n"
        return text + "      middlewares: [packed]\n" + packed + service(bench, work)
    if not work.key:
        return text + service(bench, work)
    pem = bench.certificate(work.key)
    certificates = f"tls:\n  certificates:\n    - certFile: {pem}\n      keyFile: {pem}\n"
    return text + "      tls: {}\n" + service(bench, work) + certificates


def service(bench: Bench, work: Work) -> str:
    """The service `origin`, to be placed under `http:`."""
    url = f"{'h2c' if work.origin == 'h2c' else 'http'}://127.0.0.1:{bench.port(work)}"
    return f"  services:\n    origin:\n      loadBalancer:\n        servers:\n          - url: {url}\n"


def start(bench: Bench, name: str, work: Work) -> Server:
    """`martinet`, `traefik` or `traefik-fast` (with `experimental.fastProxy`) for one of the plain kinds of work."""
    return start_with(bench, name, routing(bench, work), work.name(name), work)


def start_with(
    bench: Bench, name: str, routes: str | Path, label: str, work: Work = Work(), under: Sequence[str] = ()
) -> Server:
    """The same with other routes: the text of one file, or a directory that is watched. `under`: what runs the proxy."""
    port = free_port()
    if isinstance(routes, str):
        provider = f"    filename: {bench.file(f'{label}-routing.yml', routes)}\n    watch: false\n"
    else:
        provider = f"    directory: {routes}\n    watch: true\n"
    config = bench.file(
        f"{label}.yml",
        f"""
global:
  checkNewVersion: false
  sendAnonymousUsage: false
log:
  level: ERROR
entryPoints:
  web:
    address: 127.0.0.1:{port}
    transport:
      respondingTimeouts:
        idleTimeout: 1h
providers:
  file:
{provider}"""
        + ("experimental:\n  fastProxy: {}\n" if name.endswith("-fast") else ""),
    )
    if name == "martinet":
        if not bench.martinet.exists():
            raise BenchError(
                f"{bench.martinet} is missing; run `swift build -c release --product martinet` or give --martinet PATH"
            )
        command, env = [str(bench.martinet), f"--configFile={config}"], {"MARTINET_THREADS": "1"}
    else:
        command, env = [bench.packaged("traefik"), f"--configFile={config}"], {"GOMAXPROCS": "1"}
    return bench.proxy(label, [*under, *command], port, work, env)
