"""Kills torg amid 64 concurrent senders and lifters, again and again, and looks for what it had acknowledged.

Prints TAP; the exit status is 1 if something was lost, doubled or skipped. KILL_ROUNDS says how often each database's
server is killed (5 without it), KILL_DATABASES which databases (`sqlite postgresql`).
"""

import collections
import datetime
import http.client
import itertools
import json
import os
import random
import subprocess
import sys
import threading
import time

from server import BINARY, Connection, PostgresCluster, Server, quoted

SENDERS, LIFTERS = 48, 16
SHORTEST_LIFE_S, LONGEST_LIFE_S = 0.3, 2.0
UNDO_S = 10
PASSWORD = "torg-demo"
OFFICERS = {"maja.ekdahl": "KS", "tove.lindgren": "KS", "erik.sandell": "TN", "petra.holm": "TN", "asa.lindqvist": "BN"}


class Model:
    """What clients were told; one lock for all."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.sent: dict[str, tuple[str, str]] = {}  # transaction → room, event id
        self.unlifted: dict[str, list[tuple[str, str]]] = {code: [] for code in OFFICERS.values()}
        self.intents: dict[str, tuple[str, str]] = {}  # key → officer, number ("" while it waits)
        self.retried = 0
        self.faults: list[str] = []

    def fault(self, what: str) -> None:
        with self.lock:
            self.faults.append(what)


class World:
    """A server, its people and their rooms."""

    def __init__(self, settings: list[str]) -> None:
        self.server = Server(settings)
        self.model = Model()
        self.up = threading.Event()
        self.up.set()
        self.stopping = threading.Event()
        connection = Connection(self.server.port)
        self.tokens = {name: self._sign_in(connection, name) for name in OFFICERS}
        self.rooms = {name: self._rooms(connection, name) for name in OFFICERS}
        self.cases = {board: self._case(connection, name, board) for name, board in OFFICERS.items()}

    def _case(self, connection: Connection, name: str, board: str) -> int:
        """One of the board's cases, which lifts of all its officers share."""
        answer = connection.request("GET", f"/_torg/v1/cases?authority={board}", self.tokens[name])[1]
        return json.loads(answer)["cases"][0]["id"]

    def _sign_in(self, connection: Connection, name: str) -> str:
        body = {"type": "m.login.password", "identifier": {"type": "m.id.user", "user": name}, "password": PASSWORD}
        return json.loads(connection.request("POST", "/_matrix/client/v3/login", "", json.dumps(body))[1])["access_token"]

    def _rooms(self, connection: Connection, name: str) -> list[str]:
        return json.loads(connection.request("GET", "/_matrix/client/v3/joined_rooms", self.tokens[name])[1])["joined_rooms"]


class Client(threading.Thread):
    """Does one thing after another, each until it is acknowledged, however often the server dies."""

    def __init__(self, world: World, number: int) -> None:
        super().__init__(daemon=True)
        self.world, self.number = world, number
        self.officer = list(OFFICERS)[number % len(OFFICERS)]
        self.connection = Connection(world.server.port)
        self.random = random.Random(number)

    def insist(self, method: str, path: str, body: dict | None = None) -> dict | None:
        """The answer to a request, asked again when the server died over it. None: it refused."""
        text = None if body is None else json.dumps(body)
        while True:
            self.world.up.wait()
            try:
                status, answer = self.connection.request(method, path, self.world.tokens[self.officer], text)
            except (OSError, http.client.HTTPException):
                with self.world.model.lock:
                    self.world.model.retried += 1
                time.sleep(0.01)
                continue
            if status == 200:
                return json.loads(answer)
            if status < 500:
                self.world.model.fault(f"{method} {path} is answered {status}: {answer}")
                return None

    def run(self) -> None:
        for turn in itertools.count():
            if self.world.stopping.is_set():
                return
            self.act(turn)

    def act(self, turn: int) -> None:
        raise NotImplementedError


class Sender(Client):
    def act(self, turn: int) -> None:
        room = self.random.choice(self.world.rooms[self.officer])
        transaction = f"s{self.number}-{turn}"
        path = f"/_matrix/client/v3/rooms/{quoted(room)}/send/m.room.message/{transaction}"
        answer = self.insist("PUT", path, {"msgtype": "m.text", "body": transaction})
        if answer is None:
            return
        model = self.world.model
        with model.lock:
            model.sent[transaction] = (room, answer["event_id"])
            model.unlifted[OFFICERS[self.officer]].append((room, answer["event_id"]))
        if self.random.random() < 0.1:
            again = self.insist("PUT", path, {"msgtype": "m.text", "body": transaction})
            if again is not None and again["event_id"] != answer["event_id"]:
                model.fault(f"{transaction} was sent twice and is two events")


