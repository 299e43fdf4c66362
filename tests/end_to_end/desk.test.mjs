import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { assertAccessible, card, dropFile, field, picture, scene } from './browser.mjs';

const laxan = 'Översvämningsskydd Laxån';
const within = 'Enhetsmöte tisdagar';
const mail = await readFile(new URL('SV vallen.eml', import.meta.url), 'utf8');
let sandra;
let registered = '';

const stage = scene(async () => {
  sandra = await stage.signedIn('sandra.wiik', '/app/diarium');
});

test('a mail dropped on the desk fills in every field, each with where it comes from', async () => {
  await sandra.locator('.desk').waitFor();
  await dropFile(sandra, '.desk', 'SV vallen.eml', 'message/rfc822', mail);
  await sandra.getByRole('region', { name: 'Mejlet' }).getByText('Jag är orolig för brunnen på Hamngatan 9.').waitFor();
  assert.match(await field(sandra, 'Väg').innerText(), /^Inkommen/);
  assert.match(await field(sandra, 'Kom').innerText(), /^17 november 2026/);
  assert.match(await field(sandra, 'Avsändare').innerText(), /^Bertil Norlén, enskild/);
  assert.notEqual((await field(sandra, 'Offentlig rubrik').innerText()).trim(), '–');
  assert.match(await field(sandra, 'Bilagor').innerText(), /^En bilaga/);
  await picture(sandra, 'manual');
});

test('one key gives the number, large, with how to say it', async () => {
  await sandra.keyboard.press('e');
  await sandra.keyboard.insertText('Synpunkt om enskild brunn vid vallen');
  await sandra.keyboard.press('Enter');
  await chooseCase();
  await sandra.keyboard.press('1');
  const number = sandra.locator('.number .big');
  await number.waitFor();
  registered = await number.innerText();
  assert.match(registered, /^KS 2026\/\d{5}-\d+$/);
  await sandra.locator('.number').getByText(/^Läs upp: K S tjugohundratjugosex/).waitFor();
  await picture(sandra, 'manual-done');
});

async function chooseCase() {
  if (/KS 2026/.test(await field(sandra, 'Ärende').innerText())) return;
  await card(sandra).getByRole('button', { name: 'Ändra Ärende' }).click();
  await card(sandra).locator('.case-picker .caseline').filter({ hasText: laxan }).first().click();
}

test('C copies the number, P prints the journal sheet', async () => {
  await sandra.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await sandra.keyboard.press('c');
  await sandra.getByRole('status').filter({ hasText: 'Numret är kopierat.' }).waitFor({ state: 'attached' });
  assert.equal(await sandra.evaluate(() => navigator.clipboard.readText()), registered);
  const [sheet] = await Promise.all([sandra.waitForEvent('popup'), sandra.keyboard.press('p')]);
  await sheet.getByRole('heading', { name: 'Dagboksblad' }).waitFor();
  await sheet.getByText('Bertil Norlén').waitFor();
  await picture(sheet, 'daybook');
  await sheet.close();
});

test('D takes the title down from the web', async () => {
  await sandra.locator('.desk-right').focus().catch(() => undefined);
  await card(sandra).getByRole('button', { name: 'Ta ner rubriken' }).click();
  await card(sandra).getByText('Rubriken visas inte på webben.').waitFor();
});

test('a call becomes an official note while one talks', async () => {
  await card(sandra).getByRole('button', { name: 'Registrera en till' }).click();
  await sandra.getByRole('button', { name: 'Telefon' }).click();
  await sandra.getByLabel('Vad sades?').fill('Räddningstjänsten meddelar att brandposten vid hamnplan är avstängd till fredag. De vill att vallen inte täcker luckan.');
  await sandra.getByLabel(/Vem ringde/).fill('Karin Sjöholm, Räddningstjänsten Norr');
  await picture(sandra, 'manual-phone');
  assert.match(await field(sandra, 'Offentlig rubrik').innerText(), /^Tjänsteanteckning: Räddningstjänsten meddelar/);
  await chooseCase();
  await sandra.getByLabel('Vad sades?').focus();
  await sandra.keyboard.press('Control+Enter');
  await sandra.locator('.number .big').waitFor();
  assert.notEqual(await sandra.locator('.number .big').innerText(), registered);
});

test('a post across boards lies in each board’s queue with a clock of its own', async () => {
  const erik = await stage.colleague('erik.sandell');
  const room = await erik.room(laxan);
  await erik.say(room, 'Yttrande: tekniska nämnden avstyrker att dagvattnet leds under vallen.');
  await sandra.goto(`${stage.url}/app/diarium`);
  const line = sandra.getByRole('option').filter({ hasText: 'avstyrker att dagvattnet' });
  await line.first().waitFor();
  await picture(sandra, 'registrar');
  const boards = new Set();
  for (const name of ['Kommunstyrelsen', 'Byggnadsnämnden', 'Tekniska nämnden']) {
    await sandra.getByRole('group', { name: 'Visa' }).getByRole('button', { name: new RegExp(name) }).click();
    if (await line.count()) boards.add(name);
    await sandra.getByRole('group', { name: 'Visa' }).getByRole('button', { name: new RegExp(name) }).click();
  }
  assert.ok(boards.size >= 2, `in the queues of ${[...boards].join(', ')}`);
});

