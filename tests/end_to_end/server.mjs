// The demo organisation on a server of its own.
import { startTorg } from '../harness/torg.mjs';

export const password = 'torg-demo';
export const serverName = 'alvhamn.example';

/** Makes the demo organisation and starts the server; `stop` ends it and removes its data. */
export function startServer() {
  const settings = process.env.TORG_WEB_ROOT ? [`web_root=${process.env.TORG_WEB_ROOT}`] : [];
  return startTorg({ serverName, settings, demo: true });
}

/** A signed-in person without a browser: what a colleague does meanwhile. */
export async function colleague(server, user) {
  const post = async (method, path, token, body) => {
    const headers = { ...(token && { Authorization: `Bearer ${token}` }), 'Content-Type': 'application/json' };
    const answer = await fetch(server.url + path, { method, headers, body: body && JSON.stringify(body) });
    const json = await answer.json();
    if (!answer.ok) throw Object.assign(new Error(`${method} ${path}: ${JSON.stringify(json)}`), { status: answer.status, json });
    return json;
  };
  const { access_token: token } = await post('POST', '/_matrix/client/v3/login', null, {
    type: 'm.login.password', identifier: { type: 'm.id.user', user }, password,
  });
  let serial = 0;
  const call = (method, path, body) => post(method, path, token, body);
  const send = async (room, content) => {
    serial += 1;
    const path = `/_matrix/client/v3/rooms/${encodeURIComponent(room)}/send/m.room.message/e${process.pid}.${serial}`;
    return (await call('PUT', path, content)).event_id;
  };
  return {
    call,
    token,
    send,
    /** The room of that name among those the person is in. */
    room: async (name) => {
      const { joined_rooms: ids } = await call('GET', '/_matrix/client/v3/joined_rooms');
      for (const id of ids) {
        const state = await call('GET', `/_matrix/client/v3/rooms/${encodeURIComponent(id)}/state/m.room.name/`).catch(() => null);
        if (state?.name === name) return id;
      }
      throw new Error(`${user} is in no room called ${name}.`);
    },
    say: (room, text) => send(room, { msgtype: 'm.text', body: text }),
  };
}
