// Two people with matrix-js-sdk, unaware of which server it is.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { findEvent, roomOf, signIn, start, timeline, until, when } from "./clients.mjs";
import { EventType, MatrixError, RelationType, RoomEvent, createClient } from "matrix-js-sdk";
import { register, startServer } from "./server.mjs";

let server;
let accounts;
let alice;
let bob;

before(async () => {
  server = await startServer();
  accounts = { alice: await register(server, "alice"), bob: await register(server, "bob") };
  alice = await start((await signIn(server, accounts.alice)).client);
  bob = await start((await signIn(server, accounts.bob)).client);
});

after(async () => {
  alice?.stopClient();
  bob?.stopClient();
  await server?.stop();
});

async function rejectsWith(errcode, promise) {
  await assert.rejects(promise, (error) => error instanceof MatrixError && error.errcode === errcode);
}

describe("signing in", () => {
  test("a wrong password is refused", async () => {
    await rejectsWith("M_FORBIDDEN", signIn(server, { ...accounts.alice, password: "wrong" }));
  });

  test("whoami tells user and device", async () => {
    const me = await alice.whoami();
    assert.equal(me.user_id, accounts.alice.userId);
    assert.equal(me.device_id, alice.getDeviceId());
  });

  test("a signed-out token is dead", async () => {
    const { client, answer } = await signIn(server, accounts.alice);
    await client.logout(true);
    const ghost = createClient({ baseUrl: server.url, userId: answer.user_id, accessToken: answer.access_token });
    await rejectsWith("M_UNKNOWN_TOKEN", ghost.whoami());
  });

  test("a refresh token gives a new access token", async () => {
    const { client, answer } = await signIn(server, accounts.alice, { refresh_token: true });
    assert.ok(answer.refresh_token);
    const fresh = await client.refreshToken(answer.refresh_token);
    const renewed = createClient({ baseUrl: server.url, userId: answer.user_id, accessToken: fresh.access_token });
    assert.equal((await renewed.whoami()).device_id, answer.device_id);
  });

  test("devices are listed and renamed", async () => {
    await bob.setDeviceDetails(bob.getDeviceId(), { display_name: "Tjänstedator" });
    const { devices } = await bob.getDevices();
    assert.equal(devices.find((device) => device.device_id === bob.getDeviceId()).display_name, "Tjänstedator");
  });

  test("capabilities and versions are told", async () => {
    assert.ok((await alice.getCapabilities())["m.room_versions"].available["12"]);
    assert.ok((await alice.getVersions()).versions.length > 0);
  });
});

