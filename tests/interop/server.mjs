// The server under test: $TORG_BINARY in a temporary folder, or a running one at $INTEROP_URL with $INTEROP_SECRET.
import { spawn } from "node:child_process";
import { createHmac, randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";

const START_LIMIT_MS = 20_000;

async function freePort() {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address();
  probe.close();
  await once(probe, "close");
  return port;
}

async function answers(url) {
  try {
    return (await fetch(`${url}/_matrix/client/versions`)).ok;
  } catch {
    return false;
  }
}

/** Starts the server; `stop` ends it and removes its data. */
export async function startServer() {
  if (process.env.INTEROP_URL) {
    return { url: process.env.INTEROP_URL, secret: process.env.INTEROP_SECRET, stop: async () => {} };
  }
  const binary = process.env.TORG_BINARY;
  if (!binary) throw new Error("Set TORG_BINARY to the server, or INTEROP_URL and INTEROP_SECRET to a running one.");
  const data = await mkdtemp(join(tmpdir(), "torg-interop-"));
  const url = `http://127.0.0.1:${await freePort()}`;
  const secret = randomBytes(16).toString("hex");
  const settings = [`registration_shared_secret=${secret}`, "rate_limits=off"].flatMap((text) => ["--set", text]);
  const args = ["serve", "--data", data, "--listen", url, "--server-name", "interop.example", ...settings];
  const child = spawn(binary, args, { stdio: ["ignore", "ignore", "inherit"] });
  const exited = once(child, "exit");
  const limit = Date.now() + START_LIMIT_MS;
  while (!(await answers(url))) {
    if (child.exitCode !== null || Date.now() > limit) throw new Error("The server did not start.");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const stop = async () => {
    child.kill("SIGTERM");
    await exited;
    await rm(data, { recursive: true });
  };
  return { url, secret, stop };
}

/** Registers an account by shared secret; names are made unique, so that a server can be tested twice. */
export async function register(server, name) {
  const username = `${name}-${randomBytes(4).toString("hex")}`;
  const password = `word of ${username}`;
  const endpoint = `${server.url}/_synapse/admin/v1/register`;
  const { nonce } = await (await fetch(endpoint)).json();
  const mac = createHmac("sha1", server.secret).update([nonce, username, password, "notadmin"].join("\0")).digest("hex");
  const body = JSON.stringify({ nonce, username, password, admin: false, mac });
  const answer = await fetch(endpoint, { method: "POST", headers: { "Content-Type": "application/json" }, body });
  if (!answer.ok) throw new Error(`registration answered ${answer.status}: ${await answer.text()}`);
  const { user_id: userId } = await answer.json();
  return { userId, username, password };
}

/** One call of the client API without any SDK; the answer's status and JSON. */
export async function call(server, token, method, path, body) {
  const headers = { ...(token && { Authorization: `Bearer ${token}` }), ...(body && { "Content-Type": "application/json" }) };
  const answer = await fetch(`${server.url}/_matrix/client/v3${path}`, { method, headers, body: body && JSON.stringify(body) });
  return { status: answer.status, json: await answer.json() };
}
