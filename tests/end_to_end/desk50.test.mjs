// A morning's queue: fifty mixed lines, emptied with the keyboard alone.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { assertAccessible, picture, scene } from './browser.mjs';

// The keystroke-level model (Card, Moran and Newell 1980): a key for an average typist, and the thought before each line.
const perKey = 0.28;
const perLine = 1.35;

const laxan = 'Översvämningsskydd Laxån';
const year = new Date().getFullYear();
const mail = await readFile(new URL('SV vallen.eml', import.meta.url), 'utf8');
let sandra;
let maja;
const rooms = {};
const said = [];

const stage = scene(async () => {
  maja = await stage.colleague('maja.ekdahl');
  const erik = await stage.colleague('erik.sandell');
  const asa = await stage.colleague('asa.lindqvist');
  rooms.laxan = await asa.room(laxan); // three boards
  rooms.skyfall = await erik.room('Skyfallsplan 2027'); // two
  rooms.dricksvatten = await asa.room('Dricksvatten'); // three
  const post = async (who, room, text) => said.push([rooms[room], await who.say(rooms[room], text)]);
  const attach = async (who, room, name, type, bytes, text) => {
    const { content_uri: url } = await upload(who, name, type, bytes);
    said.push([rooms[room], await who.send(rooms[room], { msgtype: 'm.file', body: text, filename: name, url, info: { mimetype: type, size: bytes.length } })]);
  };
  // Posts across boards: a record for each board that the post concerns.
  await post(erik, 'laxan', 'Vi avstyrker att dagvattnet leds under vallen.');
  await post(asa, 'laxan', 'Vi tillstyrker förslaget om mätrör vid brunnarna.');
  await post(erik, 'laxan', 'Vi godkänner tidplanen för pumparna.');
  await post(asa, 'laxan', 'Provsvar: halten nitrat är 32 mg/l i brunnen.');
  await post(erik, 'skyfall', 'Vi bedömer att lågpunkten vid Hamngatan ska åtgärdas först.');
  await post(maja, 'skyfall', 'Uppmätt flöde vid kulverten var 410 l/s i går.');
  await post(erik, 'skyfall', 'Vi tillstyrker att skolgården blir en regnträdgård.');
  await post(maja, 'skyfall', 'Vi medger att brunnslocken byts på natten.');
  await post(erik, 'skyfall', 'Vi beslutar att rensa gallren varje måndag.');
  await post(maja, 'skyfall', 'Inventering visar fyra trasiga pumpar.');
  await post(erik, 'laxan', 'Vår bedömning är att vallen håller till maj.');
  // Mails that officers received and passed on.
  await attach(asa, 'laxan', 'SV vallen.eml', 'message/rfc822', mail, 'Mejl från en boende om vallen.');
  await attach(erik, 'laxan', 'VB brunnar.eml', 'message/rfc822', mail.replace('vallen', 'brunnarna'), 'Mejl från en boende om brunnarna.');
  // A duplicate, a personal number, a hint of secrecy, routine with a picture.
  await post(asa, 'laxan', 'Begäran om yttrande, provisorisk vall');
  await post(asa, 'laxan', 'Gäller 19900101-2385: vi medger att brunnen lagas.');
  await post(asa, 'laxan', 'Tack, vi har fått läkarintyget.');
  await attach(asa, 'dricksvatten', 'Bild från fikat.txt', 'text/plain', 'bullar', 'Bild från fikat.');
  // A working paper in a case that is closed, and somebody who asks for a record.
  await closeCase();
  await ask();
  sandra = await stage.open();
  await sandra.addInitScript(() => {
    globalThis.pointers = [];
    const kinds = ['pointerdown', 'pointerup', 'pointermove', 'mousedown', 'mouseup', 'mousemove', 'wheel', 'touchstart', 'dragstart'];
    for (const kind of kinds) addEventListener(kind, (event) => globalThis.pointers.push(event.type), true);
    addEventListener('click', (event) => { if (event.detail > 0) globalThis.pointers.push('click'); }, true);
  });
  await stage.enter(sandra, 'sandra.wiik', '/app/diarium');
});

async function upload(who, name, type, bytes) {
  const headers = { Authorization: `Bearer ${who.token}`, 'Content-Type': type };
  const answer = await fetch(`${stage.url}/_matrix/media/v3/upload?filename=${encodeURIComponent(name)}`, { method: 'POST', headers, body: bytes });
  return answer.json();
}

async function closeCase() {
  const within = await maja.room('Enhetsmöte tisdagar');
  const { plan } = await maja.call('GET', `/_torg/v1/rooms/${encodeURIComponent(within)}/plan`);
  const { id, number } = await maja.call('POST', '/_torg/v1/cases', { authority: 'KS', title: 'Ledningens utredning', classification: '1.1.2' });
  await maja.call('PUT', `/_torg/v1/rooms/${encodeURIComponent(within)}/plan`, { ...plan, accepted_by: undefined, case: { id, number, title: 'Ledningens utredning' } });
  await maja.say(within, 'Utkast: vi väntar med beskedet.');
  await maja.call('POST', `/_torg/v1/cases/${id}/close`, {});
}

