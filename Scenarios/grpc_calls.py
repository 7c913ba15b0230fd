#!/usr/bin/env python3
"""gRPC through the proxy, with the real client and the real server of grpcio.

    grpc_calls.py [--martinet PATH] [--target traefik|martinet|both] [--filter GLOB]

Every check runs through Traefik and through Martinet with the same expectations; most of them four times, for a client and a
server that speak TLS or not. Loopback only, bounded in time; ends what it started. Closing line: `N passed, N failed`.
"""

import argparse
import fnmatch
import itertools
import os
import queue
import shutil
import sys
import tempfile
import threading
import time
import traceback

import yaml
from grpc import StatusCode

from harness import certificates
from harness.rpc import DETAILS, Client, Relay, Server, failure
from harness.target import Target, free_port

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SECONDS = 30  # that a call may take when it is to succeed
CHECKS, ONCE = [], []


def check(function):
    """A check of one client, run for each pair of transports."""
    CHECKS.append(function)
    return function


def once(function):
    """A check of the proxy as a whole."""
    ONCE.append(function)
    return function


class World:
    """A proxy, the server behind it, and where it listens."""

    def __init__(self, name, binary, directory):
        paths = certificates.copy_into(directory)
        self.authority = paths["certificate.ca"]
        self.server = Server(paths["certificate.backend"], paths["key.backend"])
        self.relay = Relay(self.server.clear)
        self.target = Target(name, binary, directory)
        self.target.ports = {"web": free_port(), "secure": free_port(), "traefik": free_port()}
        self.dynamic = os.path.join(directory, "dynamic.yaml")
        self.routing = self._routing(paths)
        self.publish()
        static = self.target.write_static(
            {"entryPoints": {"web": {}, "secure": {}}}, {"filename": self.dynamic})
        self.target.start([f"--configFile={static}"], None, "generation-0")

    def _routing(self, paths):
        def service(url, **options):
            return {"loadBalancer": {"servers": [{"url": url}], **options}}

        rules = {"clear": "PathPrefix(`/clear.`)", "tls": "PathPrefix(`/tls.`)", "down": "PathPrefix(`/down.`)",
                 "retried": "PathPrefix(`/retried.`)", "relayed": "PathPrefix(`/relayed.`)"}
        routers = {}
        for name, rule in rules.items():
            router = {"rule": rule, "service": name, "entryPoints": ["web"]}
            routers[name] = router
            routers[name + "-secure"] = {**router, "entryPoints": ["secure"], "tls": {}}
        for name in ("retried", "retried-secure"):
            routers[name]["middlewares"] = ["again"]
        return {
            "http": {
                "routers": routers,
                "services": {
                    "clear": service(f"h2c://127.0.0.1:{self.server.clear}"),
                    "tls": service(f"https://127.0.0.1:{self.server.secure}", serversTransport="ours"),
                    "down": service(f"h2c://127.0.0.1:{free_port()}"),
                    "relayed": service(f"h2c://127.0.0.1:{self.relay.port}"),
                    "retried": service(f"h2c://127.0.0.1:{self.server.clear}"),
                },
                "serversTransports": {"ours": {"rootCAs": [self.authority]}},
                "middlewares": {"again": {"retry": {"attempts": 3, "initialInterval": "10ms"}}},
            },
            "tls": {"certificates": [{"certFile": paths["certificate.exact"], "keyFile": paths["key.exact"]}]},
        }

    def publish(self, generation=0):
        """Puts the routing in force, under a router whose name tells one generation from another."""
        routing = {**self.routing, "http": {**self.routing["http"]}}
        marker = {"rule": "Path(`/marker`)", "service": "clear"}
        routing["http"]["routers"] = {**routing["http"]["routers"], f"generation-{generation}": marker}
        with open(self.dynamic + ".new", "w", encoding="utf-8") as file:
            yaml.safe_dump(routing, file)
        os.replace(self.dynamic + ".new", self.dynamic)

    def wait_for(self, generation):
        until(lambda: b"generation-%d@" % generation in
              Target.get(self.target.ports["traefik"], "/api/rawdata").body, "the new configuration is in force")

    def client(self, client_tls=False, server="clear"):
        """A client whose calls go to that server."""
        port = self.target.ports["secure" if client_tls else "web"]
        return Client(port, f"{server}.Service", self.authority if client_tls else None)

    def stop(self):
        self.target.stop()
        self.relay.stop()
        self.server.stop()


