"""The origins: cheap servers that answer the same to every proxy."""

import re
from urllib.request import urlopen

import samples
from clients import wait_until_answers
from processes import Server, free_port, tool
from setting import Bench

ANSWER = "x" * 130
"""What the origin says to a small request: 130 bytes."""

MEGABYTE = 1_048_576


def start(bench: Bench, kind: str) -> Server:
    """The origin of that kind (`http`, `h2c` or `websocket`); its port is known to `bench` afterwards."""
    starters = {"http": _http, "h2c": lambda bench: _own(bench, "h2_origin"), "websocket": lambda b: _own(b, "ws_echo")}
    server = starters[kind](bench)
    server.http2 = kind == "h2c"
    wait_until_answers(server)
    bench.origins[kind] = server.port
    return server


def _own(bench: Bench, program: str) -> Server:
    """One of our own: `h2_origin` echoes gRPC calls and answers everything else, `ws_echo` echoes WebSocket frames."""
    port = free_port()
    return Server.start(
        program, [bench.native(program), str(port)], bench.cores.origin, bench.folder / f"{program}.log", port
    )


def requests(bench: Bench) -> int:
    """How many requests the plain origin and the second one have had together, without those of this function."""
    with urlopen(f"http://127.0.0.1:{bench.origins['second']}/count", timeout=10) as answer:
        counts = re.search(rb"requests\s+\d+ \d+ (\d+)", answer.read())
    bench.counted += 1
    return int(counts.group(1)) - bench.counted


def _http(bench: Bench) -> Server:
    """NGINX: `/` answers 130 bytes, `/1m` a megabyte, `/json` and `/text` a sample, `/up` after reading the whole body.

    A second origin beside it answers a small request; who is not to be measured asks that one.
    """
    (bench.folder / "www").mkdir(parents=True, exist_ok=True)
    (bench.folder / "www" / "1m").write_bytes(b"x" * MEGABYTE)
    for name, sample in samples.SAMPLES.items():
        (bench.folder / "www" / name).write_bytes(sample())
    port, sink = free_port(), free_port()
    bench.origins["second"] = sink
    config = bench.file(
        "origin.conf",
        f"""
daemon off; worker_processes 1; pid {bench.folder}/origin.pid; error_log stderr error;
events {{ worker_connections 8192; }}
http {{
  access_log off; keepalive_requests 100000000; keepalive_timeout 3600; sendfile on; tcp_nopush on;
  client_max_body_size 4m; client_body_buffer_size 2m;
{nginx_temporary(bench, "origin")}  server {{
    listen 127.0.0.1:{port} backlog=4096;
    location / {{ return 200 "{ANSWER}"; }}
    root {bench.folder}/www;
    location = /1m {{ }}
    location = /json {{ default_type application/json; }}
    location = /text {{ default_type text/plain; }}
    # A body is read to its end before the nested, bodiless request is sent; `return` alone would answer early.
    location = /up {{ proxy_pass http://127.0.0.1:{sink}; proxy_set_body ""; proxy_method GET; }}
  }}
  server {{
    listen 127.0.0.1:{sink} backlog=4096;
    location / {{ return 200 "ok"; }}
    location = /count {{ stub_status; }}
  }}
}}
""",
    )
    command = [tool("nginx"), "-c", str(config), "-p", str(bench.folder)]
    return Server.start("origin", command, bench.cores.origin, bench.folder / "origin.log", port)


def nginx_temporary(bench: Bench, name: str) -> str:
    """Directories for what NGINX spools: its built-in ones can be written by root only."""
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    return "".join(f"  {kind}_temp_path {bench.folder}/{name}-{kind};\n" for kind in kinds)