class Lifter(Client):
    def act(self, turn: int) -> None:
        model, board = self.world.model, OFFICERS[self.officer]
        mine = set(self.world.rooms[self.officer])
        with model.lock:
            waiting = model.unlifted[board]
            chosen = waiting.pop(self.random.randrange(len(waiting))) if waiting else None
        if chosen is None or chosen[0] not in mine:
            time.sleep(0.005)
            return
        key = f"l{self.number}-{turn}"
        answer = self.insist("POST", "/_torg/v1/lifts", self.lift(key, board, *chosen))
        if answer is None:
            return
        with model.lock:
            model.intents[key] = (self.officer, answer["number"] or "")

    def lift(self, key: str, board: str, room: str, event_id: str) -> dict:
        title = "Yttrande över provisorisk vall"
        draft = {
            "title": title,
            "internal_title": title,
            "direction": "in",
            "sender": "Byggnadsnämnden",
            "recipient": "Kommunstyrelsen",
            "private_person": False,
            "came_or_made_day": datetime.date.today().isoformat(),
            "classification": "1.4.1",
            "record_type": "Yttrande",
            "case": self.random.choice([{"new": {"title": f"Ärende {key}"}}, {"id": self.world.cases[board]}]),
            "secrecy": None,
        }
        return {
            "key": key,
            "commit": self.random.choice(["now", "after"]),
            "authority": board,
            "room_id": room,
            "event_ids": [event_id],
            "confirmed": ["secrecy", "personal_number", "new_case", "many"],
            "draft": draft,
        }


class Inspector:
    """Reads what is there and compares it with what was acknowledged."""

    def __init__(self, world: World) -> None:
        self.world, self.model = world, world.model
        self.connection = Connection(world.server.port)
        self.checked: set[str] = set()  # keys of lifts

    def get(self, path: str, officer: str) -> dict:
        status, answer = self.connection.request("GET", path, self.world.tokens[officer])
        if status != 200:
            raise RuntimeError(f"{path} is answered {status}: {answer}")
        return json.loads(answer)

    def messages(self, room: str, officer: str) -> list[tuple[str, str]]:
        """All messages of the room as (body, event id)."""
        found: list[tuple[str, str]] = []
        start = ""
        while True:
            path = f"/_matrix/client/v3/rooms/{quoted(room)}/messages?dir=b&limit=500{start}"
            page = self.get(path, officer)
            for event in page["chunk"]:
                if event["type"] == "m.room.message":
                    found.append((event["content"].get("body", ""), event["event_id"]))
            if "end" not in page:
                return found
            start = f"&from={quoted(page['end'])}"

    def check_sends(self, acknowledged: dict[str, tuple[str, str]]) -> None:
        reader = {room: name for name, rooms in self.world.rooms.items() for room in rooms}
        for room, officer in reader.items():
            found = self.messages(room, officer)
            ids = {event_id for _, event_id in found}
            for transaction, (where, event_id) in acknowledged.items():
                if where == room and event_id not in ids:
                    self.model.fault(f"{transaction} ({event_id}) was acknowledged and is not there")
            for body, count in collections.Counter(body for body, _ in found).items():
                if body.startswith("s") and "-" in body and count > 1:
                    self.model.fault(f"{body} is there {count} times")

    def check_intents(self, acknowledged: dict[str, tuple[str, str]]) -> None:
        for key, (officer, number) in acknowledged.items():
            now = self.get(f"/_torg/v1/lifts/{key}", officer)
            if number and now["number"] != number:
                self.model.fault(f"lift {key} was told {number} and now has {now['number']} ({now['state']})")
            if not number and now["state"] not in ("pending", "committed"):
                self.model.fault(f"lift {key} was accepted and is now {now['state']}: {now['problem']}")

    def check_round(self, sent: dict, intents: dict) -> None:
        self.connection = Connection(self.world.server.port)
        self.check_sends(sent)
        self.check_intents({key: told for key, told in intents.items() if key not in self.checked})
        self.checked |= {key for key, told in intents.items() if told[1]}

    def final_numbers(self) -> list[str]:
        numbers = []
        for key, (officer, told) in self.model.intents.items():
            now = self.get(f"/_torg/v1/lifts/{key}", officer)
            if now["state"] != "committed" or (told and told != now["number"]):
                self.model.fault(f"lift {key}, told '{told}', is {now['state']} as {now['number']}")
            numbers.append(now["number"] or "")
        return numbers


