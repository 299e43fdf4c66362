// What was said before one came, or while one was away: pagination, gaps, lazy members.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { roomOf, signIn, start, timeline } from "./clients.mjs";
import { EventTimeline } from "matrix-js-sdk";
import { call, register, startServer } from "./server.mjs";

const MESSAGES = 60;

let server;
let alice;
let bob;
let accounts;
let roomId;
let room;
let serial = 0;

before(async () => {
  server = await startServer();
  accounts = { alice: await register(server, "alice"), bob: await register(server, "bob") };
  alice = await start((await signIn(server, accounts.alice)).client);
  bob = await start((await signIn(server, accounts.bob)).client);
  roomId = await roomOf(alice, bob);
  room = `/rooms/${encodeURIComponent(roomId)}`;
  bob.stopClient();
});

after(async () => {
  alice?.stopClient();
  await server?.stop();
});

const bobCalls = (method, path, body) => call(server, bob.getAccessToken(), method, path, body);

/** Where the stream is now. Each call differs: Synapse keeps its answers to equal ones. */
async function position() {
  serial += 1;
  return (await bobCalls("GET", `/sync?timeout=${serial}`)).json.next_batch;
}

const texts = (events) => events.filter((event) => event.type === "m.room.message").map((event) => event.content.body);
const said = (prefix, count = MESSAGES) => Array.from({ length: count }, (_, index) => `${prefix} ${index}`);

async function say(prefix) {
  for (const body of said(prefix)) await alice.sendTextMessage(roomId, body);
}

/** Pages with /messages from `from` until there is no more, or `to` is reached. */
async function pages(from, direction, to) {
  const events = [];
  for (let at = from; at; ) {
    const limit = `&limit=17${to ? `&to=${encodeURIComponent(to)}` : ""}`;
    const { json } = await bobCalls("GET", `${room}/messages?dir=${direction}&from=${encodeURIComponent(at)}${limit}`);
    events.push(...json.chunk);
    at = json.chunk.length > 0 ? json.end : undefined;
  }
  return events;
}

describe("history", () => {
  test("a new device scrolls back to the room's creation", async () => {
    await say("Första");
    const { client } = await signIn(server, accounts.bob);
    await start(client, { initialSyncLimit: 5 });
    try {
      const live = client.getRoom(roomId).getLiveTimeline();
      for (let turn = 0; turn < 30 && live.getPaginationToken(EventTimeline.BACKWARDS); turn += 1) {
        await client.scrollback(client.getRoom(roomId), 20);
      }
      const events = timeline(client, roomId);
      assert.equal(events[0].getType(), "m.room.create");
      const bodies = events.filter((event) => event.getType() === "m.room.message").map((event) => event.getContent().body);
      assert.deepEqual(bodies, said("Första"));
    } finally {
      client.stopClient();
    }
  });

  test("a gap in the sync is closed by its prev_batch, without a hole or a double", async () => {
    const since = await position();
    await say("Andra");
    const filter = encodeURIComponent(JSON.stringify({ room: { timeline: { limit: 10 } } }));
    const { json } = await bobCalls("GET", `/sync?timeout=0&since=${encodeURIComponent(since)}&filter=${filter}`);
    const joined = json.rooms.join[roomId];
    assert.equal(joined.timeline.limited, true);
    assert.equal(joined.timeline.events.length, 10);
    const missed = (await pages(joined.timeline.prev_batch, "b", since)).reverse();
    assert.deepEqual(texts([...missed, ...joined.timeline.events]), said("Andra"));
  });

  test("history read forwards is history read backwards, turned round", async () => {
    const backwards = await pages(await position(), "b");
    const first = await bobCalls("GET", `${room}/messages?dir=f&limit=100`);
    const forwards = [...first.json.chunk, ...(first.json.end ? await pages(first.json.end, "f") : [])];
    assert.equal(backwards.at(-1).type, "m.room.create");
    assert.deepEqual(forwards.map((event) => event.event_id), backwards.map((event) => event.event_id).reverse());
  });

  test("the context of a message is what stood around it", async () => {
    const { json } = await bobCalls("GET", `${room}/messages?dir=b&limit=20`);
    const events = json.chunk.toReversed();
    const context = await bobCalls("GET", `${room}/context/${encodeURIComponent(events[10].event_id)}?limit=6`);
    assert.equal(context.json.event.event_id, events[10].event_id);
    assert.deepEqual(context.json.events_before.map((event) => event.event_id), [9, 8, 7].map((at) => events[at].event_id));
    assert.deepEqual(context.json.events_after.map((event) => event.event_id), [11, 12, 13].map((at) => events[at].event_id));
  });

  test("an incremental sync without news waits, then says so", async () => {
    const again = await bobCalls("GET", `/sync?timeout=100&since=${encodeURIComponent(await position())}`);
    assert.equal(again.status, 200);
    assert.deepEqual(Object.keys(again.json.rooms?.join ?? {}), []);
  });

  test("a long-poll wakes when something is said", async () => {
    const waiting = bobCalls("GET", `/sync?timeout=20000&since=${encodeURIComponent(await position())}`);
    const { event_id: eventId } = await alice.sendTextMessage(roomId, "Vakna");
    const woken = await waiting;
    assert.ok(woken.json.rooms.join[roomId].timeline.events.some((event) => event.event_id === eventId));
  });
});

