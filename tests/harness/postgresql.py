"""A PostgreSQL cluster for one test."""

import os
import pathlib
import shutil
import subprocess
import tempfile

PROGRAMS = pathlib.Path("/usr/lib/postgresql/15/bin")


class Cluster:
    """PostgreSQL on a Unix socket in a temporary folder, as its own user when we are root.

    Without fsync: what is killed in tests is torg, never the machine.
    """

    def __init__(self) -> None:
        self.folder = tempfile.mkdtemp(prefix="torg-test-pg-")
        self.user = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}
        if self.user:
            shutil.chown(self.folder, "postgres", "postgres")
        self.data = f"{self.folder}/data"
        self._run("initdb", "--no-sync", "--auth=trust", "--username=postgres", "--locale=C.UTF-8", "--encoding=UTF8", "-D", self.data)
        self.start()
        for sql in ("CREATE ROLE torg LOGIN", "CREATE DATABASE torg OWNER torg"):
            self._run("psql", "-h", self.folder, "-U", "postgres", "-qc", sql)

    @property
    def url(self) -> str:
        return f"host={self.folder} user=torg dbname=torg"

    def start(self) -> None:
        options = f"-k {self.folder} -c listen_addresses= -c fsync=off"
        self._run("pg_ctl", "start", "--wait", "--silent", "-D", self.data, "-l", f"{self.folder}/log", "-o", options)

    def stop(self) -> None:
        """Cuts all connections; `start` takes them again."""
        self._run("pg_ctl", "stop", "--wait", "--silent", "-D", self.data, "-m", "fast")

    def column(self, sql: str) -> list[str]:
        command = [str(PROGRAMS / "psql"), "-Atc", sql, self.url]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()

    def remove(self) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run([str(PROGRAMS / program), *arguments], check=True, cwd="/", stdout=subprocess.DEVNULL, **self.user)
