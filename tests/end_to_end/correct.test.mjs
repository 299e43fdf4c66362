// A wrong title: corrected, taken off the web, put back; its number stays and the old words are public nowhere.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertAccessible, focusPost, openRoom, picture, post, scene } from './browser.mjs';

const laxan = 'Översvämningsskydd Laxån';
const wrong = 'Yttrande om Gun Ahlbäcks sjukdom';
const right = 'Yttrande om lån av pump';
let sandra;
let number = '';
let address = '';

const stage = scene(async () => {
  const asa = await stage.colleague('asa.lindqvist');
  await asa.say(await asa.room(laxan), 'Vi tillstyrker att pumpen lånas ut.');
  sandra = await stage.signedIn('sandra.wiik', '/app/diarium');
});

const dialog = () => sandra.getByRole('dialog');
/** Everything that anyone can read of it: the entry, the case, the search, the feed and the front. */
async function everywherePublic() {
  const texts = [];
  const words = ['Ahlbäck', 'sjukdom', 'pump', number].map((word) => `/diarium/sok?q=${encodeURIComponent(word)}`);
  for (const path of [address, address.replace(/\/\d+$/, ''), ...words, '/diarium', '/diarium/flode.atom', `${address}/bevis.json`]) {
    const answer = await fetch(stage.url + path);
    const text = await answer.text();
    // What one searched for stands in the field; that is the reader's own word.
    texts.push(text.replace(/<input[^>]*>|<title>[^<]*<\/title>|q=[^"&]*/g, ''));
  }
  return texts.join('\n');
}
const never = (text) => assert.doesNotMatch(text.replace(/[”"“][^”"“]*[”"“]/g, ''), /Ahlbäck|sjukdom/);

test('a title with a name and a diagnosis is on the web by mistake', async () => {
  const line = sandra.getByRole('option').filter({ hasText: 'Vi tillstyrker att pumpen' }).filter({ hasText: 'KS' }).first();
  await line.waitFor();
  while (!/pumpen lånas ut/.test(await sandra.getByRole('option', { selected: true }).innerText())) await sandra.keyboard.press('j');
  await sandra.keyboard.press('e');
  await sandra.keyboard.type(wrong);
  await sandra.keyboard.press('Enter');
  await sandra.getByRole('option', { selected: true }).filter({ hasText: wrong }).waitFor();
  await sandra.keyboard.press('1');
  await sandra.locator('.undo-bar .pending').waitFor();
  await sandra.keyboard.press('Enter');
  const chip = sandra.locator('.undo-bar [data-level=registered]');
  await chip.waitFor();
  number = await chip.innerText();
  const [, code, year, serial, document] = /^(\w+) (\d+)\/(\d+)-(\d+)$/.exec(number);
  address = `/diarium/${code}/${year}/${serial}/${document}`;
  assert.match(await everywherePublic(), /Ahlbäck/);
});

test('Z on the desk opens the record, D takes it off the web at once', async () => {
  await sandra.keyboard.press('z');
  await dialog().getByRole('heading', { name: 'Rätta' }).waitFor();
  await dialog().locator('.webnow').getByText(wrong).waitFor();
  await assertAccessible(sandra, 'the record on the desk');
  await sandra.keyboard.press('d');
  await dialog().getByText('Nedtagen. Numret står kvar, rubriken visas inte.').waitFor();
  await picture(sandra, 'record-down');
  const open = await everywherePublic();
  never(open);
  assert.ok(open.includes(number), 'the number is still there');
});

test('the title is corrected with its reason, and both wordings stay in the register', async () => {
  assert.equal(await sandra.evaluate(() => document.activeElement?.type), 'radio', 'focus is still at what is wrong');
  await sandra.keyboard.press('Tab');
  await sandra.keyboard.press('Control+a');
  await sandra.keyboard.type(right);
  await sandra.keyboard.press('Control+Enter');
  await dialog().getByText('Skriv varför du rättar.').waitFor();
  await sandra.keyboard.press('Tab');
  await sandra.keyboard.type('Namn och hälsa hör inte hemma i en rubrik.');
  await sandra.keyboard.press('Control+Enter');
  await dialog().waitFor({ state: 'detached' });
  assert.equal(await sandra.evaluate(() => document.activeElement?.id), 'queue');
  await sandra.keyboard.press('z');
  await dialog().getByText(`från ”${wrong}” till ”${right}”`).waitFor();
  await assertAccessible(sandra, 'a corrected record');
  await picture(sandra, 'record-corrected');
  const registrar = await stage.colleague('sandra.wiik');
  const record = await registrar.call('GET', `/_torg/v1/records?number=${encodeURIComponent(number)}`);
  assert.equal(record.number, number);
  assert.equal(record.title, right);
  assert.deepEqual(record.corrections.map(({ field, from, to }) => ({ field, from, to })), [{ field: 'title', from: wrong, to: right }]);
});

test('W shows the new title; the old words are gone from the page, the case, the search, the feed and the proof', async () => {
  await sandra.keyboard.press('w');
  await dialog().locator('.webnow[data-publication=full]').getByText(right).waitFor();
  await sandra.keyboard.press('Escape');
  const open = await everywherePublic();
  assert.ok(open.includes(right));
  assert.ok(open.includes(number));
  never(open);
});

test('the same from the lifted post in the room: its chip has the number, and D is there for the registrar alone', async () => {
  await sandra.goto(`${stage.url}/app/rum`);
  await openRoom(sandra, laxan);
  await post(sandra, 'Vi tillstyrker att pumpen lånas ut').locator('[data-level=registered]').filter({ hasText: number }).first().waitFor();
  await focusPost(sandra, 'Vi tillstyrker att pumpen lånas ut');
  await sandra.keyboard.press('z');
  await dialog().getByRole('button', { name: 'Ta ner från webben' }).waitFor();
  await sandra.keyboard.press('d');
  await dialog().getByText('Nedtagen. Numret står kvar, rubriken visas inte.').waitFor();
  assert.doesNotMatch(await everywherePublic(), new RegExp(right));
  const maja = await stage.signedIn('maja.ekdahl');
  await openRoom(maja, laxan);
  await focusPost(maja, 'Vi tillstyrker att pumpen lånas ut');
  await maja.keyboard.press('z');
  await maja.getByRole('dialog').getByRole('heading', { name: 'Rätta' }).waitFor();
  await maja.getByRole('dialog').getByText('Nedtagen. Numret står kvar, rubriken visas inte.').waitFor();
  assert.equal(await maja.getByRole('dialog').getByRole('button', { name: 'Ta ner från webben' }).count(), 0);
  await maja.finish();
});
