"""What every workload needs, and what a proxy is told to do in one of them."""

import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from processes import BenchError, Cores, Server, tool

NATIVE = Path(__file__).parent / "native"

LIBRARIES = {
    "handshakes": ["-lssl", "-lcrypto"],
    "ws_echo": ["-lcrypto"],
    "ws_load": [],
    "h2_origin": ["-lnghttp2"],
    "grpc_load": ["-lnghttp2"],
}
"""The programs of `native`, each one file, and what it is linked with."""


@dataclass(frozen=True)
class Work:
    """What a proxy is told to do: everything from its clients goes to one origin.

    `/none` is answered 404 by the proxy itself when `origin` is `none`; everything else goes to the plain origin then.
    """

    label: str = ""
    """Part of the names of configuration and log; one for each kind of work."""

    key: str = ""
    """`ecdsa` or `rsa`: clients come over TLS, with HTTP/1 or HTTP/2, and the certificate has a key of that kind."""

    origin: str = "http"
    """`http`, `h2c` (HTTP/2 in clear, gRPC), `websocket` or `none`."""

    http2: bool = False
    """Clients speak HTTP/2 in clear, without asking first."""

    gzip: bool = False
    """Answers are compressed with gzip at level 6 for clients that accept it."""

    def name(self, proxy: str) -> str:
        """A name for the files of `proxy` in this work."""
        return f"{proxy}-{self.label}" if self.label else proxy


@dataclass
class Bench:
    """Where files go, which cores to use, where the programs are, and the ports of the origins that run."""

    folder: Path
    venv: Path
    martinet: Path
    cores: Cores
    origins: dict[str, int] = field(default_factory=dict)
    made: dict[str, Path] = field(default_factory=dict)
    counted: int = 0
    """How often the origins were asked how many requests they have had."""

    def port(self, work: Work) -> int:
        """The port of the origin that `work` needs."""
        return self.origins["http" if work.origin == "none" else work.origin]

    def certificate(self, kind: str) -> Path:
        """A certificate for `bench.test` and its key, P-256 or RSA 2048, in one file; made anew for each run."""
        if kind not in self.made:
            options = {"ecdsa": ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"], "rsa": ["rsa:2048"]}
            key, crt = self.folder / f"{kind}.key", self.folder / f"{kind}.crt"
            command = [tool("openssl"), "req", "-x509", "-nodes", "-newkey", *options[kind]]
            command += ["-keyout", str(key), "-out", str(crt), "-days", "2", "-subj", "/CN=bench.test"]
            subprocess.run(command, check=True, capture_output=True, timeout=30)
            self.made[kind] = self.file(f"{kind}.pem", crt.read_text() + key.read_text())
        return self.made[kind]

    def native(self, name: str) -> str:
        """The path of a program of `native`, compiled when it is first asked for."""
        if name not in self.made:
            program = self.folder / name
            command = [tool("clang", "build"), "-std=gnu11", "-O2", "-Wall", "-Wextra", "-Werror"]
            # A later OpenSSL or nghttp2 may prefer another function for the same thing.
            command += ["-Wno-deprecated-declarations", str(NATIVE / f"{name}.c"), "-o", str(program), *LIBRARIES[name]]
            run = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
            if run.returncode:
                hint = "a missing header comes with scripts/install-packages.sh bench"
                raise BenchError(f"{name}.c does not compile ({hint}):\n{run.stderr}")
            self.made[name] = program
        return str(self.made[name])

    def file(self, name: str, text: str) -> Path:
        """Writes a configuration file into the run's folder."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def proxy(
        self, label: str, command: list[str], port: int, work: Work, env: dict[str, str] | None = None
    ) -> Server:
        """Starts a proxy on the core that proxies have, with its output in `label`.log."""
        log = self.folder / f"{label}.log"
        return Server.start(label, command, self.cores.proxy, log, port, env, bool(work.key), work.http2)

    def packaged(self, name: str) -> str:
        """The path of a proxy that comes from PyPI into the virtual environment."""
        path = self.venv / "bin" / name
        if not path.exists():
            raise BenchError(f"{path} is missing; run scripts/install-packages.sh bench")
        return str(path)
