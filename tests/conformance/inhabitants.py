"""Who asks the generated requests and what they are about: accounts, rooms, records on the server under test."""

import base64
import dataclasses
import hashlib
import hmac
import itertools
import pathlib
import random
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from harness.lifts import lift_request  # noqa: E402
from harness.torg import Connection, quoted  # noqa: E402

CLIENT = "/_matrix/client/v3"
PICTURE = base64.b64decode(  # one grey pixel
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg=="
)
Known = dict[str, list]  # real values by the name that a parameter or property has in the OpenAPI file


@dataclasses.dataclass
class Account:
    user_id: str
    token: str
    device_id: str = ""
    password: str = ""


class MatrixUsers:
    """Two accounts, one of which asks, in a room with messages, media, a key backup; and others for what ends things."""

    ENDS_SESSION = {"logout", "logout_all", "deactivateAccount", "changePassword", "deleteDevices", "deleteDevice"}
    ENDS_ROOM = {"leaveRoom", "forgetRoom", "kick", "ban", "unban", "upgradeRoom", "setRoomStateWithKey", "redactEvent"}
    ADMINISTRATION = "/_matrix/client/v1/admin/"

    def __init__(self, port: int, secret: str) -> None:
        self.connection = Connection(port)
        self.secret = secret
        self.serial = itertools.count(1)
        self.me, self.other, self.administrator = self.register(), self.register(), self.register("admin")
        self.mortal = self.register()
        self.known = self.move_in()

    def ready(self, operation: str, path: str, chance: random.Random) -> tuple[Account, Known]:
        """Who asks, and what is there to ask about."""
        if operation in self.ENDS_SESSION:
            one = self.mortal
            return one, self.known | {"deviceId": [one.device_id], "user": [one.user_id], "password": [one.password], "auth": [self.proof(one)]}
        if path.startswith(self.ADMINISTRATION):
            return self.administrator, self.known | {"userId": [self.mortal.user_id]}
        return self.me, self.known | self.needed(operation, path)

    def needed(self, operation: str, path: str) -> Known:
        """What only this operation needs, or means by a name that others use otherwise."""
        if "/room_keys/" in path:
            return {"version": [self.backup()]}
        if "/pushrules/" in path:
            return {"kind": ["override"]}
        if operation == "login":
            return {"type": ["m.login.password"], "identifier": [{"type": "m.id.user", "user": self.me.user_id}], "device_id": ["ANOTHER"]}
        if operation == "forgetRoom":
            left = self.home
            self.ask("POST", f"/rooms/{quoted(left)}/leave", {})
            self.move()
            return {"roomId": [left]}
        return {}

    def answered(self, operation: str, path: str, status: int) -> None:
        """Puts back what the request took away."""
        if status == 401 and self.connection.call("GET", f"{CLIENT}/account/whoami", token=self.me.token)[0] == 401:
            self.sign_in_again()
        if status != 200:
            return
        if operation in self.ENDS_SESSION:
            self.mortal = self.register()
        elif path.startswith(self.ADMINISTRATION):
            self.free()
        elif operation in self.ENDS_ROOM:
            self.move()
        elif operation == "deleteRoomAlias":
            self.name_room()
        elif operation == "deletePushRule":
            self.rule()

    def register(self, role: str = "notadmin") -> Account:
        """A new account, by shared secret."""
        name = f"generated{next(self.serial)}"
        path, password = "/_synapse/admin/v1/register", f"word of {name}"
        nonce = self.connection.get(path)["nonce"]
        mac = hmac.new(self.secret.encode(), "\0".join([nonce, name, password, role]).encode(), hashlib.sha1).hexdigest()
        body = {"nonce": nonce, "username": name, "password": password, "admin": role == "admin", "mac": mac}
        made = self.connection.get(path, body, "POST")
        return Account(made["user_id"], made["access_token"], made["device_id"], password)

    def sign_in_again(self) -> None:
        """A sign-in to the asker's device took its token."""
        body = {**self.proof(self.me), "device_id": self.me.device_id}
        self.me.token = self.connection.get(f"{CLIENT}/login", body, "POST")["access_token"]

    def proof(self, account: Account) -> dict:
        """What user-interactive authentication asks for."""
        return {"type": "m.login.password", "identifier": {"type": "m.id.user", "user": account.user_id}, "password": account.password}

    def ask(self, method: str, path: str, body: object = None) -> dict:
        return self.connection.get(CLIENT + path, body, method, self.me.token)

    def room(self) -> tuple[str, str]:
        """A room with the other in it. @return its id and a message's"""
        room = self.ask("POST", "/createRoom", {"preset": "public_chat", "name": "Vallen"})["room_id"]
        self.connection.get(f"{CLIENT}/join/{quoted(room)}", {}, "POST", self.other.token)
        said = {"msgtype": "m.text", "body": "Vallen håller"}
        return room, self.ask("PUT", f"/rooms/{quoted(room)}/send/m.room.message/first", said)["event_id"]

    def free(self) -> None:
        """Nobody is locked or suspended for long."""
        self.mortal = self.register()
        for one, path in itertools.product((self.me, self.other), ("lock", "suspend")):
            body = {f"{path}ed": False}
            self.connection.get(f"{self.ADMINISTRATION}{path}/{quoted(one.user_id)}", body, "PUT", self.administrator.token)

    def move(self) -> None:
        """The asker lost the room or the power in it: another takes its place."""
        self.home, event = self.room()
        self.known |= {"roomId": [self.home], "room_id": [self.home], "eventId": [event], "event_id": [event]}

    def name_room(self) -> None:
        self.ask("PUT", f"/directory/room/{quoted(self.alias)}", {"room_id": self.home})

    def rule(self) -> None:
        self.ask("PUT", "/pushrules/global/override/vallen", {"actions": ["notify"], "conditions": []})

    def move_in(self) -> Known:
        user = f"/user/{quoted(self.me.user_id)}"
        self.home, event = self.room()
        self.alias = "#vallen:" + self.me.user_id.partition(":")[2]
        room = quoted(self.home)
        answer = {"msgtype": "m.text", "body": "Ja", "m.relates_to": {"rel_type": "m.thread", "event_id": event}}
        self.ask("PUT", f"/rooms/{room}/send/m.room.message/second", answer)
        self.name_room()
        self.rule()
        self.ask("PUT", f"{user}/account_data/org.example.data", {"a": 1})
        self.ask("PUT", f"{user}/rooms/{room}/tags/u.vallen", {"order": 0.5})
        self.ask("PUT", f"/profile/{quoted(self.me.user_id)}/displayname", {"displayname": "Genererad"})
        back = self.ask("GET", f"/rooms/{room}/messages?dir=b&limit=2")["end"]
        since = self.ask("GET", "/sync?timeout=0")["next_batch"]
        filter_id = self.ask("POST", f"{user}/filter", {"room": {"timeline": {"limit": 3}}})["filter_id"]
        server, media = self.upload()
        people, events = [self.me.user_id, self.other.user_id], [event]
        return {
            **dict.fromkeys(("userId", "user_id", "user", "userid"), people),
            **dict.fromkeys(("roomId", "room_id"), [self.home]), "roomIdOrAlias": [self.home, self.alias], "roomAlias": [self.alias],
            **dict.fromkeys(("eventId", "event_id", "m.fully_read", "m.read", "m.read.private"), events),
            **dict.fromkeys(("since", "from", "to", "at", "next_batch"), [since, back]),
            "deviceId": [self.me.device_id], "device_id": [self.me.device_id], "filterId": [filter_id],
            "filter": [filter_id, '{"room":{"timeline":{"limit":2}}}'], "serverName": [server], "mediaId": [media],
            "sessionId": ["session"], "ruleId": [".m.rule.master", "vallen"], "tag": ["u.vallen"],
            "keyName": ["displayname", "m.tz"], "type": ["org.example.data"], "eventType": ["m.room.message", "m.room.topic", "m.room.name"],
            "stateKey": [""], "password": [self.me.password], "auth": [self.proof(self.me)],
        }  # fmt: skip

    def upload(self) -> tuple[str, str]:
        """A small picture. @return its server and media id"""
        _, answer = self.connection.request("POST", "/_matrix/media/v3/upload?filename=vallen.png", PICTURE, "image/png", self.me.token)
        server, media = re.search(r'mxc://([^/]+)/([^"]+)"', answer).groups()
        return server, media

    def backup(self) -> str:
        """The version of the key backup, which is made when there is none."""
        status, answer = self.connection.call("GET", f"{CLIENT}/room_keys/version", token=self.me.token)
        if status == 200:
            return answer["version"]
        auth = {"public_key": "abcdefg", "signatures": {}}
        return self.ask("POST", "/room_keys/version", {"algorithm": "m.megolm_backup.v1.curve25519-aes-sha2", "auth_data": auth})["version"]


