"""Caddy with GOMAXPROCS=1."""

from processes import Server, free_port
from setting import Bench, Work


def start(bench: Bench, work: Work) -> Server:
    """In clear only, without the admin endpoint."""
    port, label = free_port(), work.name("caddy")
    scheme = "h2c://" if work.origin == "h2c" else ""
    config = bench.file(
        f"{label}.Caddyfile",
        f"""{{
    admin off
    auto_https off
    persist_config off
    log {{
        level ERROR
    }}
    servers {{
        protocols h1 h2c
        timeouts {{
            idle 1h
        }}
    }}
}}
http://:{port} {{
    bind 127.0.0.1
    reverse_proxy {scheme}127.0.0.1:{bench.port(work)} {{
        transport http {{
            keepalive_idle_conns_per_host 128
        }}
    }}
}}
""",
    )
    command = [bench.packaged("caddy"), "run", "--config", str(config), "--adapter", "caddyfile"]
    folder = str(bench.folder)
    env = {"GOMAXPROCS": "1", "HOME": folder, "XDG_DATA_HOME": folder, "XDG_CONFIG_HOME": folder}
    return bench.proxy(label, command, port, work, env)
