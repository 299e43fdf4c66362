"""Stands between clients and a server, and holds each answer to the OpenAPI document."""

import collections
import contextlib
import http.client
import http.server
import json
import threading
import typing
import urllib.parse

import jsonschema_rs

import openapi
from wrong_files import is_the_files_fault

LONGEST_ANSWER_S = 120
OWN_HEADERS = ("connection", "content-length", "transfer-encoding", "keep-alive", "content-encoding")


class Witness:
    """Forwards to `url` while a `with` lasts. What it saw and found are by the operation's name."""

    def __init__(self, url: str, document: dict, operations: openapi.Operations) -> None:
        self.target = urllib.parse.urlsplit(url).netloc
        self.document, self.operations = document, operations
        self.validators: dict[tuple[str, int], jsonschema_rs.Validator | None] = {}
        self.seen: collections.Counter[str] = collections.Counter()
        self.faults: dict[str, set[str]] = collections.defaultdict(set)
        self.lock = threading.Lock()
        handler = type("Handler", (Forwarder,), {"witness": self})
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def __enter__(self) -> typing.Self:
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()

    def saw(self, method: str, path: str, status: int, body: bytes) -> None:
        operation = self.operations.of(method, path.partition("?")[0])
        if operation is None or (validator := self.validator(operation, status)) is None:
            return
        try:
            answer = json.loads(body)
            faults = [f"{error.message.partition(chr(10))[0][:300]} at {'/'.join(map(str, error.instance_path))}" for error in validator.iter_errors(answer)]
        except ValueError as error:
            answer, faults = None, [f"not JSON: {error}"]
        wrong = [fault for fault in faults if not is_the_files_fault(operation.name, f"{fault}\n{json.dumps(answer)}")]
        with self.lock:
            self.seen[operation.name] += 1
            self.faults[operation.name] |= {f"{method} {path}, {status}: {fault}" for fault in wrong}

    def validator(self, operation: openapi.Operation, status: int) -> jsonschema_rs.Validator | None:
        """None: nothing is said of such an answer."""
        key = (operation.name, status)
        if key not in self.validators:
            described = self.document["paths"].get(operation.path, {}).get(operation.method.lower(), {}).get("responses", {})
            schema = described.get(str(status), {}).get("content", {}).get("application/json", {}).get("schema")
            whole = None if schema is None else {**schema, "components": self.document["components"]}
            self.validators[key] = None if whole is None else jsonschema_rs.Draft202012Validator(whole)
        return self.validators[key]


class Forwarder(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    witness: Witness

    def forward(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        passed = {name: value for name, value in self.headers.items() if name.lower() not in ("accept-encoding", "connection")}
        connection = http.client.HTTPConnection(self.witness.target, timeout=LONGEST_ANSWER_S)
        try:
            connection.request(self.command, self.path, body, passed)
            answer = connection.getresponse()
            text = answer.read()
        except OSError as error:
            with contextlib.suppress(ConnectionError):
                self.send_error(502, str(error))
            return
        finally:
            connection.close()
        self.witness.saw(self.command, self.path, answer.status, text)
        with contextlib.suppress(ConnectionError):  # who gave up waiting closes the connection
            self.answer(answer, text)

    def answer(self, answer: http.client.HTTPResponse, text: bytes) -> None:
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in OWN_HEADERS:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    do_GET = do_PUT = do_POST = do_DELETE = do_OPTIONS = forward

    def log_message(self, *_: object) -> None:
        """Says nothing."""