async function ask() {
  const form = new URLSearchParams({ text: 'Jag vill se frågan om brunnarna.' });
  const answer = await fetch(`${stage.url}/diarium/KS/${year}/00001/2/begar`, { method: 'POST', body: form, redirect: 'manual' });
  assert.ok(answer.status < 400, `the portal took the request: ${answer.status}`);
}

let keys = 0;
/** Presses keys; a held Shift or Ctrl is a key too. */
async function press(...names) {
  for (const name of names) {
    await sandra.keyboard.press(name);
    keys += name.split('+').length;
  }
}
async function type(text) {
  await sandra.keyboard.type(text);
  keys += text.length;
}

/** What a person sees of the chosen line. */
const look = () => sandra.evaluate(() => {
  const row = document.querySelector('[role=option][data-current]');
  return row && { id: row.id, text: row.textContent, board: row.querySelector('.board')?.textContent?.slice(0, 2) };
});
const moved = (id) => sandra.waitForFunction((was) => document.querySelector('[role=option][data-current]')?.id !== was, id);
const seen = (text) => sandra.locator('.desk-right').getByText(text).first().waitFor();

const settled = new Map();
async function settle(line) {
  const done = (how) => settled.set(how, (settled.get(how) ?? 0) + 1);
  if (/Begäran om utlämnande/.test(line.text)) {
    await press('u', 'Control+Enter');
    return done('request');
  }
  if (/Genomgång/.test(line.text)) {
    await seen('Utkast: vi väntar med beskedet.');
    await press('Control+Enter');
    return done('review');
  }
  if (/Begäran om yttrande/.test(line.text) && line.board === 'KS') {
    await seen(/^Liknar KS/); // a duplicate: the number is filled in
    await press('5', 'Enter');
    return done('already registered');
  }
  if (/läkarintyget/.test(line.text) && line.board === 'BN') {
    await press('3', 'Enter'); // together with a colleague
    return done('trivial');
  }
  if (/19900101/.test(line.text) && line.board === 'KS') {
    await press('1');
    await seen(/personnummer. Ska det stå kvar/);
    await press('1');
    return done('confirmed');
  }
  if (/19900101/.test(line.text)) {
    await press('e');
    await type('Medgivande att laga en brunn');
    await press('Enter', '1');
    return done('new title');
  }
  if (/fikat/.test(line.text)) {
    await press('Shift+J', 'Shift+J', '2');
    for (let each = 0; each < 3; each += 1) done('kept ordered, marked together');
    return undefined;
  }
  if (/avstyrker att dagvattnet/.test(line.text) && line.board === 'KS') {
    await press('4');
    await seen(/därför allmän handling/); // refused, in words
    await press('1');
    return done('refused first');
  }
  await press('1');
  return done('registered');
}

test('fifty mixed lines are settled by keys in under two minutes of scripted time', async () => {
  await sandra.locator('#queue').waitFor();
  const lines = 50;
  await sandra.waitForFunction((all) => document.querySelectorAll('[role=option]').length === all, lines);
  assert.equal((await sandra.evaluate(() => document.activeElement?.id)), 'queue', 'focus is in the queue from the start');
  const started = performance.now();
  for (let line = await look(); line; line = await look()) {
    await settle(line);
    await moved(line.id);
  }
  const machine = (performance.now() - started) / 1000;
  await sandra.getByText(/^Kön är tom\./).waitFor();
  const thought = [...settled.values()].reduce((sum, count) => sum + count, 0);
  assert.equal(thought, 50);
  const scripted = keys * perKey + lines * perLine;
  console.log(`# ${keys} keys, ${lines} lines: ${scripted.toFixed(1)} s at ${perKey} s a key and ${perLine} s a line; the page itself took ${machine.toFixed(1)} s`);
  console.log(`# ${[...settled].map(([how, count]) => `${how} ${count}`).join(', ')}`);
  assert.ok(scripted < 120, `${scripted.toFixed(1)} s`);
});

test('no mouse, pen or finger touched the page', async () => {
  assert.deepEqual(await sandra.evaluate(() => globalThis.pointers), []);
});

test('focus is where the next key works, though the list is gone', async () => {
  assert.equal(await sandra.evaluate(() => document.activeElement?.id), 'queue');
  await assertAccessible(sandra, 'empty queue');
  await picture(sandra, 'registrar-empty');
});

test('every line is settled as the keys said, and the numbers follow without a gap', async () => {
  await sandra.locator('.desk-top [role=status]').filter({ hasText: /^0 kvar/ }).waitFor();
  const registrar = await stage.colleague('sandra.wiik');
  const handlings = {};
  for (const [room, id] of said) {
    const { items } = await registrar.call('POST', `/_torg/v1/rooms/${encodeURIComponent(room)}/items`, { event_ids: [id] }).catch(() => ({ items: {} }));
    for (const one of items[id] ?? []) handlings[one.handling] = (handlings[one.handling] ?? 0) + 1;
  }
  assert.equal(handlings.unassessed, undefined);
  const { cases } = await registrar.call('GET', '/_torg/v1/cases');
  for (const one of cases) {
    const { entries } = await registrar.call('GET', `/_torg/v1/cases/${one.id}`);
    assert.deepEqual(entries.map((entry) => Number(entry.number.split('-').at(-1))).sort((a, b) => a - b), entries.map((_, index) => index + 1));
  }
});
