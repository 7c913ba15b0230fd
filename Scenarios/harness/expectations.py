"""Compares what happened with what a case expects; every difference becomes one readable line."""

import gzip
import json
import re


def check_values(label, lines, expected):
    """`lines` are the values of one header; see README.md for the forms of `expected`."""
    if expected is None:
        return [] if not lines else [f"{label}: expected absent, got {lines}"]
    if isinstance(expected, dict):
        if "regex" in expected and not (lines and re.search(expected["regex"], ", ".join(lines))):
            return [f"{label}: expected to match /{expected['regex']}/, got {lines}"]
        if expected.get("present") and not lines:
            return [f"{label}: expected present, got nothing"]
        if "set" in expected and sorted(split_list(lines)) != sorted(expected["set"]):
            return [f"{label}: expected the items {expected['set']}, got {lines}"]
        if "not" in expected and expected["not"] in ", ".join(lines):
            return [f"{label}: must not hold {expected['not']!r}, got {lines}"]
        return []
    wanted = [str(item) for item in expected] if isinstance(expected, list) else [str(expected)]
    return [] if lines == wanted else [f"{label}: expected {wanted}, got {lines}"]


def split_list(lines):
    return [item.strip() for line in lines for item in line.split(",") if item.strip()]


def check_text(label, text, expected):
    """Exact text, or {regex, contains, absent, length}."""
    if isinstance(expected, dict):
        problems = []
        if "regex" in expected and not re.search(expected["regex"], text, re.S):
            problems.append(f"{label}: expected to match /{expected['regex']}/, got {shorten(text)}")
        if "contains" in expected and str(expected["contains"]) not in text:
            problems.append(f"{label}: expected to hold {expected['contains']!r}, got {shorten(text)}")
        if "absent" in expected and expected["absent"] in text:
            problems.append(f"{label}: must not hold {expected['absent']!r}, got {shorten(text)}")
        if "length" in expected and len(text) != expected["length"]:
            problems.append(f"{label}: expected {expected['length']} bytes, got {len(text)}")
        return problems
    return [] if text == str(expected) else [f"{label}: expected {shorten(str(expected))}, got {shorten(text)}"]


def shorten(text, limit=300):
    return repr(text if len(text) <= limit else text[:limit] + f"… ({len(text)} bytes)")


def check_json(label, value, expected):
    """`expected` is a subset: named keys must agree, {regex}, {type}, {length} and {absent: true} are understood."""
    if isinstance(expected, dict):
        if set(expected) == {"regex"}:
            return [] if re.search(expected["regex"], str(value)) else [f"{label}: {value!r} !~ /{expected['regex']}/"]
        if set(expected) == {"type"}:
            kind = {"str": str, "int": int, "list": list, "dict": dict, "bool": bool}[expected["type"]]
            return [] if isinstance(value, kind) else [f"{label}: expected {expected['type']}, got {value!r}"]
        if set(expected) == {"length"}:
            size = expected["length"]
            return [] if len(value) == size else [f"{label}: expected {size} items, got {value!r}"]
        if not isinstance(value, dict):
            return [f"{label}: expected an object, got {value!r}"]
        problems = []
        for key, item in expected.items():
            if item == {"absent": True}:
                problems += [f"{label}.{key}: expected absent, got {value[key]!r}"] if key in value else []
            elif key not in value:
                problems.append(f"{label}.{key}: missing (has {sorted(value)})")
            else:
                problems += check_json(f"{label}.{key}", value[key], item)
        return problems
    if isinstance(expected, list) and isinstance(value, list) and len(expected) == len(value):
        return [p for i, (v, e) in enumerate(zip(value, expected)) for p in check_json(f"{label}[{i}]", v, e)]
    return [] if value == expected else [f"{label}: expected {expected!r}, got {value!r}"]


def check_request(label, view, expected):
    """A request as a backend saw it (see backends.describe)."""
    problems = []
    for key in ("line", "method", "target", "version", "host", "framing", "server", "complete"):
        if key in expected and view.get(key) != expected[key]:
            problems.append(f"{label}.{key}: expected {expected[key]!r}, got {view.get(key)!r}")
    if "tls" in expected:
        problems += check_json(f"{label}.tls", view.get("tls"), expected["tls"])
    if "body" in expected:
        problems += check_text(f"{label}.body", view.get("body", ""), expected["body"])
    for name, wanted in (expected.get("headers") or {}).items():
        lines = [value for key, value in view["headers"] if key.lower() == name.lower()]
        problems += check_values(f"{label}.{name}", lines, wanted)
    for name in expected.get("spelt", []):
        if name not in [key for key, _ in view["headers"]]:
            problems.append(f"{label}: no header line spelt {name!r}, got {[key for key, _ in view['headers']]}")
    for name, wanted in (expected.get("trailers") or {}).items():
        lines = [value for key, value in view["trailers"] if key.lower() == name.lower()]
        problems += check_values(f"{label}.trailer {name}", lines, wanted)
    return problems


def check_response(message, expected):
    """A response against `expect`; connection state and backends are checked by the runner."""
    problems = []
    if "status" in expected:
        wanted = expected["status"] if isinstance(expected["status"], list) else [expected["status"]]
        if message.status not in wanted:
            problems.append(f"status: expected {expected['status']}, got {message.start!r} "
                            f"with body {shorten(message.body.decode('latin-1'))}")
    if "line" in expected:
        problems += check_text("status line", message.start, expected["line"])
    for name, wanted in (expected.get("headers") or {}).items():
        problems += check_values(name, message.values(name), wanted)
    for name, wanted in (expected.get("trailers") or {}).items():
        lines = [value for key, value in message.trailers if key.lower() == name.lower()]
        problems += check_values(f"trailer {name}", lines, wanted)
    body = message.body
    if "encoding" in expected:
        problems += check_values("Content-Encoding", message.values("Content-Encoding"), expected["encoding"])
        if message.header("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
    if "body" in expected:
        problems += check_text("body", body.decode("latin-1"), expected["body"])
    if "framing" in expected and message.framing != expected["framing"]:
        problems.append(f"framing: expected {expected['framing']}, got {message.framing}")
    if "complete" in expected and message.complete != expected["complete"]:
        problems.append(f"complete: expected {expected['complete']}, got {message.complete}")
    if "informational" in expected:
        statuses = [interim.status for interim in message.informational]
        if statuses != expected["informational"]:
            problems.append(f"interim answers: expected {expected['informational']}, got {statuses}")
    for name, wanted in (expected.get("hints") or {}).items():
        lines = [value for interim in message.informational for value in interim.values(name)]
        problems += check_values(f"interim {name}", lines, wanted)
    if "json" in expected or "backend" in expected:
        try:
            value = json.loads(body)
        except ValueError:
            return problems + [f"body is no JSON ({message.start!r}): {shorten(body.decode('latin-1'))}"]
        if "json" in expected:
            problems += check_json("json", value, expected["json"])
        if "backend" in expected:
            problems += check_request("backend", value, expected["backend"])
    return problems
