"""Lifts into a register outside Torg, with kills between sending and answer: one number for each, and none lost. Prints TAP."""

import contextlib
import json
import pathlib
import sys
import tempfile
import threading
import typing

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))

from harness.lifts import lift_request  # noqa: E402
from harness.tap import Tap  # noqa: E402
from harness.torg import Connection, Torg, quoted  # noqa: E402
from registry import Registry, Store, Watcher  # noqa: E402

PASSWORD = "torg-demo"
BOARD = "KS"
NOTICE_MS = 60_000  # in which a number must have come and been told in the room
KILLS = 5


class Office:
    """A server whose board keeps its register elsewhere, and what the register has."""

    def __init__(self, folder: str, where: str, settings: typing.Iterable[str] = ()) -> None:
        self.torg = Torg("external.example", [f"external_registers={BOARD}={where}", *settings], folder=f"{folder}/torg")
        pathlib.Path(self.torg.folder).mkdir()
        self.torg.run("demo")
        self.torg.start()
        self.connect()
        self.sign_in("arne.palm")
        decision = {"authority": BOARD, "value": "external", "decision": "KS 2026-11 § 9"}
        self.connection.get("/_torg/v1/settings/register", decision, "PUT")
        self.sign_in("maja.ekdahl")
        self.room = self.connection.get("/_matrix/client/v3/joined_rooms")["joined_rooms"][0]

    def connect(self) -> None:
        self.connection = Connection(self.torg.port, getattr(self, "token", ""))

    def sign_in(self, user: str) -> None:
        self.token = self.connection.sign_in(user, PASSWORD)

    def lift(self, name: str) -> dict:
        path = f"/_matrix/client/v3/rooms/{quoted(self.room)}/send/m.room.message/{quoted(name)}"
        event = self.connection.get(path, {"msgtype": "m.text", "body": f"Vi tillstyrker {name}."}, "PUT")["event_id"]
        return self.connection.get("/_torg/v1/lifts", lift_request(name, BOARD, self.room, [event]), "POST")

    def state(self, name: str) -> dict:
        return self.connection.get(f"/_torg/v1/lifts/{quoted(name)}")

    def retry(self, name: str) -> None:
        """Sandra has it tried at once; an answer that has come meanwhile is none to try again."""
        registrar = Connection(self.torg.port)
        registrar.sign_in("sandra.wiik", PASSWORD)
        registrar.call("POST", f"/_torg/v1/handovers/{self.state(name)['external']['key']}/retry", {})

    def kill(self) -> None:
        self.torg.kill()
        self.torg.start()
        self.connect()

    def await_number(self, name: str) -> str:
        """The number, once the room was told of it; an empty one when that does not happen."""
        none = {"types": []}
        room = {"timeline": {"types": ["org.torg.record"], "limit": 100}, "state": none, "ephemeral": none, "account_data": none}
        chosen = {"room": room, "account_data": none, "presence": none}
        since = ""
        while not self.state(name)["number"]:
            wait = f"&timeout={NOTICE_MS}&since={quoted(since)}" if since else ""
            answer = self.connection.get(f"/_matrix/client/v3/sync?filter={quoted(json.dumps(chosen))}{wait}")
            told = any(room["timeline"]["events"] for room in answer.get("rooms", {}).get("join", {}).values())
            if since and not told:
                return ""
            since = answer["next_batch"]
        return self.state(name)["number"]

    def notices(self) -> list[str]:
        path = f"/_matrix/client/v3/rooms/{quoted(self.room)}/messages?dir=b&limit=500"
        events = self.connection.get(path)["chunk"]
        return [event["content"]["record"]["number"] for event in events if event["type"] == "org.torg.record"]

    def faults(self, store: Store, names: list[str]) -> list[str]:
        """Every lift has a number of its own, the register has no other, and the room was told of each once."""
        numbers = sorted(self.state(name)["number"] or "" for name in names)
        faults = []
        if numbers != store.numbers():
            faults.append(f"Torg has {numbers}, the register has {store.numbers()}")
        if sorted(self.notices()) != numbers:
            faults.append(f"the room was told of {self.notices()}")
        return faults


@contextlib.contextmanager
def over_http() -> typing.Iterator[tuple[Office, Registry]]:
    with tempfile.TemporaryDirectory(prefix="torg-test-") as folder:
        registry = Registry(Store(f"{folder}/register"), "hemligt")
        registry.start()
        office = Office(folder, registry.url, [f"external_register_secrets={BOARD}=hemligt"])
        try:
            yield office, registry
        finally:
            office.torg.kill()
            registry.stop()


@contextlib.contextmanager
def through_a_folder() -> typing.Iterator[tuple[Office, Watcher]]:
    with tempfile.TemporaryDirectory(prefix="torg-test-") as folder:
        watched = pathlib.Path(folder, "watched")
        watched.mkdir()
        office = Office(folder, str(watched))
        try:
            yield office, Watcher(Store(f"{folder}/register"), str(watched))
        finally:
            office.torg.kill()


def check(faults: list[str]) -> None:
    if faults:
        raise AssertionError("; ".join(faults))


