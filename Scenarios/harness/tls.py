"""TLS on the sockets of the harness: what a step offers as a client, what a backend demands as a server."""

import re
import ssl
import warnings

from . import certificates

VERSIONS = {"1.0": ssl.TLSVersion.TLSv1, "1.1": ssl.TLSVersion.TLSv1_1, "1.2": ssl.TLSVersion.TLSv1_2,
            "1.3": ssl.TLSVersion.TLSv1_3}


class Refused(Exception):
    """The peer ended the handshake; the text is the name of its alert (RFC 8446 section 6), or `closed`."""


def alert_of(error):
    """`unrecognized_name` for OpenSSL's "tlsv1 unrecognized name"; its own complaints stay as they are."""
    if isinstance(error, (ssl.SSLEOFError, ssl.SSLZeroReturnError)) or not isinstance(error, ssl.SSLError):
        return "closed"
    found = re.search(r"\] (?:(?:sslv3|tlsv1|tlsv13) )?(?:alert )?(.*?) \(", str(error))
    return found.group(1).replace(" ", "_") if found else str(error)


def _limit(context, version):
    with warnings.catch_warnings():  # old versions are deprecated in Python too, and wanted here
        warnings.simplefilter("ignore")
        context.minimum_version = VERSIONS.get(str(version), ssl.TLSVersion.TLSv1)
        context.maximum_version = VERSIONS.get(str(version), ssl.TLSVersion.TLSv1_3)


def connect(sock, options, http2, sessions):
    """A handshake as `options` (the `tls` of a step) say. Verifies only if `authority` is given. Under `session` the first
    connection's context is kept in `sessions`, with its socket, whose session the next one offers."""
    name = options.get("session")
    context, earlier = sessions.get(name) or (None, None)
    if context is None:
        context = _client(options, http2)
    if "certificate" in options:
        context.load_cert_chain(options["certificate"], options["key"])
    try:
        secured = context.wrap_socket(sock, server_hostname=options.get("sni", "a.test"),
                                      session=earlier.session if earlier else None)
    except (ssl.SSLError, ConnectionError) as error:
        sock.close()
        raise Refused(alert_of(error)) from error
    if name:
        sessions[name] = (context, secured)
    return secured


def _client(options, http2):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    _limit(context, options.get("version"))
    context.set_ciphers(options.get("ciphers", "ALL") + ":@SECLEVEL=0")
    if options.get("curve"):
        context.set_ecdh_curve(options["curve"])
    protocols = options.get("alpn", ["h2"] if http2 else None)
    if protocols:
        context.set_alpn_protocols(protocols)
    if options.get("authority"):
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(options["authority"])
    return context


def serve(sock, options, protocols=None):
    """The server's side for a backend; returns the socket and what the client showed (its SNI and its subject). `protocols`: what
    ALPN may choose, the best first."""
    shown = {"sni": None}
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    _limit(context, options.get("version"))
    context.load_cert_chain(options["certificate"], options["key"])
    if options.get("ciphers"):
        context.set_ciphers(options["ciphers"])
    if protocols or options.get("alpn"):
        context.set_alpn_protocols(options.get("alpn") or protocols)
    context.sni_callback = lambda connection, name, context: shown.update(sni=name)
    if options.get("clientAuthority"):
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(options["clientAuthority"])
    secured = context.wrap_socket(sock, server_side=True)
    encoded = secured.getpeercert(binary_form=True)
    shown["client"] = certificates.name_of(encoded) if encoded else None
    shown["version"], shown["cipher"] = secured.version(), secured.cipher()[0]
    return secured, shown


def check(sock, expected):
    """A connection that was accepted against `expect.tls`."""
    if not isinstance(sock, ssl.SSLSocket):
        return ["tls: the connection is in clear"]
    found = {"alpn": sock.selected_alpn_protocol(), "version": (sock.version() or "").removeprefix("TLSv"),
             "cipher": (sock.cipher() or [None])[0], "resumed": sock.session_reused}
    encoded = sock.getpeercert(binary_form=True)
    if "certificate" in expected:
        found["certificate"] = certificates.name_of(encoded)
    problems = [f"tls.{key}: expected {value!r}, got {found.get(key)!r}" for key, value in expected.items()
                if key in found and str(value) != str(found[key])]
    if "subject" in expected:
        subject = certificates.subject_of(encoded)
        if not re.search(expected["subject"], subject):
            problems.append(f"tls.subject: expected to match /{expected['subject']}/, got {subject!r}")
    return problems
