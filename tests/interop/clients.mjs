// matrix-js-sdk clients, and waiting for what they emit.
import "./quiet.mjs";
import { createClient, ClientEvent, Preset, SyncState } from "matrix-js-sdk";

const LIMIT_MS = 15_000;

/** Signs in with a password. */
export async function signIn(server, account, options = {}) {
  const visitor = createClient({ baseUrl: server.url });
  const answer = await visitor.loginRequest({
    type: "m.login.password",
    identifier: { type: "m.id.user", user: account.username },
    password: account.password,
    ...options,
  });
  const client = createClient({
    baseUrl: server.url,
    userId: answer.user_id,
    accessToken: answer.access_token,
    deviceId: answer.device_id,
    timelineSupport: true,
  });
  return { client, answer };
}

/** Starts syncing and waits until the first sync is done. */
export async function start(client, options = {}) {
  const prepared = when(client, ClientEvent.Sync, (state) => state === SyncState.Prepared);
  await client.startClient({ initialSyncLimit: 20, lazyLoadMembers: true, ...options });
  await prepared;
  return client;
}

/** Resolves with the arguments of the first `event` for which `matches` holds. */
export function when(emitter, event, matches = () => true) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      emitter.off(event, listener);
      reject(new Error(`${event} did not come within ${LIMIT_MS / 1000} s`));
    }, LIMIT_MS);
    function listener(...args) {
      if (!matches(...args)) return;
      clearTimeout(timer);
      emitter.off(event, listener);
      resolve(args);
    }
    emitter.on(event, listener);
  });
}

/** Waits until `probe` gives something true, looking again after each sync, or whatever else the client emits. */
export async function until(client, probe, what, events = [ClientEvent.Sync]) {
  const late = new Error(`not seen within ${LIMIT_MS / 1000} s: ${what}`);
  let timer;
  const limit = new Promise((_, reject) => {
    timer = setTimeout(reject, LIMIT_MS, late);
  });
  try {
    for (;;) {
      let news;
      const told = new Promise((resolve) => (news = resolve));
      for (const event of events) client.once(event, news);
      const value = await probe();
      if (!value) await Promise.race([told, limit]);
      for (const event of events) client.off(event, news);
      if (value) return value;
    }
  } finally {
    clearTimeout(timer);
  }
}

export function timeline(client, roomId) {
  return client.getRoom(roomId)?.getLiveTimeline().getEvents() ?? [];
}

export function findEvent(client, roomId, eventId) {
  return timeline(client, roomId).find((event) => event.getId() === eventId);
}

/** A private room of `owner` in which every guest has joined, seen by all. */
export async function roomOf(owner, ...guests) {
  const { room_id: roomId } = await owner.createRoom({
    preset: Preset.PrivateChat,
    name: "Granskning",
    invite: guests.map((guest) => guest.getUserId()),
  });
  for (const guest of guests) {
    await until(guest, () => guest.getRoom(roomId)?.getMyMembership() === "invite", "the invitation");
    await guest.joinRoom(roomId);
    await until(guest, () => guest.getRoom(roomId)?.getMyMembership() === "join", "the own join");
  }
  await until(owner, () => owner.getRoom(roomId)?.getMyMembership() === "join", "the new room");
  return roomId;
}
