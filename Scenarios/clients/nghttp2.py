"""nghttp and h2load of nghttp2."""

import os
import re

from .origin import content
from .place import HOST, expect, run


def _nghttp(place, *arguments, path="/"):
    """Frames and headers as nghttp prints them; the address is that of the machine, the authority that of the host."""
    return run("nghttp", "-v", "--timeout=15", "-H", f":authority: {HOST}:{place.secure_port}", *arguments,
               f"https://127.0.0.1:{place.secure_port}{path}")


def _statuses(output):
    return re.findall(r"recv \(stream_id=\d+\) :status: (\d+)", output)


def check_get(place):
    """nghttp gets a page and the connection ends in peace."""
    output = _nghttp(place)
    expect(_statuses(output), ["200"], "the statuses")
    expect(re.findall(r"recv GOAWAY.*\n.*\n?.*error_code=(?!NO_ERROR)\w+", output), [], "errors")


def check_continuation(place):
    """A header block in CONTINUATION frames."""
    expect(_statuses(_nghttp(place, "--continuation", "-H", f"x-long: {'v' * 9000}")), ["200"], "the statuses")


def check_padding(place):
    """Padded frames in a request with a body."""
    upload = os.path.join(place.directory, "upload")
    with open(upload, "wb") as file:
        file.write(content(100_000))
    output = _nghttp(place, "--padding=255", "-d", upload, path="/echo")
    expect(_statuses(output), ["200"], "the statuses")
    expect('"length": 100000' in output, True, "the length that arrived")


def check_small_windows(place):
    """A megabyte through windows of 1 KiB."""
    output = _nghttp(place, "--window-bits=10", "--connection-window-bits=16", path="/large?100000")
    expect(_statuses(output), ["200"], "the statuses")
    expect(sum(int(size) for size in re.findall(r"recv DATA frame <length=(\d+)", output)), 100_000, "the bytes that came")


def check_header_tables(place):
    """Header tables of other sizes, none at all included."""
    for size in ("0", "1", "65536"):
        output = _nghttp(place, f"--header-table-size={size}", f"--encoder-header-table-size={size}", "--multiply=5")
        expect(_statuses(output), ["200"] * 5, f"the statuses with {size}")


def check_trailer_of_request(place):
    """A request that ends with a trailer."""
    upload = os.path.join(place.directory, "short")
    with open(upload, "wb") as file:
        file.write(b"hello")
    output = _nghttp(place, "--no-content-length", "--trailer=x-digest: abc", "-d", upload, path="/echo")
    expect(_statuses(output), ["200"], "the statuses")
    expect('"length": 5' in output, True, "the length that arrived")


def _h2load(place, *arguments, url):
    output = run("h2load", "-t1", *arguments, "-H", f":authority: {HOST}", url)
    done = re.search(r"status codes: (\d+) 2xx, (\d+) 3xx, (\d+) 4xx, (\d+) 5xx", output)
    return [int(number) for number in done.groups()]


def check_h2load_tls(place):
    """h2load: 2,000 requests on 10 connections, 20 at once on each."""
    url = f"https://127.0.0.1:{place.secure_port}/"
    expect(_h2load(place, "-n2000", "-c10", "-m20", url=url), [2000, 0, 0, 0], "the classes of status")


def check_h2load_clear(place):
    """h2load: 1,000 requests in clear."""
    url = f"http://127.0.0.1:{place.clear_port}/"
    expect(_h2load(place, "-n1000", "-c5", "-m50", url=url), [1000, 0, 0, 0], "the classes of status")


def check_h2load_uploads(place):
    """h2load: 200 bodies of 64 KiB, 10 at once on each connection."""
    upload = os.path.join(place.directory, "post")
    with open(upload, "wb") as file:
        file.write(content(65_536))
    url = f"https://127.0.0.1:{place.secure_port}/echo"
    expect(_h2load(place, "-n200", "-c4", "-m10", "-d", upload, url=url), [200, 0, 0, 0], "the classes of status")
