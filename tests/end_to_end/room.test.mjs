import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { focused, focusPost, openRoom, picture, post, scene, write } from './browser.mjs';

const laxan = 'Översvämningsskydd Laxån';
let maja;
let erik;

const stage = scene(async () => {
  maja = await stage.signedIn('maja.ekdahl');
  erik = await stage.signedIn('erik.sandell');
  await openRoom(maja, laxan);
  await openRoom(erik, laxan);
});

test('a wrong password says so in words and keeps the name', async () => {
  const page = await stage.open();
  await page.goto(`${stage.url}/app/`);
  await page.locator('input[name=user]').fill('maja.ekdahl');
  await page.locator('input[name=password]').fill('wrong');
  await page.keyboard.press('Enter');
  await page.getByRole('alert').filter({ hasText: 'Namnet och lösenordet hör inte ihop.' }).waitFor();
  assert.equal(await page.locator('input[name=user]').inputValue(), 'maja.ekdahl');
  await page.finish();
});

test('the token is gone with the tab unless one asks to stay', async () => {
  const kept = await maja.evaluate(() => ({ stays: localStorage.getItem('torg.session'), tab: sessionStorage.getItem('torg.session') }));
  assert.equal(kept.stays, null);
  assert.ok(kept.tab);
  assert.equal(await maja.evaluate(() => document.cookie), '');
});

test('the header shows class, who shares the room and its plan', async () => {
  const head = maja.locator('.room-head');
  await head.getByText('Intern').waitFor();
  await head.getByText('Delas av tre nämnder · hålls ordnat').waitFor();
  await head.getByText('Kommunstyrelsen').waitFor();
  await head.getByText('Tekniska nämnden').waitFor();
  await maja.locator('.side').getByText('Skydda Strandängen före vårfloden 2027').first().waitFor();
  await picture(maja, 'room-boards');
});

test('the rail shows only what the person reaches', async () => {
  assert.deepEqual(await maja.locator('.rail ul .rail-item').allInnerTexts(), ['Rum', 'Ärenden']);
});

test('what one writes reaches the other, and typing is seen', async () => {
  await maja.locator('.main .composer textarea').pressSequentially('Hej');
  await erik.locator('.typing').filter({ hasText: 'Maja Ekdahl skriver' }).waitFor();
  await write(maja, 'Hej Erik, hur ser det ut vid bron?');
  await post(erik, 'Hej Erik, hur ser det ut vid bron?').waitFor();
});

test('an edit replaces the words at the other end', async () => {
  await write(maja, 'Pumpen är igang');
  await focusPost(maja, 'Pumpen är igang');
  await maja.keyboard.press('e');
  await maja.locator('.main .composer textarea').fill('Pumpen är igång');
  await maja.keyboard.press('Enter');
  await post(erik, 'Pumpen är igång').getByText('ändrat').waitFor();
});

test('a reply says what it answers, a thread stays beside', async () => {
  await focusPost(erik, 'Pumpen är igång');
  await erik.keyboard.press('r');
  await write(erik, 'Bra, då åker jag hem');
  await post(maja, 'Bra, då åker jag hem').locator('.replied').filter({ hasText: 'Pumpen är igång' }).waitFor();
  await focusPost(erik, 'Pumpen är igång');
  await erik.keyboard.press('t');
  await erik.locator('.side textarea').fill('Vem har nyckeln?');
  await erik.keyboard.press('Enter');
  await post(maja, 'Pumpen är igång').getByText('Ett svar').waitFor();
  await erik.getByRole('button', { name: 'Stäng panelen' }).click();
});

test('a reaction is counted and can be taken back', async () => {
  await focusPost(erik, 'Pumpen är igång');
  await erik.getByRole('button', { name: 'Reagera' }).click();
  await erik.getByRole('button', { name: 'tummen upp' }).first().click();
  const reaction = (page) => post(page, 'Pumpen är igång').getByRole('button', { name: 'tummen upp, 1' });
  await reaction(maja).waitFor();
  await reaction(erik).click();
  await reaction(maja).waitFor({ state: 'detached' });
});

test('a file arrives byte for byte, and asking for it needs the token', async () => {
  await maja.locator('.main .composer input[type=file]').setInputFiles({ name: 'karta.txt', mimeType: 'text/plain', buffer: Buffer.from('en karta') });
  await maja.getByRole('group', { name: 'Vad delas det för?' }).waitFor(); // other authorities see it
  await maja.keyboard.press('2');
  await post(erik, 'karta.txt').waitFor();
  const [download] = await Promise.all([erik.waitForEvent('download'), post(erik, 'karta.txt').getByRole('button', { name: /karta\.txt/ }).click()]);
  assert.equal(await readFile(await download.path(), 'utf8'), 'en karta');
});

test('a removed post is shown as removed', async () => {
  await write(maja, 'Fel rum, förlåt');
  await focusPost(maja, 'Fel rum, förlåt');
  await maja.getByRole('button', { name: 'Fler val' }).click();
  await maja.getByRole('button', { name: 'Ta bort' }).click();
  await erik.getByText('Borttaget av den som skrev det.').waitFor();
  assert.equal(await post(erik, 'Fel rum, förlåt').count(), 0);
});

test('F6 goes through the regions and back', async () => {
  const region = () => maja.evaluate(() => document.activeElement?.closest('[data-region]')?.getAttribute('data-region'));
  await maja.locator('.rail a').first().focus();
  const seen = [];
  for (let step = 0; step < 5; step += 1) {
    await maja.keyboard.press('F6');
    seen.push(await region());
  }
  assert.deepEqual(seen, ['list', 'stream', 'composer', 'side', 'rail']);
  await maja.keyboard.press('Shift+F6');
  assert.equal(await region(), 'side');
});

test('the stream is one tab stop, and arrow up in an empty field leads to the last post', async () => {
  await maja.locator('.main .composer textarea').focus();
  await maja.keyboard.press('ArrowUp');
  const last = await maja.locator('[data-item]').last().getAttribute('data-item');
  assert.equal((await focused(maja)).item, last);
  assert.equal(await maja.locator('[data-item][tabindex="0"]').count(), 1);
});

test('letters are words in a text field and keys in the stream', async () => {
  await maja.locator('.main .composer textarea').fill('');
  await maja.locator('.main .composer textarea').pressSequentially('lnx');
  assert.equal(await maja.locator('.main .composer textarea').inputValue(), 'lnx');
  assert.equal(await maja.locator('dialog[open]').count(), 0);
  await maja.locator('.main .composer textarea').fill('');
});

test('? lists the keys of the place, and Esc gives focus back', async () => {
  await maja.locator('[data-item]').last().focus();
  const before = await focused(maja);
  await maja.keyboard.press('?');
  await maja.getByRole('dialog').getByText('Inte till diariet, därför att …').waitFor();
  await maja.keyboard.press('Escape');
  assert.deepEqual(await focused(maja), before);
});

test('the whole client speaks English', async () => {
  const page = await stage.signedIn('maja.ekdahl', '/app/rum', { language: 'en' });
  await openRoom(page, laxan);
  await page.locator('.room-head').getByText('Shared by three boards · kept ordered').waitFor();
  assert.equal(await page.evaluate(() => document.documentElement.lang), 'en');
  await page.finish();
});

test('a phone shows one thing at a time and nothing to the side', async () => {
  const page = await stage.signedIn('maja.ekdahl', '/app/rum', { width: 320, height: 640 });
  await page.locator('.list').getByRole('link', { name: laxan }).click();
  await page.locator('[data-item]').first().waitFor();
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 320);
  await page.finish();
});
