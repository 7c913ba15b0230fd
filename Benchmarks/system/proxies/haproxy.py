"""HAProxy, one thread."""

from processes import Server, free_port, tool
from setting import Bench, Work


def start(bench: Bench, work: Work) -> Server:
    """Connections to the origin are shared; HTTP/2 in clear is recognised by its preface."""
    port, label = free_port(), work.name("haproxy")
    secure = f" ssl crt {bench.certificate(work.key)} alpn h2,http/1.1" if work.key else ""
    scheme = "https" if work.key else "http"
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
    timeout tunnel 1h
    option forwardfor
    http-reuse always
frontend web
    bind 127.0.0.1:{port} backlog 4096{secure}
    http-request return status 404 if {{ path /none }}
    http-request set-header X-Real-Ip %[src]
    http-request set-header X-Forwarded-Proto {scheme}
    http-request set-header X-Forwarded-Host %[req.hdr(host)]
    default_backend origin
backend origin
    server one 127.0.0.1:{bench.port(work)} pool-max-conn -1{" proto h2" if work.origin == "h2c" else ""}
""",
    )
    command = [tool("haproxy"), "-db", "-f", str(config)]
    return bench.proxy(label, command, port, work)
