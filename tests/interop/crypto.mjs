// Devices with the SDK's Rust crypto, and waiting for what they can read.
import { ClientEvent, createClient, MatrixEventEvent } from "matrix-js-sdk";
import { CryptoEvent } from "matrix-js-sdk/lib/crypto-api/index.js";
import { findEvent, signIn, start, until } from "./clients.mjs";

/** What a client emits when its crypto has got further. */
const NEWS = [
  ClientEvent.Sync,
  MatrixEventEvent.Decrypted,
  CryptoEvent.DevicesUpdated,
  CryptoEvent.KeyBackupSessionsRemaining,
  CryptoEvent.KeyBackupStatus,
  CryptoEvent.KeysChanged,
  CryptoEvent.UserTrustStatusChanged,
];

/** A new device with crypto; `callbacks` are those of the SDK's crypto. */
export async function newDevice(server, account, callbacks = {}) {
  const { answer } = await signIn(server, account);
  const client = createClient({
    baseUrl: server.url,
    userId: answer.user_id,
    accessToken: answer.access_token,
    deviceId: answer.device_id,
    timelineSupport: true,
    cryptoCallbacks: callbacks,
  });
  await client.initRustCrypto({ useIndexedDB: false });
  return start(client);
}

/** Waits until `probe`, which asks the crypto or the server, gives something true. */
export const eventually = (client, probe, what) => until(client, probe, what, NEWS);

export async function readable(client, roomId, eventId) {
  const event = await until(client, () => findEvent(client, roomId, eventId), "the encrypted event");
  await eventually(client, () => event.getContent().body && !event.isDecryptionFailure(), "the text of the event");
  return event;
}