test('the two boards’ records have numbers of their own', async () => {
  const numbers = [];
  for (let round = 0; round < 2; round += 1) {
    const line = sandra.getByRole('option').filter({ hasText: 'avstyrker att dagvattnet' }).first();
    await line.click();
    await sandra.locator('#queue').focus();
    await sandra.keyboard.press('1');
    await sandra.locator('.undo-bar .pending').waitFor();
    await sandra.locator('#queue').focus();
    await sandra.keyboard.press('Enter');
    const chip = sandra.locator('.undo-bar [data-level=registered]');
    await chip.waitFor();
    numbers.push(await chip.innerText());
  }
  assert.notEqual(numbers[0], numbers[1]);
  assert.notEqual(numbers[0].split(' ')[0], numbers[1].split(' ')[0]);
});

test('a vague title is changed and registered with three keys, and focus goes on', async () => {
  const asa = await stage.colleague('asa.lindqvist');
  const room = await asa.room(laxan);
  await asa.say(room, 'Vi tillstyrker förslaget om mätrör.');
  await asa.say(room, 'Vi avstyrker förslaget om trädfällning.');
  await sandra.reload();
  const line = sandra.getByRole('option').filter({ hasText: 'Vi tillstyrker förslaget om mätrör' }).first();
  await line.click();
  await card(sandra).getByRole('button', { name: 'Ändra Offentlig rubrik' }).waitFor();
  await sandra.locator('#queue').focus();
  await sandra.keyboard.press('e');
  await sandra.keyboard.insertText('Yttrande om mätrör');
  assert.equal(await focusRightAfterEnter(), 'queue', 'a key pressed right after Enter would be lost');
  await sandra.getByRole('option', { selected: true }).filter({ hasText: 'Yttrande om mätrör' }).waitFor();
  await sandra.keyboard.press('1');
  await sandra.locator('.undo-bar').getByText('Diarieförs').first().waitFor();
  assert.equal(await sandra.evaluate(() => document.activeElement?.id), 'queue');
  await sandra.getByRole('option', { selected: true }).filter({ hasNotText: 'Yttrande om mätrör' }).waitFor();
});

// Within one task of the page: before anything that was put off can run.
const focusRightAfterEnter = () => sandra.evaluate(() => {
  document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }));
  return document.activeElement?.id;
});

test('Z takes a registration back to the queue', async () => {
  await sandra.keyboard.press('z');
  await sandra.getByRole('option').filter({ hasText: 'Yttrande om mätrör' }).waitFor();
});

test('4 is refused for what has come in, in words', async () => {
  await sandra.getByRole('option').filter({ hasText: 'mätrör' }).first().click();
  await sandra.locator('#queue').focus();
  await sandra.keyboard.press('4');
  await card(sandra).getByRole('alert').waitFor();
});

test('the queue is emptied by keyboard alone', async () => {
  await sandra.locator('#queue').focus();
  for (let left = await sandra.getByRole('option').count(); left > 0; left = await sandra.getByRole('option').count()) {
    await sandra.keyboard.press('2');
    await sandra.waitForFunction((before) => document.querySelectorAll('[role=option]').length < before || document.querySelector('.verdicts [role=alert]'), left);
    if (await card(sandra).getByRole('alert').count()) {
      await sandra.keyboard.press('1');
      await sandra.waitForFunction((before) => document.querySelectorAll('[role=option]').length < before, left);
    }
  }
  await sandra.getByText(/^Kön är tom\./).waitFor();
});

test('a title waits for the registrar before it shows on the web', async () => {
  await sandra.goto(`${stage.url}/app/diarium/kontroll`);
  const maja = await stage.colleague('maja.ekdahl');
  const room = await maja.room(laxan);
  const asa = await stage.colleague('asa.lindqvist');
  const said = await asa.say(room, 'Vi tillstyrker att Gun Ahlbäck får låna pumpen.');
  const body = { room_id: room, event_ids: [said], authority: 'KS' };
  const { draft } = await maja.call('POST', '/_torg/v1/lifts/preview', body);
  await maja.call('POST', '/_torg/v1/lifts', { ...body, key: crypto.randomUUID(), commit: 'now', draft: { ...draft, title: 'Yttrande från Gun Ahlbäck om pumpen' } });
  await sandra.reload();
  await sandra.getByRole('option').filter({ hasText: 'Gun Ahlbäck' }).waitFor();
  await picture(sandra, 'registrar-check');
  await card(sandra).getByText('Rubriken visas inte på webben.').waitFor();
  await sandra.keyboard.press('e');
  await sandra.keyboard.insertText('Yttrande om lån av pump');
  await sandra.keyboard.press('Enter');
  await card(sandra).getByText('Yttrande om lån av pump').waitFor();
  await sandra.keyboard.press('w');
  await sandra.getByRole('status').filter({ hasText: 'Visas på webben.' }).waitFor({ state: 'attached' });
  await sandra.getByRole('option').filter({ hasText: 'Gun Ahlbäck' }).waitFor({ state: 'detached' });
  const stranger = await stage.open({ javaScript: false });
  await stranger.goto(`${stage.url}/diarium/sok?q=${encodeURIComponent('lån av pump')}`);
  await stranger.getByText('Yttrande om lån av pump').first().waitFor();
  assert.equal(await stranger.getByText('Gun Ahlbäck').count(), 0);
  await stranger.finish();
});

