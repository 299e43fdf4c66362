"""A small bridge with mautrix: ghosts, transactions, queries, over crashes of both sides. Prints TAP.

It needs a registration file at the server's start, so it always runs a server of its own ($TORG_BINARY).
"""

import asyncio
import logging
import os
import pathlib
import secrets
import socket
import sys
import tempfile
import typing

from mautrix.appservice import AppService, ASStateStore
from mautrix.client.state_store.memory import MemoryStateStore
from mautrix.types import EventType, Membership, RoomDirectoryVisibility

import server as accounts
from harness import torg
from harness.tap import Tap

NAME = "interop.example"
LIMIT_S = 15
REGISTRATION = """
id: mautrix-test
url: http://127.0.0.1:{port}
as_token: {as_token}
hs_token: {hs_token}
sender_localpart: bridgebot
rate_limited: false
receive_ephemeral: true
namespaces:
  users: [{{exclusive: true, regex: '@bridge_.*:interop\\.example'}}]
  aliases: [{{exclusive: true, regex: '#bridge_.*:interop\\.example'}}]
"""


class Memory(ASStateStore, MemoryStateStore):
    def __init__(self) -> None:
        ASStateStore.__init__(self)
        MemoryStateStore.__init__(self)


def same(found: object, wanted: object) -> None:
    if found != wanted:
        raise AssertionError(f"{wanted!r} expected, got {found!r}")


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


class Person:
    """Somebody without an SDK, on the other side."""

    def __init__(self, url: str, secret: str) -> None:
        self.account = accounts.register(accounts.Server(url, secret), "anna")
        self.http = torg.Connection(int(url.rpartition(":")[2]))
        self.http.sign_in(self.account.user_id, self.account.password)
        self.sent = 0

    def call(self, method: str, path: str, body: object = None) -> dict:
        return self.http.get(f"/_matrix/client/v3{path}", body, method)

    def make_room(self, invite: str) -> str:
        return self.call("POST", "/createRoom", {"invite": [invite], "preset": "private_chat"})["room_id"]

    def say(self, room: str, body: str) -> str:
        self.sent += 1
        path = f"/rooms/{torg.quoted(room)}/send/m.room.message/p{self.sent}"
        return self.call("PUT", path, {"msgtype": "m.text", "body": body})["event_id"]

    def messages(self, room: str) -> list[dict]:
        return self.call("GET", f"/rooms/{torg.quoted(room)}/messages?dir=b&limit=50")["chunk"]


class Bridge:
    """What the other network's side of a bridge does: it repeats what is said in the words of its ghost."""

    def __init__(self, url: str, port: int, as_token: str, hs_token: str) -> None:
        self.url, self.port, self.tokens = url, port, (as_token, hs_token)
        self.seen: list[typing.Any] = []
        self.news = asyncio.Event()
        self.az: AppService | None = None

    async def start(self) -> None:
        self.az = AppService(
            server=self.url, domain=NAME, as_token=self.tokens[0], hs_token=self.tokens[1], bot_localpart="bridgebot",
            id="mautrix-test", state_store=Memory(), ephemeral_events=True, query_user=self.make_ghost,
            query_alias=self.make_room,
        )
        self.az.synchronous_handlers = True
        self.az.matrix_event_handler(self.handle)
        await self.az.start("127.0.0.1", self.port)

    def ghost(self, name: str) -> typing.Any:
        return self.az.intent.user(f"@bridge_{name}:{NAME}")

    async def handle(self, event: typing.Any) -> None:
        self.seen.append(event)
        self.news.set()
        invited = event.type == EventType.ROOM_MEMBER and event.content.membership == Membership.INVITE
        if invited and event.state_key.startswith("@bridge_"):
            await self.az.intent.user(event.state_key).ensure_joined(event.room_id, bot=None)

    async def make_ghost(self, user_id: str) -> dict | None:
        if user_id.startswith("@bridge_nobody"):
            return None
        await self.az.intent.user(user_id).ensure_registered()
        return {"made": True}

    async def make_room(self, alias: str) -> dict | None:
        name = alias.removeprefix("#").partition(":")[0]
        room = await self.az.intent.create_room(alias_localpart=name, visibility=RoomDirectoryVisibility.PRIVATE,
                                                initial_state=[{"type": "m.room.join_rules", "state_key": "",
                                                                "content": {"join_rule": "public"}}])
        return {"room_id": room}

    async def until(self, probe: typing.Callable[[], typing.Any], what: str) -> typing.Any:
        async def look() -> typing.Any:
            while not (found := probe()):
                self.news.clear()
                await self.news.wait()
            return found

        try:
            return await asyncio.wait_for(look(), LIMIT_S)
        except TimeoutError:
            raise AssertionError(f"not seen: {what}") from None

    async def event(self, event_id: str) -> typing.Any:
        return await self.until(lambda: next((e for e in self.seen if getattr(e, "event_id", "") == event_id), None),
                                event_id)

    def bodies(self, room: str, sender: str) -> list[str]:
        return [e.content.body for e in self.seen
                if e.type == EventType.ROOM_MESSAGE and e.room_id == room and e.sender == sender]


