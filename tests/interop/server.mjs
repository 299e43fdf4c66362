// The server under test: $TORG_BINARY in a temporary folder, or a running one at $INTEROP_URL with $INTEROP_SECRET.
import { createHmac, randomBytes } from "node:crypto";
import { startTorg } from "../harness/torg.mjs";

/** Starts the server with more `settings`; `stop` ends it and removes its data. */
export async function startServer(settings = []) {
  if (process.env.INTEROP_URL) {
    return { url: process.env.INTEROP_URL, secret: process.env.INTEROP_SECRET, stop: async () => {} };
  }
  const secret = randomBytes(16).toString("hex");
  const own = [`registration_shared_secret=${secret}`, "public_read_receipts=on"];
  const torg = await startTorg({ serverName: "interop.example", settings: [...own, ...settings] });
  return { ...torg, secret };
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
