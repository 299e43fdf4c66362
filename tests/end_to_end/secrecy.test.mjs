// Markings: a provision found by search, on a case, a record and a file, inherited downwards, and never a decision.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertAccessible, card, openRoom, picture, scene } from './browser.mjs';

const laxan = 'Översvämningsskydd Laxån';
const year = new Date().getFullYear();
let sandra;

const stage = scene(async () => {
  sandra = await stage.signedIn('sandra.wiik', '/app/arenden/1');
});

const dialog = () => sandra.getByRole('dialog').last();
const rows = () => sandra.locator('.case-grid tbody tr');
const focusText = () => sandra.evaluate(() => document.activeElement?.textContent ?? '');
const marking = (number) => rows().filter({ has: sandra.getByRole('cell', { name: number, exact: true }) }).locator('[data-level=secret]');

test('a provision is found by its number, its subject or a word, and says what it protects', async () => {
  await rows().first().waitFor();
  await sandra.locator('.case-grid').focus();
  await sandra.keyboard.press('s');
  const field = dialog().getByRole('combobox', { name: 'Bestämmelse' });
  await field.waitFor();
  assert.ok(await field.evaluate((element) => element === document.activeElement), 'focus starts in the provision');
  await sandra.keyboard.type('OSL 21:1');
  await dialog().getByRole('option').first().filter({ hasText: '21 kap. 1 §' }).waitFor();
  await sandra.keyboard.press('Control+a');
  await sandra.keyboard.type('hälsa');
  await dialog().getByRole('option').filter({ hasText: '21 kap. 1 §' }).waitFor();
  await assertAccessible(sandra, 'provisions');
  await picture(sandra, 'secrecy-search');
  while (!/21 kap\. 1 §/.test(await dialog().locator('[role=option][aria-selected=true]').innerText())) await sandra.keyboard.press('ArrowDown');
  await sandra.keyboard.press('Enter');
  assert.match(await field.inputValue(), /21 kap\. 1 § OSL/);
  await dialog().getByText(/Längst \d+ år\./).waitFor();
  await dialog().getByText('En markering är en påminnelse, inget beslut.').waitFor();
  await assertAccessible(sandra, 'marking a case');
});

test('Esc closes the list first, then the sheet, and focus is back in the case', async () => {
  const field = dialog().getByRole('combobox', { name: 'Bestämmelse' });
  await sandra.keyboard.press('ArrowDown');
  await dialog().getByRole('listbox').waitFor();
  await sandra.keyboard.press('Escape');
  await dialog().getByRole('listbox').waitFor({ state: 'hidden' });
  assert.match(await field.inputValue(), /21 kap/);
  await sandra.keyboard.press('Escape');
  await sandra.getByRole('dialog').waitFor({ state: 'detached' });
  assert.ok(await sandra.evaluate(() => document.activeElement?.matches('.case-grid')));
});

test('a marked case marks its records; titles on the web wait for the registrar again', async () => {
  await sandra.keyboard.press('s');
  await dialog().getByRole('combobox', { name: 'Bestämmelse' }).waitFor();
  await sandra.keyboard.press('Control+Enter');
  await dialog().getByRole('alert').getByText('Skriv vilken bestämmelse sekretessen gäller').waitFor();
  await sandra.keyboard.type('OSL 21:1');
  await dialog().getByRole('option').first().waitFor();
  await sandra.keyboard.press('Enter');
  await dialog().getByLabel('Anteckning').fill('Hälsa');
  await sandra.keyboard.press('Control+Enter');
  await sandra.getByRole('dialog').waitFor({ state: 'detached' });
  await sandra.locator('.case-head [data-level=secret]').getByText(/^Hälsa · 21 kap\. 1 § OSL/).waitFor();
  await marking('2').getByText(/från ärendet/).waitFor();
  await rows().locator('[data-level=web]').first().waitFor();
  await assertAccessible(sandra, 'a marked case');
  await picture(sandra, 'case-marked');
});

test('a record has a marking of its own beside the case’s, by a correction with its reason', async () => {
  await sandra.locator('.case-grid').focus();
  await sandra.keyboard.press('j');
  await sandra.keyboard.press('j');
  assert.match(await focusText(), /Fråga om egna brunnar/);
  await sandra.keyboard.press('Enter');
  await dialog().getByText('från ärendet').first().waitFor();
  await sandra.keyboard.press('s');
  await dialog().getByRole('radio', { name: 'Sekretessmarkera …' }).press('Space');
  await dialog().getByRole('combobox', { name: 'Bestämmelse' }).fill('anbud');
  await dialog().getByRole('option').first().waitFor();
  await sandra.keyboard.press('Enter');
  await dialog().getByLabel('Varför rättar du?').fill('Priser i bilagan.');
  await sandra.keyboard.press('Control+Enter');
  await sandra.getByRole('dialog').waitFor({ state: 'detached' });
  await sandra.waitForFunction(() => [...document.querySelectorAll('.case-grid tbody tr')].some((row) => row.querySelectorAll('[data-level=secret]').length >= 2));
  assert.match(await focusText(), /Fråga om egna brunnar/);
});

