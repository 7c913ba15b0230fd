"""The origin and the proxies under test: how each is configured and started for the same work with one worker."""

import json
import re
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from clients import wait_until_answers
from processes import BenchError, Cores, Server, free_port, tool

ANSWER = "x" * 130
"""What the origin says to a small request: 130 bytes."""

MEGABYTE = 1_048_576


@dataclass
class Bench:
    """What every workload needs: where files go, which cores to use, where the programs are, and the origin's port."""

    folder: Path
    venv: Path
    martinet: Path
    cores: Cores
    origin: int = 0
    pem: Path | None = None

    def certificate(self) -> Path:
        """A certificate for `bench.test` and its key in one file; ECDSA with P-256, made anew for each run."""
        if self.pem is None:
            key, crt = self.folder / "bench.key", self.folder / "bench.crt"
            command = [tool("openssl"), "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
            command += ["-keyout", str(key), "-out", str(crt), "-days", "2", "-subj", "/CN=bench.test"]
            subprocess.run(command, check=True, capture_output=True, timeout=30)
            self.pem = self.file("bench.pem", crt.read_text() + key.read_text())
        return self.pem

    def file(self, name: str, text: str) -> Path:
        """Writes a configuration file into the run's folder."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def packaged(self, name: str) -> str:
        """The path of a proxy that comes from PyPI into the virtual environment."""
        path = self.venv / "bin" / name
        if not path.exists():
            raise BenchError(f"{path} is missing; run scripts/install-packages.sh bench")
        return str(path)


def start_origin(bench: Bench) -> Server:
    """NGINX as a cheap origin: `/` answers 130 bytes, `/1m` a megabyte, `/up` after reading the whole body."""
    (bench.folder / "www").mkdir(parents=True, exist_ok=True)
    (bench.folder / "www" / "1m").write_bytes(b"x" * MEGABYTE)
    port, sink = free_port(), free_port()
    config = bench.file(
        "origin.conf",
        f"""
daemon off; worker_processes 1; pid {bench.folder}/origin.pid; error_log stderr error;
events {{ worker_connections 8192; }}
http {{
  access_log off; keepalive_requests 100000000; keepalive_timeout 3600; sendfile on; tcp_nopush on;
  client_max_body_size 4m; client_body_buffer_size 2m;
{_nginx_temporary(bench, "origin")}  server {{
    listen 127.0.0.1:{port} backlog=4096;
    location / {{ return 200 "{ANSWER}"; }}
    location = /1m {{ root {bench.folder}/www; }}
    # A body is read to its end before the nested, bodiless request is sent; `return` alone would answer early.
    location = /up {{ proxy_pass http://127.0.0.1:{sink}; proxy_set_body ""; proxy_method GET; }}
  }}
  server {{ listen 127.0.0.1:{sink}; location / {{ return 200 "ok"; }} }}
}}
""",
    )
    server = Server.start(
        "origin",
        [tool("nginx"), "-c", str(config), "-p", str(bench.folder)],
        bench.cores.origin,
        bench.folder / "origin.log",
        port,
    )
    wait_until_answers(server)
    bench.origin = port
    return server


def _nginx_temporary(bench: Bench, name: str) -> str:
    """Directories for what NGINX spools: its built-in ones can be written by root only."""
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    return "".join(f"  {kind}_temp_path {bench.folder}/{name}-{kind};\n" for kind in kinds)


def start_nginx(bench: Bench, tls: bool = False) -> Server:
    """NGINX, one worker, keep-alive to the origin, bodies streamed instead of spooled to disk."""
    port, label = free_port(), "nginx-tls" if tls else "nginx"
    pem = bench.certificate() if tls else None
    secure = f"ssl_certificate {pem}; ssl_certificate_key {pem};" if tls else ""
    config = bench.file(
        f"{label}.conf",
        f"""
daemon off; worker_processes 1; pid {bench.folder}/{label}.pid; error_log stderr error;
events {{ worker_connections 8192; }}
http {{
  access_log off; keepalive_requests 100000000; keepalive_timeout 3600; client_max_body_size 4m;
  proxy_max_temp_file_size 0;
{_nginx_temporary(bench, label)}
  upstream origin {{ server 127.0.0.1:{bench.origin}; keepalive 128; keepalive_requests 100000000; }}
  server {{
    listen 127.0.0.1:{port}{" ssl http2" if tls else ""} backlog=4096; {secure}
    http2_max_requests 100000000; http2_max_concurrent_streams 250;
    location / {{
      proxy_pass http://origin; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_set_header Host $host;
      proxy_set_header X-Real-Ip $remote_addr; proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
      proxy_set_header X-Forwarded-Proto $scheme; proxy_set_header X-Forwarded-Host $host;
      proxy_request_buffering off;
    }}
  }}
}}
""",
    )
    return Server.start(
        "nginx",
        [tool("nginx"), "-c", str(config), "-p", str(bench.folder)],
        bench.cores.proxy,
        bench.folder / f"{label}.log",
        port,
        secure=tls,
    )


def start_haproxy(bench: Bench, tls: bool = False) -> Server:
    """HAProxy, one thread, connections to the origin shared."""
    port, label = free_port(), "haproxy-tls" if tls else "haproxy"
    secure = f" ssl crt {bench.certificate()} alpn h2,http/1.1" if tls else ""
    config = bench.file(
        f"{label}.cfg",
        f"""
global
    nbthread 1
    maxconn 8000
defaults
    mode http
    timeout client 1h
    timeout server 1h
    timeout connect 5s
    timeout http-keep-alive 1h
    option forwardfor
    http-reuse always
frontend web
    bind 127.0.0.1:{port} backlog 4096{secure}
    http-request set-header X-Real-Ip %[src]
    http-request set-header X-Forwarded-Proto http
    http-request set-header X-Forwarded-Host %[req.hdr(host)]
    default_backend origin
backend origin
    server one 127.0.0.1:{bench.origin} pool-max-conn -1
""",
    )
    return Server.start(
        "haproxy",
        [tool("haproxy"), "-db", "-f", str(config)],
        bench.cores.proxy,
        bench.folder / f"{label}.log",
        port,
        secure=tls,
    )


def start_caddy(bench: Bench) -> Server:
    """Caddy with GOMAXPROCS=1, without its admin endpoint."""
    port = free_port()
    config = bench.file(
        "Caddyfile",
        f"""{{
    admin off
    auto_https off
    persist_config off
    log {{
        level ERROR
    }}
    servers {{
        timeouts {{
            idle 1h
        }}
    }}
}}
http://:{port} {{
    bind 127.0.0.1
    reverse_proxy 127.0.0.1:{bench.origin} {{
        transport http {{
            keepalive_idle_conns_per_host 128
        }}
    }}
}}
""",
    )
    command = [bench.packaged("caddy"), "run", "--config", str(config), "--adapter", "caddyfile"]
    env = {
        "GOMAXPROCS": "1",
        "HOME": str(bench.folder),
        "XDG_DATA_HOME": str(bench.folder),
        "XDG_CONFIG_HOME": str(bench.folder),
    }
    return Server.start("caddy", command, bench.cores.proxy, bench.folder / "caddy.log", port, env)


def start_envoy(bench: Bench) -> Server:
    """Envoy with --concurrency 1."""
    types = "type.googleapis.com/envoy.extensions.filters"
    port = free_port()
    manager = {
        "@type": f"{types}.network.http_connection_manager.v3.HttpConnectionManager",
        "stat_prefix": "web",
        "use_remote_address": True,
        "route_config": {
            "virtual_hosts": [
                {
                    "name": "all",
                    "domains": ["*"],
                    "routes": [{"match": {"prefix": "/"}, "route": {"cluster": "origin"}}],
                }
            ]
        },
        "http_filters": [
            {
                "name": "envoy.filters.http.router",
                "typed_config": {"@type": f"{types}.http.router.v3.Router"},
            }
        ],
    }
    config = bench.file(
        "envoy.json",
        json.dumps(
            {
                "static_resources": {
                    "listeners": [
                        {
                            "name": "web",
                            "address": _envoy_address(port),
                            "filter_chains": [
                                {
                                    "filters": [
                                        {
                                            "name": "envoy.filters.network.http_connection_manager",
                                            "typed_config": manager,
                                        }
                                    ]
                                }
                            ],
                        }
                    ],
                    "clusters": [
                        {
                            "name": "origin",
                            "type": "STATIC",
                            "connect_timeout": "5s",
                            "load_assignment": {
                                "cluster_name": "origin",
                                "endpoints": [
                                    {"lb_endpoints": [{"endpoint": {"address": _envoy_address(bench.origin)}}]}
                                ],
                            },
                        }
                    ],
                }
            }
        ),
    )
    command = [bench.packaged("envoy"), "-c", str(config), "--concurrency", "1", "--disable-hot-restart", "-l", "error"]
    return Server.start("envoy", command, bench.cores.proxy, bench.folder / "envoy.log", port)


def _envoy_address(port: int) -> dict[str, object]:
    return {"socket_address": {"address": "127.0.0.1", "port_value": port}}


def one_router(bench: Bench, tls: bool = False) -> str:
    """The routing configuration of the plain workloads: everything goes to the origin."""
    router = "http:\n  routers:\n    all:\n      rule: PathPrefix(`/`)\n      service: origin\n"
    if not tls:
        return router + origin_service(bench)
    pem = bench.certificate()
    certificates = f"tls:\n  certificates:\n    - certFile: {pem}\n      keyFile: {pem}\n"
    return router + "      tls: {}\n" + origin_service(bench) + certificates


def origin_service(bench: Bench) -> str:
    """The service `origin`, to be placed under `http:`."""
    url = f"http://127.0.0.1:{bench.origin}"
    return f"  services:\n    origin:\n      loadBalancer:\n        servers:\n          - url: {url}\n"


def start_traefik_like(
    bench: Bench, name: str, routing: str | Path, fast: bool = False, label: str | None = None, tls: bool = False
) -> Server:
    """Traefik or Martinet with the same files: `routing` is the text of one file, or a directory that is watched."""
    port, label = free_port(), label or name
    if isinstance(routing, str):
        provider = f"    filename: {bench.file(f'{label}-routing.yml', routing)}\n    watch: false\n"
    else:
        provider = f"    directory: {routing}\n    watch: true\n"
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
        + ("experimental:\n  fastProxy: {}\n" if fast else ""),
    )
    if name == "martinet":
        if not bench.martinet.exists():
            raise BenchError(
                f"{bench.martinet} is missing; run `swift build -c release --product martinet` or give --martinet PATH"
            )
        command, env = [str(bench.martinet), f"--configFile={config}"], {"MARTINET_THREADS": "1"}
    else:
        command, env = [bench.packaged("traefik"), f"--configFile={config}"], {"GOMAXPROCS": "1"}
    return Server.start(label, command, bench.cores.proxy, bench.folder / f"{label}.log", port, env, secure=tls)


TARGETS: dict[str, Callable[[Bench], Server]] = {
    "martinet": lambda bench: start_traefik_like(bench, "martinet", one_router(bench)),
    "nginx": start_nginx,
    "haproxy": start_haproxy,
    "traefik": lambda bench: start_traefik_like(bench, "traefik", one_router(bench)),
    "traefik-fast": lambda bench: start_traefik_like(
        bench, "traefik", one_router(bench), fast=True, label="traefik-fast"
    ),
    "caddy": start_caddy,
    "envoy": start_envoy,
}
"""Every proxy that can be compared, in the order of the tables; `traefik-fast` has `experimental.fastProxy` on."""

TLS_TARGETS: dict[str, Callable[[Bench], Server]] = {
    "martinet": lambda bench: start_traefik_like(
        bench, "martinet", one_router(bench, tls=True), label="martinet-tls", tls=True
    ),
    "nginx": lambda bench: start_nginx(bench, tls=True),
    "haproxy": lambda bench: start_haproxy(bench, tls=True),
    "traefik": lambda bench: start_traefik_like(
        bench, "traefik", one_router(bench, tls=True), label="traefik-tls", tls=True
    ),
}
"""Those of them that are compared over TLS, with HTTP/1 and HTTP/2."""

EQUAL_WORKERS = (
    "martinet MARTINET_THREADS=1, nginx worker_processes 1, haproxy nbthread 1, traefik and caddy GOMAXPROCS=1, "
    "envoy --concurrency 1; all proxies pinned to one core, origin and load to another"
)


def version_of(bench: Bench, name: str) -> str:
    """The version a program reports, or `?`."""
    commands = {
        "martinet": [str(bench.martinet), "version"],
        "nginx": ["nginx", "-v"],
        "haproxy": ["haproxy", "-v"],
        "traefik": [str(bench.venv / "bin/traefik"), "version"],
        "caddy": [str(bench.venv / "bin/caddy"), "version"],
        "envoy": [str(bench.venv / "bin/envoy"), "--version"],
    }
    command = commands.get(name.removesuffix("-fast"), [])
    try:
        command = [tool(command[0]) if "/" not in command[0] else command[0], *command[1:]]
        run = subprocess.run(command, capture_output=True, text=True, timeout=10, check=False)
    except (OSError, IndexError, BenchError, subprocess.TimeoutExpired):
        return "?"
    match = re.search(r"\d+\.\d+\.\d+", run.stdout + run.stderr)
    return match.group(0) if match else "?"
