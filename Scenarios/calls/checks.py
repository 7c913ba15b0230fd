"""How checks are told apart and what they are made of."""

import queue
import time

from harness.rpc import failure

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


def until(condition, what, seconds=10):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise AssertionError(f"not within {seconds} s: {what}")
        time.sleep(0.02)


def equal(found, wanted):
    assert found == wanted, f"wanted {wanted!r:.300}, found {found!r:.300}"


def hanging(world, calls=1):
    """Waits until so many calls of `Hang` have reached the server."""
    until(lambda: world.server.handler.hanging == calls, "the calls have reached the server")


def cancelled(world, calls=1):
    """The server must be told that so many of its calls are over."""
    for _ in range(calls):
        assert world.server.handler.cancelled.acquire(timeout=10), "the server was not told"


def code(call):
    """The status that a failing call ends with."""
    return failure(call)[0]


class Chat:
    """A stream in both directions whose messages are sent one at a time; each is to come back."""

    def __init__(self, client):
        self.sent = queue.Queue()
        self.answers = client.both("Chat")(iter(self.sent.get, None), timeout=SECONDS)

    def say(self, message):
        self.sent.put(message)
        equal(next(self.answers), message)

    def end(self):
        self.sent.put(None)
        equal(list(self.answers), [])
