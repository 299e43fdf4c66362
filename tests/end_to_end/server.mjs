// The demo organisation on a server of its own: $TORG_BINARY in a temporary folder.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

export const password = 'torg-demo';
export const serverName = 'alvhamn.example';
const startLimit = 30_000;
const run = promisify(execFile);
// What is tested here is not how long a password takes to guess.
const cheapPasswords = ['password_operations=1', 'password_memory_kib=8192'].flatMap((one) => ['--set', one]);

async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  await once(probe, 'close');
  return port;
}

async function answers(url) {
  try {
    return (await fetch(`${url}/_matrix/client/versions`)).ok;
  } catch {
    return false;
  }
}

/** Makes the demo organisation and starts the server; `stop` ends it and removes its data. */
export async function startServer() {
  const binary = process.env.TORG_BINARY;
  if (!binary) throw new Error('Set TORG_BINARY to the release server.');
  const data = await mkdtemp(join(tmpdir(), 'torg-end-to-end-'));
  await run(binary, ['demo', '--data', data, '--server-name', serverName, ...cheapPasswords]);
  const url = `http://127.0.0.1:${await freePort()}`;
  const settings = ['rate_limits=off', ...(process.env.TORG_WEB_ROOT ? [`web_root=${process.env.TORG_WEB_ROOT}`] : [])];
  const args = ['serve', '--data', data, '--listen', url, '--server-name', serverName, ...cheapPasswords, ...settings.flatMap((one) => ['--set', one])];
  const child = spawn(binary, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  const exited = once(child, 'exit');
  const limit = Date.now() + startLimit;
  while (!(await answers(url))) {
    if (child.exitCode !== null || Date.now() > limit) throw new Error('The server did not start.');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const stop = async () => {
    child.kill('SIGTERM');
    await exited;
    await rm(data, { recursive: true });
  };
  return { url, data, binary, stop };
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
  return {
    call,
    /** The room of that name among those the person is in. */
    room: async (name) => {
      const { joined_rooms: ids } = await call('GET', '/_matrix/client/v3/joined_rooms');
      for (const id of ids) {
        const state = await call('GET', `/_matrix/client/v3/rooms/${encodeURIComponent(id)}/state/m.room.name/`).catch(() => null);
        if (state?.name === name) return id;
      }
      throw new Error(`${user} is in no room called ${name}.`);
    },
    say: async (room, text) => {
      serial += 1;
      const path = `/_matrix/client/v3/rooms/${encodeURIComponent(room)}/send/m.room.message/e${process.pid}.${serial}`;
      return (await call('PUT', path, { msgtype: 'm.text', body: text })).event_id;
    },
  };
}