describe("a conversation", () => {
  let roomId;

  before(async () => {
    roomId = await roomOf(alice, bob);
  });

  async function say(text) {
    const { event_id: eventId } = await alice.sendTextMessage(roomId, text);
    return until(bob, () => findEvent(bob, roomId, eventId), `the message "${text}"`);
  }

  test("the guest sees name, members and topic", async () => {
    await alice.setRoomTopic(roomId, "Bygglov på Strandvägen");
    const room = bob.getRoom(roomId);
    await until(bob, () => room.currentState.getStateEvents("m.room.topic", ""), "the topic");
    assert.equal(room.name, "Granskning");
    const { joined } = await bob.getJoinedRoomMembers(roomId);
    assert.deepEqual(Object.keys(joined).sort(), [accounts.alice.userId, accounts.bob.userId].sort());
  });

  test("a message arrives as it was sent, once for its sender too", async () => {
    const seen = await say("Hej, är ritningen komplett? 🏠");
    assert.equal(seen.getContent().body, "Hej, är ritningen komplett? 🏠");
    assert.equal(seen.getSender(), accounts.alice.userId);
    await until(alice, () => findEvent(alice, roomId, seen.getId())?.status === null, "the remote echo");
    assert.equal(timeline(alice, roomId).filter((event) => event.getId() === seen.getId()).length, 1);
  });

  test("the same transaction id sends once", async () => {
    const send = () => alice.sendEvent(roomId, null, EventType.RoomMessage, { msgtype: "m.text", body: "en gång" }, "same-txn");
    const first = await send();
    const path = `/rooms/${encodeURIComponent(roomId)}/send/m.room.message/same-txn`;
    const again = await alice.http.authedRequest("PUT", path, undefined, { msgtype: "m.text", body: "en gång" });
    assert.equal(again.event_id, first.event_id);
  });

  test("an edit replaces the text", async () => {
    const original = await say("Vi ses på tisdag");
    await alice.sendEvent(roomId, EventType.RoomMessage, {
      msgtype: "m.text",
      body: "* Vi ses på onsdag",
      "m.new_content": { msgtype: "m.text", body: "Vi ses på onsdag" },
      "m.relates_to": { rel_type: RelationType.Replace, event_id: original.getId() },
    });
    await until(bob, () => original.getContent().body === "Vi ses på onsdag", "the edit");
    const fetched = await bob.fetchRoomEvent(roomId, original.getId());
    assert.equal(fetched.content.body, "Vi ses på tisdag");
    assert.equal(fetched.unsigned["m.relations"]["m.replace"].content["m.new_content"].body, "Vi ses på onsdag");
  });

  test("a reply points at its message", async () => {
    const question = await say("Har grannarna hörts?");
    const { event_id: eventId } = await bob.sendEvent(roomId, EventType.RoomMessage, {
      msgtype: "m.text",
      body: "Ja, i fredags",
      "m.relates_to": { "m.in_reply_to": { event_id: question.getId() } },
    });
    const reply = await until(alice, () => findEvent(alice, roomId, eventId), "the reply");
    assert.equal(reply.replyEventId, question.getId());
  });

  test("a reaction is counted at its message", async () => {
    const message = await say("Klart!");
    await bob.sendEvent(roomId, EventType.Reaction, {
      "m.relates_to": { rel_type: RelationType.Annotation, event_id: message.getId(), key: "👍" },
    });
    const relations = () =>
      alice.getRoom(roomId).relations.getChildEventsForEvent(message.getId(), "m.annotation", "m.reaction");
    await until(alice, () => relations()?.getSortedAnnotationsByKey()?.[0]?.[0] === "👍", "the reaction");
    const { events } = await alice.relations(roomId, message.getId(), "m.annotation", "m.reaction");
    assert.equal(events.length, 1);
  });

  test("a redaction hides the text from everyone", async () => {
    const mistake = await say("Fel rum, förlåt");
    await alice.redactEvent(roomId, mistake.getId(), undefined, { reason: "fel rum" });
    await until(bob, () => mistake.isRedacted(), "the redaction");
    const fetched = await bob.fetchRoomEvent(roomId, mistake.getId());
    assert.deepEqual(fetched.content, {});
    assert.equal(fetched.unsigned.redacted_because.content.reason, "fel rum");
  });

  test("a file comes back byte for byte, to signed-in people only", async () => {
    const bytes = crypto.getRandomValues(new Uint8Array(50_000));
    const { content_uri: uri } = await alice.uploadContent(new Blob([bytes]), { name: "ritning.pdf", type: "application/pdf" });
    const url = bob.mxcUrlToHttp(uri, undefined, undefined, undefined, false, true, true);
    assert.equal((await fetch(url)).status, 401);
    const answer = await fetch(url, { headers: { Authorization: `Bearer ${bob.getAccessToken()}` } });
    assert.equal(answer.headers.get("content-type"), "application/pdf");
    assert.match(answer.headers.get("content-disposition"), /ritning\.pdf/);
    assert.deepEqual(new Uint8Array(await answer.arrayBuffer()), bytes);
  });

  test("typing is seen, and its end", async () => {
    await bob.getRoom(roomId).loadMembersIfNeeded();
    const typing = () => bob.getRoom(roomId).getMember(accounts.alice.userId).typing;
    await alice.sendTyping(roomId, true, 20_000);
    await until(bob, () => typing(), "typing");
    await alice.sendTyping(roomId, false, 0);
    await until(bob, () => !typing(), "the end of typing");
  });

  test("a read receipt reaches the sender", async () => {
    const message = await say("Läs detta");
    const arrives = when(alice, RoomEvent.Receipt, (_event, room) => room.hasUserReadEvent(accounts.bob.userId, message.getId()));
    await bob.sendReadReceipt(message);
    await arrives;
  });

  test("unread messages are counted until they are read", async () => {
    await say("Ett");
    const last = await say("Två");
    const unread = () => bob.getRoom(roomId).getUnreadNotificationCount("total");
    await until(bob, () => unread() >= 2, "two unread messages");
    await bob.sendReadReceipt(last);
    await until(bob, () => unread() === 0, "no unread messages");
  });

  test("a new display name is seen in the room", async () => {
    await alice.setDisplayName("Alice Åkerö");
    assert.equal((await bob.getProfileInfo(accounts.alice.userId)).displayname, "Alice Åkerö");
    await until(bob, () => bob.getRoom(roomId).getMember(accounts.alice.userId)?.name === "Alice Åkerö", "the name");
  });

  test("account data and tags come with the sync", async () => {
    await alice.setAccountData("example.torg.view", { columns: 3 });
    await until(alice, () => alice.getAccountData("example.torg.view")?.getContent().columns === 3, "the account data");
    await alice.setRoomTag(roomId, "m.favourite", { order: 0.5 });
    await until(alice, () => alice.getRoom(roomId).tags["m.favourite"], "the tag");
  });

  test("a to-device message reaches the device", async () => {
    const arrives = when(bob, "toDeviceEvent", (event) => event.getType() === "example.torg.ping");
    const content = new Map([[accounts.bob.userId, new Map([[bob.getDeviceId(), { number: 7 }]])]]);
    await alice.sendToDevice("example.torg.ping", content);
    const [event] = await arrives;
    assert.equal(event.getContent().number, 7);
  });

  test("a member without power may not set the topic", async () => {
    await rejectsWith("M_FORBIDDEN", bob.setRoomTopic(roomId, "Mitt"));
  });
});

