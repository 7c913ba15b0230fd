"""NGINX, one worker."""

from origins import nginx_temporary
from processes import Server, free_port, tool
from setting import Bench, Work

HEADERS = {
    "Host": "$host",
    "X-Real-Ip": "$remote_addr",
    "X-Forwarded-For": "$proxy_add_x_forwarded_for",
    "X-Forwarded-Proto": "$scheme",
    "X-Forwarded-Host": "$host",
}


def start(bench: Bench, work: Work) -> Server:
    """Keep-alive to the origin, bodies streamed instead of spooled to disk."""
    port, label = free_port(), work.name("nginx")
    secure = ""
    if work.key:
        pem = bench.certificate(work.key)
        # NGINX before 1.23.4 has TLS 1.3 switched off.
        secure = f"ssl_protocols TLSv1.2 TLSv1.3; ssl_certificate {pem}; ssl_certificate_key {pem};"
    gzip = ""
    if work.gzip:
        gzip = "gzip on; gzip_comp_level 6; gzip_min_length 1024; gzip_types application/json text/plain; gzip_vary on;"
    listen = " ssl http2" if work.key else " http2" if work.http2 else ""
    config = bench.file(
        f"{label}.conf",
        f"""
daemon off; worker_processes 1; pid {bench.folder}/{label}.pid; error_log stderr error;
events {{ worker_connections 8192; }}
http {{
  access_log off; keepalive_requests 100000000; keepalive_timeout 3600; client_max_body_size 0;
  proxy_max_temp_file_size 0; {gzip}
{nginx_temporary(bench, label)}
  upstream origin {{ server 127.0.0.1:{bench.port(work)}; keepalive 256; keepalive_requests 100000000; }}
  server {{
    listen 127.0.0.1:{port}{listen} backlog=4096; {secure}
    http2_max_requests 100000000; http2_max_concurrent_streams 250;
    location / {{ {_pass(work)} }}
    location = /none {{ return 404; }}
  }}
}}
""",
    )
    command = [tool("nginx"), "-c", str(config), "-p", str(bench.folder)]
    return bench.proxy(label, command, port, work)


def _pass(work: Work) -> str:
    """How requests reach the origin. `grpc_pass` is NGINX's only way to HTTP/2, and takes any request."""
    if work.origin == "h2c":
        return "grpc_pass grpc://origin; " + "".join(f"grpc_set_header {k} {v}; " for k, v in HEADERS.items())
    headers = HEADERS | ({"Upgrade": "$http_upgrade"} if work.origin == "websocket" else {})
    headers["Connection"] = "upgrade" if work.origin == "websocket" else '""'
    return (
        "proxy_pass http://origin; proxy_http_version 1.1; proxy_request_buffering off; proxy_read_timeout 1h; "
        + "".join(f"proxy_set_header {k} {v}; " for k, v in headers.items())
    )
