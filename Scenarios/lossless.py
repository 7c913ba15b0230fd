#!/usr/bin/env python3
"""Nothing lost: requests keep succeeding while configurations are reloaded and instances are restarted.

    lossless.py --martinet PATH [--reloads 500] [--restarts 20]

Two trials. *Reloads*: clients on keep-alive and on fresh connections send requests without pause, and WebSockets echo, while the
dynamic file is replaced over and over; every answer must be 200 and every WebSocket must live to the end. *Restarts*: two
instances share a port (`reusePort`) and are replaced in turn with SIGTERM; a client that obeys HTTP (it repeats a request
only if the server closed an idle connection before taking a byte of it) must not see an error.
Loopback only, bounded in count and time; ends what it started. Closing line: `N passed, N failed`.
"""
import base64, hashlib, os, signal, socket, subprocess, tempfile, threading, time

from harness import program
from harness.target import free_port


def wait_port(port, seconds=15):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port), 0.5).close()
            return
        except OSError:
            time.sleep(0.02)
    raise SystemExit(f"nothing listens on port {port} after {seconds} s; look at the process's output above")


class Lost(Exception):
    pass


def read_response(reader):
    """Status and body of one answer; raises Lost when it is cut short."""
    line = reader.readline()
    if not line:
        raise ConnectionResetError("closed before an answer")
    status = int(line.split()[1])
    length, close = 0, False
    while True:
        line = reader.readline()
        if line in (b"\r\n", b""):
            break
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
        if name.lower() == b"connection" and b"close" in value.lower():
            close = True
    body = reader.read(length)
    if len(body) != length:
        raise Lost("answer cut short")
    return status, body, close


class Client(threading.Thread):
    """Sends GETs until told to stop; counts answers and failures."""

    def __init__(self, port, keep_alive, tolerate_idle_close):
        super().__init__(daemon=True)
        self.port, self.keep_alive, self.tolerate = port, keep_alive, tolerate_idle_close
        self.done, self.failures, self.stop = 0, [], False

    def run(self):
        connection = reader = None
        fresh = True
        while not self.stop:
            try:
                if connection is None:
                    connection = socket.create_connection(("127.0.0.1", self.port), 5)
                    connection.settimeout(10)
                    reader, fresh = connection.makefile("rb"), True
                connection.sendall(b"GET /bench HTTP/1.1\r\nHost: lossless.test\r\n\r\n")
                status, _, close = read_response(reader)
                if status != 200:
                    raise Lost(f"status {status}")
                self.done += 1
                fresh = False
                if close or not self.keep_alive:
                    connection.close()
                    connection = None
            except Exception as error:
                # RFC 9112 9.3.1: a reused connection may close just as we write; a safe request is sent again.
                if not (self.tolerate and not fresh and isinstance(error, (ConnectionError, BrokenPipeError))):
                    self.failures.append(f"{type(error).__name__}: {error}")
                if connection:
                    connection.close()
                connection = None


class EchoSocket:
    """A WebSocket through the proxy."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), 5)
        self.socket.settimeout(10)
        key = base64.b64encode(os.urandom(16)).decode()
        self.socket.sendall(
            (f"GET /echo HTTP/1.1\r\nHost: lossless.test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
             f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n").encode())
        self.reader = self.socket.makefile("rb")
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            piece = self.reader.read(1)
            if not piece:
                raise Lost("no answer to the upgrade")
            head += piece
        accept = base64.b64encode(hashlib.sha1((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").encode()).digest())
        if b" 101 " not in head.split(b"\r\n")[0] or accept not in head:
            raise Lost(f"upgrade refused: {head[:80]!r}")

    def echo(self, text):
        data, mask = text.encode(), os.urandom(4)
        self.socket.sendall(bytes([0x81, 0x80 | len(data)]) + mask + bytes(b ^ mask[i % 4] for i, b in enumerate(data)))
        head = self.reader.read(2)
        if len(head) < 2 or self.reader.read(head[1]) != data:
            raise Lost("the WebSocket was lost")


class Setup:
    def __init__(self, binary):
        self.binary, self.dir, self.running = binary, tempfile.mkdtemp(prefix="lossless-"), []
        self.backend, self.port = free_port(), free_port()
        self.start(["whoami", "--port", str(self.backend)])
        wait_port(self.backend)
        self.write(0)
        with open(os.path.join(self.dir, "martinet.yml"), "w") as f:
            f.write(f"""entryPoints:
  web:
    address: "127.0.0.1:{self.port}"
    reusePort: true
    transport: {{lifeCycle: {{graceTimeOut: 10s}}}}
