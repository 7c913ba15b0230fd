"""Interleaved rounds (A B C, A B C, …) and their medians: what all workloads are made of."""

import statistics
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import cache

from clients import Load, wait_until_answers
from processes import Server

Row = dict[str, float]
Rows = dict[str, Row]


@dataclass(frozen=True)
class Effort:
    """How long and how often to measure, in seconds and rounds."""

    seconds: float
    rounds: int

    @staticmethod
    def of(quick: bool) -> "Effort":
        """Quick proves that the harness works; only the full effort gives figures worth keeping.

        Short rounds and several of them: what disturbs a machine lasts seconds, and the median leaves it out.
        """
        return Effort(1, 1) if quick else Effort(1, 9)


def say(text: str) -> None:
    """A progress line."""
    print(f"    {text}", flush=True)


class Medians(Rows):
    """The median of every figure of every target, and the rounds that they are the medians of."""

    def __init__(self, samples: dict[str, list[Row]]) -> None:
        super().__init__(
            (name, {key: statistics.median(row[key] for row in rows) for key in rows[0]})
            for name, rows in samples.items()
        )
        self.rounds = samples

    def ratio(self, target: str, other: str, key: str) -> float | None:
        """The median of the ratios in the same round: a machine whose speed drifts changes both sides of a ratio."""
        pairs = zip(self.rounds.get(target, []), self.rounds.get(other, []))
        ratios = [mine[key] / theirs[key] for mine, theirs in pairs if key in mine and key in theirs]
        return statistics.median(ratios) if ratios else None


def medians(samples: dict[str, list[Row]]) -> Medians:
    """Of what was measured in rounds."""
    return Medians(samples)


def interleaved(
    names: Iterable[str], start: Callable[[str], Server], effort: Effort, measure: Callable[[Server, float], Row]
) -> Medians:
    """Starts all targets, warms each up, then measures one after the other, round after round.

    `measure` is given the server and for how many seconds to load it.
    """
    samples: dict[str, list[Row]] = {}
    with ExitStack() as stack:
        servers = {}
        for name in names:
            samples[name] = []
            servers[name] = start(name)
            stack.callback(servers[name].stop)
        for server in servers.values():
            wait_until_answers(server, "h0.test", "/api/v1")
        for turn in range(effort.rounds + 1):
            for name, server in servers.items():
                server.check_alive()
                # Round 0 fills pools and caches, takes a second and is not counted.
                row = measure(server, effort.seconds if turn else 1)
                if turn:
                    samples[name].append(row)
                    say(f"round {turn} {name}: " + ", ".join(f"{key} {value:.4g}" for key, value in row.items()))
    return medians(samples)


def in_parts(
    names: Iterable[str],
    parts: Iterable[str],
    start: Callable[[str, str], Server],
    effort: Effort,
    measure: Callable[[Server, str, float], Row],
) -> Medians:
    """The same with work in several parts that take turns; the figures of all parts of a proxy are one row.

    `start` is given proxy and part, and may give the same server for all parts of a proxy.
    """
    variants = {f"{name} {part}": (name, part) for part in parts for name in names}

    def begin(variant: str) -> Server:
        name, part = variants[variant]
        return replace(start(name, part), part=part)

    measured = interleaved(variants, begin, effort, lambda server, seconds: measure(server, server.part, seconds))
    samples: dict[str, list[Row]] = {}
    for variant, (name, _) in variants.items():
        rows = measured.rounds[variant]
        samples[name] = [before | row for before, row in zip(samples.get(name) or [{}] * len(rows), rows)]
    return Medians(samples)


def one_server(start: Callable[[str], Server]) -> Callable[[str, str], Server]:
    """For `in_parts`: starts each proxy once, so that all parts share process, memory and moment."""
    started = cache(start)
    return lambda name, _: started(name)


def cost(server: Server, load: Callable[[], Load]) -> tuple[float, float]:
    """Runs `load`: CPU microseconds of the proxy per request, message or handshake, and how many there were a second."""
    before = server.cpu_seconds()
    result = load()
    return (server.cpu_seconds() - before) * 1e6 / result.requests, result.rate
