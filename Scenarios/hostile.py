#!/usr/bin/env python3
"""Hostile clients: slow ones, too many, and no descriptor left; a bystander who behaves must not suffer.

    hostile.py --martinet PATH [--idle 3000]

Three trials. *Slow*: heads and bodies byte by byte, answers that nobody reads, TLS peers that fall silent, and thousands of idle
connections, all at once; every request of a bystander succeeds, every attacker is let go by its deadline, and memory stays bounded.
*Crowd*: more unfinished requests than the limit of open files allows connections; the bystander and the health check get through.
*Shortage*: the limit of open files falls below what is in use; the process neither spins nor dies, keeps its listeners, its
certificate and its configuration, and serves again as soon as there are descriptors.
Loopback only, bounded in count and time (under 40 s); ends what it started. Closing line: `N passed, N failed`.
"""
import argparse, json, os, resource, shutil, socket, ssl, subprocess, sys, tempfile, threading, time

GET = b"GET /bench HTTP/1.1\r\nHost: hostile.test\r\n\r\n"


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


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

    def write_dynamic(self, more=""):
        path = os.path.join(self.directory, "dynamic.yml")
        with open(path + ".new", "w") as f:
            f.write(f"""http:
  routers:
    plain: {{rule: "Host(`hostile.test`)", service: main}}
    secure: {{rule: "Host(`hostile.test`)", service: main, tls: {{}}}}
{more}
  services:
    main: {{loadBalancer: {{servers: [{{url: "http://127.0.0.1:{self.backend}"}}]}}}}
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
        for process in self.running:
            if process.poll() is None:
                process.kill()
            process.wait()
        shutil.rmtree(self.directory, ignore_errors=True)


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


def check(problems, condition, text):
    if not condition:
        problems.append(text)


def idle_connections(port, count):
    """Keep-alive connections whose one request was answered."""
    found = []
    for start in range(0, count, 200):
        batch = []
        for _ in range(min(200, count - start)):
            s = socket.create_connection(("127.0.0.1", port), 5)
            s.sendall(GET)
            batch.append(s)
        for s in batch:
            answer = b""
            while not answer.endswith(b"\r\n\r\n1"):
                piece = s.recv(4096)
                if not piece:
                    raise ConnectionError("an idle connection was closed before its answer")
                answer += piece
            found.append(s)
    return found


def slow_trial(binary, idle_count):
    problems = []
    proxy = Proxy(
        binary, transport=", transport: {respondingTimeouts: {readTimeout: 3s, idleTimeout: 6s}}")
    try:
        before = proxy.memory()
        bystander = Bystander(proxy)
        bystander.start()
        idle = idle_connections(proxy.web, idle_count)
        attackers = Attackers()
        attackers.add(proxy.web, 200, b"GET / HTTP/1.1\r\nHost: hostile.test\r\nX-A: ", b"a")
        attackers.add(proxy.web, 200, b"POST / HTTP/1.1\r\nHost: hostile.test\r\nContent-Length: 9999\r\n\r\n", b"b")
        attackers.add(proxy.web, 100, b"GET /data?size=8&unit=MB HTTP/1.1\r\nHost: hostile.test\r\n\r\n", small=True)
        attackers.add(proxy.web, 100, b"")
        attackers.add(proxy.secure, 100, b"\x16\x03\x01\x00\x10")
        attackers.add(proxy.secure, 100, b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc", b"\x03")
        attackers.add(proxy.web, 50, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0\0\0\x40\1\4\0\0\0\1", b"\x82")
        at_most = proxy.overview()["connections"]
        grown = 0
        end = time.monotonic() + 15
        while time.monotonic() < end:
            attackers.drip()
            grown = max(grown, proxy.memory() - before)
            # The bystander and this question.
            if (left := proxy.overview()["connections"]) <= 2:
                break
            time.sleep(0.2)
        text = bystander.end()
        print(f"slow: {at_most} connections at once, {left} left; memory grew by {grown >> 10} MiB; {text}", flush=True)
        check(problems, not bystander.failures, f"the bystander suffered: {bystander.failures[:3]}")
        check(problems, at_most >= idle_count, f"only {at_most} connections were open at once")
        check(problems, left <= 2, f"{left} connections outlived their deadlines")
        # 8 KiB for each that is idle, and what slow readers are allowed to leave unread.
        bound = (idle_count * 8 >> 10) + 64
        check(problems, grown <= bound << 10, f"memory grew by {grown >> 10} MiB, more than {bound}")
        check(problems, proxy.process.poll() is None, "the proxy died")
        for s in idle:
            s.close()
        attackers.close()
    finally:
        proxy.end()
    return problems


def crowd_trial(binary):
    problems = []
    proxy = Proxy(binary, limit=256)
    try:
        limit = proxy.overview()["connectionLimit"]
        attackers = Attackers()
        attackers.add(proxy.web, 3 * limit, b"GET / HTTP/1.1\r\nHost: hostile.test\r\n")
        check(problems, proxy.get("/ping", "127.0.0.1", proxy.admin)[0] == 200, "ping failed in the crowd")
        # Unfinished requests give their place to others once they are two seconds old.
        time.sleep(2.5)
        bystander = Bystander(proxy)
        bystander.start()
        levels = set()
        end = time.monotonic() + 3
        while time.monotonic() < end:
            attackers.drip()
            attackers.add(proxy.web, 2, b"GET / HTTP/1.1\r\nHost: hostile.test\r\n")
            state = proxy.overview()
            levels.add(state["level"])
            check(problems, state["connections"] <= limit + 16, f"{state['connections']} connections")
            time.sleep(0.05)
        text = bystander.end()
        print(f"crowd: limit {limit}, levels {sorted(levels)}; {text}", flush=True)
        check(problems, not bystander.failures, f"the bystander suffered: {bystander.failures[:3]}")
        check(problems, levels & {"refusing", "shut"}, "the limit was never reached")
        attackers.close()
        end = time.monotonic() + 5
        while (level := proxy.overview()["level"]) != "calm" and time.monotonic() < end:
            time.sleep(0.1)
        check(problems, level == "calm", f"the level is still {level} after the crowd has gone")
        lines = proxy.log_text().count("Overload level changed")
        check(problems, 1 <= lines <= 15, f"{lines} lines about overload in the log")
    finally:
        proxy.end()
    return problems


def shortage_trial(binary):
    problems = []
    proxy = Proxy(binary)
    try:
        keep = [socket.create_connection(("127.0.0.1", proxy.web), 5) for _ in range(20)]
        check(problems, proxy.certificate_name() == "hostile.test", "the certificate is not served")
        time.sleep(0.3)
        pid, (_, hard) = proxy.process.pid, resource.prlimit(proxy.process.pid, resource.RLIMIT_NOFILE)
        resource.prlimit(pid, resource.RLIMIT_NOFILE, (3, hard))
        began, waiting = proxy.processor_seconds(), Attackers()
        waiting.add(proxy.web, 50, GET)
        # Read while there is nothing to read it with; certificates are looked at every two seconds.
        proxy.write_dynamic('    late: {rule: "Host(`late.test`)", service: main}')
        time.sleep(3)
        used = proxy.processor_seconds() - began
        check(problems, used < 0.6, f"{used:.2f} s of processor time in 3 s without descriptors: it spins")
        check(problems, proxy.process.poll() is None, "the proxy died without descriptors")
        resource.prlimit(pid, resource.RLIMIT_NOFILE, (hard, hard))
        back = time.monotonic()
        try:
            check(problems, proxy.certificate_name() == "hostile.test", "the certificate was lost")
        except (OSError, ssl.SSLError) as error:
            problems.append(f"the certificate was lost: {error}")
        check(problems, proxy.serves(), "no service once there are descriptors")
        served = time.monotonic() - back
        while not (late := proxy.serves("late.test")) and time.monotonic() < back + 4:
            time.sleep(0.05)
        print(f"shortage: {used:.2f} s of processor time in 3 s; served {served * 1000:.0f} ms after descriptors were "
              f"back, changed configuration after {(time.monotonic() - back) * 1000:.0f} ms", flush=True)
        check(problems, late, "a configuration written during the shortage was never read")
        lines = len(proxy.log_text().splitlines())
        check(problems, lines < 60, f"{lines} lines in the log")
        waiting.close()
        for s in keep:
            s.close()
    finally:
        proxy.end()
    return problems


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--martinet", default=".build/release/martinet")
    parser.add_argument("--idle", type=int, default=3000)
    options = parser.parse_args()
    if not os.access(options.martinet, os.X_OK):
        raise SystemExit(f"{options.martinet} is not there; build it with `make build`")
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    # The proxy needs twice as many descriptors as it has clients to stay calm.
    idle = min(options.idle, hard // 3)
    results = []
    for trial in (lambda: slow_trial(options.martinet, idle), lambda: crowd_trial(options.martinet),
                  lambda: shortage_trial(options.martinet)):
        problems = trial()
        for problem in problems[:10]:
            print(f"  failed: {problem}", flush=True)
        results.append(not problems)
    print(f"{results.count(True)} passed, {results.count(False)} failed")
    sys.exit(0 if all(results) else 1)


if __name__ == "__main__":
    main()
