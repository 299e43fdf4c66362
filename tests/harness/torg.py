"""The real torg in a folder of its own, and HTTP to it. $TORG_BINARY is the program."""

import contextlib
import http.client
import json
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import typing
import urllib.parse

BINARY = os.environ.get("TORG_BINARY", "build/release/torg")
READY = "Torg listens on "
STOP_LIMIT_S = 60
ANSWER_LIMIT_S = 60
QUICK = ("rate_limits=off", "log_level=warning", "password_memory_kib=1024", "password_operations=1")


class Torg:
    """One server that can be stopped, killed and started again on the same data and port.

    `folder` holds the data (`data`) and what the server logged (`log`); who gives none gets a temporary one, which
    `remove` deletes. `prefix` is put before the command, such as `("prlimit", "--nofile=100")`.
    """

    def __init__(self, name: str, settings: typing.Iterable[str] = (), folder: str = "", prefix: tuple[str, ...] = ()) -> None:
        self.folder = folder or tempfile.mkdtemp(prefix="torg-test-")
        self.data = f"{self.folder}/data"
        self.url = "http://127.0.0.1:0"
        self.prefix = prefix
        self.process: subprocess.Popen | None = None
        self.options = ["--data", self.data, "--server-name", name]
        for setting in (*QUICK, *settings):
            self.options += ["--set", setting]

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2])

    def run(self, *command: str, text: str = "") -> str:
        """What one of the program's other commands prints; only while the server is stopped."""
        done = subprocess.run([BINARY, *command, *self.options], check=True, stdout=subprocess.PIPE, input=text, text=True)
        return done.stdout

    def start(self) -> None:
        """Returns when the server says that it listens; raises with what it logged when it ends instead."""
        with open(f"{self.folder}/log", "ab") as log:
            command = [*self.prefix, BINARY, "serve", *self.options, "--listen", self.url]
            self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True)
        line = self.process.stdout.readline()
        if not line.startswith(READY):
            self.kill()
            raise RuntimeError(f"torg does not start: {self.logged()}")
        self.url = line.removeprefix(READY).strip()

    def kill(self) -> None:
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> None:
        if self.process is None:
            return
        self.process.send_signal(how)
        self.process.wait(STOP_LIMIT_S)
        self.process.stdout.close()
        self.process = None

    def logged(self) -> str:
        return pathlib.Path(self.folder, "log").read_text(encoding="utf-8")

    def export_register(self) -> str:
        """The file for `torg verify --register`; only while the server is stopped."""
        path = pathlib.Path(self.folder, "register.jsonl")
        path.write_text(self.run("register", "export"), encoding="utf-8")
        return str(path)

    def remove(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)


@contextlib.contextmanager
def running(name: str, settings: typing.Iterable[str] = (), **more: typing.Any) -> typing.Iterator[Torg]:
    """A server for the time of a `with`."""
    torg = Torg(name, settings, **more)
    try:
        torg.start()
        yield torg
    finally:
        torg.kill()
        torg.remove()


class Connection:
    """HTTP with keep-alive. Raises OSError or HTTPException when the server is gone."""

    def __init__(self, port: int, token: str = "") -> None:
        self.port, self.token = port, token
        self.http: http.client.HTTPConnection | None = None

    def request(
        self, method: str, path: str, body: bytes | str | None = None, kind: str = "application/json", token: str = ""
    ) -> tuple[int, str]:
        if self.http is None:
            self.http = http.client.HTTPConnection("127.0.0.1", self.port, timeout=ANSWER_LIMIT_S)
        headers = {"Content-Type": kind}
        if token or self.token:
            headers["Authorization"] = f"Bearer {token or self.token}"
        try:
            self.http.request(method, path, body, headers)
            answer = self.http.getresponse()
            return answer.status, answer.read().decode()
        except (OSError, http.client.HTTPException):
            self.close()
            raise

    def call(self, method: str, path: str, body: object = None, token: str = "") -> tuple[int, dict]:
        """Sends JSON and reads it."""
        status, text = self.request(method, path, None if body is None else json.dumps(body), token=token)
        return status, json.loads(text)

    def get(self, path: str, body: object = None, method: str = "GET", token: str = "") -> dict:
        """As `call`, for what must be answered 200."""
        status, answer = self.call(method, path, body, token)
        if status != 200:
            raise RuntimeError(f"{method} {path} is answered {status}: {answer}")
        return answer

    def sign_in(self, user: str, password: str) -> str:
        """Signs in and uses the token from now on. @return it"""
        body = {"type": "m.login.password", "identifier": {"type": "m.id.user", "user": user}, "password": password}
        self.token = self.get("/_matrix/client/v3/login", body, "POST")["access_token"]
        return self.token

    def close(self) -> None:
        if self.http is not None:
            self.http.close()
            self.http = None


def quoted(text: str) -> str:
    return urllib.parse.quote(text, safe="")