def a_lift_gets_the_number_of_the_register() -> None:
    with over_http() as (office, registry):
        intent = office.lift("vallen")
        assert (intent["state"], intent["register"], intent["record_id"]) == ("committed", "external", None), intent
        assert office.await_number("vallen") == "Dnr KS-1"
        key = intent["external"]["key"]
        record = json.loads((registry.store.folder / key / "record.json").read_bytes())
        assert [file["role"] for file in record["files"]] == ["manifest", "metadata"], record
        assert "Vi tillstyrker vallen." in registry.store.file(key, 1).decode()
        assert "<erms" in registry.store.file(key, 2).decode()
        check(office.faults(registry.store, ["vallen"]))


def a_kill_between_the_register_and_its_answer_registers_nothing_twice() -> None:
    with over_http() as (office, registry):
        names = [f"dödad-{n}" for n in range(KILLS)]
        for name in names:
            registered, killed = threading.Event(), threading.Event()

            def hold(_key: str, registered: threading.Event = registered, killed: threading.Event = killed) -> None:
                registered.set()
                killed.wait(NOTICE_MS / 1000)

            registry.before_answer = hold
            office.lift(name)
            assert registered.wait(NOTICE_MS / 1000), "the register was never asked"
            office.torg.kill()
            registry.before_answer = lambda key: None
            killed.set()
            office.torg.start()
            office.connect()
            assert office.await_number(name), f"{name} has no number after the kill"
        check(office.faults(registry.store, names))


def a_kill_right_after_the_lift_loses_nothing() -> None:
    with over_http() as (office, registry):
        names = [f"snabb-{n}" for n in range(KILLS)]
        for name in names:
            office.lift(name)
            office.kill()
        for name in names:
            assert office.await_number(name), f"{name} was lost"
        check(office.faults(registry.store, names))


def a_number_that_comes_later_is_asked_for_after_a_kill() -> None:
    with over_http() as (office, registry):
        registry.later = True
        key = office.lift("sen")["external"]["key"]
        while office.state("sen")["external"]["state"] != "sent":
            office.retry("sen")
        office.kill()
        number = registry.decide(key)
        office.retry("sen")
        assert office.await_number("sen") == number
        check(office.faults(registry.store, ["sen"]))


def an_answer_that_the_register_sends_by_itself_counts_once() -> None:
    with over_http() as (office, registry):
        registry.later = True
        key = office.lift("själv")["external"]["key"]
        while office.state("själv")["external"]["state"] != "sent":
            office.retry("själv")
        number = registry.decide(key)
        back = Connection(office.torg.port, "hemligt")
        for _ in range(3):
            assert back.call("POST", f"/_torg/v1/handovers/{key}/answer", {"number": number})[0] == 200
        assert back.call("POST", f"/_torg/v1/handovers/{key}/answer", {"number": "Dnr 99"})[0] == 409
        assert Connection(office.torg.port, "gissat").call("POST", f"/_torg/v1/handovers/{key}/answer", {"number": "x"})[0] == 401
        assert office.await_number("själv") == number
        check(office.faults(registry.store, ["själv"]))


def what_the_register_refuses_waits_for_its_registrar_again() -> None:
    with over_http() as (office, registry):
        registry.refuse = "Klassen 1.4.1 finns inte."
        office.lift("nekad")
        while office.state("nekad")["external"]["state"] in ("waiting", "retrying"):
            office.retry("nekad")
        external = office.state("nekad")["external"]
        assert (external["state"], external["problem"]) == ("refused", registry.refuse), external
        assert not registry.store.numbers()


def a_watched_folder_gives_numbers_through_kills() -> None:
    with through_a_folder() as (office, watcher):
        names = [f"mapp-{n}" for n in range(KILLS)]
        for name in names:
            office.lift(name)
            office.kill()
        for name in names:
            while office.state(name)["external"]["state"] != "sent":
                office.retry(name)
        watcher.look(before_answer=lambda key: office.kill())
        for name in names:
            office.retry(name)
            assert office.await_number(name), f"{name} has no number"
        watcher.look()
        check(office.faults(watcher.store, names))


def a_register_that_is_down_holds_nobody_up() -> None:
    with over_http() as (office, registry):
        registry.stop()
        intent = office.lift("väntar")
        assert intent["external"]["state"] in ("waiting", "retrying"), intent
        while office.state("väntar")["external"]["state"] != "retrying":
            office.retry("väntar")
        assert office.state("väntar")["external"]["problem"]


def main() -> int:
    return Tap().tell_each(
        a_lift_gets_the_number_of_the_register,
        a_kill_between_the_register_and_its_answer_registers_nothing_twice,
        a_kill_right_after_the_lift_loses_nothing,
        a_number_that_comes_later_is_asked_for_after_a_kill,
        an_answer_that_the_register_sends_by_itself_counts_once,
        what_the_register_refuses_waits_for_its_registrar_again,
        a_watched_folder_gives_numbers_through_kills,
        a_register_that_is_down_holds_nobody_up,
    )


if __name__ == "__main__":
    sys.exit(main())
