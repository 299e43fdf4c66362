// End-to-end encryption with the SDK's Rust crypto: what two people and three devices do with it.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { until, when } from "./clients.mjs";
import { eventually, newDevice, readable } from "./crypto.mjs";
import { CryptoEvent, VerificationPhase, VerificationRequestEvent, VerifierEvent } from "matrix-js-sdk/lib/crypto-api/index.js";
import { call, register, startServer } from "./server.mjs";

let server;
let alice;
let bob;
let aliceAccount;
let recoveryKey;
const clients = [];
/** A new device with crypto; secret storage opens with the recovery key, when there is one. */
async function device(account) {
  const client = await newDevice(server, account, {
    getSecretStorageKey: async ({ keys }) => recoveryKey && [Object.keys(keys)[0], recoveryKey.privateKey],
  });
  clients.push(client);
  return client;
}

before(async () => {
  server = await startServer();
  aliceAccount = await register(server, "alice");
  alice = await device(aliceAccount);
  bob = await device(await register(server, "bob"));
});

after(async () => {
  for (const client of clients) client.stopClient();
  await server?.stop();
});

describe("encryption", () => {
  let roomId;
  let secretId;

  test("the first cross-signing keys need no password, the backup is made and found", async () => {
    const crypto = alice.getCrypto();
    await crypto.bootstrapCrossSigning({ authUploadDeviceSigningKeys: (send) => send(null) });
    const made = await crypto.createRecoveryKeyFromPassphrase();
    await crypto.bootstrapSecretStorage({
      createSecretStorageKey: async () => (recoveryKey = made),
      setupNewSecretStorage: true,
      setupNewKeyBackup: true,
    });
    await eventually(alice, () => crypto.getActiveSessionBackupVersion(), "the active backup");
    assert.ok(await crypto.isCrossSigningReady());
  });

  test("a message in an encrypted room is read by the other", async () => {
    const { room_id: id } = await alice.createRoom({
      invite: [bob.getUserId()],
      initial_state: [{ type: "m.room.encryption", state_key: "", content: { algorithm: "m.megolm.v1.aes-sha2" } }],
    });
    roomId = id;
    await until(bob, () => bob.getRoom(roomId)?.getMyMembership() === "invite", "the invitation");
    await bob.joinRoom(roomId);
    await until(alice, () => alice.getRoom(roomId)?.getMember(bob.getUserId())?.membership === "join", "the guest");
    const { event_id: eventId } = await alice.sendTextMessage(roomId, "Sekretess: personalärende");
    secretId = eventId;
    const seen = await readable(bob, roomId, eventId);
    assert.equal(seen.getWireType(), "m.room.encrypted");
    assert.equal(seen.getContent().body, "Sekretess: personalärende");
  });

  test("who is invited later reads what was said before", async () => {
    const late = await device(await register(server, "carl"));
    await late.getCrypto().bootstrapCrossSigning({ authUploadDeviceSigningKeys: (send) => send(null) });
    await alice.invite(roomId, late.getUserId());
    await until(late, () => late.getRoom(roomId)?.getMyMembership() === "invite", "the invitation");
    await late.joinRoom(roomId);
    await until(late, () => late.getRoom(roomId)?.getMyMembership() === "join", "the own join");
    await late.scrollback(late.getRoom(roomId), 20);
    assert.equal((await readable(late, roomId, secretId)).getContent().body, "Sekretess: personalärende");
    late.stopClient();
  });

  test("a device added later gets the next message", async () => {
    const phone = await device(aliceAccount);
    await until(phone, () => phone.getRoom(roomId), "the room");
    const devices = async () => (await bob.getCrypto().getUserDeviceInfo([alice.getUserId()])).get(alice.getUserId());
    await eventually(bob, async () => (await devices())?.has(phone.getDeviceId()), "the new device, seen by the other");
    const { event_id: eventId } = await bob.sendTextMessage(roomId, "Även till telefonen");
    assert.equal((await readable(phone, roomId, eventId)).getContent().body, "Även till telefonen");
    phone.stopClient();
    await phone.logout(false);
  });

  test("history is read on a new device from the backup", async () => {
    const uploaded = async () => (await call(server, alice.getAccessToken(), "GET", "/room_keys/version")).json.count;
    await eventually(alice, uploaded, "keys in the backup");
    const tablet = await device(aliceAccount);
    const crypto = tablet.getCrypto();
    await crypto.loadSessionBackupPrivateKeyFromSecretStorage();
    const { imported } = await crypto.restoreKeyBackup();
    assert.ok(imported >= 1);
    assert.equal((await readable(tablet, roomId, secretId)).getContent().body, "Sekretess: personalärende");
    tablet.stopClient();
    await tablet.logout(false);
  });

  test("two devices verify each other by emoji", async () => {
    const laptop = await device(aliceAccount);
    const known = () => laptop.getCrypto().userHasCrossSigningKeys(alice.getUserId(), true);
    await eventually(laptop, known, "the own cross-signing keys");
    const arrives = when(alice, CryptoEvent.VerificationRequestReceived);
    const asked = await laptop.getCrypto().requestOwnUserVerification();
    const [received] = await arrives;
    const phase = (request, wanted) =>
      request.phase === wanted ? undefined : when(request, VerificationRequestEvent.Change, () => request.phase === wanted);
    await received.accept();
    await phase(asked, VerificationPhase.Ready);
    const verifier = await asked.startVerification("m.sas.v1");
    await phase(received, VerificationPhase.Started);
    const shown = [verifier, received.verifier].map((each) => when(each, VerifierEvent.ShowSas));
    const done = [verifier, received.verifier].map((each) => each.verify());
    const [[ours], [theirs]] = await Promise.all(shown);
    assert.deepEqual(ours.sas.emoji, theirs.sas.emoji);
    await Promise.all([ours.confirm(), theirs.confirm()]);
    await Promise.all(done);
    const status = () => alice.getCrypto().getDeviceVerificationStatus(alice.getUserId(), laptop.getDeviceId());
    await eventually(alice, async () => (await status())?.crossSigningVerified, "the signature of the new device");
    laptop.stopClient();
  });
});
