"""The server under test: $TORG_BINARY in a temporary folder, or a running one at $INTEROP_URL with $INTEROP_SECRET."""

import contextlib
import hashlib
import hmac
import json
import os
import pathlib
import secrets
import sys
import typing
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))

from harness import torg  # noqa: E402


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
    secret = secrets.token_hex(16)
    with torg.running("interop.example", [f"registration_shared_secret={secret}", "public_read_receipts=on"]) as server:
        yield Server(server.url, secret)


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
