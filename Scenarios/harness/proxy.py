"""A Martinet with TLS and a server behind it, for trials that are no scenarios, and somebody who uses it meanwhile."""

import os
import shutil
import socket
import ssl
import subprocess
import tempfile
import threading
import time

import yaml

from . import certificates
from .target import free_port


class Bystander(threading.Thread):
    """Asks for the same page over and over, each second time on the connection it has."""

    def __init__(self, ports):
        super().__init__(daemon=True)
        self.ports, self.running, self.answered, self.slowest, self.failures = ports, True, 0, 0.0, []
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        self.context.check_hostname, self.context.verify_mode = False, ssl.CERT_NONE

    def run(self):
        while self.running:
            for secure in (False, True):
                began = time.monotonic()
                try:
                    self.ask(secure)
                    self.answered += 2
                except (OSError, ValueError) as error:
                    self.failures.append(f"{'https' if secure else 'http'}: {error!r}")
                self.slowest = max(self.slowest, time.monotonic() - began)
            time.sleep(0.02)

    def ask(self, secure):
        connection = socket.create_connection(("127.0.0.1", self.ports["websecure" if secure else "web"]), 5)
        if secure:
            connection = self.context.wrap_socket(connection, server_hostname="a.test")
        with connection, connection.makefile("rb") as reader:
            for _ in range(2):
                connection.sendall(b"GET /bystander HTTP/1.1\r\nHost: a.test\r\n\r\n")
                status, length = reader.readline(), 0
                if b" 200 " not in status:
                    raise ValueError(f"answered {status!r}")
                while (line := reader.readline()) not in (b"\r\n", b""):
                    name, _, value = line.partition(b":")
                    if name.lower() == b"content-length":
                        length = int(value)
                if len(reader.read(length)) != length:
                    raise ValueError("an answer cut short")


class Proxy:
    """Entry points `web`, `websecure` and `proxied`, `martinet whoami` behind them; serves once it is made."""

    def __init__(self, binary):
        self.directory = tempfile.mkdtemp(prefix="martinet-")
        self.ports = {name: free_port() for name in ("web", "websecure", "proxied", "server")}
        paths = certificates.copy_into(self.directory)
        entry_points = {name: {"address": f"127.0.0.1:{self.ports[name]}"} for name in ("web", "websecure", "proxied")}
        for options in entry_points.values():
            options["transport"] = {"respondingTimeouts": {"readTimeout": "3s", "idleTimeout": "3s"}}
        entry_points["proxied"]["proxyProtocol"] = {"insecure": True}
        service = {"loadBalancer": {"servers": [{"url": f"http://127.0.0.1:{self.ports['server']}"}]}}
        rule = {"rule": "PathPrefix(`/`)", "service": "a"}
        dynamic = {
            "tls": {"certificates": [{"certFile": paths["certificate.exact"], "keyFile": paths["key.exact"]}],
                    "options": {"mutual": {"clientAuth": {"caFiles": [paths["certificate.ca"]],
                                                          "clientAuthType": "RequireAndVerifyClientCert"}}}},
            "http": {"services": {"a": service}, "routers": {
                "clear": rule | {"entryPoints": ["web", "proxied"]},
                "secure": rule | {"entryPoints": ["websecure", "proxied"], "tls": {}},
                "mutual": rule | {"rule": "Host(`mutual.test`)", "entryPoints": ["websecure"], "tls": {"options": "mutual"}}}}}
        static = {"serversTransport": {"forwardingTimeouts": {"idleConnTimeout": "2s"}}, "entryPoints": entry_points, "log": {"level": "ERROR"},
                  "accessLog": {"filePath": os.path.join(self.directory, "access.log"), "format": "json"},
                  "providers": {"file": {"filename": self.write("dynamic.yaml", dynamic)}}}
        self.output = open(os.path.join(self.directory, "log"), "wb")
        self.server = self.start(binary, "whoami", "--port", str(self.ports["server"]))
        self.process = self.start(binary, "--configFile=" + self.write("static.yaml", static))
        end = time.monotonic() + 15
        while True:
            try:
                bystander = Bystander(self.ports)
                bystander.ask(False), bystander.ask(True)
                return
            except (OSError, ValueError) as error:
                if time.monotonic() > end:
                    self.end()
                    raise SystemExit(f"the proxy does not serve after 15 s: {error!r}") from error
                time.sleep(0.05)

    def write(self, name, content):
        path = os.path.join(self.directory, name)
        with open(path, "w", encoding="utf-8") as file:
            yaml.safe_dump(content, file)
        return path

    def start(self, binary, *arguments):
        return subprocess.Popen([binary, *arguments], stdout=self.output, stderr=subprocess.STDOUT, cwd=self.directory)

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def resident(self):
        """MiB of memory in use."""
        with open(f"/proc/{self.process.pid}/status", encoding="ascii") as file:
            return next(int(line.split()[1]) for line in file if line.startswith("VmRSS:")) // 1024

    def end(self):
        for process in (self.process, self.server):
            process.terminate()
        for process in (self.process, self.server):
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self.output.close()
        shutil.rmtree(self.directory, ignore_errors=True)
