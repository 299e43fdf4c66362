"""The real torg on a data directory of its own, on SQLite or on a PostgreSQL cluster of its own."""

import contextlib
import http.client
import os
import pathlib
import shutil
import signal
import socket
import sqlite3
import subprocess
import tempfile
import time
import urllib.parse

START_LIMIT_S = 60
POSTGRESQL = pathlib.Path("/usr/lib/postgresql/15/bin")
BINARY = os.environ.get("TORG_BINARY", "build/release/torg")
NAME = "kill.example"
QUICK = ("rate_limits=off", "log_level=error", "password_memory_kib=1024", "rendition_python=/nonexistent")


class PostgresCluster:
    """PostgreSQL on a Unix socket in a temporary folder. It runs as its own user when we are root.

    Without fsync: torg is killed here, never PostgreSQL or the machine.
    """

    def __init__(self) -> None:
        self.folder = tempfile.mkdtemp(prefix="torg-kill-pg-")
        self.user = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}
        if self.user:
            shutil.chown(self.folder, "postgres", "postgres")
        data = f"{self.folder}/data"
        options = ["--no-sync", "--auth=trust", "--username=postgres", "--locale=C.UTF-8", "--encoding=UTF8", "-D", data]
        self._run([str(POSTGRESQL / "initdb"), *options])
        command = [str(POSTGRESQL / "postgres"), "-D", data, "-k", self.folder, "-c", "listen_addresses=", "-c", "fsync=off"]
        self.process = subprocess.Popen(command, cwd="/", stderr=subprocess.DEVNULL, **self.user)
        self._wait()
        for sql in ("CREATE ROLE torg LOGIN", "CREATE DATABASE torg OWNER torg"):
            self._run([str(POSTGRESQL / "psql"), "-h", self.folder, "-U", "postgres", "-qc", sql])

    @property
    def url(self) -> str:
        return f"host={self.folder} user=torg dbname=torg"

    def stop(self) -> None:
        self.process.send_signal(signal.SIGINT)
        self.process.wait(60)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _run(self, command: list[str]) -> None:
        subprocess.run(command, check=True, cwd="/", stdout=subprocess.DEVNULL, **self.user)

    def _wait(self) -> None:
        limit = time.monotonic() + START_LIMIT_S
        while subprocess.run([str(POSTGRESQL / "pg_isready"), "-qh", self.folder], check=False).returncode:
            if time.monotonic() > limit:
                raise RuntimeError("PostgreSQL does not start")
            time.sleep(0.05)


class Server:
    """One torg that can be killed and started again."""

    def __init__(self, settings: list[str]) -> None:
        self.data = tempfile.mkdtemp(prefix="torg-kill-")
        self.database = next((s.partition("=")[2] for s in settings if s.startswith("database=")), "")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.options = ["--data", self.data, "--server-name", NAME]
        for setting in (*QUICK, *settings):
            self.options += ["--set", setting]
        subprocess.run([BINARY, "demo", *self.options], check=True, stdout=subprocess.DEVNULL)
        self.records_of_the_demo = len(self.column("SELECT number FROM register_record"))
        self.start()

    def start(self) -> None:
        """A database may need a moment to notice that the killed server is gone: until then torg refuses to start."""
        limit = time.monotonic() + START_LIMIT_S
        address = f"http://127.0.0.1:{self.port}"
        while True:
            command = [BINARY, "serve", *self.options, "--listen", address]
            self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            if self.process.stdout.readline():
                return
            why = self.process.communicate()[1]
            if time.monotonic() > limit:
                raise RuntimeError(f"torg does not start: {why}")
            time.sleep(0.1)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(60)

    def export_register(self) -> str:
        """The file for `torg verify --register`; only while the server is stopped."""
        path = f"{self.data}/register.jsonl"
        with open(path, "w", encoding="utf-8") as out:
            subprocess.run([BINARY, "register", "export", *self.options], check=True, stdout=out)
        return path

    def column(self, sql: str) -> list[str]:
        """One column straight from the database; only while the server is stopped."""
        if self.database:
            command = [str(POSTGRESQL / "psql"), "-Atc", sql, self.database]
            return subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
        with contextlib.closing(sqlite3.connect(f"{self.data}/torg.db")) as connection:
            return [row[0] for row in connection.execute(sql)]

    def remove(self) -> None:
        shutil.rmtree(self.data, ignore_errors=True)


class Connection:
    """HTTP with keep-alive. Raises OSError or HTTPException when the server is gone."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.http: http.client.HTTPConnection | None = None

    def request(self, method: str, path: str, token: str = "", body: str | None = None) -> tuple[int, str]:
        if self.http is None:
            self.http = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"Content-Type": "application/json"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        try:
            self.http.request(method, path, body, headers)
            answer = self.http.getresponse()
            return answer.status, answer.read().decode()
        except (OSError, http.client.HTTPException):
            self.http.close()
            self.http = None
            raise


def quoted(text: str) -> str:
    return urllib.parse.quote(text, safe="")
