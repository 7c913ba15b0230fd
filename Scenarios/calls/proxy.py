"""The proxy's own answers, and changes of its configuration."""

import threading

from grpc import StatusCode

from harness.rpc import failure

from .checks import SECONDS, Chat, cancelled, code, equal, hanging, once


@once
def tells_of_a_server_that_is_down(world):
    _no_call_succeeds(world, "down", StatusCode.UNAVAILABLE)


@once
def tells_of_a_server_that_dies(world):
    """Before the head of the answer, and behind a message; then the next call finds another connection."""
    for client_tls in (False, True):
        with world.client(client_tls, "relayed") as client:
            call = client.unary("Hang").future(b"", timeout=SECONDS)
            hanging(world)
            _cut(world, client, call.result, StatusCode.UNKNOWN)
            answers = client.download("Begin")(b"", timeout=SECONDS)
            equal(next(answers), b"one")
            _cut(world, client, lambda: next(answers), StatusCode.INTERNAL)


def _cut(world, client, call, status):
    """Cuts the connection to the server: the call fails, both ends are told, and the next one succeeds."""
    world.relay.cut()
    equal(code(call), status)
    cancelled(world)
    equal(client.unary("Echo")(b"again", timeout=SECONDS), b"again")


@once
def tells_of_a_service_without_a_route(world):
    _no_call_succeeds(world, "nowhere", StatusCode.UNIMPLEMENTED)


def _no_call_succeeds(world, server, status):
    """Calls to `server` end with that status, with TLS and without."""
    for client_tls in (False, True):
        with world.client(client_tls, server) as client:
            equal(code(lambda: client.unary("Echo")(b"", timeout=SECONDS)), status)


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
        chats = [Chat(client) for client in (clear, secure) * 10]
        for generation in range(1, 6):
            world.publish(generation)
            world.wait_for(generation)
            for chat in chats:
                chat.say(b"generation %d" % generation)
        for chat in chats:
            chat.end()


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
