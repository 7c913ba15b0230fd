"""Digest logins (RFC 7616, MD5 with qop=auth): the header that answers the last challenge of a case."""

import hashlib
import re


def md5(text):
    return hashlib.md5(text.encode()).hexdigest()


def remember(run, message):
    """Keeps the challenge of an answer, if it has one, for the steps that follow."""
    for value in message.values("Www-Authenticate"):
        if value.startswith("Digest "):
            run.challenge = dict(re.findall(r'(\w+)="?([^",]*)"?', value[7:]))


def answered(run, step):
    """The step with the Authorization line that its `digest` asks for. Other keys of `digest` replace parameters as they are sent."""
    wanted = dict(step["digest"])
    challenge = dict(getattr(run, "challenge", {}))
    user, password = wanted.pop("user"), wanted.pop("password")
    count = f"{wanted.pop('count', 1):08x}"
    uri = wanted.pop("uri", step.get("path", "/"))
    realm, nonce = challenge.get("realm", ""), challenge.get("nonce", "")
    secret = wanted.pop("secret", md5(f"{user}:{realm}:{password}"))
    request = md5(f"{step.get('method', 'GET')}:{uri}")
    fields = {
        "username": user, "realm": realm, "nonce": nonce, "uri": uri, "algorithm": "MD5", "qop": "auth", "nc": count,
        "cnonce": "0a4f113b", "opaque": challenge.get("opaque", ""),
        "response": md5(f"{secret}:{nonce}:{count}:0a4f113b:auth:{request}"),
    }
    fields.update(wanted)
    bare = ("algorithm", "qop", "nc")
    value = ", ".join(f"{name}={text}" if name in bare else f'{name}="{text}"' for name, text in fields.items())
    headers = step.get("headers") or []
    pairs = [list(pair) for pair in (headers.items() if isinstance(headers, dict) else headers)]
    return dict(step, headers=pairs + [["Authorization", "Digest " + value]])
