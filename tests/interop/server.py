"""The server under test: $TORG_BINARY in a temporary folder, or a running one at $INTEROP_URL with $INTEROP_SECRET."""

import contextlib
import hashlib
import hmac
import json
import os
import secrets
import socket
import subprocess
import tempfile
import time
import typing
import urllib.error
import urllib.request

START_LIMIT_S = 20


class Server(typing.NamedTuple):
    url: str
    secret: str


class Account(typing.NamedTuple):
    user_id: str
    password: str


@contextlib.contextmanager
def running_server() -> typing.Iterator[Server]:
    if url := os.environ.get("INTEROP_URL"):
        yield Server(url, os.environ["INTEROP_SECRET"])
        return
    with tempfile.TemporaryDirectory(prefix="torg-interop-") as data:
        server = Server(f"http://127.0.0.1:{free_port()}", secrets.token_hex(16))
        settings = ["--set", f"registration_shared_secret={server.secret}", "--set", "rate_limits=off"]
        command = [os.environ["TORG_BINARY"], "serve", "--data", data, "--listen", server.url]
        process = subprocess.Popen([*command, "--server-name", "interop.example", *settings], stdout=subprocess.DEVNULL)
        try:
            wait_for(server, process)
            yield server
        finally:
            process.terminate()
            process.wait(30)


def wait_for(server: Server, process: subprocess.Popen) -> None:
    limit = time.monotonic() + START_LIMIT_S
    while True:
        with contextlib.suppress(urllib.error.URLError, ConnectionError):
            urllib.request.urlopen(f"{server.url}/_matrix/client/versions").read()
            return
        if process.poll() is not None or time.monotonic() > limit:
            raise RuntimeError("The server did not start.")
        time.sleep(0.02)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def register(server: Server, name: str) -> Account:
    """An account made by shared secret; names are made unique, so that a server can be tested twice."""
    username = f"{name}-{secrets.token_hex(4)}"
    password = f"word of {username}"
    endpoint = f"{server.url}/_synapse/admin/v1/register"
    nonce = json.load(urllib.request.urlopen(endpoint))["nonce"]
    text = "\0".join([nonce, username, password, "notadmin"]).encode()
    mac = hmac.new(server.secret.encode(), text, hashlib.sha1).hexdigest()
    body = {"nonce": nonce, "username": username, "password": password, "admin": False, "mac": mac}
    request = urllib.request.Request(endpoint, json.dumps(body).encode(), {"Content-Type": "application/json"})
    return Account(json.load(urllib.request.urlopen(request))["user_id"], password)
