"""Looks whether what was acknowledged is there."""

import collections
import json

from harness.torg import Connection, quoted
from world import OFFICERS, World

NOTICE_MS = 30_000  # in which a put-off lift must have been committed and said so in its room
NOTICE = "org.torg.record"
DELAYED = "org.torg.test.delayed"


def only(kind: str) -> dict:
    """A filter for syncs that want nothing but events of this type."""
    return {
        "room": {"timeline": {"types": [kind], "limit": 100}, "state": {"types": []}, "ephemeral": {"types": []}, "account_data": {"types": []}},
        "account_data": {"types": []},
        "presence": {"types": []},
    }


class Inspector:
    """Reads what is there and compares it with what was acknowledged."""

    def __init__(self, world: World) -> None:
        self.world, self.model = world, world.model
        self.connection = Connection(world.server.port)
        self.checked: set[str] = set()  # keys of lifts

    def get(self, path: str, officer: str) -> dict:
        return self.connection.get(path, token=self.world.tokens[officer])

    def events(self, room: str, officer: str, kind: str) -> list[dict]:
        """All events of that type in the room."""
        found: list[dict] = []
        start = ""
        while True:
            path = f"/_matrix/client/v3/rooms/{quoted(room)}/messages?dir=b&limit=500{start}"
            page = self.get(path, officer)
            found += [event for event in page["chunk"] if event["type"] == kind]
            if "end" not in page:
                return found
            start = f"&from={quoted(page['end'])}"

    def check_sends(self, acknowledged: dict[str, tuple[str, str]]) -> None:
        reader = {room: name for name, rooms in self.world.rooms.items() for room in rooms}
        for room, officer in reader.items():
            found = self.events(room, officer, "m.room.message")
            ids = {event["event_id"] for event in found}
            for transaction, (where, event_id) in acknowledged.items():
                if where == room and event_id not in ids:
                    self.model.fault(f"{transaction} ({event_id}) was acknowledged and is not there")
            for body, count in collections.Counter(event["content"].get("body", "") for event in found).items():
                if body.startswith("s") and "-" in body and count > 1:
                    self.model.fault(f"{body} is there {count} times")

    def check_intents(self, acknowledged: dict[str, tuple[str, str]]) -> None:
        for key, (officer, number) in acknowledged.items():
            now = self.get(f"/_torg/v1/lifts/{key}", officer)
            if number and now["number"] != number:
                self.model.fault(f"lift {key} was told {number} and now has {now['number']} ({now['state']})")
            if not number and now["state"] not in ("pending", "committed"):
                self.model.fault(f"lift {key} was accepted and is now {now['state']}: {now['problem']}")

    def delayed_events(self) -> collections.Counter:
        """How often each of them is there, by its transaction."""
        reader = {room: name for name, rooms in self.world.rooms.items() for room in rooms}
        found = [event for room, officer in reader.items() for event in self.events(room, officer, DELAYED)]
        return collections.Counter(event["content"]["body"] for event in found)

    def faults_of_delayed(self, acknowledged: dict[str, tuple[str, str]], at_the_end: bool = False) -> list[str]:
        """Before the end some are not due yet."""
        counts = self.delayed_events()
        faults = [f"{transaction} is there {count} times" for transaction, count in counts.items() if count > 1]
        for transaction, (_, fate) in acknowledged.items():
            if fate == "cancelled" and counts[transaction]:
                faults.append(f"{transaction} was cancelled and sent all the same")
            if fate == "due" and at_the_end and not counts[transaction]:
                faults.append(f"{transaction} was acknowledged and never sent")
        return faults

    def await_delayed(self) -> None:
        """Returns when all that are due have been sent."""
        for officer in OFFICERS:
            rooms = self.world.rooms[officer]
            due = {transaction for transaction, (room, fate) in self.model.delayed.items() if fate == "due" and room in rooms}
            since = self.sync(officer, "", DELAYED)["next_batch"]
            due -= set(self.delayed_events())
            while due:
                answer = self.sync(officer, since, DELAYED)
                since = answer["next_batch"]
                news = [event for room in answer.get("rooms", {}).get("join", {}).values() for event in room["timeline"]["events"]]
                due -= {event["content"]["body"] for event in news}
                if not news:
                    self.model.fault(f"{len(due)} delayed events of {officer}'s rooms are due and never come")
                    break

    def check_round(self, sent: dict, intents: dict, delayed: dict) -> None:
        self.connection = Connection(self.world.server.port)
        self.check_sends(sent)
        for fault in self.faults_of_delayed(delayed):
            self.model.fault(fault)
        self.check_intents({key: told for key, told in intents.items() if key not in self.checked})
        self.checked |= {key for key, told in intents.items() if told[1]}

    def await_notices(self) -> None:
        """Returns when the rooms were told of every lift that had been put off."""
        for officer in OFFICERS:
            waiting = {event for event, by in self.model.put_off.items() if by == officer}
            since = self.sync(officer, "", NOTICE)["next_batch"]
            for room in self.world.rooms[officer]:
                for notice in self.events(room, officer, NOTICE):
                    waiting -= set(notice["content"]["items"])
            while waiting:
                answer = self.sync(officer, since, NOTICE)
                since = answer["next_batch"]
                rooms = answer.get("rooms", {}).get("join", {}).values()
                notices = [event for room in rooms for event in room["timeline"]["events"]]
                for notice in notices:
                    waiting -= set(notice["content"]["items"])
                if not notices:
                    self.model.fault(f"{len(waiting)} lifts of {officer} were put off and never said to be done")
                    break

    def sync(self, officer: str, since: str, kind: str) -> dict:
        """Only events of this type; waits for one when there is a `since`."""
        wait = f"&timeout={NOTICE_MS}&since={quoted(since)}" if since else ""
        return self.get(f"/_matrix/client/v3/sync?filter={quoted(json.dumps(only(kind)))}{wait}", officer)

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