class DemoOfficials:
    """People of the demo organisation: half of the time the one who may, or anybody; with a lift, a case, a hold and a disposal."""

    PASSWORD = "torg-demo"
    PEOPLE = ("maja.ekdahl", "asa.lindqvist", "sandra.wiik", "arne.palm", "birgitta.ros", "henning.palm")
    MAY = {"lifts": "maja.ekdahl", "rooms": "maja.ekdahl", "settings": "henning.palm"} | dict.fromkeys(("holds", "disposals", "weeding"), "arne.palm")

    def __init__(self, port: int, secret: str) -> None:
        self.connection = Connection(port)
        self.people = {name: Account(f"@{name}", self.connection.sign_in(name, self.PASSWORD)) for name in self.PEOPLE}
        self.serial = itertools.count(1)
        self.ids: Known = {}  # by the folder that an id is in: `/cases/{id}`
        self.known = self.work()

    def ready(self, operation: str, path: str, chance: random.Random) -> tuple[Account, Known]:
        folder = re.search(r"/([a-z]+)/\{(?:id|key)\}", path)
        names = ("id", "key") if folder and folder[1] in self.ids else ()
        who = self.MAY.get(path.split("/")[3], "sandra.wiik") if chance.random() < 0.5 else chance.choice(self.PEOPLE)
        return self.people[who], self.known | dict.fromkeys(names, self.ids.get(folder[1] if folder else "", []))

    def answered(self, operation: str, path: str, status: int) -> None:
        """Nothing that is asked takes away what others are about."""

    def ask(self, name: str, method: str, path: str, body: object = None) -> dict:
        return self.connection.get(path, body, method, self.people[name].token)

    def work(self) -> Known:
        maja, archivist = "maja.ekdahl", "arne.palm"
        rooms = self.ask(maja, "GET", f"{CLIENT}/joined_rooms")["joined_rooms"]
        said = [self.say(maja, rooms[0], number) for number in range(6)]
        lift = self.ask(maja, "POST", "/_torg/v1/lifts", lift_request("generated", "KS", rooms[0], said[:1]))
        waiting = lift_request("waiting", "KS", rooms[0], said[1:2], commit="after")
        self.ask(maja, "POST", "/_torg/v1/lifts", waiting)
        cases = [case["id"] for case in self.ask(maja, "GET", "/_torg/v1/cases?authority=KS")["cases"]]
        hold = {"authority": "KS", "what": {"event_id": said[2]}, "reason": "Granskning"}
        held = self.ask(archivist, "POST", "/_torg/v1/holds", hold)
        self.ids = {"records": [lift["record_id"]], "cases": cases, "lifts": ["generated", "waiting"], "holds": [held.get("id", 1)]}
        self.ids |= {"disposals": [1], "requests": [1], "notices": [1], "settings": self.settings()}
        everybody = [self.ask(name, "GET", "/_torg/v1/me")["user_id"] for name in self.PEOPLE]
        return {
            **dict.fromkeys(("roomId", "room_id"), rooms), **dict.fromkeys(("eventId", "event_id", "event_ids"), said),
            **dict.fromkeys(("authority", "host", "registers", "archives", "parties"), ["KS", "BN"]), "discloses": ["each"],
            "number": [lift["number"]], "record": [lift["record_id"]], "record_id": [lift["record_id"]], "n": ["1"],
            **dict.fromkeys(("to", "second_person"), everybody), "classification": ["1.4.1"], "upload": [self.upload()],
            "draft": [waiting["draft"]], "case": [waiting["draft"]["case"], {"id": cases[0]}, None], "came_or_made_day": [waiting["draft"]["came_or_made_day"]],
        }  # fmt: skip

    def say(self, name: str, room: str, number: int) -> str:
        said = {"msgtype": "m.text", "body": f"Vallen håller {number}"}
        return self.ask(name, "PUT", f"{CLIENT}/rooms/{quoted(room)}/send/m.room.message/{number}", said)["event_id"]

    def settings(self) -> list[str]:
        return [setting["key"] for setting in self.ask("henning.palm", "GET", "/_torg/v1/settings?authority=KS")["settings"]]

    def upload(self) -> str:
        path = "/_torg/v1/manual/preview?name=brev.txt&authority=KS"
        _, answer = self.connection.request("POST", path, "Ett brev".encode(), "application/octet-stream", self.people["sandra.wiik"].token)
        return re.search(r'"upload":"([^"]+)"', answer)[1]


INHABITANTS = {"matrix": MatrixUsers, "demo": DemoOfficials}