describe("membership", () => {
  test("an invitation can be declined", async () => {
    const { room_id: roomId } = await alice.createRoom({ invite: [accounts.bob.userId] });
    await until(bob, () => bob.getRoom(roomId)?.getMyMembership() === "invite", "the invitation");
    await bob.leave(roomId);
    await until(bob, () => bob.getRoom(roomId)?.getMyMembership() === "leave", "the refusal");
    await rejectsWith("M_FORBIDDEN", bob.joinRoom(roomId));
  });

  test("kick, ban and unban do what they say", async () => {
    const roomId = await roomOf(alice, bob);
    const membership = (expected) => until(bob, () => bob.getRoom(roomId).getMyMembership() === expected, expected);
    await alice.kick(roomId, accounts.bob.userId, "prov");
    await membership("leave");
    await rejectsWith("M_FORBIDDEN", bob.sendTextMessage(roomId, "hallå?"));
    await alice.ban(roomId, accounts.bob.userId, "prov");
    await assert.rejects(alice.invite(roomId, accounts.bob.userId), (error) => error.httpStatus === 403);
    await alice.unban(roomId, accounts.bob.userId);
    await alice.invite(roomId, accounts.bob.userId);
    await membership("invite");
  });

  test("a stranger sees nothing of a private room", async () => {
    const { room_id: roomId } = await alice.createRoom({ name: "Slutet" });
    await rejectsWith("M_FORBIDDEN", bob.roomState(roomId));
    await rejectsWith("M_FORBIDDEN", bob.createMessagesRequest(roomId, null, 10, "b"));
  });

  test("a left and forgotten room is gone", async () => {
    const roomId = await roomOf(alice, bob);
    await bob.leave(roomId);
    await bob.forget(roomId);
    assert.ok(!(await bob.getJoinedRooms()).joined_rooms.includes(roomId));
  });
});
