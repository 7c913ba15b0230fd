"""httpx, with the package h2 below it."""

import asyncio
import hashlib
import ssl

import httpx

from .origin import content
from .place import HOST, expect


def _trust(place):
    return ssl.create_default_context(cafile=place.ca)


class _Loopback(httpx.AsyncHTTPTransport):
    """Sends requests for the host to the loopback interface; SNI and Host stay."""

    async def handle_async_request(self, request):
        request.extensions = {**request.extensions, "sni_hostname": HOST}
        request.url = request.url.copy_with(host="127.0.0.1")
        return await super().handle_async_request(request)


def _in_session(place, work, http2=True):
    """Runs the coroutine `work(client)`."""

    async def session():
        transport = _Loopback(verify=_trust(place), http2=http2, http1=not http2)
        async with httpx.AsyncClient(transport=transport, base_url=place.secure, timeout=15) as client:
            return await asyncio.wait_for(work(client), 20)

    return asyncio.run(session())


def check_get(place):
    """GET by HTTP/2 and by HTTP/1.1."""
    for http2, version in ((True, "HTTP/2"), (False, "HTTP/1.1")):
        answer = _in_session(place, lambda client: client.get("/"), http2)
        expect((answer.status_code, answer.http_version, answer.text), (200, version, "hello"), "the answer")


def check_concurrent(place):
    """Two hundred requests at once."""

    async def work(client):
        answers = await asyncio.gather(*(client.get(f"/large?{1000 + n}") for n in range(200)))
        return [(answer.http_version, len(answer.content)) for answer in answers]

    expect(_in_session(place, work), [("HTTP/2", 1000 + n) for n in range(200)], "versions and lengths")


def check_streamed_upload(place):
    """A body of unknown length, in pieces."""
    body = content(3_000_000)

    async def pieces():
        for start in range(0, len(body), 70_000):
            yield body[start:start + 70_000]

    for http2 in (True, False):
        said = _in_session(place, lambda client: client.post("/echo", content=pieces()), http2).json()
        expect((said["length"], said["sha256"]), (len(body), hashlib.sha256(body).hexdigest()), "the body that arrived")


def check_streamed_download(place):
    """A body that is read piece by piece."""

    async def work(client):
        digest, length = hashlib.sha256(), 0
        async with client.stream("GET", "/large?5000000") as answer:
            async for piece in answer.aiter_bytes():
                digest.update(piece)
                length += len(piece)
        return length, digest.hexdigest()

    expect(_in_session(place, work), (5_000_000, hashlib.sha256(content(5_000_000)).hexdigest()), "the body")


def check_methods(place):
    """PUT, PATCH and DELETE with bodies, forms and files."""

    async def work(client):
        seen = []
        for method in ("PUT", "PATCH", "DELETE"):
            seen.append((await client.request(method, "/echo", content=b"12345")).json())
        seen.append((await client.post("/echo", data={"a": "1"}, files={"f": ("f.bin", content(200_000))})).json())
        return [(said["method"], said["length"] >= 5) for said in seen]

    expect(_in_session(place, work), [(m, True) for m in ("PUT", "PATCH", "DELETE", "POST")], "what arrived")
