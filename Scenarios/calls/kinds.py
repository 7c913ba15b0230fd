"""Calls of every kind and size that succeed."""

import os
import time

from grpc import StatusCode

from .checks import SECONDS, Chat, check, equal

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
    chat = Chat(client)
    for index in range(50):
        chat.say(b"message %d" % index)
    chat.end()
    equal(chat.answers.code(), StatusCode.OK)


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
    chats = [Chat(client) for _ in range(60)]
    for index, chat in enumerate(chats):
        chat.say(b"%d" % index)
    for chat in chats:
        chat.end()
