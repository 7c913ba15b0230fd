"""curl."""

import hashlib
import json
import os
import tempfile

from .origin import content
from .place import HOST, expect, run


class Answer:
    """What curl wrote: `info` (its JSON), `head` (header lines, interim answers and trailers included) and `body`."""

    def __init__(self, place, *arguments, secure=True, path="/", stdin=None):
        with tempfile.TemporaryDirectory(dir=place.directory) as folder:
            body, head = os.path.join(folder, "body"), os.path.join(folder, "head")
            output = run("curl", "-sS", "--max-time", "15", "--cacert", place.ca, "--resolve",
                         f"{HOST}:{place.secure_port if secure else place.clear_port}:127.0.0.1",
                         "-o", body, "-D", head, "-w", "%{json}", *arguments, (place.secure if secure else place.clear) + path,
                         text=stdin is None, stdin=stdin)
            text = output if isinstance(output, str) else output.decode()
            self.info = json.loads(text[text.index("{"):])
            with open(head, encoding="latin-1") as file:
                self.head = file.read()
            self.body = b""
            if os.path.exists(body):
                with open(body, "rb") as file:
                    self.body = file.read()
        expect(self.info["http_code"] // 100, 2, "the class of the status")


def check_http1_over_tls(place):
    """HTTP/1.1 over TLS."""
    answer = Answer(place, "--http1.1")
    expect((answer.info["http_version"], answer.body), ("1.1", b"hello"), "the answer")


def check_http2_by_alpn(place):
    """HTTP/2 by ALPN."""
    answer = Answer(place, "--http2")
    expect((answer.info["http_version"], answer.body), ("2", b"hello"), "the answer")


def check_http2_prior_knowledge(place):
    """HTTP/2 in clear by prior knowledge."""
    answer = Answer(place, "--http2-prior-knowledge", secure=False)
    expect((answer.info["http_version"], answer.body), ("2", b"hello"), "the answer")


def check_http2_upgrade(place):
    """An offer to upgrade to h2c does no harm."""
    expect(Answer(place, "--http2", secure=False).body, b"hello", "the body")


def check_http10(place):
    """HTTP/1.0."""
    expect(Answer(place, "--http1.0", secure=False).body, b"hello", "the body")


def check_tls12_and_tls13(place):
    """TLS 1.2 and TLS 1.3, each alone."""
    for version in ("1.2", "1.3"):
        expect(Answer(place, f"--tlsv{version}", "--tls-max", version).body, b"hello", f"the body by TLS {version}")


def check_tls11_refused(place):
    """TLS 1.1 is refused."""
    run("curl", "-sS", "--max-time", "10", "--tlsv1.0", "--tls-max", "1.1", "--ciphers", "DEFAULT@SECLEVEL=0", "--cacert", place.ca,
        "--resolve", f"{HOST}:{place.secure_port}:127.0.0.1", place.secure, status=35)


def check_certificate_is_verified(place):
    """The certificate is that of the host, signed by the authority."""
    run("curl", "-sS", "--max-time", "10", "--cacert", place.paths["certificate.other-ca"],
        "--resolve", f"{HOST}:{place.secure_port}:127.0.0.1", place.secure, status=60)


def _upload(place, *arguments, secure=True, size=8_000_000):
    body = content(size)
    answer = Answer(place, "--data-binary", "@-", *arguments, secure=secure, path="/echo", stdin=body)
    said = json.loads(answer.body)
    expect((said["length"], said["sha256"]), (size, hashlib.sha256(body).hexdigest()), "the body that arrived")
    return answer, said


def check_upload_with_length(place):
    """8 MB by HTTP/1.1 with a length."""
    _upload(place, "--http1.1")


def check_upload_chunked(place):
    """8 MB by HTTP/1.1 in chunks."""
    _upload(place, "--http1.1", "-H", "Transfer-Encoding: chunked")


def check_upload_http2(place):
    """8 MB by HTTP/2, over TLS and in clear."""
    _upload(place, "--http2")
    _upload(place, "--http2-prior-knowledge", secure=False)


def check_continue(place):
    """Expect: 100-continue gets its 100 before the body."""
    answer, _ = _upload(place, "--http1.1", "-H", "Expect: 100-continue", "--expect100-timeout", "10", size=1000)
    expect(answer.head.startswith("HTTP/1.1 100 "), True, "an interim answer first")


def check_download(place):
    """16 MB by HTTP/1.1 and HTTP/2."""
    for version in ("--http1.1", "--http2"):
        expect(Answer(place, version, path="/large?16000000").body == content(16_000_000), True, f"sameness of the body ({version})")


def check_trailers(place):
    """Trailers by HTTP/1.1 and HTTP/2."""
    for version in ("--http1.1", "--http2"):
        answer = Answer(place, version, path="/trailers")
        expect(answer.body, b"hello", "the body")
        expect("x-digest: abc" in answer.head.lower(), True, f"a trailer ({version})")


def check_head(place):
    """HEAD by HTTP/1.1 and HTTP/2."""
    for version in ("--http1.1", "--http2"):
        answer = Answer(place, version, "--head", path="/large?1000")
        expect("content-length: 1000" in answer.head.lower(), True, "a length")


def check_empty_answer(place):
    """204 by HTTP/1.1 and HTTP/2, and the connection goes on."""
    for version in ("--http1.1", "--http2"):
        expect(Answer(place, version, path="/gone").info["http_code"], 204, "the status")


def check_cookies(place):
    """Two Set-Cookie lines stay two, and come back."""
    jar = os.path.join(place.directory, "jar")
    for version in ("--http1.1", "--http2"):
        answer = Answer(place, version, "-c", jar, path="/cookies")
        expect(answer.head.lower().count("set-cookie:"), 2, "the number of cookies")
        said = json.loads(Answer(place, version, "-b", jar, "-d", "", path="/echo").body)
        expect(sorted(said["headers"]["cookie"].split("; ")), ["a=1", "b=2"], "the cookies that arrived")


def check_reuse(place):
    """A connection serves one request after the other."""
    for version in ("--http1.1", "--http2"):
        output = run("curl", "-sS", "--max-time", "15", version, "--cacert", place.ca, "--resolve",
                     f"{HOST}:{place.secure_port}:127.0.0.1", "-o", "/dev/null", "-w", "%{http_code} %{num_connects}\n",
                     f"{place.secure}/?[1-20]")
        lines = output.split("\n")[:-1]
        expect(lines, ["200 1"] + ["200 0"] * 19, f"statuses and new connections ({version})")


def check_parallel(place):
    """A hundred requests at once on one connection."""
    output = run("curl", "-sS", "--max-time", "15", "--http2", "--parallel", "--parallel-max", "100", "--cacert", place.ca,
                 "--resolve", f"{HOST}:{place.secure_port}:127.0.0.1", "-o", "/dev/null", "-w", "%{http_code} %{http_version}\n",
                 f"{place.secure}/?[1-100]")
    # With --parallel this curl shows its progress even if told not to.
    expect(output.split("\n").count("200 2"), 100, "the number of good answers")


def check_slow_reader(place):
    """A client that reads slowly gets everything."""
    for version in ("--http1.1", "--http2"):
        answer = Answer(place, version, "--limit-rate", "3M", path="/large?3000000")
        expect(answer.body == content(3_000_000), True, f"sameness of the body ({version})")
