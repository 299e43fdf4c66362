// What is lifted or shared as a whole: a thread, a span of time, a draft for comments, a file that is registered already.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertAccessible, focused, focusPost, openRoom, picture, post, scene } from './browser.mjs';

const laxan = 'Översvämningsskydd Laxån';
let maja;
let asa;
let room;

const stage = scene(async () => {
  maja = await stage.signedIn('maja.ekdahl');
  await openRoom(maja, laxan);
  asa = await stage.colleague('asa.lindqvist');
  room = await asa.room(laxan);
});

const dialog = () => maja.getByRole('dialog');
const ticks = () => dialog().locator('.lift-left input[type=checkbox]');
const chip = (text) => post(maja, text).locator('[data-level=registered]');
const reply = (root, text) => asa.send(room, { msgtype: 'm.text', body: text, 'm.relates_to': { rel_type: 'm.thread', event_id: root } });

async function register(text) {
  await dialog().getByLabel('Offentlig rubrik').waitFor();
  await maja.keyboard.press('Control+Enter');
  await post(maja, text).locator('.chip.pending').first().waitFor();
  await focusPost(maja, text);
  await maja.keyboard.press('Enter');
  await chip(text).first().waitFor();
  return chip(text).first().innerText();
}

test('Shift T lifts a whole thread, also what the room has folded away', async () => {
  const root = await asa.say(room, 'Vi avstyrker luckan vid brandposten.');
  await reply(root, 'Vi bedömer att slangen inte når.');
  await reply(root, 'Vi tillstyrker en lucka längre norrut.');
  await post(maja, 'Vi avstyrker luckan').getByText('2 svar').waitFor();
  await focusPost(maja, 'Vi avstyrker luckan');
  await maja.keyboard.press('Shift+T');
  await dialog().getByText('Vi tillstyrker en lucka längre norrut.').waitFor();
  assert.equal(await ticks().count(), 3);
  await assertAccessible(maja, 'lift of a thread');
  await picture(maja, 'lift-thread');
  await register('Vi avstyrker luckan');
});

test('the thread’s panel lifts it too, and Esc closes the panel to the post', async () => {
  await focusPost(maja, 'Vi avstyrker luckan');
  const item = (await focused(maja)).item;
  await maja.keyboard.press('t');
  const panel = maja.getByRole('complementary', { name: 'Tråd' });
  await panel.getByRole('button', { name: 'Lyft tråden' }).waitFor();
  await assertAccessible(maja, 'thread');
  await maja.keyboard.press('Escape');
  await panel.waitFor({ state: 'detached' });
  assert.equal((await focused(maja)).item, item);
});

test('between the first and the last marked post everything is lifted, and the time can be changed', async () => {
  await asa.say(room, 'Vi medger start klockan sju.');
  await asa.say(room, 'Vi medger buller till klockan nio.');
  await asa.say(room, 'Vi medger att bron stängs.');
  await focusPost(maja, 'Vi medger start');
  await maja.keyboard.press('x');
  await focusPost(maja, 'Vi medger att bron');
  await maja.keyboard.press('x');
  await maja.getByRole('button', { name: 'Lyft allt mellan dem' }).waitFor();
  await maja.keyboard.press('Shift+X');
  await dialog().getByText('Vi medger buller till klockan nio.').waitFor();
  assert.equal(await ticks().count(), 3);
  await assertAccessible(maja, 'lift of a span');
  await picture(maja, 'lift-span');
  const from = dialog().getByLabel('Från');
  await from.fill('2026-01-01T00:00');
  await dialog().getByLabel('Till och med').fill('2026-01-01T01:00');
  await dialog().getByRole('button', { name: 'Visa', exact: true }).press('Enter');
  await dialog().getByText('Inget av det som sades där går att lyfta.').waitFor();
  assert.equal(await from.inputValue(), '2026-01-01T00:00');
  await maja.keyboard.press('Escape');
  await dialog().waitFor({ state: 'detached' });
});