class Steps:
    """Each method is one test; they run in this order and share the room."""

    def __init__(self, server: torg.Torg, person: Person, bridge: Bridge) -> None:
        self.server, self.person, self.bridge = server, person, bridge
        self.room = ""

    async def _run_blocking(self, work: typing.Callable[..., typing.Any], *arguments: object) -> typing.Any:
        # The server may ask the bridge before it answers the person.
        return await asyncio.to_thread(work, *arguments)

    async def pings_itself_through_the_server(self) -> None:
        same(await self.bridge.az.ping_self("hello") >= -1, True)

    async def joins_as_a_ghost_that_is_invited(self) -> None:
        ghost = self.bridge.ghost("berit")
        await ghost.ensure_registered()
        await ghost.set_displayname("Berit (IRC)")
        self.room = await self._run_blocking(self.person.make_room, ghost.mxid)
        joined = lambda: next((e for e in self.bridge.seen if e.type == EventType.ROOM_MEMBER  # noqa: E731
                               and e.room_id == self.room and e.state_key == ghost.mxid
                               and e.content.membership == Membership.JOIN), None)
        same((await self.bridge.until(joined, "the ghost's join")).content.displayname, "Berit (IRC)")

    async def answers_a_message_as_the_ghost(self) -> None:
        event = await self.bridge.event(await self._run_blocking(self.person.say, self.room, "Hallå där 🏠"))
        same((event.content.body, event.sender, event.room_id), ("Hallå där 🏠", self.person.account.user_id, self.room))
        ghost = self.bridge.ghost("berit")
        answer = await ghost.send_text(self.room, "Hej!", timestamp=1_500_000_000_000)
        newest = (await self._run_blocking(self.person.messages, self.room))[0]
        same((newest["event_id"], newest["sender"], newest["origin_server_ts"]), (answer, ghost.mxid, 1_500_000_000_000))

    async def hears_of_typing_and_receipts(self) -> None:
        path = f"/rooms/{torg.quoted(self.room)}/typing/{torg.quoted(self.person.account.user_id)}"
        await self._run_blocking(self.person.call, "PUT", path, {"typing": True, "timeout": 20000})
        await self.bridge.until(lambda: any(e.type == EventType.TYPING and e.room_id == self.room
                                            and e.content.user_ids for e in self.bridge.seen), "typing")
        message = await self._run_blocking(self.person.say, self.room, "Läst?")
        await self.bridge.event(message)
        await self.bridge.ghost("berit").mark_read(self.room, message)
        await self.bridge.until(lambda: any(e.type == EventType.RECEIPT and message in e.content
                                            for e in self.bridge.seen), "the ghost's receipt")

    async def makes_a_user_that_somebody_asks_for(self) -> None:
        path = "/profile/" + torg.quoted(f"@bridge_carin:{NAME}")
        await self._run_blocking(self.person.call, "GET", path)
        status, _ = await self._run_blocking(self.person.http.call, "GET",
                                            "/_matrix/client/v3/profile/" + torg.quoted(f"@bridge_nobody:{NAME}"))
        same(status, 404)

    async def makes_a_room_that_somebody_asks_for(self) -> None:
        alias = torg.quoted(f"#bridge_torget:{NAME}")
        room = (await self._run_blocking(self.person.call, "POST", f"/join/{alias}", {}))["room_id"]
        same((await self._run_blocking(self.person.call, "GET", f"/directory/room/{alias}"))["room_id"], room)

    async def gets_what_happened_while_it_was_away(self) -> None:
        await self.bridge.az.stop()
        said = [f"Utan bro {number}" for number in range(5)]
        for body in said:
            await self._run_blocking(self.person.say, self.room, body)
        await self.bridge.start()
        await self.bridge.az.ping_self()
        await self._all_heard_once(said)

    async def loses_nothing_and_hears_nothing_twice_when_the_server_is_killed(self) -> None:
        said = [f"Före {number}" for number in range(5)] + [f"Efter {number}" for number in range(5)]
        for number, body in enumerate(said):
            await self._run_blocking(self.person.say, self.room, body)
            if number == 4:
                await self._run_blocking(self.server.kill)
                await self._run_blocking(self.server.start)
                self.person.http.close()
        await self._all_heard_once(said)
        ghost = self.bridge.ghost("berit")
        sent = await ghost.send_text(self.room, "Jag är kvar")
        same((await self._run_blocking(self.person.messages, self.room))[0]["event_id"], sent)

    async def _all_heard_once(self, said: list[str]) -> None:
        heard = lambda: [b for b in self.bridge.bodies(self.room, self.person.account.user_id) if b in said]  # noqa: E731
        await self.bridge.until(lambda: said[-1] in heard(), said[-1])
        # Something more, so that what would come twice has come.
        await self.bridge.event(await self._run_blocking(self.person.say, self.room, "Klart"))
        same(heard(), said)


async def run(server: torg.Torg, secret: str, bridge: Bridge) -> int:
    await bridge.start()
    await asyncio.to_thread(server.start)
    bridge.url = server.url
    await bridge.az.stop()
    await bridge.start()  # now it knows where the server is
    steps = Steps(server, await asyncio.to_thread(Person, server.url, secret), bridge)
    try:
        return await Tap().tell_journey("mautrix", steps)
    finally:
        await bridge.az.stop()


def main() -> int:
    if os.environ.get("INTEROP_URL"):
        print("1..0 # skip a bridge must be registered before the server starts")
        return 0
    logging.disable(logging.CRITICAL)
    with tempfile.TemporaryDirectory() as folder:
        secret, as_token, hs_token = (secrets.token_hex(16) for _ in range(3))
        port = free_port()
        file = pathlib.Path(folder, "registration.yaml")
        file.write_text(REGISTRATION.format(port=port, as_token=as_token, hs_token=hs_token), encoding="utf-8")
        server = torg.Torg(NAME, [f"registration_shared_secret={secret}", f"app_services={file}"])
        try:
            return asyncio.run(run(server, secret, Bridge("http://127.0.0.1:1", port, as_token, hs_token)))
        finally:
            server.kill()
            server.remove()


if __name__ == "__main__":
    sys.exit(main())
