"""Envoy with one worker thread."""

import json

from processes import Server, free_port
from setting import Bench, Work

TYPES = "type.googleapis.com/envoy.extensions"


def start(bench: Bench, work: Work) -> Server:
    """In clear only; HTTP/2 is recognised by its preface."""
    port, label = free_port(), work.name("envoy")
    listener = {
        "name": "web",
        "address": _address(port),
        "filter_chains": [
            {
                "filters": [
                    {"name": "envoy.filters.network.http_connection_manager", "typed_config": _manager(work)},
                ]
            }
        ],
    }
    cluster = {
        "name": "origin",
        "type": "STATIC",
        "connect_timeout": "5s",
        "load_assignment": {
            "cluster_name": "origin",
            "endpoints": [{"lb_endpoints": [{"endpoint": {"address": _address(bench.port(work))}}]}],
        },
    }
    if work.origin == "h2c":
        cluster["typed_extension_protocol_options"] = {
            "envoy.extensions.upstreams.http.v3.HttpProtocolOptions": {
                "@type": f"{TYPES}.upstreams.http.v3.HttpProtocolOptions",
                "explicit_http_config": {"http2_protocol_options": {}},
            }
        }
    text = json.dumps({"static_resources": {"listeners": [listener], "clusters": [cluster]}})
    config = bench.file(f"{label}.json", text)
    command = [bench.packaged("envoy"), "-c", str(config), "--concurrency", "1", "--disable-hot-restart", "-l", "error"]
    return bench.proxy(label, command, port, work)


def _manager(work: Work) -> dict[str, object]:
    """The connection manager: every request to the origin."""
    route = {"cluster": "origin", "timeout": "0s"}
    hosts = [{"name": "all", "domains": ["*"], "routes": [{"match": {"prefix": "/"}, "route": route}]}]
    manager: dict[str, object] = {
        "@type": f"{TYPES}.filters.network.http_connection_manager.v3.HttpConnectionManager",
        "stat_prefix": "web",
        "use_remote_address": True,
        "route_config": {"virtual_hosts": hosts},
        "http_filters": [
            {
                "name": "envoy.filters.http.router",
                "typed_config": {"@type": f"{TYPES}.filters.http.router.v3.Router"},
            }
        ],
    }
    if work.origin == "websocket":
        manager["upgrade_configs"] = [{"upgrade_type": "websocket"}]
    return manager


def _address(port: int) -> dict[str, object]:
    return {"socket_address": {"address": "127.0.0.1", "port_value": port}}
