"""A server, its people, and what they were told."""

import contextlib
import pathlib
import sqlite3
import sys
import threading

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))

from harness.postgresql import Cluster  # noqa: E402
from harness.torg import Connection, Torg  # noqa: E402

STUCK_S = 120  # nobody is answered for so long: something is wrong
PASSWORD = "torg-demo"
OFFICERS = {"maja.ekdahl": "KS", "tove.lindgren": "KS", "erik.sandell": "TN", "petra.holm": "TN", "asa.lindqvist": "BN"}


class Model:
    """What clients were told; one lock for all, and who waits for news waits on `news`."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.news = threading.Condition(self.lock)
        self.stopping = False
        self.acknowledged = 0
        self.sent: dict[str, tuple[str, str]] = {}  # transaction → room, event id
        self.unlifted: dict[str, list[tuple[str, str]]] = {code: [] for code in OFFICERS.values()}
        self.intents: dict[str, tuple[str, str]] = {}  # key → officer, number ("" while it waits)
        self.put_off: dict[str, str] = {}  # event of a lift that waits → officer
        self.delayed: dict[str, tuple[str, str]] = {}  # transaction → room, "due" or "cancelled"
        self.retried = 0
        self.faults: list[str] = []

    def fault(self, what: str) -> None:
        with self.lock:
            self.faults.append(what)

    def acknowledge(self) -> None:
        """@pre the lock is held"""
        self.acknowledged += 1
        self.news.notify_all()

    def wait_for_acknowledgements(self, more: int) -> bool:
        with self.news:
            wanted = self.acknowledged + more
            return self.news.wait_for(lambda: self.acknowledged >= wanted, STUCK_S)

    def stop(self) -> None:
        with self.news:
            self.stopping = True
            self.news.notify_all()


class World:
    """A server, its people and their rooms."""

    def __init__(self, database: Cluster | None) -> None:
        self.database = database
        settings = ["delayed_events_per_user=100000"]
        self.server = Torg("kill.example", settings + ([f"database={database.url}"] if database else []))
        self.server.run("demo")
        self.records_of_the_demo = len(self.column("SELECT number FROM register_record"))
        self.server.start()
        self.model = Model()
        self.up = threading.Event()
        self.up.set()
        connection = Connection(self.server.port)
        self.tokens = {name: connection.sign_in(name, PASSWORD) for name in OFFICERS}
        self.rooms = {name: self._rooms(connection, name) for name in OFFICERS}
        self.cases = {board: self._case(connection, name, board) for name, board in OFFICERS.items()}

    def _case(self, connection: Connection, name: str, board: str) -> int:
        """One of the board's cases, which lifts of all its officers share."""
        return connection.get(f"/_torg/v1/cases?authority={board}", token=self.tokens[name])["cases"][0]["id"]

    def _rooms(self, connection: Connection, name: str) -> list[str]:
        return connection.get("/_matrix/client/v3/joined_rooms", token=self.tokens[name])["joined_rooms"]

    def column(self, sql: str) -> list[str]:
        """One column straight from the database; only while the server is stopped."""
        if self.database:
            return self.database.column(sql)
        with contextlib.closing(sqlite3.connect(f"{self.server.data}/torg.db")) as connection:
            return [row[0] for row in connection.execute(sql)]
