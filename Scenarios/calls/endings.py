"""Metadata, errors, and the ends of calls that do not succeed."""

from grpc import StatusCode

from harness.rpc import DETAILS, failure

from .checks import SECONDS, cancelled, check, code, equal, hanging

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
    status, details, trailing = failure(lambda: client.unary("Fail")(b"", timeout=SECONDS))
    equal((status, details), (StatusCode.FAILED_PRECONDITION, "not ready: \u00fc 100 %"))
    equal((trailing.get("grpc-status-details-bin"), trailing.get("reason")), (DETAILS, "test"))


@check
def passes_a_status_behind_messages(world, client):
    answers = client.download("FailLate")(b"", timeout=SECONDS)
    equal((next(answers), next(answers)), (b"one", b"two"))
    equal(failure(lambda: next(answers))[:2], (StatusCode.DATA_LOSS, "no more"))


@check
def tells_of_an_unknown_method(world, client):
    equal(code(lambda: client.unary("None")(b"", timeout=SECONDS)), StatusCode.UNIMPLEMENTED)


# Endings.

@check
def passes_a_deadline_to_both_ends(world, client):
    equal(code(lambda: client.unary("Hang")(b"", timeout=0.5)), StatusCode.DEADLINE_EXCEEDED)
    cancelled(world)


@check
def passes_a_cancellation_to_the_server(world, client):
    call = client.unary("Hang").future(b"", timeout=SECONDS)
    hanging(world)
    call.cancel()
    cancelled(world)


@check
def cancels_the_calls_of_a_client_that_leaves(world, client):
    calls = [client.unary("Hang").future(b"", timeout=SECONDS) for _ in range(5)]
    hanging(world, len(calls))
    client.close()
    cancelled(world, len(calls))
