"""The promises that `bench.py --check` holds Martinet to."""

from dataclasses import dataclass

from rounds import Rows


@dataclass(frozen=True)
class Verdict:
    """One promise with the figure it was judged by; `kept` is None when a needed figure was not measured."""

    promise: str
    figure: str
    kept: bool | None


def judge(results: dict[str, Rows]) -> list[Verdict]:
    """All promises, in the order of the table."""

    def value(workload: str, target: str, key: str) -> float | None:
        return results.get(workload, {}).get(target, {}).get(key)

    def at_most(promise: str, figure: float | None, limit: float | None, unit: str) -> Verdict:
        if figure is None or limit is None:
            return Verdict(promise, "not measured", None)
        return Verdict(promise, f"{figure:.2f}{unit} (limit {limit:.2f}{unit})", figure <= limit)

    def at_least(promise: str, figure: float | None, limit: float | None) -> Verdict:
        if figure is None or limit is None:
            return Verdict(promise, "not measured", None)
        return Verdict(promise, f"{figure:,.0f} (limit {limit:,.0f})", figure >= limit)

    def scaled(factor: float, *figures: float | None) -> float | None:
        known = [figure for figure in figures if figure is not None]
        return factor * min(known) if len(known) == len(figures) else None

    cpu = value("small", "martinet", "cpu_us")
    return [
        at_most(
            "small requests cost at most 1.25 times the better of NGINX and HAProxy",
            cpu,
            scaled(1.25, value("small", "nginx", "cpu_us"), value("small", "haproxy", "cpu_us")),
            " µs",
        ),
        at_most(
            "small requests cost at most 0.3 times Traefik",
            cpu,
            scaled(0.3, value("small", "traefik", "cpu_us")),
            " µs",
        ),
        at_most(
            "HTTP/1 over TLS costs at most 1.1 times the better of NGINX and HAProxy",
            value("tls-h1", "martinet", "cpu_us"),
            scaled(1.1, value("tls-h1", "nginx", "cpu_us"), value("tls-h1", "haproxy", "cpu_us")),
            " µs",
        ),
        at_most(
            "HTTP/1 over TLS costs at most 0.3 times Traefik",
            value("tls-h1", "martinet", "cpu_us"),
            scaled(0.3, value("tls-h1", "traefik", "cpu_us")),
            " µs",
        ),
        at_most(
            "HTTP/2 over TLS costs at most 1.3 times the better of NGINX and HAProxy",
            value("tls-h2", "martinet", "cpu_us"),
            scaled(1.3, value("tls-h2", "nginx", "cpu_us"), value("tls-h2", "haproxy", "cpu_us")),
            " µs",
        ),
        at_most(
            "HTTP/2 over TLS costs at most 0.3 times Traefik",
            value("tls-h2", "martinet", "cpu_us"),
            scaled(0.3, value("tls-h2", "traefik", "cpu_us")),
            " µs",
        ),
        *(
            at_least(
                f"full handshakes in a second of CPU, {name} key: at least 0.9 times NGINX",
                value("handshakes", "martinet", key),
                scaled(0.9, value("handshakes", "nginx", key)),
            )
            for name, key in (("P-256", "ecdsa_per_cpu_s"), ("RSA 2048", "rsa_per_cpu_s"))
        ),
        at_most("10,000 routers cost at most 1.1 times one router", value("routers", "martinet", "ratio"), 1.1, "×"),
        at_most(
            "an idle keep-alive connection takes at most 8 KiB",
            value("idle", "martinet", "kib_per_connection"),
            8,
            " KiB",
        ),
        at_most(
            "a megabyte to the client costs at most 1.25 times HAProxy",
            value("down", "martinet", "cpu_us"),
            scaled(1.25, value("down", "haproxy", "cpu_us")),
            " µs",
        ),
        at_most(
            "a changed file among 10,000 routers is live within 50 ms",
            value("reload", "martinet", "live_ms"),
            50,
            " ms",
        ),
        at_most(
            "a changed file among 10,000 routers costs less than 30 ms of CPU",
            value("reload", "martinet", "cpu_ms"),
            30,
            " ms",
        ),
        at_most("10,000 routers take at most 60 MiB", value("startup", "martinet", "rss_mib"), 60, " MiB"),
    ]
