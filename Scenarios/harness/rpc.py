"""A gRPC server and the ways to call it through a proxy. Messages are plain bytes, so nothing has to be compiled."""

import socket
import threading
from concurrent import futures

import grpc

# The largest message either side takes; gRPC's own default is 4 MiB.
LIMIT = 64 << 20
OPTIONS = [("grpc.max_receive_message_length", LIMIT), ("grpc.max_send_message_length", LIMIT)]
DETAILS = b"\x08\x09\x12\x04more"


class Service(grpc.GenericRpcHandler):
    """Methods under any service name: the name is what the proxy routes by."""

    def __init__(self):
        self.cancelled = threading.Semaphore(0)
        self.lock = threading.Lock()
        self.failures = self.hanging = 0

    def service(self, handler_call_details):
        kind, behaviour = {
            "Echo": (grpc.unary_unary_rpc_method_handler, self.echo),
            "Count": (grpc.unary_stream_rpc_method_handler, self.count),
            "Sum": (grpc.stream_unary_rpc_method_handler, self.sum),
            "Chat": (grpc.stream_stream_rpc_method_handler, self.chat),
            "Fail": (grpc.unary_unary_rpc_method_handler, self.fail),
            "FailLate": (grpc.unary_stream_rpc_method_handler, self.fail_late),
            "FailTwice": (grpc.unary_unary_rpc_method_handler, self.fail_twice),
            "Begin": (grpc.unary_stream_rpc_method_handler, self.begin),
            "Hang": (grpc.unary_unary_rpc_method_handler, self.hang),
            "Metadata": (grpc.unary_unary_rpc_method_handler, self.metadata),
        }.get(handler_call_details.method.rsplit("/", 1)[1], (None, None))
        return kind(behaviour) if kind else None

    def echo(self, request, context):
        return request

    def count(self, request, context):
        """As many messages as the request says, each of so many bytes: `messages bytes`."""
        number, size = map(int, request.split())
        for index in range(number):
            yield b"%08d" % index + b"x" * (size - 8)

    def sum(self, requests, context):
        total = [0, 0]
        for request in requests:
            total[0] += 1
            total[1] += len(request)
        return b"%d %d" % tuple(total)

    def chat(self, requests, context):
        yield from requests

    def fail(self, request, context):
        """Without a message, so that the status is in the head: a trailers-only answer."""
        context.set_trailing_metadata((("grpc-status-details-bin", DETAILS), ("reason", "test")))
        context.abort(grpc.StatusCode.FAILED_PRECONDITION, "not ready: \u00fc 100 %")

    def fail_late(self, request, context):
        yield b"one"
        yield b"two"
        context.abort(grpc.StatusCode.DATA_LOSS, "no more")

    def fail_twice(self, request, context):
        with self.lock:
            self.failures += 1
            fails = self.failures % 3 != 0
        if fails:
            context.abort(grpc.StatusCode.UNAVAILABLE, "try again")
        return b"third time"

    def hang(self, request, context):
        """Waits until the call is over, however that comes."""
        over = threading.Event()
        with self.lock:
            self.hanging += 1
        ended = not context.add_callback(over.set) or over.wait(20)
        with self.lock:
            self.hanging -= 1
        if ended:
            self.cancelled.release()
        return b""

    def begin(self, request, context):
        """One message, then nothing more until the call is over."""
        yield b"one"
        self.hang(request, context)

    def metadata(self, request, context):
        """Sends what it got under `x-` back, in the head and behind the message."""
        got = [(name, value) for name, value in context.invocation_metadata()
               if name.startswith("x-") and not name.startswith(("x-forwarded-", "x-real-"))]
        context.send_initial_metadata([("head-" + name, value) for name, value in got])
        context.set_trailing_metadata([("tail-" + name, value) for name, value in got])
        return b"%d" % len(got)


class Server:
    """A server in clear and with TLS, at two ports."""

    def __init__(self, certificate, key):
        self.handler = Service()
        self.server = grpc.server(futures.ThreadPoolExecutor(64), handlers=(self.handler,), options=OPTIONS)
        with open(certificate, "rb") as chain, open(key, "rb") as secret:
            credentials = grpc.ssl_server_credentials([(secret.read(), chain.read())])
        self.clear = self.server.add_insecure_port("127.0.0.1:0")
        self.secure = self.server.add_secure_port("127.0.0.1:0", credentials)
        self.server.start()

    def stop(self):
        self.server.stop(0).wait(5)


class Relay:
    """Stands before a server, so that its connections can be cut as if its machine had gone."""

    def __init__(self, port):
        self.target = port
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.ends = []
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                near = self.listener.accept()[0]
            except OSError:
                return
            far = socket.create_connection(("127.0.0.1", self.target))
            self.ends += [near, far]
            for source, sink in ((near, far), (far, near)):
                threading.Thread(target=self._pump, args=(source, sink), daemon=True).start()

    @staticmethod
    def _pump(source, sink):
        try:
            while data := source.recv(65536):
                sink.sendall(data)
        except OSError:
            pass

    def cut(self):
        """Ends every connection."""
        ends, self.ends = self.ends, []
        for end in ends:
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            end.close()

    def stop(self):
        self.listener.close()
        self.cut()


class Client:
    """Calls methods of one service on one connection."""

    def __init__(self, port, service, authority=None):
        """`authority`: the certificate of the authority, for TLS."""
        # Each client has a connection of its own; without this they share one.
        options = OPTIONS + [("grpc.use_local_subchannel_pool", 1), ("grpc.enable_retries", 0)]
        self.service = service
        if authority:
            with open(authority, "rb") as file:
                credentials = grpc.ssl_channel_credentials(file.read())
            options.append(("grpc.ssl_target_name_override", "a.test"))
            self.channel = grpc.secure_channel(f"127.0.0.1:{port}", credentials, options)
        else:
            self.channel = grpc.insecure_channel(f"127.0.0.1:{port}", options)

    def _path(self, method):
        return f"/{self.service}/{method}"

    def unary(self, method):
        return self.channel.unary_unary(self._path(method))

    def download(self, method):
        return self.channel.unary_stream(self._path(method))

    def upload(self, method):
        return self.channel.stream_unary(self._path(method))

    def both(self, method):
        return self.channel.stream_stream(self._path(method))

    def close(self):
        self.channel.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def failure(call):
    """Runs the call, which must fail; its code, details and trailing metadata."""
    try:
        call()
    except grpc.RpcError as error:
        return error.code(), error.details(), dict(error.trailing_metadata() or ())
    raise AssertionError("the call did not fail")
