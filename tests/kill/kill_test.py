"""Kills torg amid 72 concurrent clients who send, lift and delay, again and again, and looks for what it had acknowledged.

Prints TAP; the exit status is 1 if something was lost, doubled or skipped. KILL_ROUNDS says how often each database's
server is killed (5 without it), KILL_DATABASES which databases (`sqlite postgresql`).
"""

import collections
import http.client
import itertools
import json
import os
import random
import subprocess
import sys
import threading

from world import OFFICERS, World  # first: it makes the harness known
from harness.lifts import lift_request
from harness.postgresql import Cluster
from harness.tap import Tap
from harness.torg import BINARY, Connection, Torg, quoted
from inspection import DELAYED, Inspector, number_faults

SENDERS, LIFTERS, DELAYERS = 48, 16, 8
LONGEST_DELAY_MS = 3000
SHORTEST_LIFE, LONGEST_LIFE = 100, 1000  # acknowledgements from a start to the next kill


class Client(threading.Thread):
    """Does one thing after another, each until it is acknowledged, however often the server dies."""

    def __init__(self, world: World, number: int) -> None:
        super().__init__(daemon=True)
        self.world, self.number = world, number
        self.officer = list(OFFICERS)[number % len(OFFICERS)]
        self.connection = Connection(world.server.port)
        self.random = random.Random(number)

    def ask(self, method: str, path: str, body: dict | None = None) -> tuple[int, str]:
        """Status and answer of a request, asked again when the server died over it."""
        text = None if body is None else json.dumps(body)
        while True:
            self.world.up.wait()
            try:
                status, answer = self.connection.request(method, path, text, token=self.world.tokens[self.officer])
            except (OSError, http.client.HTTPException):
                with self.world.model.lock:
                    self.world.model.retried += 1
                continue
            if status < 500:
                return status, answer

    def insist(self, method: str, path: str, body: dict | None = None) -> dict | None:
        """The answer to a request. None: it was refused."""
        status, answer = self.ask(method, path, body)
        if status == 200:
            return json.loads(answer)
        self.world.model.fault(f"{method} {path} is answered {status}: {answer}")
        return None

    def run(self) -> None:
        for turn in itertools.count():
            if self.world.model.stopping:
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
            model.acknowledge()
        if self.random.random() < 0.1:
            again = self.insist("PUT", path, {"msgtype": "m.text", "body": transaction})
            if again is not None and again["event_id"] != answer["event_id"]:
                model.fault(f"{transaction} was sent twice and is two events")


class Lifter(Client):
    def act(self, turn: int) -> None:
        model, board = self.world.model, OFFICERS[self.officer]
        mine = set(self.world.rooms[self.officer])
        with model.news:
            waiting = model.unlifted[board]
            model.news.wait_for(lambda: waiting or model.stopping)
            chosen = waiting.pop(self.random.randrange(len(waiting))) if waiting else None
        if chosen is None or chosen[0] not in mine:
            return
        key = f"l{self.number}-{turn}"
        answer = self.insist("POST", "/_torg/v1/lifts", self.lift(key, board, *chosen))
        if answer is None:
            return
        with model.lock:
            model.intents[key] = (self.officer, answer["number"] or "")
            if not answer["number"]:
                model.put_off[chosen[1]] = self.officer
            model.acknowledge()

    def lift(self, key: str, board: str, room: str, event_id: str) -> dict:
        case = self.random.choice([{"new": {"title": f"Ärende {key}"}}, {"id": self.world.cases[board]}])
        return lift_request(key, board, room, [event_id], case, commit=self.random.choice(["now", "after"]))


