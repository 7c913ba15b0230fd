"""OpenSSL's client and sslscan."""

import os
import xml.etree.ElementTree as ElementTree

from .place import HOST, expect, run

REQUEST = f"GET / HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\n\r\n"


def _client(place, *arguments):
    return run("openssl", "s_client", "-connect", f"127.0.0.1:{place.secure_port}", "-servername", HOST, "-CAfile", place.ca,
               "-verify_hostname", HOST, "-verify_return_error", "-ign_eof", *arguments, stdin=REQUEST)


def check_resumption(place):
    """A ticket resumes the session, with TLS 1.2 and TLS 1.3."""
    for version in ("-tls1_2", "-tls1_3"):
        ticket = os.path.join(place.directory, f"ticket{version}")
        expect("New, TLSv1." in _client(place, version, "-sess_out", ticket), True, "a new session")
        output = _client(place, version, "-sess_in", ticket)
        expect("Reused, TLSv1." in output and "hello" in output, True, f"a resumed session ({version})")


def check_groups(place):
    """Each of the usual curves alone."""
    for curve in ("X25519", "P-256", "P-384"):
        expect("hello" in _client(place, "-curves", curve), True, f"an answer with {curve}")


def check_alpn(place):
    """HTTP/2 is preferred whatever order the client names, and HTTP/1.1 is to be had."""
    expect("ALPN protocol: h2" in run("openssl", "s_client", "-connect", f"127.0.0.1:{place.secure_port}", "-servername", HOST,
                                      "-alpn", "http/1.1,h2", stdin="", timeout=15), True, "HTTP/2")
    expect("ALPN protocol: http/1.1" in _client(place, "-alpn", "http/1.1"), True, "HTTP/1.1")


def check_renegotiation(place):
    """Renegotiation that a client asks for is refused."""
    output = run("openssl", "s_client", "-connect", f"127.0.0.1:{place.secure_port}", "-servername", HOST, "-tls1_2",
                 stdin="R\n" + REQUEST, status=None)
    expect("HTTP/1.1 200" in output, False, "an answer after a renegotiation")


def _scan(place):
    """What sslscan found, once for all checks."""
    return place.once("sslscan", lambda: ElementTree.fromstring(_xml(run(
        "sslscan", "--no-colour", "--xml=-", f"--sni-name={HOST}", f"127.0.0.1:{place.secure_port}", timeout=60))))


def _xml(output):
    return output[output.index("<?xml"):output.rindex("</document>") + len("</document>")]


def check_versions(place):
    """sslscan finds TLS 1.2 and TLS 1.3 only."""
    found = {f"{item.get('type')} {item.get('version')}" for item in _scan(place).iter("protocol") if item.get("enabled") == "1"}
    expect(found, {"tls 1.2", "tls 1.3"}, "the versions")


def check_ciphers(place):
    """sslscan finds no weak cipher and no key exchange without forward secrecy."""
    ciphers = list(_scan(place).iter("cipher"))
    expect(len(ciphers) > 3, True, "more than three ciphers")
    weak = [item.get("cipher") for item in ciphers
            if item.get("strength") not in ("strong", "acceptable") or int(item.get("bits")) < 128
            or not item.get("cipher").startswith(("TLS_", "ECDHE"))]
    expect(weak, [], "the weak ciphers")


def check_known_holes(place):
    """sslscan finds no compression, no insecure renegotiation and no Heartbleed."""
    scan = _scan(place)
    expect([item for item in scan.iter("compression") if item.get("supported") != "0"], [], "compression")
    expect([item.get("vulnerable") for item in scan.iter("heartbleed") if item.get("vulnerable") != "0"], [], "Heartbleed")
    insecure = [item for item in scan.iter("renegotiation") if item.get("supported") == "1" and item.get("secure") != "1"]
    expect(insecure, [], "insecure renegotiation")
