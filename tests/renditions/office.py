"""People of the demo organisation who send, upload and register, and fetch the readable copies of it."""

import email.message
import http.client
import itertools
import json
import os
import pathlib
import sys
import time
import typing

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))

from harness.lifts import lift_request  # noqa: E402
from harness.torg import Connection, Torg, quoted  # noqa: E402

PASSWORD = "torg-demo"
CLIENT = "/_matrix/client/v3"
OFFICER, REGISTRAR, BOARD = "maja.ekdahl", "sandra.wiik", "KS"
WORKER = os.environ.get("TORG_RENDITION_WORKER", "build/tools/venv/bin/python")
RENDITION_LIMIT_S = 180
PAUSE_S = 0.1  # nothing tells a client that a rendition is there: it asks again


class File(typing.NamedTuple):
    name: str
    type: str
    content: bytes


class Fresh(Connection):
    """A connection for each request: making a copy takes longer than the server keeps an idle one."""

    def request(self, *what: typing.Any, **more: typing.Any) -> tuple[int, str]:
        self.close()
        return super().request(*what, **more)


class Office:
    """The demo organisation on a server of its own, with `settings` besides the worker's."""

    def __init__(self, *settings: str) -> None:
        self.server = Torg("renditions.example", [f"rendition_python={WORKER}", *settings])
        self.server.run("demo")
        self.server.start()
        self.officer, self.registrar = Fresh(self.server.port), Fresh(self.server.port)
        self.officer.sign_in(OFFICER, PASSWORD)
        self.registrar.sign_in(REGISTRAR, PASSWORD)
        self.room = self.officer.get(f"{CLIENT}/joined_rooms")["joined_rooms"][0]
        self.serial = itertools.count(1)

    def close(self) -> None:
        self.server.kill()
        self.server.remove()

    def upload(self, file: File) -> str:
        path = f"/_matrix/media/v3/upload?filename={quoted(file.name)}"
        status, answer = self.officer.request("POST", path, file.content, file.type)
        if status != 200:
            raise RuntimeError(f"the upload of {file.name} is answered {status}: {answer}")
        return json.loads(answer)["content_uri"]

    def say(self, content: dict, kind: str = "m.room.message") -> str:
        path = f"{CLIENT}/rooms/{quoted(self.room)}/send/{kind}/{next(self.serial)}"
        return self.officer.get(path, content, "PUT")["event_id"]

    def say_text(self, text: str, **more: object) -> str:
        return self.say({"msgtype": "m.text", "body": text, **more})

    def say_file(self, file: File, **more: object) -> str:
        """As a client sends it; `body` in `more` is a caption."""
        picture = file.type.startswith("image/")
        info = {"mimetype": file.type, "size": len(file.content)}
        content = {"msgtype": "m.image" if picture else "m.file", "body": file.name, "filename": file.name, "info": info}
        return self.say({**content, "url": self.upload(file), **more})

    def lift(self, *events: str) -> int:
        """@return the id of the record"""
        request = lift_request(f"rendition-{next(self.serial)}", BOARD, self.room, list(events))
        return self.officer.get("/_torg/v1/lifts", request, "POST")["record_id"]

    def enter(self, kind: str, file: File | None = None, **more: object) -> int:
        """What a registrar registers by hand. @return the id of the record"""
        upload = ""
        if file is not None:
            path = f"/_torg/v1/manual/preview?name={quoted(file.name)}&authority={BOARD}"
            status, answer = self.registrar.request("POST", path, file.content, file.type)
            if status != 200:
                raise RuntimeError(f"{file.name} is answered {status}: {answer}")
            upload = json.loads(answer)["upload"]
        key = f"by-hand-{next(self.serial)}"
        draft = lift_request(key, BOARD, self.room, [])["draft"]
        body = {"key": key, "kind": kind, "authority": BOARD, "upload": upload, "note": "", "draft": draft, **more}
        return self.registrar.get("/_torg/v1/manual", body, "POST")["record"]["id"]

    def record(self, record: int) -> dict:
        return self.registrar.get(f"/_torg/v1/records/{record}")

    def restart_with(self, *settings: str) -> None:
        """On the same data, with other settings besides."""
        self.server.stop()
        for setting in settings:
            self.server.options += ["--set", setting]
        self.server.start()

    def settled(self, record: int) -> dict:
        """The record when its rendition has been made, or has not."""
        return self.settled_until(record, lambda shown: shown["rendition"] != "waiting")

    def settled_until(self, record: int, holds: typing.Callable[[dict], bool]) -> dict:
        end = time.monotonic() + RENDITION_LIMIT_S
        while not holds(shown := self.record(record)):
            if time.monotonic() > end:
                raise RuntimeError(f"the rendition of {shown['number']} still waits: {self.server.logged()[-2000:]}")
            time.sleep(PAUSE_S)
        return shown

    def fetch(self, url: str) -> bytes:
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=60)
        connection.request("GET", url, headers={"Authorization": f"Bearer {self.registrar.token}"})
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        if answer.status != 200:
            raise RuntimeError(f"{url} is answered {answer.status}")
        return content


def mail(text: str, *files: File) -> File:
    """A mail from outside with its attachments."""
    message = email.message.EmailMessage()
    message["From"] = "Granviks kommun <diariet@granvik.example>"
    message["To"] = "Kommunstyrelsen <ks@alvhamn.example>"
    message["Subject"] = "Yttrande över vallen – åäö"
    message["Date"] = "Sun, 22 Nov 2026 10:00:00 +0100"
    message["Message-ID"] = "<1@granvik.example>"
    message.set_content(text)
    for file in files:
        major, minor = file.type.split("/")
        message.add_attachment(file.content, maintype=major, subtype=minor, filename=file.name)
    return File("yttrande.eml", "message/rfc822", message.as_bytes())