providers:
  providersThrottleDuration: 10ms
  file: {{filename: "{self.dir}/dynamic.yml"}}
log: {{level: ERROR}}
""")

    def write(self, generation):
        """Replaces the dynamic file whole, by rename; each generation differs."""
        path = os.path.join(self.dir, "dynamic.yml")
        with open(path + ".new", "w") as f:
            f.write(f"""http:
  routers:
    main: {{rule: "Host(`lossless.test`)", service: main, middlewares: [mark]}}
    other{generation % 7}: {{rule: "Host(`other{generation}.test`)", service: main}}
  middlewares:
    mark: {{headers: {{customResponseHeaders: {{X-Generation: "{generation}"}}}}}}
  services:
    main: {{loadBalancer: {{servers: [{{url: "http://127.0.0.1:{self.backend}"}}]}}}}
""")
        os.rename(path + ".new", path)

    def start(self, arguments):
        process = subprocess.Popen([self.binary] + arguments, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        self.running.append(process)
        return process

    def start_proxy(self):
        process = self.start(["--configFile", os.path.join(self.dir, "martinet.yml")])
        return process

    def wait_serving(self, seconds=15):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                with socket.create_connection(("127.0.0.1", self.port), 1) as s:
                    s.settimeout(2)
                    s.sendall(b"GET /bench HTTP/1.1\r\nHost: lossless.test\r\nConnection: close\r\n\r\n")
                    if read_response(s.makefile("rb"))[0] == 200:
                        return
            except (OSError, Lost):
                pass
            time.sleep(0.02)
        raise SystemExit("the proxy did not serve its first route in time")

    def end(self):
        program.kill_all(self.running, self.dir)


def report(name, clients, extra=()):
    done = sum(c.done for c in clients)
    failures = [f for c in clients for f in c.failures] + list(extra)
    print(f"{name}: {done} requests, {len(failures)} lost", flush=True)
    for failure in failures[:10]:
        print(f"  {failure}")
    return done > 0 and not failures


def run_clients(port, tolerate):
    clients = [Client(port, i % 4 != 3, tolerate) for i in range(8)]
    for client in clients:
        client.start()
    return clients


def stop_clients(clients):
    for client in clients:
        client.stop = True
    for client in clients:
        client.join(15)


def reload_trial(binary, reloads):
    setup = Setup(binary)
    try:
        setup.start_proxy()
        setup.wait_serving()
        clients = run_clients(setup.port, False)
        sockets, lost = [EchoSocket(setup.port) for _ in range(5)], []
        for generation in range(1, reloads + 1):
            setup.write(generation)
            time.sleep(0.02)
            if generation % 25 == 0:
                for index, s in enumerate(sockets):
                    try:
                        s.echo(f"generation {generation}")
                    except Exception as error:
                        lost.append(f"WebSocket {index} at reload {generation}: {error}")
                if generation % 100 == 0:
                    print(f"  {generation} reloads", flush=True)
        stop_clients(clients)
        # The last generation must be the one in force.
        end, seen = time.monotonic() + 5, b""
        while time.monotonic() < end and f"X-Generation: {reloads}".encode() not in seen:
            with socket.create_connection(("127.0.0.1", setup.port), 2) as s:
                s.settimeout(2)
                s.sendall(b"GET /bench HTTP/1.1\r\nHost: lossless.test\r\nConnection: close\r\n\r\n")
                seen = s.makefile("rb").read()
        if f"X-Generation: {reloads}".encode() not in seen:
            lost.append("the last reload is not in force")
        return report(f"{reloads} reloads", clients, lost)
    finally:
        setup.end()


def restart_trial(binary, restarts):
    setup = Setup(binary)
    try:
        instances = [setup.start_proxy(), setup.start_proxy()]
        setup.wait_serving()
        time.sleep(0.5)
        clients, extra = run_clients(setup.port, True), []
        for number in range(restarts):
            old = instances.pop(0)
            instances.append(setup.start_proxy())
            time.sleep(0.4)
            old.send_signal(signal.SIGTERM)
            try:
                if old.wait(15) != 0:
                    extra.append(f"restart {number}: exit status {old.returncode}")
            except subprocess.TimeoutExpired:
                extra.append(f"restart {number}: did not end within its grace")
        stop_clients(clients)
        return report(f"{restarts} restarts", clients, extra)
    finally:
        setup.end()


def main():
    options = program.trial(__doc__, reloads=500, restarts=20)
    results = [reload_trial(options.martinet, options.reloads), restart_trial(options.martinet, options.restarts)]
    program.finish(results.count(True), results.count(False))


if __name__ == "__main__":
    main()