test('one file of it is marked by itself, and the correction is told in words', async () => {
  await sandra.keyboard.press('Enter');
  await dialog().getByText(/Sekretess ändrades från ”–” till ”\d+ kap/).waitFor();
  await dialog().getByRole('button', { name: /^Sekretessmarkera / }).first().press('Enter');
  await sandra.getByRole('dialog').nth(1).getByRole('combobox', { name: 'Bestämmelse' }).waitFor();
  await sandra.keyboard.type('En bestämmelse i en annan lag');
  await sandra.keyboard.press('Escape');
  await dialog().getByText('Bestämmelsen finns inte i Torgs lista.').waitFor();
  await assertAccessible(sandra, 'marking a file');
  await sandra.keyboard.press('Control+Enter');
  await sandra.getByRole('dialog').nth(1).waitFor({ state: 'detached' });
  await dialog().locator('.stops [data-level=secret]').getByText('En bestämmelse i en annan lag').waitFor();
  await assertAccessible(sandra, 'a record with markings');
  await picture(sandra, 'record-marked');
  await sandra.keyboard.press('Escape');
});

test('the check before the web and the room show the marking; the public only that there is one', async () => {
  await sandra.goto(`${stage.url}/app/diarium/kontroll`);
  await sandra.getByRole('option').first().waitFor();
  await card(sandra).locator('[data-level=secret]').first().waitFor();
  await card(sandra).getByText('Inget visas på webben av sig självt').waitFor();
  await assertAccessible(sandra, 'check of a marked record');
  const maja = await stage.colleague('maja.ekdahl');
  const asa = await stage.colleague('asa.lindqvist');
  const lift = { room_id: await asa.room(laxan), authority: 'KS' };
  lift.event_ids = [await asa.say(lift.room_id, 'Vi tillstyrker att provet tas om.')];
  const { draft } = await maja.call('POST', '/_torg/v1/lifts/preview', lift);
  await maja.call('POST', '/_torg/v1/lifts', { ...lift, key: crypto.randomUUID(), commit: 'now', draft });
  await sandra.goto(`${stage.url}/app/rum`);
  await openRoom(sandra, laxan);
  await sandra.locator('.room-head [data-level=secret]').getByText(/21 kap\. 1 § OSL/).waitFor();
  await sandra.locator('.side .rec [data-level=secret]').first().waitFor();
  await picture(sandra, 'room-marked');
  const stranger = await stage.open({ javaScript: false });
  await stranger.goto(`${stage.url}/diarium/KS/${year}/00001/2`);
  await stranger.getByText(/Sekretessmarkerad/).first().waitFor();
  assert.equal(await stranger.getByText(/21 kap|Hälsa|annan lag/).count(), 0);
  await stranger.finish();
});

test('a request shows the markings as a reminder, apart from the answer', async () => {
  await fetch(`${stage.url}/diarium/KS/${year}/00001/2/begar`, { method: 'POST', body: new URLSearchParams({ text: 'Jag vill se frågan om brunnarna.' }), redirect: 'manual' });
  await sandra.goto(`${stage.url}/app/diarium`);
  await sandra.getByRole('option').filter({ hasText: 'Begäran om utlämnande' }).click();
  await card(sandra).getByText('Varje begäran prövas på nytt.').waitFor();
  assert.ok(await card(sandra).locator('[data-level=secret]').count() >= 2);
  await assertAccessible(sandra, 'a request for a marked record');
});

test('ending the case’s marking needs its reason, and the records keep their own', async () => {
  await sandra.goto(`${stage.url}/app/arenden/1`);
  await rows().first().waitFor();
  await sandra.locator('.case-grid').focus();
  await sandra.keyboard.press('s');
  await dialog().getByRole('button', { name: 'Häv markeringen' }).press('Enter');
  await dialog().getByText('Skriv varför. Skälet står kvar.').waitFor();
  await dialog().getByLabel('Varför hävs den?').fill('Ingen hälsa i ärendet.');
  await sandra.keyboard.press('Enter');
  await sandra.getByRole('dialog').waitFor({ state: 'detached' });
  await sandra.locator('.case-head [data-level=secret]').waitFor({ state: 'detached' });
  assert.equal(await marking('3').count(), 0);
  assert.ok(await marking('2').count() >= 1);
  await sandra.locator('.case-grid').focus();
  await sandra.keyboard.press('s');
  await dialog().getByText(/Hävd av Sandra Wiik.*Ingen hälsa i ärendet\./).waitFor();
  await picture(sandra, 'secrecy-history');
});
