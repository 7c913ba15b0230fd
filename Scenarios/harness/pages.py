"""The examples of docs/middlewares as scenarios: a page's configuration, and its curl commands with what they print.

The section `Example` of a page holds one block `yaml`, the dynamic configuration, and one block `console`:

    $ curl -i http://shop.localhost:8000/api/items
    HTTP/1.1 200 OK
    Content-Type: text/plain; charset=utf-8
    (no X-Powered-By)

    GET /items HTTP/1.1

The lines below a command are some of those that curl prints: each must come, in any order, the first of them first; `(no Name)` must not
come, and `…` stands for anything. A command that ends with `&` is still waiting for its answer when the next one is sent.
Ports: `martinet whoami` answers on 8081 and 8082, nobody on 8089; 8000 and 8443 are the entry points `web` and `websecure`.
"""

import base64
import os
import re
import shlex
from urllib.parse import urlsplit

import yaml

from .runner import Scenario

BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.M | re.S)
EXAMPLE = re.compile(r"^## Example$.*?(?=^## |\Z)", re.M | re.S)
SERVERS = {"8081": "one", "8082": "two"}
ENTRY_POINTS = {8000: "web", 8443: "websecure"}


class Page(Scenario):
    """The example of one page, as a scenario with a single case."""

    def __init__(self, path, root):
        self.path = path
        self.name = os.path.relpath(path, root)[: -len(".md")]
        with open(path, encoding="utf-8") as file:
            blocks = BLOCK.findall("".join(EXAMPLE.findall(file.read())))
        kinds = [kind for kind, _ in blocks]
        if kinds.count("yaml") != 1 or kinds.count("console") != 1:
            raise ValueError(f"{path}: an example is one block yaml and one block console, found {kinds}")
        texts = dict(blocks)
        self.content = {
            "static": {"entryPoints": {"websecure": {}}},
            "servers": {name: {"kind": "whoami"} for name in SERVERS.values()},
            "dynamic": yaml.safe_load(with_ports(texts["yaml"])),
            "cases": [{"name": "the example", "steps": steps_of(path, texts["console"])}],
        }


def with_ports(text):
    """The configuration with the ports of this run instead of those a reader would use."""
    for port, name in SERVERS.items():
        text = text.replace(f"http://127.0.0.1:{port}", f"${{backend.{name}}}")
    text = text.replace("http://127.0.0.1:8089", "${closed}")
    return text.replace("127.0.0.1:8000", "127.0.0.1:${port.web}")


def steps_of(path, text):
    commands = re.split(r"^\$ ", text, flags=re.M)
    if commands[0].strip() or len(commands) < 2:
        raise ValueError(f"{path}: the console block must begin with a command: $ curl …")
    steps = []
    for number, command in enumerate(commands[1:]):
        line, _, output = command.partition("\n")
        steps += request_of(path, line, number)
        waits = line.rstrip().endswith("&")
        if waits and output.strip():
            raise ValueError(f"{path}: no output can follow a command that ends with &")
        steps[-1]["expect"] = {"no_answer": 0.3} if waits else expected(path, output)
    return steps


def request_of(path, line, number):
    """The steps of one curl command, on a connection of their own; two for a Digest login."""
    words = shlex.split(line.rstrip().removesuffix("&"))
    step = {"connection": f"curl {number}", "method": "GET"}
    headers, tls, user, url, digest = [["User-Agent", "curl/8.0"], ["Accept", "*/*"]], {}, None, None, False
    if words.pop(0) != "curl":
        raise ValueError(f"{path}: only curl is understood: {line}")
    while words:
        word = words.pop(0)
        if word in ("-i", "-s", "-k"):
            continue
        if word == "--digest":
            digest = True
        elif word == "-X":
            step["method"] = words.pop(0)
        elif word == "-H":
            headers.append([part.strip() for part in words.pop(0).split(":", 1)])
        elif word == "-d":
            step |= {"method": "POST", "body": words.pop(0)}
            headers.append(["Content-Type", "application/x-www-form-urlencoded"])
        elif word == "-u":
            user = words.pop(0)
        elif word in ("--cert", "--key"):
            kind = {"--cert": "certificate", "--key": "key"}[word]
            tls[kind] = f"${{{kind}.{words.pop(0).split('.')[0]}}}"
        elif word.startswith("-"):
            raise ValueError(f"{path}: an option that is not understood: {word}")
        else:
            url = urlsplit(word)
    if url is None or url.port not in ENTRY_POINTS:
        raise ValueError(f"{path}: a URL with port 8000 or 8443 is needed: {line}")
    step |= {"entryPoint": ENTRY_POINTS[url.port], "host": url.netloc, "headers": headers,
             "path": (url.path or "/") + (f"?{url.query}" if url.query else "")}
    if url.scheme == "https":
        step["tls"] = {"sni": url.hostname, **tls}
    if digest:
        name, _, password = user.partition(":")
        return [{**step, "expect": {"status": 401}}, {**step, "digest": {"user": name, "password": password}}]
    if user:
        headers.append(["Authorization", "Basic " + base64.b64encode(user.encode()).decode()])
    return [step]


def expected(path, output):
    """What the lines below a command ask for, as `expect` of a step."""
    head, _, body = output.strip("\n").partition("\n\n")
    status, *lines = head.split("\n")
    if not status.startswith("HTTP/"):
        raise ValueError(f"{path}: the output of curl -i begins with the status line, not with {status!r}")
    headers = {}
    for line in lines:
        absent = re.fullmatch(r"\(no (\S+)\)", line)
        if absent:
            headers[absent.group(1)] = None
            continue
        name, _, value = line.partition(": ")
        headers.setdefault(name, []).append(value)
    headers = {name: {"regex": f"^{pattern(', '.join(values))}$"} if values and "…" in "".join(values) else values
               for name, values in headers.items()}
    wanted = {"line": status, "headers": headers}
    if body.strip():
        wanted["body"] = {"regex": "".join(line_pattern(line) for line in body.strip("\n").split("\n") if line)}
    return wanted


def line_pattern(line):
    """A look-ahead that finds the line anywhere in the body, or for `(no Name)` that finds none of that name."""
    absent = re.fullmatch(r"\(no (\S+)\)", line)
    if absent:
        return rf"\A(?!(?:.*\n)?(?i:{re.escape(absent.group(1))}):)"
    return rf"\A(?=(?:.*\n)?(?i:{pattern(line)})(?:\r?\n|\Z))"


def pattern(text):
    """The text, with `…` for anything on the line."""
    return r"[^\n]*".join(re.escape(part) for part in text.split("…"))
