// A lift from an end-to-end encrypted room: a real client decrypts and hands over, the server checks what it can see.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createHash, webcrypto } from "node:crypto";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { startTorg } from "../harness/torg.mjs";
import { until } from "./clients.mjs";
import { newDevice, readable } from "./crypto.mjs";

const run = promisify(execFile);
const serverName = "alvhamn.example";
const secret = "Vi tillstyrker vallen vid Strandängen, med två villkor.";
const file = Buffer.from("%PDF-1.7 yttrande som ingen annan ska läsa");
const day = new Date().toISOString().slice(0, 10);
const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");
const unpadded = (bytes) => Buffer.from(bytes).toString("base64").replace(/=+$/, "");

let server;
let maja;
let asa;
let roomId;
let textId;
let fileId;
let number;

async function torg(client, method, path, body) {
  const headers = { Authorization: `Bearer ${client.getAccessToken()}`, "Content-Type": "application/json" };
  const answer = await fetch(server.url + path, { method, headers, body: body && JSON.stringify(body) });
  const bytes = Buffer.from(await answer.arrayBuffer());
  return { status: answer.status, bytes, json: () => JSON.parse(bytes.toString()) };
}

/** What the client read of an event, as the API wants it. */
async function original(event, attachments = []) {
  return {
    event_id: event.getId(),
    ciphertext_sha256: sha256(event.getWireContent().ciphertext),
    type: event.getType(),
    content: event.getContent(),
    attachments,
  };
}

/** Downloads and opens an attachment as every client does. */
async function opened({ url, key, iv }) {
  const bytes = (await torg(maja, "GET", `/_matrix/client/v1/media/download/${url.slice("mxc://".length)}`)).bytes;
  const secretKey = await webcrypto.subtle.importKey("jwk", key, "AES-CTR", false, ["decrypt"]);
  return Buffer.from(await webcrypto.subtle.decrypt({ name: "AES-CTR", counter: Buffer.from(iv, "base64"), length: 64 }, secretKey, bytes));
}

async function sendEncryptedFile(client) {
  const secretKey = await webcrypto.subtle.generateKey({ name: "AES-CTR", length: 256 }, true, ["encrypt", "decrypt"]);
  const iv = Buffer.concat([webcrypto.getRandomValues(Buffer.alloc(8)), Buffer.alloc(8)]);
  const bytes = Buffer.from(await webcrypto.subtle.encrypt({ name: "AES-CTR", counter: iv, length: 64 }, secretKey, file));
  const { content_uri: url } = await client.uploadContent(new Blob([bytes]), { includeFilename: false, type: "application/octet-stream" });
  const content = {
    msgtype: "m.file", body: "yttrande.pdf", info: { mimetype: "application/pdf", size: file.length },
    file: {
      v: "v2", url, key: await webcrypto.subtle.exportKey("jwk", secretKey), iv: unpadded(iv),
      hashes: { sha256: unpadded(createHash("sha256").update(bytes).digest()) },
    },
  };
  return (await client.sendEvent(roomId, "m.room.message", content)).event_id;
}

const what = () => ({ room_id: roomId, event_ids: [textId, fileId], authority: "KS" });
const draft = {
  title: "Yttrande över provisorisk vall", internal_title: "Yttrande över provisorisk vall, två villkor", direction: "in", sender: "Byggnadsnämnden",
  recipient: "Kommunstyrelsen", private_person: false, came_or_made_day: day, classification: "1.4.1", record_type: "Yttrande",
  case: { new: { title: "Vallen vid Strandängen" } }, secrecy: null,
};
const lift = (key, more) => torg(maja, "POST", "/_torg/v1/lifts", { ...what(), key, commit: "now", draft, confirmed: ["new_case"], ...more });

async function originals() {
  const text = await readable(maja, roomId, textId);
  const attached = await readable(maja, roomId, fileId);
  const plain = await opened(attached.getContent().file);
  return [await original(text), await original(attached, [{ url: attached.getContent().file.url, sha256: sha256(plain) }])];
}

before(async () => {
  server = await startTorg({ serverName, demo: true });
  const account = (username) => ({ username, password: "torg-demo" });
  maja = await newDevice(server, account("maja.ekdahl"));
  asa = await newDevice(server, account("asa.lindqvist"));
  ({ room_id: roomId } = await asa.createRoom({ preset: "private_chat", name: "Granskning", invite: [maja.getUserId()] }));
  await until(maja, () => maja.getRoom(roomId)?.getMyMembership() === "invite", "the invitation");
  await maja.joinRoom(roomId);
  await until(asa, () => asa.getRoom(roomId)?.getMember(maja.getUserId())?.membership === "join", "the guest");
});

after(async () => {
  maja?.stopClient();
  asa?.stopClient();
  await server?.stop();
});