def until(condition, what, seconds=10):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise AssertionError(f"not within {seconds} s: {what}")
        time.sleep(0.02)


def equal(found, wanted):
    assert found == wanted, f"wanted {wanted!r:.300}, found {found!r:.300}"


# One call of each kind.

@check
def answers_a_unary_call(world, client):
    equal(client.unary("Echo")(b"hello", timeout=SECONDS), b"hello")


@check
def answers_an_empty_message(world, client):
    equal(client.unary("Echo")(b"", timeout=SECONDS), b"")


@check
def streams_from_the_server(world, client):
    messages = list(client.download("Count")(b"3000 1000", timeout=SECONDS))
    equal([int(message[:8]) for message in messages], list(range(3000)))
    equal({len(message) for message in messages}, {1000})


@check
def streams_nothing_from_the_server(world, client):
    equal(list(client.download("Count")(b"0 8", timeout=SECONDS)), [])


@check
def streams_from_the_client(world, client):
    equal(client.upload("Sum")(iter([b"x" * 1000] * 3000), timeout=SECONDS), b"3000 3000000")


@check
def streams_both_ways_in_turn(world, client):
    """Each message must pass before the next is sent: nothing may wait for more."""
    sent = queue.Queue()
    answers = client.both("Chat")(iter(sent.get, None), timeout=SECONDS)
    for index in range(50):
        sent.put(b"message %d" % index)
        equal(next(answers), b"message %d" % index)
    sent.put(None)
    equal(list(answers), [])
    equal(answers.code(), StatusCode.OK)


# Sizes and numbers.

@check
def passes_large_messages_both_ways(world, client):
    message = os.urandom(1 << 20) * 8
    equal(client.unary("Echo")(message, timeout=SECONDS) == message, True)


@check
def streams_more_than_any_window_both_ways(world, client):
    message = os.urandom(1 << 19)
    answers = client.both("Chat")(iter([message] * 40), timeout=SECONDS)
    equal(sum(answer == message for answer in answers), 40)


@check
def waits_for_a_client_that_reads_slowly(world, client):
    """What is not read stays with the server; what another call needs is not held up by it."""
    slow = client.download("Count")(b"4000 8192", timeout=SECONDS)
    next(slow)
    time.sleep(0.2)
    equal(client.unary("Echo")(b"meanwhile", timeout=SECONDS), b"meanwhile")
    equal(sum(1 for _ in slow), 3999)


@check
def answers_many_calls_at_once(world, client):
    calls = [client.unary("Echo").future(b"%d" % index, timeout=SECONDS) for index in range(400)]
    equal([call.result() for call in calls], [b"%d" % index for index in range(400)])


@check
def carries_many_open_streams(world, client):
    """All are open at the same time: none is closed before the last one has got an answer."""
    calls = []
    for index in range(60):
        sent = queue.Queue()
        calls.append((sent, client.both("Chat")(iter(sent.get, None), timeout=SECONDS)))
    for index, (sent, answers) in enumerate(calls):
        sent.put(b"%d" % index)
        equal(next(answers), b"%d" % index)
    for sent, answers in calls:
        sent.put(None)
        equal(list(answers), [])


# Metadata and errors.

