"""The values of sticky cookies, as Traefik makes them of a server's URL or a service's name."""

import hashlib


def fnv1(text):
    """FNV-1, 64 bits, in hexadecimal without leading zeros."""
    value = 0xCBF29CE484222325
    for byte in text.encode():
        value = (value * 0x100000001B3 & (1 << 64) - 1) ^ byte
    return f"{value:x}"


def values(name):
    """The value given today, and two that older versions gave."""
    once = fnv1(name)
    return {"sha": hashlib.sha256(name.encode()).hexdigest()[:16], "fnv": once, "fnv2": fnv1(once)}
