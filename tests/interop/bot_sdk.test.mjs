// matrix-bot-sdk as a bot and as an application service, unaware of which server it is. The service must be registered
// when the server starts, so this always starts one of its own ($TORG_BINARY).
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { sdk } from "./bot_sdk.mjs";
import { call, register, startServer } from "./server.mjs";

const NAME = "interop.example";
const LIMIT_MS = 15_000;
const at = encodeURIComponent;
let folder, server, service, person;

async function freePort() {
  const taken = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => taken.once("listening", resolve));
  const { port } = taken.address();
  await new Promise((resolve) => taken.close(resolve));
  return port;
}

function registration(port) {
  return {
    id: "bot-sdk-test",
    url: `http://127.0.0.1:${port}`,
    as_token: randomBytes(16).toString("hex"),
    hs_token: randomBytes(16).toString("hex"),
    sender_localpart: "gate",
    rate_limited: false,
    protocols: ["gate"],
    namespaces: {
      users: [{ exclusive: true, regex: `@gate_.*:${NAME}` }],
      aliases: [{ exclusive: true, regex: `#gate_.*:${NAME}` }],
      rooms: [],
    },
  };
}

/** Resolves with the arguments of the first `event` for which `matches` holds. */
function when(emitter, event, matches = () => true) {
  return new Promise((resolve, reject) => {
    const late = new Error(`${event} did not come within ${LIMIT_MS / 1000} s`);
    const timer = setTimeout(() => reject(late), LIMIT_MS);
    const listener = (...args) => {
      if (!matches(...args)) return;
      clearTimeout(timer);
      emitter.off(event, listener);
      resolve(args);
    };
    emitter.on(event, listener);
  });
}

async function signIn(name) {
  const account = await register(server, name);
  const auth = new sdk.MatrixAuth(server.url);
  return auth.passwordLogin(account.username, account.password, "bot-sdk");
}

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "torg-bot-"));
  const port = await freePort();
  const described = registration(port);
  const file = join(folder, "registration.yaml");
  await writeFile(file, JSON.stringify(described)); // JSON is YAML
  server = await startServer([`app_services=${file}`]);
  service = new sdk.Appservice({
    port,
    bindAddress: "127.0.0.1",
    homeserverName: NAME,
    homeserverUrl: server.url,
    registration: described,
    storage: new sdk.MemoryStorageProvider(),
    intentOptions: {},
  });
  await service.begin();
  person = await signIn("anna");
});

after(async () => {
  service?.stop();
  await server?.stop();
  if (folder) await rm(folder, { recursive: true });
});

describe("a bot with matrix-bot-sdk", { skip: Boolean(process.env.INTEROP_URL) }, () => {
  let bot, room;

  before(async () => {
    const token = (await signIn("bot")).accessToken;
    bot = new sdk.MatrixClient(server.url, token, new sdk.MemoryStorageProvider());
    sdk.AutojoinRoomsMixin.setupOnClient(bot);
    bot.on("room.message", async (where, event) => {
      if (event.content.body === "!klocka") await bot.replyNotice(where, event, "Tolv");
    });
    await bot.start();
  });

  after(() => bot?.stop());

  test("joins where it is invited", async () => {
    const joined = when(bot, "room.join");
    room = await person.createRoom({ invite: [await bot.getUserId()], name: "Byalaget" });
    assert.equal((await joined)[0], room);
    assert.deepEqual((await person.getJoinedRoomMembers(room)).sort(), [await person.getUserId(), await bot.getUserId()].sort());
  });

  test("answers a command with a reply", async () => {
    const answered = when(bot, "room.event", (_, event) => event.content?.msgtype === "m.notice");
    const command = await person.sendText(room, "!klocka");
    const [, answer] = await answered;
    assert.equal(answer.content["m.relates_to"]["m.in_reply_to"].event_id, command);
    assert.match((await person.getEvent(room, answer.event_id)).content.body, /Tolv/);
  });

  test("sends a file and reads it again", async () => {
    const bytes = randomBytes(50_000);
    const url = await bot.uploadContent(bytes, "application/pdf", "ritning.pdf");
    await bot.sendMessage(room, { msgtype: "m.file", body: "ritning.pdf", url });
    const { data, contentType } = await person.downloadContent(url);
    assert.ok(bytes.equals(data));
    assert.equal(contentType, "application/pdf");
  });

  test("keeps state and account data", async () => {
    await person.setUserPowerLevel(await bot.getUserId(), room, 50);
    await bot.sendStateEvent(room, "example.board", "a", { cards: 3 });
    assert.deepEqual(await person.getRoomStateEvent(room, "example.board", "a"), { cards: 3 });
    await bot.setAccountData("example.settings", { quiet: true });
    assert.deepEqual(await bot.getAccountData("example.settings"), { quiet: true });
  });

  test("gets an OpenID token that says who it is", async () => {
    const { access_token: token, matrix_server_name: name } = await bot.getOpenIDConnectToken();
    assert.equal(name, NAME);
    const answer = await fetch(`${server.url}/_matrix/federation/v1/openid/userinfo?access_token=${token}`);
    assert.deepEqual(await answer.json(), { sub: await bot.getUserId() });
  });
});

