"""A register as Torg sees it from outside: the reference for docs/external-register.md. It keeps one number per key.

Over HTTP (`--port`, `--secret`) or in a watched folder (`--folder`); what it has lies under `--store`, one folder per key.
"""

import argparse
import contextlib
import hashlib
import http.server
import json
import os
import pathlib
import shutil
import threading
import typing
import urllib.parse


class Store:
    """Numbers on disk: a record is registered when `number` is there, whatever was killed when."""

    def __init__(self, folder: str) -> None:
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.lock = threading.Lock()

    def put_file(self, key: str, n: str, content: bytes) -> None:
        path = self.folder / key / "files" / n
        path.parent.mkdir(parents=True, exist_ok=True)
        self._write(path, content)

    def file(self, key: str, n: int) -> bytes:
        return (self.folder / key / "files" / str(n)).read_bytes()

    def number(self, key: str) -> str | None:
        with contextlib.suppress(FileNotFoundError):
            return (self.folder / key / "number").read_text(encoding="utf-8")
        return None

    def numbers(self) -> list[str]:
        return sorted(path.read_text(encoding="utf-8") for path in self.folder.glob("*/number"))

    def missing(self, record: dict) -> list[str]:
        """Files of a record that are not here, or not as Torg says they are."""
        faults = []
        for file in record["files"]:
            path = self.folder / record["key"] / "files" / str(file["n"])
            if not path.exists() or hashlib.sha256(path.read_bytes()).hexdigest() != file["sha256"]:
                faults.append(file["path"])
        return faults

    def register(self, record: dict) -> str:
        """The number of a record: the one it has, or the next."""
        with self.lock:
            known = self.number(record["key"])
            if known:
                return known
            number = f"Dnr {record['authority']['code']}-{len(self.numbers()) + 1}"
            folder = self.folder / record["key"]
            folder.mkdir(parents=True, exist_ok=True)
            self._write(folder / "record.json", json.dumps(record).encode())
            self._write(folder / "number", number.encode())
            return number

    @staticmethod
    def _write(path: pathlib.Path, content: bytes) -> None:
        temporary = path.with_name(path.name + ".part")
        with open(temporary, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.rename(path)


class Registry:
    """The register over HTTP. `before_answer` is called when a number is durable and its answer is not sent yet."""

    def __init__(self, store: Store, secret: str, port: int = 0) -> None:
        self.store, self.secret = store, secret
        self.before_answer: typing.Callable[[str], None] = lambda key: None
        self.refuse: str = ""  # the reason for which everything is refused from now on
        self.later = False  # numbers are given when somebody asks, not at once
        self.requests: list[str] = []
        registry = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_PUT(self) -> None:  # noqa: N802 - the library's name
                registry._put(self)

            def do_POST(self) -> None:  # noqa: N802
                registry._post(self)

            def do_GET(self) -> None:  # noqa: N802
                registry._get(self)

            def log_message(self, *_: object) -> None:
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self.server.daemon_threads = True
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    def start(self) -> None:
        self.thread.start()

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def _put(self, call: http.server.BaseHTTPRequestHandler) -> None:
        content = self._body(call)
        _, _, key, _, n = call.path.split("/")
        if not self._allowed(call):
            return
        if hashlib.sha256(content).hexdigest() != call.headers["torg-file-sha256"]:
            self._answer(call, 400, {"error": "The file is not what its hash says."})
            return
        urllib.parse.unquote(call.headers["torg-file-name"], errors="strict")
        self.store.put_file(key, n, content)
        self._answer(call, 201, {})

    def _post(self, call: http.server.BaseHTTPRequestHandler) -> None:
        record = json.loads(self._body(call))
        if not self._allowed(call):
            return
        if call.path != "/records" or call.headers["idempotency-key"] != record["key"]:
            self._answer(call, 400, {"error": "The key is missing."})
        elif self.refuse:
            self._answer(call, 422, {"error": self.refuse})
        elif missing := self.store.missing(record):
            self._answer(call, 500, {"error": f"{missing} did not arrive."})
        elif self.later and not self.store.number(record["key"]):
            self.store.put_file(record["key"], "record", json.dumps(record).encode())
            self._answer(call, 202, {})
        else:
            number = self.store.register(record)
            self.before_answer(record["key"])
            self._answer(call, 200, {"number": number})

    def _get(self, call: http.server.BaseHTTPRequestHandler) -> None:
        if not self._allowed(call):
            return
        key = call.path.rpartition("/")[2]
        number = self.store.number(key)
        if number:
            self._answer(call, 200, {"number": number})
        elif (self.store.folder / key / "files" / "record").exists():
            self._answer(call, 202, {})
        else:
            self._answer(call, 404, {"error": "There is no such record."})

    def decide(self, key: str) -> str:
        """Gives a number to what waited for one."""
        return self.store.register(json.loads((self.store.folder / key / "files" / "record").read_bytes()))

    def _body(self, call: http.server.BaseHTTPRequestHandler) -> bytes:
        self.requests.append(f"{call.command} {call.path}")
        return call.rfile.read(int(call.headers.get("content-length") or 0))

    def _allowed(self, call: http.server.BaseHTTPRequestHandler) -> bool:
        if call.headers.get("authorization") == f"Bearer {self.secret}":
            return True
        self._answer(call, 401, {"error": "Who are you?"})
        return False

    @staticmethod
    def _answer(call: http.server.BaseHTTPRequestHandler, status: int, body: dict) -> None:
        text = json.dumps(body).encode()
        with contextlib.suppress(OSError):  # Torg was killed meanwhile
            call.send_response(status)
            call.send_header("Content-Type", "application/json")
            call.send_header("Content-Length", str(len(text)))
            call.end_headers()
            call.wfile.write(text)


class Watcher:
    """The register that watches a folder."""

    def __init__(self, store: Store, folder: str) -> None:
        self.store, self.folder = store, pathlib.Path(folder)

    def look(self, before_answer: typing.Callable[[str], None] = lambda key: None) -> int:
        """Registers what lies there. @return how many were new"""
        new = 0
        for package in sorted((self.folder / "out").glob("[!.]*")):
            record = json.loads((package / "record.json").read_bytes())
            for file in record["files"]:
                self.store.put_file(record["key"], str(file["n"]), (package / file["path"]).read_bytes())
            if missing := self.store.missing(record):
                raise RuntimeError(f"{missing} are not what their hashes say")
            new += self.store.number(record["key"]) is None
            number = self.store.register(record)
            before_answer(record["key"])
            answer = self.folder / "in" / f"{record['key']}.json"
            temporary = answer.with_suffix(".part")
            temporary.write_text(json.dumps({"number": number}), encoding="utf-8")
            temporary.rename(answer)
            shutil.rmtree(package)
        return new


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--store", required=True)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--secret", default="")
    parser.add_argument("--folder", default="")
    options = parser.parse_args()
    store = Store(options.store)
    if options.folder:
        watcher, pause = Watcher(store, options.folder), threading.Event()
        while not pause.wait(1):
            watcher.look()
    registry = Registry(store, options.secret, options.port)
    print(f"The register listens on {registry.url}", flush=True)
    registry.server.serve_forever()


if __name__ == "__main__":
    main()
