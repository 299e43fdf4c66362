"""Two people with matrix-nio, unaware of which server it is. Prints TAP; the exit status is 1 if a step failed."""

import asyncio
import io
import logging
import secrets
import sys
import typing

import nio

from server import Account, Server, register, running_server  # first: it makes the harness known
from harness.tap import Tap

SYNC_MS = 3000
TURNS = 10


class Failed(AssertionError):
    pass


def expect(answer: object, kind: type) -> typing.Any:
    """The answer itself if it is of that kind; nio returns errors instead of raising them."""
    if not isinstance(answer, kind):
        raise Failed(f"{kind.__name__} expected, got {answer}")
    return answer


def same(found: object, wanted: object) -> None:
    if found != wanted:
        raise Failed(f"{wanted!r} expected, got {found!r}")


class Person:
    """A signed-in client and what its syncs have brought."""

    def __init__(self, server: Server, account: Account):
        self.account = account
        self.client = nio.AsyncClient(server.url, account.user_id)
        self.seen: list[nio.Event] = []
        self.brief: list[object] = []
        self.client.add_event_callback(lambda _room, event: self.seen.append(event), nio.Event)
        self.client.add_ephemeral_callback(lambda _room, event: self.brief.append(event), nio.EphemeralEvent)

    @property
    def id(self) -> str:
        return self.account.user_id

    async def sync(self) -> nio.SyncResponse:
        return expect(await self.client.sync(timeout=SYNC_MS), nio.SyncResponse)

    async def until(self, probe: typing.Callable[[], typing.Any], what: str) -> typing.Any:
        for _ in range(TURNS):
            if value := probe():
                return value
            await self.sync()
        raise Failed(f"not seen: {what}")

    async def event(self, event_id: str) -> typing.Any:
        found = lambda: next((event for event in self.seen if event.event_id == event_id), None)  # noqa: E731
        return await self.until(found, event_id)

    async def send(self, room: str, content: dict, kind: str = "m.room.message") -> str:
        return expect(await self.client.room_send(room, kind, content), nio.RoomSendResponse).event_id

    async def say(self, room: str, body: str, **more: object) -> str:
        return await self.send(room, {"msgtype": "m.text", "body": body, **more})