@check
def passes_metadata_both_ways(world, client):
    sent = (("x-text", "a value, with comma"), ("x-twice", "1"), ("x-twice", "2"), ("x-raw-bin", bytes(range(256))))
    call = client.unary("Metadata").with_call(b"", timeout=SECONDS, metadata=sent)[1]
    head = [(name, value) for name, value in call.initial_metadata() if name.startswith("head-x-")]
    tail = [(name, value) for name, value in call.trailing_metadata() if name.startswith("tail-x-")]
    equal(sorted(head), sorted(("head-" + name, value) for name, value in sent))
    equal(sorted(tail), sorted(("tail-" + name, value) for name, value in sent))


@check
def passes_a_status_without_a_message(world, client):
    code, details, trailing = failure(lambda: client.unary("Fail")(b"", timeout=SECONDS))
    equal((code, details), (StatusCode.FAILED_PRECONDITION, "not ready: \u00fc 100 %"))
    equal((trailing.get("grpc-status-details-bin"), trailing.get("reason")), (DETAILS, "test"))


@check
def passes_a_status_behind_messages(world, client):
    answers = client.download("FailLate")(b"", timeout=SECONDS)
    equal((next(answers), next(answers)), (b"one", b"two"))
    equal(failure(lambda: next(answers))[:2], (StatusCode.DATA_LOSS, "no more"))


@check
def tells_of_an_unknown_method(world, client):
    equal(failure(lambda: client.unary("None")(b"", timeout=SECONDS))[0], StatusCode.UNIMPLEMENTED)


# Endings.

@check
def passes_a_deadline_to_both_ends(world, client):
    equal(failure(lambda: client.unary("Hang")(b"", timeout=0.5))[0], StatusCode.DEADLINE_EXCEEDED)
    assert world.server.handler.cancelled.acquire(timeout=10), "the server was not told"


@check
def passes_a_cancellation_to_the_server(world, client):
    call = client.unary("Hang").future(b"", timeout=SECONDS)
    until(lambda: world.server.handler.hanging == 1, "the call has reached the server")
    call.cancel()
    assert world.server.handler.cancelled.acquire(timeout=10), "the server was not told"


@check
def cancels_the_calls_of_a_client_that_leaves(world, client):
    calls = [client.unary("Hang").future(b"", timeout=SECONDS) for _ in range(5)]
    until(lambda: world.server.handler.hanging == len(calls), "the calls have reached the server")
    client.close()
    for _ in range(5):
        assert world.server.handler.cancelled.acquire(timeout=10), "the server was not told"


# The proxy's own answers, and changes of its configuration.

@once
def tells_of_a_server_that_is_down(world):
    for client_tls in (False, True):
        with world.client(client_tls, "down") as client:
            equal(failure(lambda: client.unary("Echo")(b"", timeout=SECONDS))[0], StatusCode.UNAVAILABLE)


@once
def tells_of_a_server_that_dies(world):
    """Before the head of the answer, and behind a message; then the next call finds another connection."""
    for client_tls in (False, True):
        with world.client(client_tls, "relayed") as client:
            call = client.unary("Hang").future(b"", timeout=SECONDS)
            until(lambda: world.server.handler.hanging == 1, "the call has reached the server")
            world.relay.cut()
            equal(failure(call.result)[0], StatusCode.UNKNOWN)
            assert world.server.handler.cancelled.acquire(timeout=10), "the server was not told"
            equal(client.unary("Echo")(b"again", timeout=SECONDS), b"again")
            answers = client.download("Begin")(b"", timeout=SECONDS)
            equal(next(answers), b"one")
            world.relay.cut()
            equal(failure(lambda: next(answers))[0], StatusCode.INTERNAL)
            assert world.server.handler.cancelled.acquire(timeout=10), "the server was not told"
            equal(client.unary("Echo")(b"again", timeout=SECONDS), b"again")


@once
def tells_of_a_service_without_a_route(world):
    for client_tls in (False, True):
        with world.client(client_tls, "nowhere") as client:
            equal(failure(lambda: client.unary("Echo")(b"", timeout=SECONDS))[0], StatusCode.UNIMPLEMENTED)


