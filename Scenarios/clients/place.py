"""Where the clients go: one proxy with an entry point in clear and one with TLS, and the two servers behind it."""

import shutil
import subprocess

import yaml

from harness import certificates
from harness.target import Target, free_port

from .origin import Origin
from .websocket_origin import WebSocketOrigin

HOST = "a.test"


class Place:
    """A running proxy. `clear` and `secure` are the URLs of its entry points; `ca` is the authority to trust."""

    def __init__(self, name, binary, directory):
        self.name, self.directory = name, directory
        self.target = Target(name, binary, directory)
        self.target.ports = {"web": free_port(), "websecure": free_port(), "traefik": free_port()}
        self.paths = certificates.copy_into(directory)
        self.ca = self.paths["certificate.ca"]
        self.clear_port, self.secure_port = self.target.ports["web"], self.target.ports["websecure"]
        self.clear, self.secure = f"http://{HOST}:{self.clear_port}", f"https://{HOST}:{self.secure_port}"
        self.origin, self.websockets = Origin(), WebSocketOrigin()
        self.kept = {}

    def start(self):
        """Starts the proxy and waits until it has its routes."""
        dynamic = f"{self.directory}/dynamic.yaml"
        with open(dynamic, "w", encoding="utf-8") as file:
            yaml.safe_dump(self._routing(), file)
        static = self.target.write_static(
            {"entryPoints": {"web": {}, "websecure": {}, "traefik": {}}, "log": {"level": "ERROR"}}, {"filename": dynamic})
        self.target.start([f"--configFile={static}"], {}, "@file")

    def _routing(self):
        routers = {}
        for entry_point, tls in (("web", {}), ("websecure", {"tls": {}})):
            for service, rule in (("http", f"Host(`{HOST}`)"), ("websocket", f"Host(`{HOST}`) && PathPrefix(`/ws/`)")):
                routers[f"{service}-{entry_point}"] = {"rule": rule, "entryPoints": [entry_point], "service": service} | tls
        services = {name: {"loadBalancer": {"servers": [{"url": f"http://127.0.0.1:{port}"}]}}
                    for name, port in (("http", self.origin.port), ("websocket", self.websockets.port))}
        pair = {"certFile": self.paths["certificate.exact"], "keyFile": self.paths["key.exact"]}
        return {"http": {"routers": routers, "services": services}, "tls": {"certificates": [pair]}}

    def stop(self):
        """Ends everything that `start` and the constructor began."""
        self.target.stop()
        self.origin.stop()
        self.websockets.stop()

    def once(self, key, make):
        """What `make` returned when it was first called for `key`: several checks can look at one costly result."""
        if key not in self.kept:
            self.kept[key] = make()
        return self.kept[key]


def program(name):
    """The path of a client; says what to do when it is missing."""
    found = shutil.which(name)
    if found is None:
        raise RuntimeError(f"{name} is not installed: run scripts/install-packages.sh test")
    return found


def run(*command, text=True, stdin=None, timeout=20, status=0):
    """Runs a client to its end; its output, errors included. Another exit status is a failure."""
    done = subprocess.run([program(command[0]), *command[1:]], input=stdin, capture_output=True, text=text, timeout=timeout,
                          errors="replace" if text else None, check=False)
    output = done.stdout + done.stderr
    if status is not None and done.returncode != status:
        raise RuntimeError(f"{command[0]} ended with {done.returncode}: {output[-600:]}")
    return output


def expect(actual, expected, what):
    """Fails unless both are equal."""
    if actual != expected:
        raise AssertionError(f"{what} is {actual!r}, not {expected!r}")