class Steps:
    """Each method is one test; they run in this order and share the room."""

    def __init__(self, server: Server):
        self.server = server
        self.alice = Person(server, register(server, "alice"))
        self.bob = Person(server, register(server, "bob"))
        self.room = ""

    async def signs_in_with_a_password(self) -> None:
        for person in (self.alice, self.bob):
            answer = expect(await person.client.login(person.account.password, device_name="nio"), nio.LoginResponse)
            same(answer.user_id, person.id)
        same(expect(await self.bob.client.whoami(), nio.WhoamiResponse).device_id, self.bob.client.device_id)

    async def refuses_a_wrong_password(self) -> None:
        stranger = nio.AsyncClient(self.server.url, self.alice.id)
        same(expect(await stranger.login("wrong"), nio.LoginError).status_code, "M_FORBIDDEN")
        await stranger.close()

    async def creates_a_room_and_invites(self) -> None:
        answer = await self.alice.client.room_create(name="Granskning", topic="Bygglov", invite=[self.bob.id])
        self.room = expect(answer, nio.RoomCreateResponse).room_id
        await self.bob.until(lambda: self.room in self.bob.client.invited_rooms, "the invitation")

    async def joins(self) -> None:
        expect(await self.bob.client.join(self.room), nio.JoinResponse)
        room = await self.bob.until(lambda: self.bob.client.rooms.get(self.room), "the joined room")
        same((room.name, room.topic), ("Granskning", "Bygglov"))
        members = expect(await self.bob.client.joined_members(self.room), nio.JoinedMembersResponse).members
        same({member.user_id for member in members}, {self.alice.id, self.bob.id})

    async def delivers_a_message_unchanged(self) -> None:
        text = "Är ritningen komplett? 🏠 <b>&amp;</b>"
        event = await self.bob.event(await self.alice.say(self.room, text))
        same((event.body, event.sender), (text, self.alice.id))

    async def wakes_a_waiting_sync(self) -> None:
        await self.bob.sync()
        waiting = asyncio.create_task(self.bob.client.sync(timeout=20_000))
        event_id = await self.alice.say(self.room, "Vakna")
        answer = expect(await asyncio.wait_for(waiting, 10), nio.SyncResponse)
        timeline = answer.rooms.join[self.room].timeline.events
        same([event.event_id for event in timeline], [event_id])

    async def edits(self) -> None:
        first = await self.alice.say(self.room, "Vi ses på tisdag")
        new = {"msgtype": "m.text", "body": "Vi ses på onsdag"}
        relation = {"rel_type": "m.replace", "event_id": first}
        edit = await self.alice.say(self.room, "* Vi ses på onsdag", **{"m.new_content": new, "m.relates_to": relation})
        event = await self.bob.event(edit)
        same(event.source["content"]["m.new_content"]["body"], "Vi ses på onsdag")

    async def replies(self) -> None:
        question = await self.alice.say(self.room, "Har grannarna hörts?")
        relation = {"m.in_reply_to": {"event_id": question}}
        event = await self.alice.event(await self.bob.say(self.room, "Ja", **{"m.relates_to": relation}))
        same(event.source["content"]["m.relates_to"], relation)

    async def reacts(self) -> None:
        message = await self.alice.say(self.room, "Klart!")
        relation = {"rel_type": "m.annotation", "event_id": message, "key": "👍"}
        event = await self.alice.event(await self.bob.send(self.room, {"m.relates_to": relation}, "m.reaction"))
        same((event.key, event.reacts_to), ("👍", message))

    async def redacts(self) -> None:
        mistake = await self.alice.say(self.room, "Fel rum")
        await self.bob.event(mistake)
        expect(await self.alice.client.room_redact(self.room, mistake, reason="fel rum"), nio.RoomRedactResponse)
        redactions = lambda: [e for e in self.bob.seen if isinstance(e, nio.RedactionEvent)]  # noqa: E731
        await self.bob.until(lambda: any(e.redacts == mistake for e in redactions()), "the redaction")
        event = expect(await self.bob.client.room_get_event(self.room, mistake), nio.RoomGetEventResponse).event
        same(event.source["content"], {})

    async def uploads_and_downloads_a_file(self) -> None:
        data = secrets.token_bytes(100_000)
        answer, _ = await self.alice.client.upload(
            io.BytesIO(data), content_type="application/pdf", filename="ritning.pdf", filesize=len(data)
        )
        uri = expect(answer, nio.UploadResponse).content_uri
        await self.alice.send(self.room, {"msgtype": "m.file", "body": "ritning.pdf", "url": uri})
        server_name, media_id = uri.removeprefix("mxc://").split("/")
        path = f"{self.server.url}/_matrix/client/v1/media/download/{server_name}/{media_id}"
        headers = {"Authorization": f"Bearer {self.bob.client.access_token}"}
        async with self.bob.client.client_session.get(path, headers=headers) as download:
            same((download.status, await download.read() == data), (200, True))
        async with self.bob.client.client_session.get(path) as refused:
            same(refused.status, 401)

    async def shows_typing(self) -> None:
        expect(await self.alice.client.room_typing(self.room, True), nio.RoomTypingResponse)
        await self.bob.until(lambda: self.bob.client.rooms[self.room].typing_users == [self.alice.id], "typing")
        expect(await self.alice.client.room_typing(self.room, False), nio.RoomTypingResponse)
        await self.bob.until(lambda: self.bob.client.rooms[self.room].typing_users == [], "the end of typing")

    async def shows_receipts(self) -> None:
        message = await self.alice.say(self.room, "Läs detta")
        await self.bob.event(message)
        expect(await self.bob.client.room_read_markers(self.room, message, message), nio.RoomReadMarkersResponse)
        receipts = lambda: [r for e in self.alice.brief if isinstance(e, nio.ReceiptEvent) for r in e.receipts]  # noqa: E731
        wanted = (self.bob.id, message)
        await self.alice.until(lambda: wanted in [(r.user_id, r.event_id) for r in receipts()], "the receipt")

    async def pages_back_to_the_creation(self) -> None:
        said = [f"Rad {number}" for number in range(30)]
        for body in said:
            await self.alice.say(self.room, body)
        start = (await self.bob.sync()).next_batch
        events, at = [], start
        while at:
            answer = expect(await self.bob.client.room_messages(self.room, at, limit=11), nio.RoomMessagesResponse)
            events += answer.chunk
            at = answer.end if answer.chunk else None
        bodies = [event.body for event in reversed(events) if isinstance(event, nio.RoomMessageText)]
        same(bodies[-30:], said)
        same(isinstance(events[-1], nio.RoomCreateEvent), True)
        same(len({event.event_id for event in events}), len(events))

    async def marks_a_gap(self) -> None:
        since = (await self.bob.sync()).next_batch
        said = [f"Lucka {number}" for number in range(25)]
        for body in said:
            await self.alice.say(self.room, body)
        narrow = {"room": {"timeline": {"limit": 5}}}
        sync = expect(await self.bob.client.sync(timeout=0, sync_filter=narrow, since=since), nio.SyncResponse)
        timeline = sync.rooms.join[self.room].timeline
        same((timeline.limited, [event.body for event in timeline.events]), (True, said[-5:]))
        missed = await self.bob.client.room_messages(self.room, timeline.prev_batch, end=since, limit=100)
        same([event.body for event in reversed(expect(missed, nio.RoomMessagesResponse).chunk)], said[:-5])

    async def changes_a_profile(self) -> None:
        expect(await self.alice.client.set_displayname("Alice Åkerö"), nio.ProfileSetDisplayNameResponse)
        profile = expect(await self.bob.client.get_profile(self.alice.id), nio.ProfileGetResponse)
        same(profile.displayname, "Alice Åkerö")
        name = lambda: self.bob.client.rooms[self.room].user_name(self.alice.id)  # noqa: E731
        await self.bob.until(lambda: name() == "Alice Åkerö", "the new name")

    async def keeps_a_filter(self) -> None:
        answer = await self.bob.client.upload_filter(room={"state": {"lazy_load_members": True}})
        stored = expect(answer, nio.UploadFilterResponse).filter_id
        expect(await self.bob.client.sync(timeout=0, sync_filter=stored, full_state=True), nio.SyncResponse)

    async def lets_go_of_members(self) -> None:
        await self.bob.sync()
        expect(await self.alice.client.room_kick(self.room, self.bob.id, "prov"), nio.RoomKickResponse)
        same(list((await self.bob.sync()).rooms.leave), [self.room])
        refused = await self.bob.client.room_send(self.room, "m.room.message", {"msgtype": "m.text", "body": "?"})
        same(expect(refused, nio.RoomSendError).status_code, "M_FORBIDDEN")
        expect(await self.bob.client.room_forget(self.room), nio.RoomForgetResponse)

    async def signs_out(self) -> None:
        token = self.bob.client.access_token
        expect(await self.bob.client.logout(), nio.LogoutResponse)
        headers = {"Authorization": f"Bearer {token}"}
        path = f"{self.server.url}/_matrix/client/v3/account/whoami"
        async with self.alice.client.client_session.get(path, headers=headers) as answer:
            same((answer.status, (await answer.json())["errcode"]), (401, "M_UNKNOWN_TOKEN"))


async def run(server: Server) -> int:
    steps = Steps(server)
    try:
        return await Tap().tell_journey("matrix-nio", steps)
    finally:
        for person in (steps.alice, steps.bob):
            await person.client.close()


def main() -> int:
    logging.disable(logging.CRITICAL)
    with running_server() as server:
        return asyncio.run(run(server))


if __name__ == "__main__":
    sys.exit(main())