@once
def retries_no_call_that_has_a_status(world):
    """A status is an answer (HTTP 200): only the client may decide to call again."""
    with world.client(server="retried") as client:
        for _ in range(2):
            equal(failure(lambda: client.unary("FailTwice")(b"", timeout=SECONDS))[:2],
                  (StatusCode.UNAVAILABLE, "try again"))
        equal(client.unary("FailTwice")(b"", timeout=SECONDS), b"third time")


@once
def keeps_streams_through_reloads(world):
    with world.client() as clear, world.client(True, "tls") as secure:
        open_streams = []
        for client in (clear, secure) * 10:
            sent = queue.Queue()
            open_streams.append((sent, client.both("Chat")(iter(sent.get, None), timeout=SECONDS)))
        for generation in range(1, 6):
            world.publish(generation)
            world.wait_for(generation)
            for sent, answers in open_streams:
                sent.put(b"generation %d" % generation)
                equal(next(answers), b"generation %d" % generation)
        for sent, answers in open_streams:
            sent.put(None)
            equal(list(answers), [])


@once
def carries_hundreds_of_streams(world):
    """Far more than one connection may carry, from several clients."""
    clients = [world.client(number % 2 == 1, "clear" if number % 4 < 2 else "tls") for number in range(8)]
    failures, threads = [], []

    def use(client, number):
        try:
            messages = [b"%d %d" % (number, index) for index in range(20)]
            equal(list(client.both("Chat")(iter(messages), timeout=SECONDS)), messages)
        except Exception as error:  # pylint: disable=broad-except
            failures.append(error)

    for number in range(320):
        threads.append(threading.Thread(target=use, args=(clients[number % 8], number)))
        threads[-1].start()
    for thread in threads:
        thread.join()
    for client in clients:
        client.close()
    equal(failures, [])


def attempt(name, function):
    """Runs one check; whether it passed."""
    began = time.monotonic()
    try:
        function()
    except Exception as error:  # pylint: disable=broad-except
        lines = traceback.format_exception_only(error)
        print(f"FAILED {name}: {''.join(lines).strip():.800}", flush=True)
        return False
    print(f"passed {name} ({time.monotonic() - began:.2f} s)", flush=True)
    return True


def run(name, binary, pattern):
    """All checks against one proxy: numbers passed and failed."""
    results = []
    directory = tempfile.mkdtemp(prefix="grpc-calls-")
    world = World(name, binary, directory)
    try:
        for client_tls, server in itertools.product((False, True), ("clear", "tls")):
            for function in CHECKS:
                title = f"{name}: {function.__name__}, client {'TLS' if client_tls else 'clear'}, server {server}"
                if fnmatch.fnmatch(title, pattern):
                    with world.client(client_tls, server) as client:
                        results.append(attempt(title, lambda: function(world, client)))
        for function in ONCE:
            title = f"{name}: {function.__name__}"
            if fnmatch.fnmatch(title, pattern):
                results.append(attempt(title, lambda: function(world)))
    finally:
        if not all(results):
            print(world.target.log_tail(5), end="")
        world.stop()
        shutil.rmtree(directory, ignore_errors=True)
    return sum(results), len(results) - sum(results)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--target", choices=["traefik", "martinet", "both"], default="both")
    parser.add_argument("--martinet", default=os.path.join(ROOT, ".build/release/martinet"))
    parser.add_argument("--traefik", default=os.path.join(ROOT, ".cache/venv/bin/traefik"))
    parser.add_argument("--filter", default="*", metavar="GLOB", help="of the lines that are printed")
    options = parser.parse_args()
    passed = failed = 0
    for name in ("traefik", "martinet"):
        if options.target in (name, "both"):
            good, bad = run(name, getattr(options, name), options.filter)
            passed, failed = passed + good, failed + bad
    print(f"{passed} passed, {failed} failed")
    sys.exit(0 if failed == 0 and passed else 1)


if __name__ == "__main__":
    main()
