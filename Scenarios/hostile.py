#!/usr/bin/env python3
"""Hostile clients: slow ones, too many, and no descriptor left; a bystander who behaves must not suffer.

    hostile.py --martinet PATH [--idle 3000]

Four trials. *Slow*: heads and bodies byte by byte, answers that nobody reads, TLS peers that fall silent, and thousands of idle
connections, all at once; every request of a bystander succeeds, every attacker is let go by its deadline, and memory stays bounded.
*Crowd*: more unfinished requests than the limit of open files allows connections; the bystander and the health check get through.
*Shortage*: the limit of open files falls below what is in use; the process neither spins nor dies, keeps its listeners, its
certificate and its configuration, and serves again as soon as there are descriptors.
*Bodies*: a body that would unpack to a thousand times its size is handed on as it came; an answer of 1 GiB is compressed in little memory.
Loopback only, bounded in count and time (under 60 s); ends what it started. Closing line: `N passed, N failed`.
"""
import gzip, http.client, http.server, resource, socket, ssl, threading, time, zlib

from harness import program
from harness.hostility import Attackers, Bystander, Proxy

GET = b"GET /bench HTTP/1.1\r\nHost: hostile.test\r\n\r\n"


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


class Origin(http.server.BaseHTTPRequestHandler):
    """Answers a GET with 1 GiB, and a POST with the length and the coding of what came."""

    protocol_version = "HTTP/1.1"
    piece = b"All work and no play makes a dull proxy.\n" * 25_575
    size = 1 << 30

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", str(self.size))
        self.end_headers()
        left = self.size
        while left > 0:
            left -= self.wfile.write(self.piece[:left])

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        answer = f"{len(body)} {zlib.crc32(body)} {self.headers['Content-Encoding']}".encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_):
        pass


def unpack(answer, proxy, before):
    """How long the body of a gzip answer is, and by how many KiB the proxy's memory grew meanwhile."""
    stream, length, grown = zlib.decompressobj(31), 0, 0
    while piece := answer.read(65536):
        while piece:
            length += len(stream.decompress(piece, 1 << 20))
            piece = stream.unconsumed_tail
        grown = max(grown, proxy.memory() - before)
    return length + len(stream.flush()), grown


def bodies_trial(binary):
    problems = []
    proxy = Proxy(binary)
    origin = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Origin)
    threading.Thread(target=origin.serve_forever, daemon=True).start()
    try:
        proxy.write_dynamic(
            """    packed: {rule: "Host(`packed.test`)", service: origin, middlewares: [held]}
    long: {rule: "Host(`long.test`)", service: origin, middlewares: [compressed]}""",
            f"""    origin: {{loadBalancer: {{servers: [{{url: "http://127.0.0.1:{origin.server_port}"}}]}}}}
  middlewares:
    held: {{buffering: {{maxRequestBodyBytes: 65536}}}}
    compressed: {{compress: {{}}}}""")
        end = time.monotonic() + 10
        while not proxy.routes("long@file"):
            if time.monotonic() > end:
                raise SystemExit("the routers of this trial were never in force:\n" + proxy.log_text())
            time.sleep(0.05)
        before = proxy.memory()
        bomb = gzip.compress(bytes(10 << 20))
        client = http.client.HTTPConnection("127.0.0.1", proxy.web, timeout=60)
        client.request("POST", "/", bomb, {"Host": "packed.test", "Content-Encoding": "gzip"})
        got = client.getresponse().read().decode()
        check(problems, got == f"{len(bomb)} {zlib.crc32(bomb)} gzip", f"the packed body arrived as {got}")
        bomb_grown = proxy.memory() - before
        client.request("GET", "/", headers={"Host": "long.test", "Accept-Encoding": "gzip"})
        answer = client.getresponse()
        check(problems, answer.getheader("Content-Encoding") == "gzip", "the long answer was not compressed")
        length, grown = unpack(answer, proxy, proxy.memory())
        print(f"bodies: {len(bomb)} bytes for 10 MiB, memory grew by {bomb_grown} KiB; {length >> 20} MiB compressed, "
              f"memory grew by {grown} KiB", flush=True)
        check(problems, length == Origin.size, f"the long answer has {length} bytes")
        check(problems, max(grown, bomb_grown) <= 8 << 10, f"memory grew by {max(grown, bomb_grown)} KiB, more than 8 MiB")
        client.close()
    finally:
        origin.shutdown()
        origin.server_close()
        proxy.end()
    return problems


def main():
    options = program.trial(__doc__, idle=3000)
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    # The proxy needs twice as many descriptors as it has clients to stay calm.
    idle = min(options.idle, hard // 3)
    results = []
    for trial in (lambda: slow_trial(options.martinet, idle), lambda: crowd_trial(options.martinet),
                  lambda: shortage_trial(options.martinet), lambda: bodies_trial(options.martinet)):
        problems = trial()
        for problem in problems[:10]:
            print(f"  failed: {problem}", flush=True)
        results.append(not problems)
    program.finish(results.count(True), results.count(False))


if __name__ == "__main__":
    main()
