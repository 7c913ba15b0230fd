"""The promises that `bench.py --check` holds Martinet to."""

from dataclasses import dataclass

from middlewares import SYNCHRONOUS
from rounds import Medians, Rows


@dataclass(frozen=True)
class Verdict:
    """One promise with the figure it was judged by; `kept` is None when a needed figure was not measured."""

    promise: str
    figure: str
    kept: bool | None


NAMES = {"nginx": "NGINX", "haproxy": "HAProxy", "traefik": "Traefik"}


def judge(results: dict[str, Rows]) -> list[Verdict]:
    """All promises, in the order of the table."""

    def value(workload: str, target: str, key: str) -> float | None:
        return results.get(workload, {}).get(target, {}).get(key)

    def at_most(promise: str, workload: str, key: str, limit: float | None, unit: str) -> Verdict:
        return held(promise, value(workload, "martinet", key), limit, unit)

    def held(promise: str, figure: float | None, limit: float | None, unit: str) -> Verdict:
        if figure is None or limit is None:
            return Verdict(promise, "not measured", None)
        return Verdict(promise, f"{figure:.2f}{unit} (limit {limit:.2f}{unit})", figure <= limit)

    def ratios(workload: str, key: str, *others: str) -> list[float] | None:
        """Martinet to each of the others, round by round; None unless all were measured."""
        rows = results.get(workload)
        found = [rows.ratio("martinet", other, key) if isinstance(rows, Medians) else None for other in others]
        return None if None in found else [ratio for ratio in found if ratio is not None]

    def cost(what: str, workload: str, factor: float, *others: str, key: str = "cpu_us") -> Verdict:
        """Processor time of a request: at most `factor` times that of the best of the others."""
        names = " and ".join(NAMES[other] for other in others)
        promise = f"{what} at most {factor} times {'the better of ' if len(others) > 1 else ''}{names}"
        found = ratios(workload, key, *others)
        # The better of two is the one that we are further above.
        return held(promise, max(found) if found else None, factor, "×")

    def handshakes(name: str, key: str) -> Verdict:
        promise = f"full handshakes in a second of CPU, {name} key: at least 0.9 times NGINX"
        found = ratios("handshakes", key, "nginx")
        if not found:
            return Verdict(promise, "not measured", None)
        return Verdict(promise, f"{found[0]:.2f}× (limit 0.90×)", found[0] >= 0.9)

    rows = results.get("middlewares", {})
    # By instructions: between two times of a busy machine lies more than any middleware costs.
    added = [rows[name]["instructions_us"] for name in SYNCHRONOUS if "instructions_us" in rows.get(name, {})]
    return [
        cost("small requests cost", "small", 1.25, "nginx", "haproxy"),
        cost("small requests cost", "small", 0.3, "traefik"),
        cost("HTTP/1 over TLS costs", "tls-h1", 1.1, "nginx", "haproxy"),
        cost("HTTP/1 over TLS costs", "tls-h1", 0.3, "traefik"),
        cost("HTTP/2 over TLS costs", "tls-h2", 1.3, "nginx", "haproxy"),
        cost("HTTP/2 over TLS costs", "tls-h2", 0.3, "traefik"),
        handshakes("P-256", "ecdsa_per_cpu_s"),
        handshakes("RSA 2048", "rsa_per_cpu_s"),
        at_most("10,000 routers cost at most 1.1 times one router", "routers", "ratio", 1.1, "×"),
        at_most("an idle keep-alive connection takes at most 8 KiB", "idle", "kib_per_connection", 8, " KiB"),
        cost("a megabyte to the client costs", "down", 1.25, "haproxy"),
        held("no synchronous middleware adds more than 1.5 µs to a request", max(added, default=None), 1.5, " µs"),
        cost("100 KiB of JSON with gzip cost", "compress", 1.2, "nginx", key="cpu_us_json"),
        cost("1 MiB of text with gzip costs", "compress", 1.2, "nginx", key="cpu_us_text"),
        at_most("a changed file among 10,000 routers is live within 50 ms", "reload", "live_ms", 50, " ms"),
        at_most(
            "a changed file among 10,000 routers costs less than 30 ms of CPU", "reload", "cpu_ms", 30, " ms"
        ),
        at_most("10,000 routers take at most 60 MiB", "startup", "rss_mib", 60, " MiB"),
    ]
