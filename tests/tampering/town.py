"""A data directory with everything in it that verification looks at."""

import contextlib
import datetime
import json
import pathlib
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import typing

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))

from harness.lifts import lift_request  # noqa: E402
from harness.torg import BINARY, Connection, Torg, quoted  # noqa: E402

NAME = "tampering.example"
PASSWORD = "torg-demo"
CLIENT = "/_matrix/client/v3"
MINUTES = "Protokoll från samrådet om vallen.\n" * 40
ATTACHED = "protokoll.txt"


class Town:
    """The demo organisation after some work; stopped. `data` is its directory, `head` the path of a head kept from its portal."""

    def __init__(self) -> None:
        self.folder = tempfile.mkdtemp(prefix="torg-tampering-")
        self.server = Torg(NAME, folder=self.folder)
        self.data = pathlib.Path(self.server.data)
        self.server.run("demo")
        self.server.start()
        self.connection = Connection(self.server.port)
        self.tokens: dict[str, str] = {}
        self.room = self.find_room()
        self.number = self.work()
        self.dispose()
        self.server.stop()
        self.old = shutil.copytree(self.data, f"{self.folder}/old")  # as a backup from before the last work
        self.rotate()
        self.later()
        self.head = self.keep_head()
        self.server.stop()

    def ask(self, who: str, method: str, path: str, body: object = None) -> dict:
        if who not in self.tokens:
            self.tokens[who] = self.connection.sign_in(who, PASSWORD)
        return self.connection.get(path, body, method, self.tokens[who])

    def find_room(self) -> str:
        for room in self.ask("maja.ekdahl", "GET", f"{CLIENT}/joined_rooms")["joined_rooms"]:
            name = self.ask("maja.ekdahl", "GET", f"{CLIENT}/rooms/{quoted(room)}/state/m.room.name")["name"]
            if name == "Översvämningsskydd Laxån":
                return room
        raise RuntimeError("the demo has another story")

    def attach(self) -> str:
        path = f"/_matrix/media/v3/upload?filename={ATTACHED}"
        self.ask("asa.lindqvist", "GET", "/_torg/v1/me")
        _, answer = self.connection.request("POST", path, MINUTES.encode(), "text/plain", self.tokens["asa.lindqvist"])
        url = json.loads(answer)["content_uri"]
        return self.say("asa.lindqvist", "fil", {"msgtype": "m.file", "body": "Här är protokollet.", "filename": ATTACHED, "url": url})

    def say(self, who: str, transaction: str, content: dict) -> str:
        path = f"{CLIENT}/rooms/{quoted(self.room)}/send/m.room.message/{transaction}"
        return self.ask(who, "PUT", path, content)["event_id"]

    def lift(self, key: str, events: list[str]) -> dict:
        return self.ask("maja.ekdahl", "POST", "/_torg/v1/lifts", lift_request(key, "KS", self.room, events))

    def work(self) -> str:
        """Lifts, corrections and what the web shows. @return the number of the record with a file"""
        lifted = self.lift("one", [self.attach()])
        record = f"/_torg/v1/records/{lifted['record_id']}"
        self.ask("sandra.wiik", "POST", f"{record}/publication", {"show": "full"})
        correction = {"field": "title", "value": "Protokoll om vallen", "reason": "Skrivfel"}
        self.ask("sandra.wiik", "POST", f"{record}/corrections", correction)
        for key in ("two", "three"):
            said = self.say("petra.holm", key, {"msgtype": "m.text", "body": f"Synpunkt {key}"})
            self.lift(key, [said])
        return lifted["number"]

    def dispose(self) -> None:
        """A plan without delay, a proposal, and somebody else's approval."""
        path = f"/_torg/v1/rooms/{quoted(self.room)}/plan"
        plan = self.ask("maja.ekdahl", "GET", path)["plan"]
        self.ask("maja.ekdahl", "PUT", path, {**plan, "dispose_after_days": 0})
        for who, board in (("erik.sandell", "TN"), ("asa.lindqvist", "BN")):
            self.ask(who, "POST", f"{path}/accept", {"authority": board})
        tomorrow = (datetime.date.today() + datetime.timedelta(days=1)).isoformat()
        terms = {"authority": "KS", "decision": "GB 2026-07", "before_day": tomorrow, "handling": "kept_ordered"}
        proposed = self.ask("arne.palm", "POST", "/_torg/v1/disposals", terms)
        disposal = f"/_torg/v1/disposals/{proposed['id']}"
        self.ask("birgitta.ros", "POST", f"{disposal}/sample", {})
        self.ask("birgitta.ros", "POST", f"{disposal}/approve", {})

    def rotate(self) -> None:
        self.server.run("key", "rotate")

    def later(self) -> None:
        self.server.start()
        self.connection = Connection(self.server.port)
        for key in ("four", "five", "six"):
            said = self.say("petra.holm", key, {"msgtype": "m.text", "body": f"Synpunkt {key}"})
            self.lift(key, [said])

    def keep_head(self) -> str:
        status, text = self.connection.request("GET", "/diarium/logg/huvud.json")
        if status != 200:
            raise RuntimeError(f"no head: {status} {text}")
        path = pathlib.Path(self.folder, "huvud.json")
        path.write_text(text, encoding="utf-8")
        return str(path)

    def remove(self) -> None:
        self.server.kill()
        shutil.rmtree(self.folder, ignore_errors=True)


class Copy:
    """A copy of a town's data to tamper with."""

    def __init__(self, town: Town, data: pathlib.Path | str = "") -> None:
        self.town = town
        self.data = pathlib.Path(tempfile.mkdtemp(dir=town.folder), "data")
        shutil.copytree(data or town.data, self.data)

    @contextlib.contextmanager
    def database(self) -> typing.Iterator[sqlite3.Connection]:
        with contextlib.closing(sqlite3.connect(self.data / "torg.db")) as connection:
            yield connection
            connection.commit()

    def execute(self, sql: str, *values: object) -> None:
        with self.database() as database:
            if database.execute(sql, values).rowcount == 0:
                raise RuntimeError(f"nothing there to tamper with: {sql}")

    def one(self, sql: str, *values: object) -> typing.Any:
        with self.database() as database:
            return database.execute(sql, values).fetchone()[0]

    def blob(self) -> pathlib.Path:
        """The file of the town's record."""
        name = self.one("SELECT blob FROM register_file WHERE name = ?", ATTACHED)
        return self.data / "blobs" / name[:2] / name[2:4] / name

    def verify(self, *more: str) -> tuple[int, dict]:
        """@return exit status and report"""
        command = [BINARY, "verify", "--data", str(self.data), "--server-name", NAME, "--json", *more]
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        return done.returncode, json.loads(done.stdout) if done.stdout else {"findings": [{"kind": "unreadable", "text": done.stderr}]}

    def remove(self) -> None:
        shutil.rmtree(self.data.parent, ignore_errors=True)
