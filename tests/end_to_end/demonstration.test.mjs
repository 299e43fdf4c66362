// The demonstration for a chief registrar, as one journey: a mail from yesterday, and then a message from the chat.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { assertAccessible, card, dropFile, field, focusPost, openRoom, picture, post, scene } from './browser.mjs';
import { printed } from './paper.mjs';

const laxan = 'Översvämningsskydd Laxån';
const zone = 'Europe/Stockholm';
const yesterday = new Date(Date.now() - 24 * 3600 * 1000);
const longDay = (date) => new Intl.DateTimeFormat('sv-SE', { day: 'numeric', month: 'long', year: 'numeric', timeZone: zone }).format(date);
const mail = (await readFile(new URL('SV vallen.eml', import.meta.url), 'utf8')).replace(/^Date: .*$/m, `Date: ${yesterday.toUTCString().replace('GMT', '+0000')}`);
let sandra;
let fromMail = '';
let fromChat = '';

const stage = scene(async () => {
  sandra = await stage.signedIn('sandra.wiik', '/app/diarium');
});

const firstLine = async (name) => (await field(sandra, name).innerText()).split('\n')[0].trim();

test('yesterday’s mail is dropped on the desk, and every field is right', async () => {
  await sandra.locator('.desk').waitFor();
  await dropFile(sandra, '.desk', 'SV vallen.eml', 'message/rfc822', mail);
  await sandra.getByRole('region', { name: 'Mejlet' }).getByText('Jag är orolig för brunnen på Hamngatan 9.').waitFor();
  assert.equal(await firstLine('Väg'), 'Inkommen');
  assert.equal(await firstLine('Kom'), longDay(yesterday), 'the day of the mail, not of the drop');
  assert.equal(await firstLine('Avsändare'), 'Bertil Norlén, enskild');
  assert.equal(await firstLine('Offentlig rubrik'), 'Synpunkt om vallen');
  assert.equal(await firstLine('Ärende'), `KS 2026/00001 ${laxan}`.replace('2026', String(new Date().getFullYear())));
  assert.match(await firstLine('Typ och klass'), /^\S+ · 1\.4\.1$/);
  assert.equal(await firstLine('Bilagor'), 'En bilaga');
  assert.match(await firstLine('Sekretess'), /^Ingen markering/);
});

test('1 gives the number, large, with how to read it out', async () => {
  await sandra.keyboard.press('1');
  const number = sandra.locator('.number .big');
  await number.waitFor();
  fromMail = await number.innerText();
  assert.match(fromMail, /^KS \d{4}\/00001-4$/);
  const spoken = await sandra.locator('.number').getByText(/^Läs upp:/).innerText();
  assert.match(spoken, /K S tjugohundra/);
  await assertAccessible(sandra, 'the number');
});

test('P prints the journal sheet with the new record on it', async () => {
  const [sheet] = await Promise.all([sandra.waitForEvent('popup'), sandra.keyboard.press('p')]);
  await sheet.getByRole('heading', { name: 'Dagboksblad' }).waitFor();
  await assertAccessible(sheet, 'journal sheet');
  const { sheets, text } = await printed(sheet, 'daybook');
  assert.equal(sheets, 1);
  assert.match(text, /Dagboksblad/);
  assert.match(text, new RegExp(`KS \\d{4}/00001 ${laxan}`));
  assert.match(text, /Synpunkt om vallen/);
  assert.match(text, /Bertil Norlén/, 'the sheet for the office has the name');
  assert.doesNotMatch(text, /Skriv ut|Stäng/, 'nothing of the screen is on the paper');
  await sheet.close();
});

/** The entry as somebody without an account and without JavaScript finds it. */
async function asStranger(number, look) {
  const stranger = await stage.open({ javaScript: false });
  await stranger.goto(`${stage.url}/diarium`);
  await stranger.locator('input[name=q]').first().fill(number);
  await stranger.keyboard.press('Enter');
  const [, year, serial, document] = /^KS (\d+)\/(\d+)-(\d+)$/.exec(number);
  await stranger.locator(`main a[href="/diarium/KS/${year}/${serial}/${document}"]`).first().click();
  await stranger.getByText(number).first().waitFor();
  await look(stranger);
  await stranger.finish();
}

test('a stranger finds the entry on the portal, with the name withheld', async () => {
  await asStranger(fromMail, async (page) => {
    const text = await page.locator('main').innerText();
    assert.match(text, /Synpunkt om vallen/);
    assert.match(text, /enskild/);
    assert.doesNotMatch(text, /Bertil|Norlén|brevet\.example/);
  });
});

test('the same from a chat message: L, Ctrl Enter, and Enter for the number', async () => {
  const asa = await stage.colleague('asa.lindqvist');
  await asa.say(await asa.room(laxan), 'Yttrande från Gun Ahlbäck om vallen: vi tillstyrker att hon får låna pumpen.');
  const maja = await stage.signedIn('maja.ekdahl');
  await openRoom(maja, laxan);
  await focusPost(maja, 'Yttrande från Gun Ahlbäck');
  await maja.keyboard.press('l');
  await maja.getByRole('dialog').getByLabel('Offentlig rubrik').waitFor();
  await maja.keyboard.press('Control+a'); // focus is in the title
  await maja.keyboard.type('Yttrande från Gun Ahlbäck om pumpen');
  await maja.keyboard.press('Control+Enter');
  await post(maja, 'Yttrande från Gun Ahlbäck').locator('.chip.pending').waitFor();
  await maja.keyboard.press('Enter');
  const chip = post(maja, 'Yttrande från Gun Ahlbäck').locator('[data-level=registered]');
  await chip.waitFor();
  fromChat = await chip.innerText();
  assert.match(fromChat, /^KS \d{4}\/00001-5$/);
  // Z, and from the record P: the sheet has both.
  await maja.keyboard.press('z');
  await maja.getByRole('dialog').getByRole('heading', { name: 'Rätta' }).waitFor();
  await maja.getByRole('dialog').getByRole('button', { name: 'Dagboksblad' }).waitFor();
  await assertAccessible(maja, 'the record');
  await picture(maja, 'record');
  const [sheet] = await Promise.all([maja.waitForEvent('popup'), maja.keyboard.press('p')]);
  await sheet.getByRole('heading', { name: 'Dagboksblad' }).waitFor();
  const { text } = await printed(sheet, 'daybook-chat');
  assert.match(text, /Bertil Norlén/);
  assert.match(text, /Gun Ahlbäck/);
  assert.match(text, /Byggnadsnämnden/);
  await sheet.close();
  await maja.finish();
});

test('until a registrar has looked, the web has its number and neither title nor name', async () => {
  await asStranger(fromChat, async (page) => {
    const text = await page.locator('main').innerText();
    assert.match(text, /Rubriken visas inte på webben/);
    assert.doesNotMatch(text, /Gun|Ahlbäck/);
  });
});

test('the registrar takes the suggestion without the name, shows it, and the stranger reads it', async () => {
  await sandra.goto(`${stage.url}/app/diarium/kontroll`);
  await sandra.getByRole('option').filter({ hasText: 'Gun Ahlbäck' }).waitFor();
  await card(sandra).getByRole('button', { name: 'Ta förslaget' }).waitFor();
  await sandra.keyboard.press('f');
  await sandra.keyboard.press('w');
  await sandra.getByRole('option').filter({ hasText: 'Ahlbäck' }).waitFor({ state: 'detached' });
  await asStranger(fromChat, async (page) => {
    const text = await page.locator('main').innerText();
    assert.match(text, /Yttrande om pumpen/);
    assert.doesNotMatch(text, /Gun|Ahlbäck/);
  });
});
