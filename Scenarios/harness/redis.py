"""A real Redis server, or a sentinel, as a server of a scenario; it can be stopped, started again and held up while it runs."""

import os
import shutil
import signal
import subprocess
import tempfile
import time

from .target import free_port


class RedisServer:
    """`seen` and `connections` are there because every server of a scenario has them; a Redis records nothing."""

    def __init__(self, name, behaviour):
        self.name, self.behaviour = name, behaviour or {}
        self.seen, self.connections = [], 0
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}"
        self.directory = tempfile.mkdtemp(prefix="scenario-redis-")
        # Where the nodes of a cluster speak to each other.
        self.bus = free_port()
        self.process = None
        if not self.behaviour.get("absent"):
            self.start()

    def start(self):
        """Starts it, empty, and waits until it answers."""
        program = shutil.which("redis-server")
        if program is None:
            raise RuntimeError("redis-server is not installed: run scripts/install-packages.sh test")
        clear, secure = ("0", str(self.port)) if "tls" in self.behaviour else (str(self.port), "0")
        options = ["--bind", "127.0.0.1", "--port", clear, "--tls-port", secure, "--save", "", "--dir", self.directory]
        if "tls" in self.behaviour:
            pair = self.behaviour["tls"]
            options += ["--tls-cert-file", pair["certificate"], "--tls-key-file", pair["key"],
                        "--tls-ca-cert-file", pair["authority"], "--tls-auth-clients", "yes" if "clients" in pair else "no"]
        if "password" in self.behaviour:
            options += ["--requirepass", self.behaviour["password"]]
        for user, password in (self.behaviour.get("users") or {}).items():
            options += ["--user", user, "on", f">{password}", "~*", "+@all"]
        if self.behaviour.get("cluster"):
            options += ["--cluster-enabled", "yes", "--cluster-port", str(self.bus)]
        if self.behaviour.get("sentinel"):
            # A sentinel writes down what it learns.
            with open(os.path.join(self.directory, "sentinel.conf"), "w", encoding="utf-8"):
                pass
            options = [os.path.join(self.directory, "sentinel.conf"), "--sentinel", *options]
        with open(os.path.join(self.directory, "log"), "ab") as log:
            self.process = subprocess.Popen([program, *options], stdout=log, stderr=subprocess.STDOUT,
                                            stdin=subprocess.DEVNULL)
        deadline = time.monotonic() + 5
        while "PONG" not in self.command(["PING"]):
            if self.process.poll() is not None or time.monotonic() > deadline:
                with open(os.path.join(self.directory, "log"), encoding="utf-8") as log:
                    said = log.read()[-400:]
                self.stop()
                raise RuntimeError(f"redis-server did not start: {said}")
            time.sleep(0.03)

    def command(self, words):
        """The answer of redis-cli, without its last line end."""
        options = ["-p", str(self.port), "--no-auth-warning"]
        if "tls" in self.behaviour:
            pair = self.behaviour["tls"]
            options += ["--tls", "--cacert", pair["authority"]]
            if "clients" in pair:
                options += ["--cert", pair["clients"]["certificate"], "--key", pair["clients"]["key"]]
        if "password" in self.behaviour:
            options += ["-a", self.behaviour["password"]]
        done = subprocess.run(["redis-cli", *options, *map(str, words)], capture_output=True, text=True, timeout=5,
                              stdin=subprocess.DEVNULL, check=False)
        return (done.stdout + done.stderr).rstrip("\n")

    def hold(self):
        """It runs no more, but its connections stay."""
        self.process.send_signal(signal.SIGSTOP)

    def release(self):
        """It goes on where it was held."""
        self.process.send_signal(signal.SIGCONT)

    def end(self):
        """Its process ends; `start` begins another one."""
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def forget(self):
        """Nothing is recorded."""

    def stop(self):
        """The scenario is over."""
        self.end()
        shutil.rmtree(self.directory, ignore_errors=True)
