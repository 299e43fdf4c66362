"""An officer of the demo organisation: sends, lifts and uploads, and remembers what came of it."""

import itertools
import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))

from harness.lifts import lift_request  # noqa: E402
from harness.torg import Connection, Torg, quoted  # noqa: E402

PASSWORD = "torg-demo"
CLIENT = "/_matrix/client/v3"
UPLOAD = "/_matrix/media/v3/upload"


class Officer:
    def __init__(self, server: Torg, name: str = "maja.ekdahl", board: str = "KS") -> None:
        self.board = board
        self.connection = Connection(server.port)
        self.connection.sign_in(name, PASSWORD)
        self.room = self.connection.get(f"{CLIENT}/joined_rooms")["joined_rooms"][0]
        self.serial = itertools.count(1)
        self.acknowledged: dict[str, str] = {}  # body → event id
        self.refused: set[str] = set()  # bodies

    def send(self, body: str = "") -> tuple[int, dict]:
        body = body or f"message {next(self.serial)}"
        path = f"{CLIENT}/rooms/{quoted(self.room)}/send/m.room.message/{quoted(body)}"
        status, answer = self.connection.call("PUT", path, {"msgtype": "m.text", "body": body})
        if status == 200:
            self.acknowledged[body] = answer["event_id"]
            self.refused.discard(body)
        else:
            self.refused.add(body)
        return status, answer

    def upload(self, size: int) -> tuple[int, dict]:
        status, answer = self.connection.request("POST", f"{UPLOAD}?filename=a.bin", b"x" * size, "application/octet-stream")
        return status, json.loads(answer)

    def download(self, uri: str) -> int:
        return self.connection.request("GET", f"/_matrix/client/v1/media/download/{uri.removeprefix('mxc://')}")[0]

    def lift(self, key: str, event_id: str) -> tuple[int, dict]:
        return self.connection.call("POST", "/_torg/v1/lifts", lift_request(key, self.board, self.room, [event_id]))

    def reads(self) -> list[str]:
        """Faults in what must always be served."""
        room = quoted(self.room)
        paths = [f"{CLIENT}/sync", f"{CLIENT}/rooms/{room}/messages?dir=b&limit=10", f"{CLIENT}/joined_rooms"]
        paths += [f"{CLIENT}/account/whoami", f"/_torg/v1/cases?authority={self.board}", "/diarium", "/_matrix/client/versions"]
        answers = {path: self.connection.request("GET", path) for path in paths}
        return [f"{path} is answered {status}: {text[:200]}" for path, (status, text) in answers.items() if status != 200]

    def timeline(self) -> dict[str, list[str]]:
        """Event ids by body of all messages in the room."""
        found: dict[str, list[str]] = {}
        start = ""
        while True:
            page = self.connection.get(f"{CLIENT}/rooms/{quoted(self.room)}/messages?dir=b&limit=500{start}")
            for event in page["chunk"]:
                if event["type"] == "m.room.message":
                    found.setdefault(event["content"].get("body", ""), []).append(event["event_id"])
            if "end" not in page:
                return found
            start = f"&from={quoted(page['end'])}"

    def wrong_in_timeline(self) -> list[str]:
        """What is lost, doubled, or shown although it was refused."""
        found = self.timeline()
        lost = [f"{body} was acknowledged and is there as {found.get(body)}" for body, event in self.acknowledged.items() if found.get(body) != [event]]
        return lost + [f"{body} was refused and is there" for body in self.refused if body in found]


def refusal(status: int, answer: dict, wanted: int, errcode: str) -> list[str]:
    """Faults of an answer that must refuse, in the specification's form, with a sentence for people."""
    sentence = answer.get("error", "")
    good = status == wanted and answer.get("errcode") == errcode and sentence.endswith(".") and " " in sentence
    return [] if good else [f"{wanted} {errcode} with a sentence expected, got {status}: {answer}"]
