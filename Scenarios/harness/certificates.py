"""Keys and certificates of the scenarios, made by openssl once a run and copied into the directory of each file that names one."""

import functools
import hashlib
import os
import shutil
import ssl
import subprocess
import tempfile
import threading

# Per certificate: who signs it, the kind of key, the common name, the subject alternative names, what it is for. A name that begins with a slash is the
# whole subject; what the intermediate authority signs comes with its certificate.
SERVER, CLIENT = "serverAuth", "clientAuth"
CERTIFICATES = {
    "exact": ("ca", "ec", "exact", "DNS:a.test", SERVER),
    "renewed": ("ca", "ec", "renewed", "DNS:a.test", SERVER),
    "rsa": ("ca", "rsa", "rsa", "DNS:a.test", SERVER),
    "wildcard": ("ca", "ec", "wildcard", "DNS:*.wild.test", SERVER),
    "several": ("ca", "ec", "several", "DNS:b.test,DNS:c.test", SERVER),
    "address": ("ca", "ec", "address", "IP:127.0.0.1", SERVER),
    "common": ("ca", "ec", "common.test", None, SERVER),
    "fallback": ("ca", "ec", "fallback", "DNS:fallback.test", SERVER),
    "backend": ("ca", "ec", "backend", "DNS:backend.test,IP:127.0.0.1", SERVER),
    "named": ("ca", "ec", "named", "DNS:backend.test", SERVER),
    "stranger": ("other-ca", "ec", "stranger", "DNS:backend.test,IP:127.0.0.1", SERVER),
    "client": ("ca", "ec", "client", None, CLIENT),
    "client-rsa": ("ca", "rsa", "client-rsa", None, CLIENT),
    "client-stranger": ("other-ca", "ec", "client-stranger", None, CLIENT),
    "client-server": ("ca", "ec", "client-server", None, SERVER),
    "client-chained": ("intermediate", "ec", "client-chained", None, CLIENT),
    "client-described": ("ca", "ec", "/DC=test/DC=example/C=FR/ST=Île de France/L=Paris/street=Way/postalCode=1/postalCode=2/O=One/O=Two, Inc./OU=Unit/OU=Other"
                         "/serialNumber=S 1/CN=a\\+b \"c\"", "DNS:c.test,email:c@c.test,IP:192.0.2.1,URI:spiffe://c.test/c", CLIENT),
    "uri": ("ca", "ec", "uri", "URI:spiffe://backend.test/a,DNS:backend.test,IP:127.0.0.1", SERVER),
}
KEYS = {"ec": ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"], "rsa": ["-newkey", "rsa:2048"]}

_lock = threading.Lock()


def _openssl(*arguments):
    done = subprocess.run(["openssl", *arguments], capture_output=True, check=False)
    if done.returncode:
        raise RuntimeError(f"openssl {' '.join(arguments)}: {done.stderr.decode()}")
    return done.stdout


@functools.lru_cache(maxsize=None)
def _made():
    """The directory that holds NAME.pem and NAME.key; it is removed when the run ends."""
    place = tempfile.TemporaryDirectory(prefix="scenario-certificates-")
    path = functools.partial(os.path.join, place.name)
    for name in ("ca", "other-ca"):
        _openssl("req", "-x509", *KEYS["ec"], "-nodes", "-days", "2", "-subj", f"/CN={name}",
                 "-keyout", path(name + ".key"), "-out", path(name + ".pem"))
    _openssl("req", "-x509", *KEYS["ec"], "-nodes", "-days", "2", "-subj", "/CN=intermediate", "-addext",
             "basicConstraints=critical,CA:TRUE", "-CA", path("ca.pem"), "-CAkey", path("ca.key"),
             "-keyout", path("intermediate.key"), "-out", path("intermediate.pem"))
    for name, (signer, key, common, names, use) in CERTIFICATES.items():
        extensions = ["-addext", f"extendedKeyUsage={use}", "-addext", "basicConstraints=critical,CA:FALSE"]
        if names:
            extensions += ["-addext", f"subjectAltName={names}"]
        subject = common if common.startswith("/") else f"/CN={common}"
        _openssl("req", "-x509", "-utf8", *KEYS[key], "-nodes", "-days", "2", "-subj", subject, *extensions,
                 "-CA", path(signer + ".pem"), "-CAkey", path(signer + ".key"),
                 "-keyout", path(name + ".key"), "-out", path(name + ".pem"))
        if signer == "intermediate":
            with open(path(name + ".pem"), "a", encoding="ascii") as chain, open(path("intermediate.pem"), encoding="ascii") as rest:
                chain.write(rest.read())
    return place


def copy_into(directory):
    """Copies everything to `directory`/certificates; the placeholders `certificate.NAME` and `key.NAME` with their paths,
    `content.NAME` and `content.NAME.key` with what is in them, for a text in double quotes."""
    with _lock:
        source = _made().name
    target = os.path.join(directory, "certificates")
    shutil.copytree(source, target)
    names = ["ca", "other-ca", *CERTIFICATES]
    return ({f"certificate.{name}": os.path.join(target, name + ".pem") for name in names}
            | {f"key.{name}": os.path.join(target, name + ".key") for name in names}
            | {f"content.{name}": _escaped(os.path.join(target, name + ".pem")) for name in names}
            | {f"content.{name}.key": _escaped(os.path.join(target, name + ".key")) for name in names})


def _escaped(path):
    with open(path, encoding="ascii") as file:
        return file.read().replace("\n", "\\n")


def name_of(encoded):
    """Which of the certificates this is (DER), or None."""
    with _lock:
        place = _made().name
    return _by_digest(place).get(hashlib.sha256(encoded).digest())


@functools.lru_cache(maxsize=None)
def _by_digest(place):
    result = {}
    for name in CERTIFICATES:
        with open(os.path.join(place, name + ".pem"), encoding="ascii") as file:
            first = file.read().split("-----BEGIN CERTIFICATE-----")[1]
        result[hashlib.sha256(ssl.PEM_cert_to_DER_cert("-----BEGIN CERTIFICATE-----" + first)).digest()] = name
    return result


def subject_of(encoded):
    """The subject of a certificate (DER) as openssl prints it: `CN = a.test`."""
    done = subprocess.run(["openssl", "x509", "-inform", "DER", "-noout", "-subject"], input=encoded, capture_output=True,
                          check=True)
    return done.stdout.decode().strip().removeprefix("subject=").strip()
