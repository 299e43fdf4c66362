// Checks the proof of an entry in the reader's own browser: what RFC 9162 (section 2.1) and ADR 0020 say, with
// the browser's own cryptography. Nothing is kept and nothing is sent but the questions for the proof itself.

const utf8 = new TextEncoder();

function bytesOf(base64) {
  return Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
}

async function sha256(...pieces) {
  const whole = new Uint8Array(pieces.reduce((size, piece) => size + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return new Uint8Array(await crypto.subtle.digest('SHA-256', whole));
}

const equal = (a, b) => a.length === b.length && a.every((byte, at) => byte === b[at]);
const prefix = (byte) => Uint8Array.of(byte);
const nodeHash = (left, right) => sha256(prefix(1), left, right);

/** RFC 8785 for what the log holds: strings, whole numbers, true, false, null, lists and objects of these. */
export function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  return `{${Object.keys(value).sort().map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join(',')}}`;
}

const commitment = ({ name, value, salt }) => sha256(prefix(2), bytesOf(salt), utf8.encode(canonical([name, value])));

function leafHash({ at, fields, kind, commitments }) {
  return sha256(prefix(0), utf8.encode(`${canonical({ at, fields, kind, v: 1 })}\n`), ...commitments.map(bytesOf));
}

/** Every shown value is what the entry has committed to; a file is one of the entry's list. */
export async function valuesHold(entry) {
  for (const opening of entry.revealed) {
    const place = entry.fields.indexOf(opening.name);
    if (place < 0 || !equal(await commitment(opening), bytesOf(entry.commitments[place]))) return false;
  }
  const list = entry.revealed.find(({ name }) => name === 'files')?.value ?? [];
  for (const file of entry.revealed_files) {
    const made = await commitment(file);
    if (!list.some((one) => equal(made, bytesOf(one)))) return false;
  }
  return new Set(entry.fields).size === entry.fields.length && entry.fields.length === entry.commitments.length;
}

// The places of leaves fit a double up to 2^53; shifts of 32-bit numbers would not do.
const half = (n) => Math.floor(n / 2);

/** RFC 9162, 2.1.3.2; the steps are its numbers. */
export async function isIncluded(entry, head) {
  if (entry.index >= head.size) return false; // 1
  let fn = entry.index; // 2
  let sn = head.size - 1;
  let r = await leafHash(entry); // 3
  for (const p of entry.inclusion.map(bytesOf)) { // 4
    if (sn === 0) return false;
    if (fn % 2 === 1 || fn === sn) {
      r = await nodeHash(p, r);
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [half(fn), half(sn)];
    } else {
      r = await nodeHash(r, p);
    }
    [fn, sn] = [half(fn), half(sn)];
  }
  return sn === 0 && equal(r, bytesOf(head.root)); // 5
}

/** RFC 9162, 2.1.4.2; the steps are its numbers. */
export async function onlyGrew(older, newer, proof) {
  if (older.size === newer.size) return older.root === newer.root;
  if (older.size === 0) return true;
  if (older.size > newer.size || proof.length === 0) return false; // 1
  const rest = proof.map(bytesOf);
  const powerOfTwo = Number.isInteger(Math.log2(older.size)); // 2
  if (powerOfTwo) rest.unshift(bytesOf(older.root));
  let fn = older.size - 1; // 3
  let sn = newer.size - 1;
  while (fn % 2 === 1) [fn, sn] = [half(fn), half(sn)]; // 4
  let fr = rest.shift(); // 5
  let sr = fr;
  for (const c of rest) { // 6
    if (sn === 0) return false;
    if (fn % 2 === 1 || fn === sn) {
      fr = await nodeHash(c, fr);
      sr = await nodeHash(c, sr);
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [half(fn), half(sn)];
    } else {
      sr = await nodeHash(sr, c);
    }
    [fn, sn] = [half(fn), half(sn)];
  }
  return sn === 0 && equal(fr, bytesOf(older.root)) && equal(sr, bytesOf(newer.root)); // 7
}

async function verified(key, signature, purpose, body) {
  const imported = await crypto.subtle.importKey('raw', bytesOf(key), 'Ed25519', false, ['verify']);
  return crypto.subtle.verify('Ed25519', imported, bytesOf(signature), utf8.encode(`${purpose}\n${canonical(body)}`));
}

/** true, false, or null where the browser has no Ed25519. */
async function signed(key, signature, purpose, body) {
  try {
    return await verified(key, signature, purpose, body);
  } catch (error) {
    if (error.name === 'NotSupportedError') return null;
    return false;
  }
}

function headSigned({ log, key, root, size, timestamp, signature }) {
  return signed(key, signature, 'torg log head v1', { log, root, size, timestamp });
}

/** The keys of the log, each with the first size of a log whose head it signs. */
async function keysOf({ head, keys = [] }) {
  const chain = [];
  for (const entry of keys) {
    const { key, previous, signature } = Object.fromEntries(entry.revealed.map(({ name, value }) => [name, value]));
    if (chain.length === 0) chain.push({ key: previous, from: 0 });
    const right = await signed(previous, signature, 'torg log key v1', { log: head.log, key, previous, size: entry.index });
    if (right === false || chain.at(-1).key !== previous) return [];
    chain.push({ key, from: entry.index + 1 });
  }
  return chain.length > 0 ? chain : [{ key: head.key, from: 0 }];
}

const keyAt = (chain, size) => chain.findLast(({ from }) => from <= size || from === 0)?.key;

/**
 * Holds a proof against itself and what the page shows.
 * @return for each thing that was looked at: what, and true, false, or null when this browser can't say
 */
export async function checkProof(proof, shown) {
  const entries = [...proof.entries, ...(proof.keys ?? [])];
  const all = async (test) => (await Promise.all(entries.map(test))).every(Boolean);
  const revealed = (wanted) => proof.entries.flatMap((entry) => entry.revealed).filter(({ name }) => name === wanted).map(({ value }) => value);
  const numbers = revealed('number');
  const chain = await keysOf(proof);
  const rightKey = keyAt(chain, proof.head.size) === proof.head.key;
  return [
    { what: 'values', holds: await all(valuesHold) },
    { what: 'page', holds: numbers.length > 0 && numbers.every((number) => number === shown.number) && (!shown.title || revealed('title').includes(shown.title)) },
    { what: 'place', holds: proof.entries.length > 0 && (await all((entry) => isIncluded(entry, proof.head))) },
    { what: 'signature', holds: rightKey && (await headSigned(proof.head)) },
  ];
}

/** Holds a head that somebody kept against the proof's: whether the log only grew in between. */
export async function checkKept(kept, proof, askBetween) {
  const { head } = proof;
  const older = kept.size <= head.size ? kept : head;
  const newer = older === kept ? head : kept;
  const chain = await keysOf(proof);
  const ours = kept.log === head.log && (kept.size > head.size || keyAt(chain, kept.size) === kept.key);
  const between = older.size > 0 && older.size < newer.size ? await askBetween(older.size, newer.size) : [];
  return [
    { what: 'kept', holds: ours && (await headSigned(kept)) },
    { what: 'grew', holds: older.timestamp <= newer.timestamp && (await onlyGrew(older, newer, between)) },
  ];
}

async function getJson(url) {
  const answer = await fetch(url, { cache: 'no-store' });
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
  return answer.json();
}

/** The words of the page's language, from a template that it brings along. */
function wordsOf(section) {
  const list = section.querySelector('template[data-words]').content.querySelectorAll('[data-word]');
  return Object.fromEntries([...list].map((one) => [one.dataset.word, one.textContent]));
}

class Panel {
  constructor(section) {
    this.words = wordsOf(section);
    this.data = section.dataset;
    this.form = section.querySelector('form');
    this.verdict = section.querySelector('[role=status]');
    this.list = section.querySelector('[data-checks]');
    section.querySelector('[data-without]').hidden = true;
    this.form.hidden = false;
    this.form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.check();
    });
  }

  async check() {
    this.say(this.words.working, []);
    if (!globalThis.crypto?.subtle) return this.say(this.words.insecure, []);
    try {
      this.tell(await this.look());
    } catch {
      this.say(this.words.failed, []);
    }
  }

  async look() {
    const proof = await getJson(this.data.proof);
    const checks = await checkProof(proof, this.data);
    const file = this.form.elements.head.files[0];
    if (!file) return checks;
    const between = async (from, to) => (await getJson(`${this.data.consistency}?from=${from}&to=${to}`)).proof;
    return [...checks, ...(await checkKept(JSON.parse(await file.text()), proof, between))];
  }

  tell(checks) {
    const wrong = checks.some(({ holds }) => holds === false);
    const unknown = checks.some(({ holds }) => holds === null);
    const verdict = wrong ? 'wrong' : unknown ? 'partly' : 'right';
    this.say(this.words[verdict], checks.map(({ what, holds }) => [holds, this.words[`${what}.${holds}`]]), verdict);
  }

  say(verdict, lines, kind = '') {
    this.verdict.textContent = verdict;
    this.verdict.dataset.verdict = kind;
    this.list.replaceChildren(...lines.map(([holds, text]) => {
      const line = document.createElement('li');
      line.dataset.holds = String(holds);
      line.textContent = text;
      return line;
    }));
  }
}

for (const section of document.querySelectorAll('[data-proof]')) new Panel(section);
