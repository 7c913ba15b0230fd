#!/usr/bin/env python3
"""What a service manager sees: sockets that it opened are used, and it is told how the process is.

    activation.py --martinet PATH

Plays systemd: opens listening sockets, hands them over by the protocol of sd_listen_fds(3), and listens for the messages of
sd_notify(3). Loopback only, bounded in time; ends what it started. Closing line: `N passed, N failed`.
"""
import os, shutil, signal, socket, subprocess, tempfile, time

from harness import program
from harness.target import free_port


class Manager:
    """A service manager with one service."""

    def __init__(self, binary):
        self.binary, self.directory, self.process = binary, tempfile.mkdtemp(prefix="activation-"), None
        self.notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.notify.bind(os.path.join(self.directory, "notify"))
        self.notify.settimeout(10)
        self.heard = []

    def listen(self):
        s = socket.create_server(("127.0.0.1", 0))
        return s, s.getsockname()[1]

    def start(self, named, addresses):
        """Starts the service with these sockets by name; `addresses` is what its configuration says of entry points."""
        path = os.path.join(self.directory, "static.yml")
        points = "\n".join(f'  {name}: {{address: "127.0.0.1:{port}"}}' for name, port in addresses.items())
        with open(path, "w") as f:
            # Files are not watched, and changes wait a second to be published: only a reload that is waited for finds them in force.
            f.write(f"entryPoints:\n{points}\nping: {{entryPoint: web}}\nlog: {{level: INFO}}\n"
                    "providers: {providersThrottleDuration: 1s, "
                    f'file: {{filename: "{self.directory}/dynamic.yml", watch: false}}}}\n')
        # Copies on the numbers from 3 on. Python's own descriptors may stand there, so they are moved up first.
        high = [os.dup2(s.fileno(), 100 + index, inheritable=True) for index, (_, s) in enumerate(named)]

        def prepare():
            for index, descriptor in enumerate(high):
                os.dup2(descriptor, 3 + index, inheritable=True)

        environment = {
            "PATH": os.environ.get("PATH", ""), "NOTIFY_SOCKET": os.path.join(self.directory, "notify"),
            "WATCHDOG_USEC": "400000", "LISTEN_FDS": str(len(named)), "LISTEN_FDNAMES": ":".join(name for name, _ in named),
        }
        with open(os.path.join(self.directory, "log"), "wb") as log:
            # The shell knows its process id, which stays that of what it becomes.
            self.process = subprocess.Popen(
                ["/bin/sh", "-c", 'LISTEN_PID=$$; export LISTEN_PID; exec "$@"', "sh", self.binary, "--configFile", path],
                stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, env=environment, preexec_fn=prepare,
                pass_fds=[3 + index for index in range(len(named))] + high)
        for descriptor in high:
            os.close(descriptor)

    def route_to(self, path):
        """Has requests for `path` answered by the service `ping@internal`."""
        with open(os.path.join(self.directory, "dynamic.yml"), "w") as f:
            f.write(f'http: {{routers: {{one: {{rule: "Path(`{path}`)", entryPoints: [web], service: ping@internal}}}}}}\n')

    def wait_for(self, beginning):
        """The next message that begins so; others are kept in `heard`."""
        end = time.monotonic() + 10
        while time.monotonic() < end:
            message = self.notify.recv(512).decode()
            self.heard.append(message)
            if message.startswith(beginning):
                return message
        raise TimeoutError(beginning)

    def log_text(self):
        with open(os.path.join(self.directory, "log"), errors="replace") as f:
            return f.read()

    def end(self):
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.notify.close()
        shutil.rmtree(self.directory, ignore_errors=True)


def ping(connection, path="/ping"):
    connection.settimeout(5)
    connection.sendall(f"GET {path} HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n".encode())
    answer = b""
    while piece := connection.recv(4096):
        answer += piece
    return answer.split(b"\r\n")[0] == b"HTTP/1.1 200 OK"


def trial(binary):
    problems = []

    def check(condition, text):
        if not condition:
            problems.append(text)

    manager = Manager(binary)
    try:
        (web, web_port), (other, _) = manager.listen(), manager.listen()
        own, unused = free_port(), free_port()
        # A client may come before the process does: its connection waits in the socket.
        early = socket.create_connection(("127.0.0.1", web_port), 5)
        manager.route_to("/before")
        manager.start([("web", web), ("nobody", other)], {"web": unused, "admin": own})
        manager.wait_for("READY=1")
        check(ping(early), "a connection made before the process was not served")
        check(ping(socket.create_connection(("127.0.0.1", web_port), 5)), "the inherited socket is not served")
        socket.create_connection(("127.0.0.1", own), 5).close()
        try:
            socket.create_connection(("127.0.0.1", unused), 1).close()
            problems.append("the address of an entry point with an inherited socket was opened, too")
        except OSError:
            pass
        manager.wait_for("WATCHDOG=1")
        manager.wait_for("WATCHDOG=1")
        for path in ("/first", "/second"):
            manager.route_to(path)
            manager.process.send_signal(signal.SIGHUP)
            check("MONOTONIC_USEC=" in manager.wait_for("RELOADING=1"), "a reload without its time")
            manager.wait_for("READY=1")
            check(ping(socket.create_connection(("127.0.0.1", web_port), 5), path), f"{path} was not in force at READY=1")
        check(ping(socket.create_connection(("127.0.0.1", web_port), 5)), "no service after a reload")
        check("nobody" in manager.log_text(), "nothing in the log about a socket that nobody wants")
        manager.process.send_signal(signal.SIGTERM)
        manager.wait_for("STOPPING=1")
        check(manager.process.wait(15) == 0, f"exit status {manager.process.returncode}")
        # The manager's copy still listens: clients wait for the next process.
        socket.create_connection(("127.0.0.1", web_port), 5).close()
    except (OSError, TimeoutError) as error:
        problems.append(f"{type(error).__name__}: {error}; heard {manager.heard}\n{manager.log_text()}")
    finally:
        manager.end()
    return problems


def main():
    problems = trial(program.trial(__doc__).martinet)
    for problem in problems:
        print(f"  failed: {problem}", flush=True)
    program.finish(int(not problems), int(bool(problems)))


if __name__ == "__main__":
    main()
