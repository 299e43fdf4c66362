// A long queue: pages, many lines decided about at once, what the rules refuse of them, and the clocks that run out.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertAccessible, card, picture, scene } from './browser.mjs';

const laxan = 'Översvämningsskydd Laxån';
const posts = 36;
let sandra;
let asa;
let room;
const notice = { id: 7, authority: 'KS', day: '2026-11-24', kind: 'items', step: 'late', count: 2, text: { sv: 'Två handlingar skulle ha bedömts i går.', en: 'Two records should have been assessed yesterday.' } };
const seen = [];

const stage = scene(async () => {
  asa = await stage.colleague('asa.lindqvist');
  room = await asa.room(laxan);
  for (let at = 1; at <= posts; at += 1) await asa.say(room, `Vi tillstyrker åtgärd nummer ${at} vid vallen.`);
  sandra = await stage.open();
  // Clocks are told of once a day; here one has just been.
  await sandra.route('**/_torg/v1/notices', (route) => route.fulfill({ json: { notices: seen.length ? [] : [notice] } }));
  await sandra.route('**/_torg/v1/notices/*/seen', (route) => { seen.push(route.request().url()); return route.fulfill({ json: {} }); });
  await stage.enter(sandra, 'sandra.wiik', '/app/diarium');
});

const rows = () => sandra.getByRole('option');
const chosen = () => sandra.getByRole('option', { selected: true });
const focusId = () => sandra.evaluate(() => document.activeElement?.id);
const left = async () => (await (await stage.colleague('sandra.wiik')).call('GET', '/_torg/v1/queue?limit=1')).left;

test('a clock that runs out is told of above the queue, and put away with a key that keeps focus', async () => {
  await rows().first().waitFor();
  await sandra.getByRole('region', { name: 'Klockor som går ut' }).getByText('Två handlingar skulle ha bedömts i går.').waitFor();
  await assertAccessible(sandra, 'notices');
  await sandra.keyboard.press('m');
  await sandra.getByText('Två handlingar skulle ha bedömts i går.').waitFor({ state: 'detached' });
  assert.equal(seen.length, 1);
  assert.equal(await focusId(), 'queue');
});

test('the first page is shown with how many there are, and the keys fetch the rest', async () => {
  const all = await left();
  assert.ok(all > 100, `${all} lines wait`);
  assert.equal(await rows().count(), 100);
  await sandra.getByText(`Visar 100 av ${all}`).waitFor();
  await sandra.getByRole('group', { name: 'Visa', exact: true }).getByRole('button', { name: `Alla ${all}` }).waitFor();
  await assertAccessible(sandra, 'a long queue');
  await picture(sandra, 'queue-pages');
  await sandra.keyboard.press('End');
  await sandra.waitForFunction((count) => document.querySelectorAll('[role=option]').length === count, all);
  await sandra.getByText(`Visar 100 av ${all}`).waitFor({ state: 'detached' });
  assert.equal(await focusId(), 'queue');
  await sandra.keyboard.press('Home');
});

test('marked lines have a card of their own; what the rules refuse for one of them is not offered and says why', async () => {
  while (!/åtgärd nummer/.test(await chosen().first().innerText())) await sandra.keyboard.press('j');
  for (let more = 0; more < 4; more += 1) await sandra.keyboard.press('Shift+J');
  await card(sandra).getByRole('heading', { name: '5 rader är markerade' }).waitFor();
  assert.equal(await card(sandra).getByRole('button', { name: /Inte allmän handling/ }).count(), 0);
  await card(sandra).getByText(/^4 .*därför allmän handling/).waitFor();
  await sandra.keyboard.press('4');
  await card(sandra).getByRole('alert').getByText(/därför allmän handling/).waitFor();
  await assertAccessible(sandra, 'many lines');
  await picture(sandra, 'queue-bulk');
});

test('one key decides about all of them, Z brings them back', async () => {
  const before = await left();
  await sandra.keyboard.press('2');
  await sandra.locator('.undo-bar').getByText('5 rader').waitFor();
  assert.equal(await focusId(), 'queue');
  assert.equal(await left(), before - 5);
  await sandra.keyboard.press('z');
  await sandra.getByRole('status').filter({ hasText: '5 rader är tillbaka.' }).waitFor({ state: 'attached' });
  await sandra.locator('.undo-bar').waitFor({ state: 'detached' });
});

test('what a colleague has settled meanwhile comes back with its reason, the others are done', async () => {
  const maja = await stage.colleague('maja.ekdahl');
  const fresh = [];
  for (const what of ['först', 'sedan']) fresh.push(await asa.say(room, `Vi avstyrker det som kommer ${what}.`));
  await sandra.reload();
  await rows().first().waitFor();
  await sandra.getByRole('group', { name: 'Visa', exact: true }).getByRole('button', { name: /Kommunstyrelsen/ }).press('Enter');
  await sandra.locator('#queue').focus();
  await sandra.keyboard.press('End');
  await rows().filter({ hasText: 'Vi avstyrker det som kommer först' }).waitFor();
  for (const what of ['först', 'sedan']) {
    while (!new RegExp(`kommer ${what}`).test(await sandra.locator('[role=option][data-current]').innerText())) await sandra.keyboard.press('k');
    await sandra.keyboard.press('x');
    await sandra.keyboard.press('End');
  }
  await card(sandra).getByRole('heading', { name: '2 rader är markerade' }).waitFor();
  const lift = { room_id: room, event_ids: [fresh[0]], authority: 'KS' };
  const { draft } = await maja.call('POST', '/_torg/v1/lifts/preview', lift);
  await maja.call('POST', '/_torg/v1/lifts', { ...lift, key: crypto.randomUUID(), commit: 'now', draft });
  await sandra.keyboard.press('2');
  await sandra.getByRole('alert').filter({ hasText: 'En rad är tillbaka, med skälet.' }).waitFor({ state: 'attached' });
  await sandra.locator('.undo-bar').getByText('Vi avstyrker det som kommer sedan').waitFor();
});
