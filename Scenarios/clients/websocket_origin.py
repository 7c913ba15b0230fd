"""The WebSocket server behind the proxy, by the package `websockets`."""

import queue
import threading

from websockets.exceptions import ConnectionClosed
from websockets.sync.server import serve


def _chosen(_, offered):
    """The subprotocol: `chat.v1` if it is offered, none otherwise."""
    return "chat.v1" if "chat.v1" in offered else None


class WebSocketOrigin:
    """Listens on `port`. /ws/echo echoes, /ws/close closes with 4321, /ws/ping pings its client; `closed` gets the codes and
    reasons that clients closed with."""

    def __init__(self):
        self.closed = queue.Queue()
        self.server = serve(self._serve, "127.0.0.1", 0, select_subprotocol=_chosen, max_size=1 << 24)
        self.port = self.server.socket.getsockname()[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        """Stops listening and ends what is open."""
        self.server.shutdown()

    def _serve(self, connection):
        path = connection.request.path
        try:
            if path == "/ws/close":
                connection.close(4321, "as agreed")
            elif path == "/ws/ping":
                answered = connection.ping(b"are you there?").wait(5)
                connection.send("answered" if answered else "silent")
                connection.close()
            else:
                for message in connection:
                    connection.send(message)
        except ConnectionClosed:
            pass
        self.closed.put((connection.close_code, connection.close_reason))