class Delayer(Client):
    """Has events sent later, and cancels some of them, perhaps too late."""

    def act(self, turn: int) -> None:
        room = self.random.choice(self.world.rooms[self.officer])
        transaction = f"d{self.number}-{turn}"
        delay = self.random.randint(1, LONGEST_DELAY_MS)
        path = f"/_matrix/client/v3/rooms/{quoted(room)}/send/{DELAYED}/{transaction}?org.matrix.msc4140.delay={delay}"
        answer = self.insist("PUT", path, {"body": transaction})
        if answer is None:
            return
        fate = "cancelled" if self.random.random() < 0.5 and self.cancels(answer["delay_id"]) else "due"
        model = self.world.model
        with model.lock:
            model.delayed[transaction] = (room, fate)
            model.acknowledge()

    def cancels(self, delay_id: str) -> bool:
        """False: it was sent already, or is just now."""
        path = f"/_matrix/client/unstable/org.matrix.msc4140/delayed_events/{delay_id}/cancel"
        status, answer = self.ask("POST", path, {})
        if status not in (200, 409):
            self.world.model.fault(f"{path} is answered {status}: {answer}")
        return status == 200


def log_verifies(server: Torg) -> bool:
    verified = subprocess.run([BINARY, "verify", "--register", server.export_register()], check=False, capture_output=True)
    if verified.returncode:
        print("#", verified.stdout.decode().replace("\n", "\n# "))
    return verified.returncode == 0


def kill_round(world: World, inspector: Inspector) -> str:
    """One life and death; what was acknowledged before must be there after. @return what it was about"""
    model = world.model
    if not model.wait_for_acknowledgements(random.randint(SHORTEST_LIFE, LONGEST_LIFE)):
        model.fault(f"only {model.acknowledged} acknowledgements in all; nobody is answered any more")
    world.up.clear()
    world.server.kill()
    with model.lock:
        sent, intents, delayed = dict(model.sent), dict(model.intents), dict(model.delayed)
    world.server.start()
    inspector.check_round(sent, intents, delayed)
    world.up.set()
    return f"{len(sent)} sends, {len(intents)} lifts and {len(delayed)} delayed events acknowledged so far are there"


def check_end(world: World, inspector: Inspector, tap: Tap, name: str) -> None:
    model = world.model
    inspector.await_notices()
    inspector.await_delayed()
    inspector.check_sends(model.sent)
    told = inspector.final_numbers()
    delayed = inspector.faults_of_delayed(model.delayed, at_the_end=True)
    world.server.stop()
    cases = world.column("SELECT number FROM register_case")
    records = world.column("SELECT number FROM register_record")
    tap.line(f"{name}: every one of {len(model.sent)} acknowledged sends is there once at the end", take(model.faults))
    cancelled = sum(fate == "cancelled" for _, fate in model.delayed.values())
    due = len(model.delayed) - cancelled
    tap.line(f"{name}: each of {due} delayed events was sent once, each of {cancelled} cancelled ones never", delayed)
    lost = [number for number, count in collections.Counter(told).items() if count > 1 or number not in set(records)]
    tap.line(f"{name}: each of {len(told)} acknowledged lifts is one record", [f"{number} is lost or shared" for number in lost])
    made = len(records) - world.records_of_the_demo
    more = [] if made == len(told) else [f"{made} records were made, {len(told)} lifts acknowledged"]
    faults = number_faults(cases, records) + more
    tap.line(f"{name}: {len(records)} numbers in {len(cases)} cases exist once and without gaps", faults)
    tap.line(f"{name}: the log verifies", [] if log_verifies(world.server) else ["torg verify refuses the exported register"])


def take(faults: list[str]) -> list[str]:
    taken = list(faults)
    faults.clear()
    return taken


def run(tap: Tap, name: str, database: Cluster | None, rounds: int) -> None:
    world = World(database)
    try:
        inspector = Inspector(world)
        clients: list[Client] = [Sender(world, number) for number in range(SENDERS)]
        clients += [Lifter(world, SENDERS + number) for number in range(LIFTERS)]
        clients += [Delayer(world, SENDERS + LIFTERS + number) for number in range(DELAYERS)]
        for client in clients:
            client.start()
        for number in range(1, rounds + 1):
            what = kill_round(world, inspector)
            tap.line(f"{name}: kill -9 number {number}: {what}", take(world.model.faults))
        world.model.stop()
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
            run(tap, database, None, rounds)
            continue
        cluster = Cluster()
        try:
            run(tap, database, cluster, rounds)
        finally:
            cluster.remove()
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())
