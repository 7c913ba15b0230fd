#!/usr/bin/env python3
"""Mutated connections: thousands of peers that speak almost TLS, HTTP/2, HTTP/1 or the PROXY protocol.

    mutants.py --martinet PATH [--connections 20000] [--seed 1] [--seconds 50]

Each connection sends a good beginning with a few bytes changed, cut short, doubled or torn into pieces, and then ends, half closes
or is silent for a moment. All the while a bystander asks on connections of its own, in clear and by TLS. Afterwards the process
must be the same one, every one of the bystander's requests must have been answered, and the memory and the descriptors that the
mutants took must have been given back. The seed decides everything that is sent. Loopback only, bounded in count and time; ends
what it started. Closing line: `N passed, N failed`.
"""
import os, random, selectors, socket, ssl, struct, subprocess, time

from harness import program
from harness.proxy import Bystander, Proxy

AT_ONCE = 200  # connections
PATIENCE = 0.25  # seconds that a mutant waits for an answer
SIGNATURE = b"\r\n\r\n\0\r\nQUIT\n"


# What mutants are made of.

def client_hello(name, protocols, version=None):
    """The first flight of a TLS client."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    if version:
        context.maximum_version = version
    context.set_alpn_protocols(protocols)
    out = ssl.MemoryBIO()
    try:
        context.wrap_bio(ssl.MemoryBIO(), out, server_hostname=name).do_handshake()
    except ssl.SSLWantReadError:
        pass
    return out.read()


def frame(kind, flags, stream, payload):
    return struct.pack(">I", len(payload))[1:] + bytes([kind, flags]) + struct.pack(">I", stream) + payload


def http2_beginnings():
    preface = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + frame(4, 0, 0, b"")
    get = bytes([0x82, 0x87, 0x84, 0x41, 6]) + b"a.test"
    post = bytes([0x83, 0x87, 0x84, 0x41, 6]) + b"a.test"
    return [
        preface + frame(1, 5, 1, get),
        preface + frame(1, 4, 1, post) + frame(0, 0, 1, b"some body") + frame(0, 1, 1, b"its end"),
        preface + frame(1, 1, 1, get[:3]) + frame(9, 4, 1, get[3:]) + frame(8, 0, 0, struct.pack(">I", 1000)),
        preface + frame(4, 0, 0, struct.pack(">HIHI", 4, 65535, 5, 16384)) + frame(6, 0, 0, b"12345678") + frame(1, 5, 1, get),
        preface + frame(1, 0x2D, 1, b"\x02\0\0\0\0\x10" + get + b"\0\0") + frame(3, 0, 1, struct.pack(">I", 8)),
        preface + b"".join(frame(1, 5, stream, get) for stream in range(1, 40, 2)) + frame(7, 0, 0, b"\0\0\0\0\0\0\0\0bye"),
    ]


def http1_beginnings():
    head = b"GET /some/path?query=1 HTTP/1.1\r\nHost: a.test\r\nUser-Agent: mutant\r\nAccept: */*\r\nCookie: a=b\r\n\r\n"
    chunked = b"POST / HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: chunked\r\nTrailer: Digest\r\n\r\n5;x=y\r\nhello\r\n0\r\nDigest: z\r\n\r\n"
    return [head, head * 3, chunked, chunked + head,
            b"POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 10\r\nExpect: 100-continue\r\n\r\n0123456789" + head,
            b"GET / HTTP/1.1\r\nHost: a.test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
            b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n\x81\x85abcdefghi",
            b"OPTIONS * HTTP/1.0\r\n\r\n", b"GET http://a.test/%41%zz/../.. HTTP/1.1\r\nHost: a.test\r\n\r\n"]


def proxy_headers():
    four = bytes([192, 0, 2, 7, 198, 51, 100, 1]) + struct.pack(">HH", 4711, 80)
    six = bytes([0x20, 1] + [0] * 13 + [1] + [0] * 16) + struct.pack(">HH", 4711, 80)

    def binary(command, family, rest):
        return SIGNATURE + bytes([command, family]) + struct.pack(">H", len(rest)) + rest

    return [b"PROXY TCP4 192.0.2.7 198.51.100.1 4711 80\r\n", b"PROXY TCP6 2001:db8::1 ::1 4711 80\r\n", b"PROXY UNKNOWN x\r\n",
            binary(0x21, 0x11, four), binary(0x21, 0x21, six), binary(0x20, 0, b""),
            binary(0x21, 0x11, four + b"\x04\0\x02ab" + b"\x02\0\x06a.test")]


def beginnings():
    """Entry point and bytes of every kind of connection."""
    hellos = [client_hello("a.test", ["h2", "http/1.1"]), client_hello("mutual.test", ["http/1.1"]),
              client_hello("unknown.test", ["h2"], ssl.TLSVersion.TLSv1_2)]
    http1, http2, proxied = http1_beginnings(), http2_beginnings(), proxy_headers()
    found = [("websecure", [hello]) for hello in hellos] * 3
    found += [("web", [start]) for start in http2] * 2 + [("web", [start]) for start in http1]
    found += [("proxied", [header, rest]) for header in proxied for rest in (http1[0], http2[0], hellos[0])]
    return found


def mutate(data, chance):
    """Some changes, most of them small."""
    data = bytearray(data)
    for _ in range(chance.choice([0, 1, 1, 2, 3, 8])):
        place = chance.randrange(len(data) + 1)
        match chance.randrange(7):
            case 0 | 1 if place < len(data):
                data[place] = chance.choice([0, 1, 0x7F, 0x80, 0xFF, chance.randrange(256)])
            case 2:
                data[place:place] = chance.randbytes(chance.choice([1, 1, 4, 64]))
            case 3:
                del data[place : place + chance.choice([1, 2, 9, 100])]
            case 4:
                del data[place:]
            case 5:
                data[place:place] = data[place : place + chance.choice([1, 9, 50])] * chance.choice([1, 2, 20])
            case _ if place < len(data):
                data[place] ^= 1 << chance.randrange(8)
    return bytes(data)


# Sending them.

class Mutant:
    def __init__(self, port, chance, parts):
        self.data = b"".join(mutate(part, chance) for part in parts)
        pieces = chance.choice([1, 1, 1, 2, 5])
        cuts = sorted(chance.randrange(len(self.data) + 1) for _ in range(pieces - 1)) + [len(self.data)]
        self.pieces = [self.data[a:b] for a, b in zip([0, *cuts], cuts)]
        self.ending = chance.choice(["wait", "wait", "half", "close", "reset"])
        self.until = time.monotonic() + PATIENCE
        self.socket = socket.create_connection(("127.0.0.1", port), 5)
        self.socket.setblocking(False)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def step(self):
        """Sends a piece or reads what is there; whether the connection is over."""
        try:
            if self.pieces:
                piece = self.pieces.pop(0)
                self.socket.send(piece)
                if self.pieces:
                    return False
                if self.ending == "half":
                    self.socket.shutdown(socket.SHUT_WR)
                return self.ending in ("close", "reset")
            return not self.socket.recv(65536)
        except BlockingIOError:
            return False
        except OSError:
            return True

    def end(self):
        if self.ending == "reset":
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()


def send_mutants(ports, count, chance, until):
    """At most AT_ONCE at a time; returns how many there were before time was up."""
    kinds, selector, open_ones, begun = beginnings(), selectors.DefaultSelector(), set(), 0
    while (begun < count and time.monotonic() < until) or open_ones:
        while begun < count and len(open_ones) < AT_ONCE and time.monotonic() < until:
            entry_point, parts = chance.choice(kinds)
            mutant = Mutant(ports[entry_point], chance, parts)
            begun += 1
            open_ones.add(mutant)
            selector.register(mutant.socket, selectors.EVENT_READ | selectors.EVENT_WRITE, mutant)
        over = [mutant for key, _ in selector.select(0.02) if (mutant := key.data) and mutant.step()]
        now = time.monotonic()
        for mutant in open_ones:
            if not mutant.pieces and selector.get_key(mutant.socket).events != selectors.EVENT_READ:
                selector.modify(mutant.socket, selectors.EVENT_READ, mutant)
        for mutant in set(over) | {mutant for mutant in open_ones if mutant.until < now}:
            selector.unregister(mutant.socket)
            open_ones.discard(mutant)
            mutant.end()
    return begun


def break_handshaken(port, count, chance):
    """Connections whose handshake succeeds and whose records are broken then."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    for _ in range(count):
        context.maximum_version = chance.choice([ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
        secured = context.wrap_socket(socket.create_connection(("127.0.0.1", port), 5), server_hostname="a.test")
        if chance.randrange(2):
            secured.sendall(b"GET / HTTP/1.1\r\nHost: a.test\r\n\r\n")
        raw = socket.socket(fileno=os.dup(secured.fileno()))
        try:
            raw.sendall(mutate(b"\x17\x03\x03\0\x40" + chance.randbytes(64) + b"\x15\x03\x03\0\2\1\0", chance) or b"\0")
        except OSError:
            pass
        raw.close()
        secured.close()


def main():
    options = program.trial(__doc__, connections=20000, seed=1, seconds=50)
    chance = random.Random(options.seed)
    proxy = Proxy(options.martinet)
    results = []

    def check(name, passed, detail):
        results.append(bool(passed))
        print(f"{'ok  ' if passed else 'FAIL'} {name}: {detail}", flush=True)

    try:
        descriptors = proxy.descriptors()
        bystander = Bystander(proxy.ports)
        bystander.start()
        began = time.monotonic()
        break_handshaken(proxy.ports["websecure"], min(200, options.connections), chance)
        early = proxy.resident()
        sent = send_mutants(proxy.ports, options.connections, chance, began + options.seconds)
        took = time.monotonic() - began
        bystander.running = False
        bystander.join(12)
        alive = proxy.process.poll() is None
        check("the process is the same", alive, f"{proxy.process.pid}, after {sent} mutants of seed {options.seed} in {took:.0f} s"
              if alive else f"it ended with {proxy.process.returncode}")
        check("all were sent", sent == options.connections, f"{sent} of {options.connections}")
        check("a bystander is served", bystander.answered and not bystander.failures,
              f"{bystander.answered} answers, the slowest pair in {bystander.slowest * 1000:.0f} ms" if not bystander.failures
              else f"{len(bystander.failures)} failures, first {bystander.failures[0]}")
        if alive:
            end = time.monotonic() + 8  # the longest timeout, twice
            while proxy.descriptors() > descriptors + 8 and time.monotonic() < end:
                time.sleep(0.1)
            check("descriptors are given back", proxy.descriptors() <= descriptors + 8,
                  f"{descriptors} before, {proxy.descriptors()} after")
            check("memory is bounded", proxy.resident() <= early + 128, f"{early} MiB at first, {proxy.resident()} MiB in the end")
            proxy.process.terminate()
            try:
                code = proxy.process.wait(5)
            except subprocess.TimeoutExpired:
                code = "not within 5 s"
            check("it ends in good order", code == 0, f"exit status {code}")
        if not all(results):
            with open(os.path.join(proxy.directory, "log"), encoding="utf-8", errors="replace") as file:
                print("".join(file.readlines()[-20:]))
    finally:
        proxy.end()
    program.finish(results.count(True), results.count(False))


if __name__ == "__main__":
    main()
