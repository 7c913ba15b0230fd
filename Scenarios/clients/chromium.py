"""Chromium without a window loads one page over HTTP/2; the page itself reports what it saw."""

import base64
import hashlib
import os
import shutil
import signal
import subprocess
import tempfile

from .page import IMAGES, SCRIPTS, STYLES
from .place import HOST, expect, run

PROGRAMS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")


def _report(place):
    """The page's report; Chromium runs once for all checks."""
    return place.once("chromium", lambda: _load(place))


def _key_digest(place):
    """What Chromium shall accept in place of a chain to an authority it knows: the digest of the certificate's key."""
    public = run("openssl", "x509", "-in", place.paths["certificate.exact"], "-noout", "-pubkey")
    der = run("openssl", "pkey", "-pubin", "-outform", "der", text=False, stdin=public.encode())
    return base64.b64encode(hashlib.sha256(der).digest()).decode()


def _load(place):
    program = next((found for name in PROGRAMS if (found := shutil.which(name))), None)
    if program is None:
        raise RuntimeError("Chromium is not installed: run scripts/install-packages.sh test")
    with tempfile.TemporaryDirectory(prefix="chromium-") as profile, open(os.path.join(place.directory, "chromium"), "wb") as log:
        arguments = ["--headless", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-background-networking",
                     "--remote-debugging-port=0", f"--user-data-dir={profile}", f"--host-resolver-rules=MAP {HOST} 127.0.0.1",
                     f"--ignore-certificate-errors-spki-list={_key_digest(place)}"]
        if os.geteuid() == 0:
            arguments.append("--no-sandbox")
        browser = subprocess.Popen([program, *arguments, f"{place.secure}/page"], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                   start_new_session=True)
        try:
            if not place.origin.reported.wait(40):
                raise AssertionError(f"no report within 40 s; Chromium said: {_tail(place)}")
            return place.origin.reports[0]
        finally:
            # The browser leads a group of its own, renderers included.
            os.killpg(browser.pid, signal.SIGKILL)
            browser.wait(10)


def _tail(place):
    with open(os.path.join(place.directory, "chromium"), encoding="utf-8", errors="replace") as file:
        return file.read()[-600:]


def check_page(place):
    """The page and its fifty sub-resources come over HTTP/2."""
    report = _report(place)
    expect(report["navigation"], "h2", "the protocol of the page")
    expect(report["protocols"], ["h2"], "the protocols of the sub-resources")
    expect(report["resources"], SCRIPTS + IMAGES + STYLES, "the number of sub-resources")


def check_content(place):
    """Scripts ran, images and styles were understood."""
    report = _report(place)
    expect((report["scripts"], report["images"], report["styles"]), (SCRIPTS, IMAGES, f"style{STYLES - 1}"), "what was shown")


def check_fetch(place):
    """fetch posts 300 KB, reads 4 MB and asks a hundred times at once."""
    report = _report(place)
    expect((report.get("post"), report.get("large"), report.get("parallel")), (300_000, 4_000_000, 100),
           f"what fetch saw (error: {report.get('error')})")


def check_events(place):
    """Server-sent events arrive."""
    expect(_report(place).get("events"), ["one", "two", "three"], "the events")


def check_websocket(place):
    """A WebSocket echoes 100 KB and closes with the code it was given."""
    report = _report(place)
    expect(report.get("socket"), {"length": 100_000, "code": 4001, "clean": True}, f"what it saw (error: {report.get('error')})")