test('a stranger without JavaScript finds the mail, without the name, and asks for it', async () => {
  const stranger = await stage.open({ javaScript: false });
  await stranger.goto(`${stage.url}/diarium`);
  await picture(stranger, 'portal');
  await stranger.goto(`${stage.url}/diarium/sok?q=${encodeURIComponent(registered)}`);
  assert.equal(await stranger.getByText('Bertil').count(), 0);
  await picture(stranger, 'portal-search');
  await stranger.getByRole('link', { name: new RegExp(registered.replace('/', '\\/')) }).first().click();
  await picture(stranger, 'portal-record');
  assert.equal(await stranger.getByText('Bertil').count(), 0);
  await stranger.getByRole('link', { name: 'Begär handlingen' }).click();
  await picture(stranger, 'portal-ask');
  await stranger.getByRole('button', { name: 'Skicka begäran' }).click();
  await stranger.getByRole('heading', { level: 1, name: /Tack/ }).waitFor();
  await stranger.finish();
  await sandra.goto(`${stage.url}/app/diarium/begaran`);
  await sandra.getByText(registered).first().waitFor();
  await assertAccessible(sandra, 'requests');
});

test('the request lies on the desk with both its clocks, and is answered with the keyboard', async () => {
  await sandra.goto(`${stage.url}/app/diarium`);
  const line = sandra.getByRole('option').filter({ hasText: 'Begäran om utlämnande' });
  await line.filter({ hasText: registered }).click();
  await line.getByText(/^Senast /).waitFor();
  await card(sandra).getByText('Fråga inte vem eller varför.').waitFor();
  await assertAccessible(sandra, 'request on the desk');
  await picture(sandra, 'disclosure');
  await sandra.locator('#queue').focus();
  await sandra.keyboard.press('a');
  await sandra.keyboard.press('Control+Enter');
  await card(sandra).getByRole('alert').getByText(/Utan det går det inte att avslå/).waitFor();
  await sandra.keyboard.press('Escape');
  await sandra.locator('#queue').focus();
  await sandra.keyboard.press('d');
  await sandra.keyboard.insertText('Namnet på den som mejlade, OSL 21 kap. 1 §');
  await sandra.keyboard.press('Control+Enter');
  await card(sandra).getByText(/kammarrätten inom tre veckor/).waitFor();
  await sandra.keyboard.press('Enter');
  await line.waitFor({ state: 'detached' });
});

test('a case closed with things left is reviewed on the desk', async () => {
  const maja = await stage.colleague('maja.ekdahl');
  const room = await maja.room(within);
  const { plan } = await maja.call('GET', `/_torg/v1/rooms/${encodeURIComponent(room)}/plan`);
  const { id, number } = await maja.call('POST', '/_torg/v1/cases', { authority: 'KS', title: 'Ledningens utredning', classification: '1.1.2' });
  await maja.call('PUT', `/_torg/v1/rooms/${encodeURIComponent(room)}/plan`, { ...plan, accepted_by: undefined, case: { id, number, title: 'Ledningens utredning' } });
  await maja.say(room, 'Flödet är 3,2 m3/s vid bron.');
  const { items } = await maja.call('GET', `/_torg/v1/cases/${id}/review`);
  assert.equal(items.at(-1).suggested, 'record');
  await maja.call('POST', `/_torg/v1/cases/${id}/close`, {});
  await sandra.goto(`${stage.url}/app/diarium`);
  await sandra.getByRole('option').filter({ hasText: 'Genomgång' }).click();
  await card(sandra).getByText('Flödet är 3,2 m3/s vid bron.').waitFor();
  await assertAccessible(sandra, 'review on the desk');
  await card(sandra).getByRole('button', { name: 'Spara genomgången' }).focus();
  await sandra.keyboard.press('Enter');
  await sandra.getByRole('option').filter({ hasText: 'Genomgång' }).waitFor({ state: 'detached' });
  await sandra.getByRole('option').filter({ hasText: 'Flödet är 3,2' }).waitFor();
});