test('a file is shared with other authorities only when it is said what for; for comments it stays working material', async () => {
  const attach = (name) => maja.locator('.main .composer input[type=file]').setInputFiles({ name, mimeType: 'text/plain', buffer: Buffer.from('utkast till yttrande') });
  await attach('utkast.txt');
  const ask = maja.getByRole('group', { name: 'Vad delas det för?' });
  await ask.getByText('Utkastet är arbetsmaterial så länge det delas bara för synpunkter.').waitFor();
  assert.equal(await post(maja, 'utkast.txt').count(), 0);
  await assertAccessible(maja, 'shared for what');
  await picture(maja, 'sharing');
  await maja.keyboard.press('Escape');
  await ask.waitFor({ state: 'detached' });
  assert.equal(await maja.evaluate(() => document.activeElement?.tagName), 'TEXTAREA');
  await attach('utkast.txt');
  await ask.waitFor();
  await maja.keyboard.press('1');
  await post(maja, 'utkast.txt').getByText('Delat för synpunkter').waitFor();
  const sandra = await stage.colleague('sandra.wiik');
  const standing = async (name) => {
    const id = await post(maja, name).getAttribute('data-item');
    return (await sandra.call('POST', `/_torg/v1/rooms/${encodeURIComponent(room)}/items`, { event_ids: [id] })).items[id] ?? [];
  };
  assert.deepEqual((await standing('utkast.txt')).filter((one) => one.status === 'record'), []);
  await attach('beslut.txt');
  await ask.waitFor();
  await maja.keyboard.press('2');
  await post(maja, 'beslut.txt').getByText('Delat för kännedom').waitFor();
  assert.ok((await standing('beslut.txt')).some((one) => one.status === 'record'));
});

test('a draft in words is shared for comments by its button', async () => {
  await maja.locator('.main .composer textarea').fill('Förslag till text: vallen byggs i två steg.');
  await maja.getByRole('button', { name: 'Utkast för synpunkter' }).press('Enter');
  await maja.locator('.main .composer textarea').focus();
  await maja.keyboard.press('Enter');
  await post(maja, 'vallen byggs i två steg').getByText('Delat för synpunkter').waitFor();
  assert.equal(await maja.getByRole('button', { name: 'Utkast för synpunkter' }).getAttribute('aria-pressed'), 'false');
});

test('a file that is registered already is found, looked at and answered for without a second number', async () => {
  await focusPost(maja, 'beslut.txt');
  await maja.keyboard.press('l');
  const number = await register('beslut.txt');
  await maja.locator('.main .composer input[type=file]').setInputFiles({ name: 'samma.txt', mimeType: 'text/plain', buffer: Buffer.from('utkast till yttrande') });
  await maja.getByRole('group', { name: 'Vad delas det för?' }).waitFor();
  await maja.keyboard.press('2');
  await post(maja, 'samma.txt').getByText('Delat för kännedom').waitFor();
  await focusPost(maja, 'samma.txt');
  await maja.keyboard.press('l');
  await dialog().getByText(`Liknar ${number}`).first().waitFor();
  await dialog().getByRole('button', { name: 'Visa', exact: true }).first().press('Enter');
  await dialog().getByText('lika stor som samma.txt').waitFor();
  await assertAccessible(maja, 'a duplicate');
  await picture(maja, 'lift-duplicate');
  await dialog().getByRole('button', { name: 'Det är samma handling' }).first().press('Enter');
  await dialog().waitFor({ state: 'detached' });
  await chip('samma.txt').filter({ hasText: number }).first().waitFor();
});

test('H shows what a post has been for each authority', async () => {
  await focusPost(maja, 'Vi avstyrker luckan');
  await maja.keyboard.press('h');
  const panel = maja.getByRole('complementary', { name: 'Vad det har varit' });
  await panel.getByText(/^Skrivet hos Byggnadsnämnden/).waitFor();
  await panel.getByRole('region', { name: 'Byggnadsnämnden' }).getByText('Skickad').waitFor();
  await panel.getByRole('region', { name: 'Kommunstyrelsen' }).getByText('Inkommen').waitFor();
  await panel.getByRole('region', { name: 'Kommunstyrelsen' }).getByText('Diarieförd').waitFor();
  await assertAccessible(maja, 'what it has been');
  await picture(maja, 'timeline');
  const item = await post(maja, 'Vi avstyrker luckan').getAttribute('data-item');
  await maja.keyboard.press('Escape');
  await panel.waitFor({ state: 'detached' });
  assert.equal((await focused(maja)).item, item);
});