def number_faults(cases: list[str], records: list[str]) -> list[str]:
    """What is doubled or skipped: cases count from 1 in each board's year, records from 1 in each case."""
    found = [f"{number} is there {count} times" for number, count in collections.Counter(cases + records).items() if count > 1]
    series: dict[str, list[int]] = collections.defaultdict(list)
    for number in cases:
        board_and_year, place = number.split("/")
        series[board_and_year].append(int(place))
    for number in records:
        case, place = number.rsplit("-", 1)
        series[case].append(int(place))
    for name, places in series.items():
        if sorted(places) != list(range(1, len(places) + 1)):
            found.append(f"{name} counts {sorted(places)}")
    return found


def log_verifies(server: Server) -> bool:
    verified = subprocess.run([BINARY, "verify", "--register", server.export_register()], check=False, capture_output=True)
    if verified.returncode:
        print("#", verified.stdout.decode().replace("\n", "\n# "))
    return verified.returncode == 0


class Tap:
    def __init__(self) -> None:
        self.count = self.failed = 0

    def line(self, name: str, faults: list[str]) -> None:
        self.count += 1
        self.failed += bool(faults)
        print(f"{'not ok' if faults else 'ok'} {self.count} - {name}", flush=True)
        for fault in faults[:20]:
            print("#", fault, flush=True)


def kill_round(world: World, inspector: Inspector) -> str:
    """One life and death; what was acknowledged before must be there after. @return what it was about"""
    model = world.model
    time.sleep(random.uniform(SHORTEST_LIFE_S, LONGEST_LIFE_S))
    world.up.clear()
    world.server.kill()
    with model.lock:
        sent, intents = dict(model.sent), dict(model.intents)
    world.server.start()
    inspector.check_round(sent, intents)
    world.up.set()
    return f"{len(sent)} sends and {len(intents)} lifts acknowledged so far are there"


def check_end(world: World, inspector: Inspector, tap: Tap, name: str) -> None:
    model = world.model
    time.sleep(UNDO_S + 2)  # lifts that were put off have had their time
    inspector.check_sends(model.sent)
    told = inspector.final_numbers()
    world.server.stop()
    cases = world.server.column("SELECT number FROM register_case")
    records = world.server.column("SELECT number FROM register_record")
    tap.line(f"{name}: every one of {len(model.sent)} acknowledged sends is there once at the end", take(model.faults))
    lost = [number for number, count in collections.Counter(told).items() if count > 1 or number not in set(records)]
    tap.line(f"{name}: each of {len(told)} acknowledged lifts is one record", [f"{number} is lost or shared" for number in lost])
    made = len(records) - world.server.records_of_the_demo
    more = [] if made == len(told) else [f"{made} records were made, {len(told)} lifts acknowledged"]
    faults = number_faults(cases, records) + more
    tap.line(f"{name}: {len(records)} numbers in {len(cases)} cases exist once and without gaps", faults)
    tap.line(f"{name}: the log verifies", [] if log_verifies(world.server) else ["torg verify refuses the exported register"])


def take(faults: list[str]) -> list[str]:
    taken = list(faults)
    faults.clear()
    return taken


def run(tap: Tap, name: str, settings: list[str], rounds: int) -> None:
    world = World(settings)
    try:
        inspector = Inspector(world)
        clients: list[Client] = [Sender(world, number) for number in range(SENDERS)]
        clients += [Lifter(world, SENDERS + number) for number in range(LIFTERS)]
        for client in clients:
            client.start()
        for number in range(1, rounds + 1):
            what = kill_round(world, inspector)
            tap.line(f"{name}: kill -9 number {number}: {what}", take(world.model.faults))
        world.stopping.set()
        for client in clients:
            client.join(60)
        stuck = [f"client {client.number} still waits" for client in clients if client.is_alive()]
        tap.line(f"{name}: all clients got their answers; {world.model.retried} requests had been cut off", stuck)
        check_end(world, inspector, tap, name)
    finally:
        world.server.kill()
        world.server.remove()


def main() -> int:
    rounds = int(os.environ.get("KILL_ROUNDS", "5"))
    tap = Tap()
    for database in os.environ.get("KILL_DATABASES", "sqlite postgresql").split():
        if database == "sqlite":
            run(tap, database, [], rounds)
            continue
        cluster = PostgresCluster()
        try:
            run(tap, database, [f"database={cluster.url}"], rounds)
        finally:
            cluster.stop()
    print(f"1..{tap.count}")
    return tap.failed > 0


if __name__ == "__main__":
    sys.exit(main())