test("officials encrypt only where a plan of all parties says so", async () => {
  const encryption = { algorithm: "m.megolm.v1.aes-sha2" };
  await assert.rejects(asa.sendStateEvent(roomId, "m.room.encryption", encryption, ""), (error) => error.errcode === "ORG.TORG.RULE_REFUSES");
  const plan = `/_torg/v1/rooms/${encodeURIComponent(roomId)}/plan`;
  const codes = {};
  for (const client of [maja, asa]) codes[client.getUserId()] = (await torg(client, "GET", "/_torg/v1/me")).json().authority;
  const parties = [...new Set(Object.values(codes))];
  const proposed = await torg(asa, "PUT", plan, { level: parties.length > 1 ? "shared" : "within", host: codes[asa.getUserId()], parties, end_to_end: true });
  assert.equal(proposed.status, 200, proposed.bytes.toString());
  // Proposing accepts for one's own authority.
  for (const code of parties.filter((one) => one !== codes[asa.getUserId()])) {
    const accepted = await torg(maja, "POST", `${plan}/accept`, { authority: code });
    assert.equal(accepted.status, 200, accepted.bytes.toString());
  }
  await asa.sendStateEvent(roomId, "m.room.encryption", encryption, "");
  await until(asa, () => asa.getRoom(roomId)?.hasEncryptionStateEvent(), "the encryption, seen by its maker");
  await until(maja, () => maja.getRoom(roomId)?.hasEncryptionStateEvent(), "the encryption");
  ({ event_id: textId } = await asa.sendTextMessage(roomId, secret));
  fileId = await sendEncryptedFile(asa);
  assert.equal((await readable(maja, roomId, textId)).getWireType(), "m.room.encrypted");
});

test("without the originals nothing is registered, and what is missing is named", async () => {
  const refused = await lift("blind");
  assert.equal(refused.status, 409);
  assert.equal(refused.json().errcode, "ORG.TORG.NEEDS_HANDOVER");
  assert.deepEqual(refused.json().event_ids.toSorted(), [textId, fileId].toSorted());
});

test("what isn't of the ciphertext, or isn't in the file, is refused", async () => {
  const [text, attached] = await originals();
  const refusals = [
    [{ ...text, ciphertext_sha256: sha256("another") }, attached],
    [text, { ...attached, attachments: [{ ...attached.attachments[0], sha256: sha256("another file") }] }],
    [text, { ...attached, content: { ...attached.content, file: { ...attached.content.file, key: { ...attached.content.file.key, k: unpadded(Buffer.alloc(32)) } } } }],
  ];
  for (const [at, wrong] of refusals.entries()) {
    const refused = await lift(`wrong${at}`, { originals: wrong });
    assert.equal(refused.json().errcode, "ORG.TORG.HANDOVER_REFUSED", `${at}: ${refused.bytes}`);
  }
});

test("the preview is filled in by what the client read", async () => {
  const shown = (await torg(maja, "POST", "/_torg/v1/lifts/preview", { ...what(), originals: await originals() })).json();
  assert.equal(shown.draft.record_type, "Yttrande");
  assert.ok(shown.items.some((item) => item.text === secret));
});

test("handed over it is one record: ciphertext and text kept, the file opened, and whose word it rests on said", async () => {
  const done = await lift("open", { originals: await originals() });
  assert.equal(done.status, 200, done.bytes.toString());
  const { record } = done.json();
  number = record.number;
  assert.equal(record.handed_over.by, maja.getUserId());
  assert.equal(record.handed_over.device, maja.getDeviceId());
  assert.match(record.handed_over.statement.sv, /läste och lämnade över från enheten/);
  const attached = record.files.find((one) => one.name === "yttrande.pdf");
  assert.deepEqual((await torg(maja, "GET", attached.url)).bytes, file);
  const manifest = (await torg(maja, "GET", record.files.find((one) => one.name === "manifest.json").url)).json();
  const text = manifest.items.find((item) => item.event_id === textId);
  assert.equal(text.content.algorithm, "m.megolm.v1.aes-sha2");
  assert.equal(text.handed_over.originals[0].content.body, secret);
  assert.equal(text.handed_over.originals[0].ciphertext_sha256, sha256(text.content.ciphertext));
  assert.deepEqual(text.handed_over.on_their_word, ["content"]);
});

test("nothing of the text is public, and the log still verifies", async () => {
  const path = `/diarium/${number.split(/[ /-]/).join("/")}`;
  const page = await fetch(server.url + path);
  assert.equal(page.status, 200);
  const shown = await page.text();
  assert.ok(!shown.includes("två villkor"), "the internal title and the text stay inside");
  await server.pause();
  const { stdout } = await run(server.binary, ["verify", "--data", server.data, "--server-name", serverName, "--json"]);
  assert.deepEqual(JSON.parse(stdout).findings, []);
  await server.resume();
});
