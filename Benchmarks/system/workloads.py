"""Every workload by the name that `--only` takes."""

from collections.abc import Callable

import compression
import middlewares
import plain
import protocols
import routing
from rounds import Effort, Rows
from setting import Bench

WORKLOADS: dict[str, Callable[[Bench, list[str], Effort], Rows]] = {
    "small": plain.small,
    "down": plain.down,
    "up": plain.up,
    "tls-h1": protocols.tls_h1,
    "tls-h2": protocols.tls_h2,
    "handshakes": protocols.handshakes,
    "h2c": protocols.h2c,
    "grpc": protocols.grpc,
    "websocket": protocols.websocket,
    "middlewares": middlewares.middlewares,
    "compress": compression.compress,
    "rate-limit": middlewares.rate_limit,
    "mirroring": middlewares.mirroring,
    "idle": plain.idle,
    "routers": routing.routers,
    "startup": routing.startup,
    "reload": routing.reload,
}
"""In the order of the tables; each measures its targets and returns medians."""
