"""Starts the program under test for one scenario file and stops it by its process id."""

import os
import random
import signal
import socket
import subprocess
import time

import yaml

from .wire import Wire, WireError


_given_out = set()


def free_port():
    """A loopback port nobody listens on, each only once. Below the range the kernel takes ports of outgoing connections
    from: one of those could occupy it before the program under test does."""
    while True:
        port = random.randrange(20000, 32000)
        if port in _given_out:
            continue
        _given_out.add(port)
        try:
            with socket.create_server(("127.0.0.1", port)):
                return port
        except OSError:
            continue


def merged(base, extra):
    """Deep merge of mappings; `extra` wins, a None in it removes the key."""
    result = dict(base)
    for key, value in (extra or {}).items():
        if value is None and key in result:
            del result[key]
        elif isinstance(value, dict) and isinstance(result.get(key), dict):
            result[key] = merged(result[key], value)
        else:
            result[key] = value
    return result


class Target:
    """One running process: its directory, its ports and its output."""

    def __init__(self, name, binary, directory):
        self.name, self.binary, self.directory = name, binary, directory
        self.ports = {}
        self.process = None

    def write_static(self, static, dynamic_options):
        """Writes static.yaml. Entry points without an address get a free loopback port."""
        defaults = {
            "global": {"checkNewVersion": False, "sendAnonymousUsage": False},
            "log": {"level": "DEBUG"},
            "entryPoints": {"web": {}, "traefik": {}},
            "api": {"insecure": True, "dashboard": False},
            "providers": {"providersThrottleDuration": "100ms", "file": dynamic_options},
        }
        configuration = merged(defaults, static)
        for name, options in configuration["entryPoints"].items():
            if "address" not in (options or {}):
                configuration["entryPoints"][name] = {**(options or {}), "address": f"127.0.0.1:{self.ports[name]}"}
        path = os.path.join(self.directory, "static.yaml")
        with open(path, "w", encoding="utf-8") as file:
            yaml.safe_dump(configuration, file, sort_keys=False)
        return path

    def environment(self, extra=None):
        return {"PATH": os.environ.get("PATH", ""), "HOME": self.directory, "LANG": "C.UTF-8"} | (extra or {})

    def start(self, arguments, variables, wait_for):
        log = open(os.path.join(self.directory, "log"), "wb")
        self.process = subprocess.Popen(
            [self.binary, *arguments], stdout=log, stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL, cwd=self.directory, env=self.environment(variables),
        )
        log.close()
        self._wait(wait_for)

    def _wait(self, wait_for):
        """Waits until the API lists `wait_for` (text), or 5 s: a target without the API is still tried."""
        deadline = time.monotonic() + 5
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise RuntimeError(f"{self.name} ended with {self.process.returncode}:\n{self.log_tail()}")
            try:
                answer = self.get(self.ports["traefik"], "/api/rawdata")
                if answer.status == 200 and wait_for.encode() in answer.body:
                    return
                if answer.status == 404:
                    time.sleep(0.2)
            except (OSError, WireError):
                pass
            time.sleep(0.03)

    @staticmethod
    def get(port, path):
        with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
            wire = Wire(connection)
            wire.send(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode())
            return wire.response()

    def log_tail(self, lines=8):
        try:
            with open(os.path.join(self.directory, "log"), encoding="utf-8", errors="replace") as file:
                return "".join(file.readlines()[-lines:])
        except OSError:
            return ""

    def run_command(self, arguments):
        """Runs the binary to its end; exit code (None after 10 s) and output."""
        try:
            done = subprocess.run([self.binary, *arguments], capture_output=True, timeout=10, cwd=self.directory,
                                  env=self.environment(), stdin=subprocess.DEVNULL, check=False)
            return done.returncode, (done.stdout + done.stderr).decode("utf-8", "replace")
        except subprocess.TimeoutExpired as error:
            return None, (error.stdout or b"").decode("utf-8", "replace")

    def signal(self, name):
        self.process.send_signal(getattr(signal, f"SIG{name}"))

    def exit_code(self, within):
        try:
            return self.process.wait(within)
        except subprocess.TimeoutExpired:
            return None

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(3)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