describe("an application service with matrix-bot-sdk", { skip: Boolean(process.env.INTEROP_URL) }, () => {
  let room;

  test("its ghost is invited, joins and answers", async () => {
    const ghost = service.getIntentForSuffix("eva");
    await ghost.ensureRegistered();
    await ghost.underlyingClient.setDisplayName("Eva (porten)");
    const invited = when(service, "room.invite", (_, event) => event.state_key === ghost.userId);
    room = await person.createRoom({ invite: [ghost.userId] });
    await invited;
    await ghost.joinRoom(room);
    const heard = when(service, "room.message", (_, event) => event.content.body === "Är du där?");
    await person.sendText(room, "Är du där?");
    const [where, event] = await heard;
    assert.equal(where, room);
    assert.equal(event.sender, await person.getUserId());
    const answer = await ghost.sendText(room, "Ja");
    assert.equal((await person.getEvent(room, answer)).sender, ghost.userId);
  });

  test("hears every message once and in order", async () => {
    const said = Array.from({ length: 120 }, (_, number) => `Rad ${number}`);
    const heard = [];
    const self = await person.getUserId(); // the ghost's own answer may still be on its way
    const listener = (_, event) => event.sender === self && heard.push(event.content.body);
    service.on("room.message", listener);
    const last = when(service, "room.message", (_, event) => event.content.body === said.at(-1));
    for (const body of said) await person.sendText(room, body);
    await last;
    service.off("room.message", listener);
    assert.deepEqual(heard, said);
  });

  test("makes a user that somebody asks for", async () => {
    service.once("query.user", (_, create) => create({ display_name: "Ny" }));
    const profile = await person.getUserProfile(`@gate_ny:${NAME}`);
    assert.equal(profile.displayname, "Ny");
  });

  test("makes a room that somebody asks for", async () => {
    service.once("query.room", (_, create) => create({ preset: "public_chat", name: "Torget" }));
    const joined = await person.joinRoom(`#gate_torget:${NAME}`);
    assert.equal((await person.getRoomStateEvent(joined, "m.room.name", "")).name, "Torget");
  });

  test("tells of its network", async () => {
    const described = { user_fields: ["nick"], location_fields: ["place"], icon: "mxc://x/y", field_types: {}, instances: [] };
    const place = { alias: `#gate_torget:${NAME}`, protocol: "gate", fields: { place: "torget" } };
    service.on("thirdparty.protocol", (_, answer) => answer(described));
    service.on("thirdparty.location.remote", (_, fields, answer) => answer(fields.place === "torget" ? [place] : []));
    service.on("thirdparty.location.matrix", (alias, answer) => answer(alias === place.alias ? [place] : []));
    const token = person.accessToken;
    assert.deepEqual((await call(server, token, "GET", "/thirdparty/protocols")).json, { gate: described });
    assert.deepEqual((await call(server, token, "GET", "/thirdparty/location/gate?place=torget")).json, [place]);
    assert.deepEqual((await call(server, token, "GET", `/thirdparty/location?alias=${at(place.alias)}`)).json, [place]);
    assert.equal((await call(server, token, "GET", "/thirdparty/protocol/other")).status, 404);
  });
});
