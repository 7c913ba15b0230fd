"""A page with fifty sub-resources that tells /report what the browser saw."""

SCRIPTS, IMAGES, STYLES = 20, 20, 10

REPORT = """
const seen = {};
const within = (name, promise) => Promise.race([promise, new Promise((_, no) => setTimeout(() => no(name + ' took too long'), 8000))]);
addEventListener('load', async () => {
  try {
    const entries = performance.getEntriesByType('resource');
    seen.navigation = performance.getEntriesByType('navigation')[0].nextHopProtocol;
    seen.resources = entries.length;
    seen.protocols = [...new Set(entries.map(entry => entry.nextHopProtocol))];
    seen.scripts = window.count;
    seen.images = [...document.images].filter(image => image.naturalWidth === 7).length;
    seen.styles = getComputedStyle(document.body).getPropertyValue('--last').trim();
    const post = await within('POST', fetch('/echo', {method: 'POST', body: 'x'.repeat(300000)}));
    seen.post = (await post.json()).length;
    seen.large = (await (await within('large', fetch('/large?4000000'))).arrayBuffer()).byteLength;
    seen.parallel = (await within('parallel', Promise.all([...Array(100).keys()].map(n => fetch('/?' + n).then(a => a.text())))))
      .filter(text => text === 'hello').length;
    seen.events = await within('events', new Promise(done => {
      const source = new EventSource('/events'), all = [];
      source.onmessage = event => { all.push(event.data); if (all.length === 3) { source.close(); done(all); } };
    }));
    seen.socket = await within('WebSocket', new Promise(done => {
      const socket = new WebSocket('wss://' + location.host + '/ws/echo'), result = {};
      socket.onopen = () => socket.send('y'.repeat(100000));
      socket.onmessage = message => { result.length = message.data.length; socket.close(4001, 'enough'); };
      socket.onclose = event => done({...result, code: event.code, clean: event.wasClean});
    }));
  } catch (error) { seen.error = String(error); }
  fetch('/report', {method: 'POST', body: JSON.stringify(seen)});
});
"""


def page():
    """The HTML."""
    head = "".join(f'<link rel="stylesheet" href="/r/{n}.css">' for n in range(STYLES))
    body = "".join(f'<img src="/r/{n}.svg">' for n in range(IMAGES))
    body += "".join(f'<script src="/r/{n}.js"></script>' for n in range(SCRIPTS))
    return (f"<!doctype html><html><head><link rel='icon' href='data:,'>{head}</head>"
            f"<body>{body}<script>{REPORT}</script></body></html>").encode()


def resource(path):
    """Body and type of one of the fifty."""
    number, _, kind = path.removeprefix("/r/").partition(".")
    if kind == "js":
        return b"window.count = (window.count || 0) + 1;", "text/javascript"
    if kind == "css":
        return f"body {{ --last: style{number}; }}".encode(), "text/css"
    return b'<svg xmlns="http://www.w3.org/2000/svg" width="7" height="7"/>', "image/svg+xml"
