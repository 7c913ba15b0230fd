"""Martinet in a process of its own, and the clients it meets in the trials of hostile.py: those who behave and those who do not."""
import json, os, resource, socket, ssl, subprocess, tempfile, threading, time

from . import program
from .target import free_port


class Proxy:
    """Martinet with a backend, in a directory of its own."""

    def __init__(self, binary, limit=None, transport=""):
        self.directory = tempfile.mkdtemp(prefix="hostile-")
        self.backend, self.web, self.secure, self.admin = (free_port() for _ in range(4))
        self.running = []
        self.certificate()
        self.write_dynamic()
        path = os.path.join(self.directory, "static.yml")
        with open(path, "w") as f:
            f.write(f"""entryPoints:
  web: {{address: "127.0.0.1:{self.web}"{transport}}}
  websecure: {{address: "127.0.0.1:{self.secure}"{transport}}}
  traefik: {{address: "127.0.0.1:{self.admin}"}}
api: {{insecure: true, dashboard: false}}
ping: {{}}
log: {{level: INFO}}
providers: {{providersThrottleDuration: 10ms, file: {{filename: "{self.directory}/dynamic.yml"}}}}
""")
        self.run([binary, "whoami", "--port", str(self.backend)], None, subprocess.DEVNULL)
        self.log = os.path.join(self.directory, "log")
        with open(self.log, "wb") as log:
            self.process = self.run([binary, "--configFile", path], limit, log)
        end = time.monotonic() + 15
        while not self.serves():
            if time.monotonic() > end or self.process.poll() is not None:
                raise SystemExit("the proxy did not serve its first route in time:\n" + self.log_text())
            time.sleep(0.05)

    def run(self, command, limit, output):
        def prepare():
            if limit:
                resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
                                   preexec_fn=prepare)
        self.running.append(process)
        return process

    def certificate(self):
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
             "-subj", "/CN=hostile.test", "-addext", "subjectAltName=DNS:hostile.test",
             "-keyout", self.directory + "/key.pem", "-out", self.directory + "/cert.pem"],
            check=True, capture_output=True)

    def write_dynamic(self, routers="", more=""):
        """Routers are lines of four spaces; `more` begins with further services, lines of four, and may go on with sections, of two."""
        path = os.path.join(self.directory, "dynamic.yml")
        with open(path + ".new", "w") as f:
            f.write(f"""http:
  routers:
    plain: {{rule: "Host(`hostile.test`)", service: main}}
    secure: {{rule: "Host(`hostile.test`)", service: main, tls: {{}}}}
{routers}
  services:
    main: {{loadBalancer: {{servers: [{{url: "http://127.0.0.1:{self.backend}"}}]}}}}
{more}
tls:
  certificates: [{{certFile: "{self.directory}/cert.pem", keyFile: "{self.directory}/key.pem"}}]
""")
        os.rename(path + ".new", path)

    def get(self, path="/bench", host="hostile.test", port=None, seconds=5):
        """Status and body of one request on a connection of its own; an OSError if there is no answer."""
        with socket.create_connection(("127.0.0.1", port or self.web), seconds) as s:
            s.settimeout(seconds)
            s.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
            answer = b""
            while piece := s.recv(65536):
                answer += piece
        head, _, body = answer.partition(b"\r\n\r\n")
        if not head:
            raise ConnectionError("closed without an answer")
        return int(head.split()[1]), body

    def serves(self, host="hostile.test"):
        try:
            return self.get(host=host, seconds=2)[0] == 200
        except OSError:
            return False

    def overview(self):
        return json.loads(self.get("/api/overview", "127.0.0.1", self.admin)[1])["overload"]

    def routes(self, router):
        """Whether a router of that name is in force."""
        return self.get(f"/api/http/routers/{router}", "127.0.0.1", self.admin)[0] == 200

    def certificate_name(self):
        context = ssl.create_default_context(cafile=self.directory + "/cert.pem")
        with socket.create_connection(("127.0.0.1", self.secure), 5) as s:
            with context.wrap_socket(s, server_hostname="hostile.test") as secure:
                return dict(pair[0] for pair in secure.getpeercert()["subject"])["commonName"]

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def memory(self):
        """Resident memory in KiB."""
        with open(f"/proc/{self.process.pid}/statm") as f:
            return int(f.read().split()[1]) * resource.getpagesize() // 1024

    def processor_seconds(self):
        with open(f"/proc/{self.process.pid}/stat") as f:
            fields = f.read().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def log_text(self):
        with open(self.log, errors="replace") as f:
            return f.read()

    def end(self):
        program.kill_all(self.running, self.directory)


class Bystander(threading.Thread):
    """Sends a request on a connection of its own some forty times a second."""

    def __init__(self, proxy):
        super().__init__(daemon=True)
        self.proxy, self.times, self.failures, self.stop = proxy, [], [], False

    def run(self):
        while not self.stop:
            began = time.monotonic()
            try:
                status, body = self.proxy.get()
                if status != 200 or body != b"1":
                    self.failures.append(f"status {status}")
            except OSError as error:
                self.failures.append(f"{type(error).__name__}: {error}")
            self.times.append(time.monotonic() - began)
            time.sleep(0.02)

    def end(self):
        self.stop = True
        self.join(15)
        self.times.sort()
        return f"{len(self.times)} requests of a bystander, {len(self.failures)} failed, slowest {self.times[-1] * 1000:.0f} ms"


class Attackers:
    """Many connections that say `first`, then one byte of `drip` each round, and read nothing."""

    def __init__(self):
        self.open, self.failed = [], 0

    def add(self, port, count, first, drip=None, small=False):
        for _ in range(count):
            s = socket.socket()
            if small:
                s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
            try:
                s.settimeout(5)
                s.connect(("127.0.0.1", port))
                if first:
                    s.sendall(first)
                s.setblocking(False)
                self.open.append((s, drip))
            except OSError:
                self.failed += 1
                s.close()

    def drip(self):
        """One byte each; those that the proxy has closed are gone."""
        still = []
        for s, byte in self.open:
            try:
                if byte:
                    s.send(byte)
                # Whatever has come but the end is left where it is.
                if s.recv(1, socket.MSG_PEEK) == b"":
                    raise ConnectionError
                still.append((s, byte))
            except BlockingIOError:
                still.append((s, byte))
            except OSError:
                s.close()
        self.open = still

    def close(self):
        for s, _ in self.open:
            s.close()
        self.open = []
