// The real torg ($TORG_BINARY) in a temporary folder.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

const ready = 'Torg listens on ';
const run = promisify(execFile);
// What is tested is not how long a password takes to guess, nor how often one may ask.
const quick = ['rate_limits=off', 'password_operations=1', 'password_memory_kib=8192'];

/** The address in the line that a server prints when it listens. */
async function address(child) {
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.startsWith(ready)) return line.slice(ready.length);
  }
  throw new Error('The server did not start.');
}

/** The server's process, when it listens. */
async function serve(binary, options, listen) {
  const child = spawn(binary, ['serve', '--listen', listen, ...options], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  const url = await address(child);
  const end = async () => {
    child.kill('SIGTERM');
    await exited;
  };
  return { url, end };
}

/**
 * Starts a server, with the demo organisation in it when `demo`; `settings` are `key=value`. `stop` ends it and
 * removes its data; `pause` ends it, and `resume` starts it again with the same data at the same address.
 */
export async function startTorg({ serverName, settings = [], demo = false }) {
  const binary = process.env.TORG_BINARY;
  if (!binary) throw new Error('Set TORG_BINARY to the release server.');
  const data = await mkdtemp(join(tmpdir(), 'torg-test-'));
  const options = ['--data', data, '--server-name', serverName, ...[...quick, ...settings].flatMap((one) => ['--set', one])];
  if (demo) await run(binary, ['demo', ...options]);
  let running = await serve(binary, options, 'http://127.0.0.1:0');
  const { url } = running;
  const pause = () => running.end();
  const resume = async () => {
    running = await serve(binary, options, url);
  };
  const stop = async () => {
    await running.end();
    await rm(data, { recursive: true });
  };
  return { url, data, binary, stop, pause, resume };
}