describe("lazily loaded members", () => {
  const LAZY = { room: { state: { lazy_load_members: true }, timeline: { limit: 3 } } };

  test("a sync brings the members who speak, /members brings all", async () => {
    const crowd = [];
    for (let index = 0; index < 5; index += 1) crowd.push((await signIn(server, await register(server, `guest${index}`))).client);
    const { room_id: crowded } = await alice.createRoom({ preset: "public_chat", name: "Samråd" });
    for (const guest of crowd) await guest.joinRoom(crowded);
    const path = `/rooms/${encodeURIComponent(crowded)}`;
    for (const body of said("Fråga", 4)) await crowd[0].sendTextMessage(crowded, body);
    const token = crowd[4].getAccessToken();
    const filter = await call(server, token, "POST", `/user/${encodeURIComponent(crowd[4].getUserId())}/filter`, LAZY);
    const { json } = await call(server, token, "GET", `/sync?timeout=0&filter=${filter.json.filter_id}`);
    const { state, timeline: recent } = json.rooms.join[crowded];
    const members = state.events.filter((event) => event.type === "m.room.member").map((event) => event.state_key);
    assert.ok(members.includes(crowd[0].getUserId()), "the speaker");
    assert.ok(!members.includes(crowd[2].getUserId()), "somebody silent");
    assert.deepEqual(texts(recent.events), ["Fråga 1", "Fråga 2", "Fråga 3"]);
    const all = await call(server, token, "GET", `${path}/members?membership=join`);
    assert.equal(all.json.chunk.length, 6);
  });

  test("the summary counts the members, and names the heroes of a room without a name", async () => {
    const { room_id: nameless } = await alice.createRoom({ invite: [accounts.bob.userId] });
    await bob.joinRoom(nameless);
    const { client } = await signIn(server, accounts.bob);
    const filter = encodeURIComponent(JSON.stringify(LAZY));
    const { json } = await call(server, client.getAccessToken(), "GET", `/sync?timeout=0&filter=${filter}`);
    const { summary } = json.rooms.join[nameless];
    assert.equal(summary["m.joined_member_count"], 2);
    assert.deepEqual(summary["m.heroes"], [accounts.alice.userId]);
  });
});

describe("what isn't there", () => {
  test("an unknown path is M_UNRECOGNIZED", async () => {
    const answer = await bobCalls("GET", "/no/such/thing");
    assert.equal(answer.status, 404);
    assert.equal(answer.json.errcode, "M_UNRECOGNIZED");
  });

  test("a known path with another method is M_UNRECOGNIZED", async () => {
    const answer = await bobCalls("DELETE", "/account/whoami");
    assert.equal(answer.status, 405);
    assert.equal(answer.json.errcode, "M_UNRECOGNIZED");
  });

  test("a call without a token is M_MISSING_TOKEN", async () => {
    const answer = await call(server, undefined, "GET", "/account/whoami");
    assert.equal(answer.status, 401);
    assert.equal(answer.json.errcode, "M_MISSING_TOKEN");
  });

  test("text that isn't JSON is M_NOT_JSON", async () => {
    const answer = await fetch(`${server.url}/_matrix/client/v3/createRoom`, {
      method: "POST",
      headers: { Authorization: `Bearer ${bob.getAccessToken()}`, "Content-Type": "application/json" },
      body: "{not json",
    });
    assert.equal(answer.status, 400);
    assert.equal((await answer.json()).errcode, "M_NOT_JSON");
  });
});
