// A case: its records in order, what the public sees of it, adding to it, correcting in it, closing it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertAccessible, openRoom, picture, scene } from './browser.mjs';
import { printed } from './paper.mjs';

const laxan = 'Översvämningsskydd Laxån';
const year = new Date().getFullYear();
let sandra;

const stage = scene(async () => {
  sandra = await stage.signedIn('sandra.wiik');
});

const title = () => sandra.getByRole('heading', { level: 1, name: laxan });
const rows = () => sandra.locator('.case-grid tbody tr');
const columns = () => rows().evaluateAll((all) => all.map((row) => [...row.cells].map((cell) => cell.innerText.trim())));
const focusText = () => sandra.evaluate(() => document.activeElement?.textContent ?? '');

test('a case is reached from its room', async () => {
  await openRoom(sandra, laxan);
  await sandra.locator('.room-head').getByRole('link', { name: `KS ${year}/00001` }).focus();
  await sandra.keyboard.press('Enter');
  await title().waitFor();
  assert.equal(await rows().count(), 3);
});

test('and from the list by G and its letter, with a search and with a whole number', async () => {
  await sandra.locator('.case-grid').focus();
  await sandra.keyboard.press('g');
  await sandra.keyboard.press('c'); // playwright has no key called Ä; C is the same door
  await sandra.getByRole('searchbox').waitFor();
  await sandra.getByRole('link', { name: 'Drift dagvatten' }).waitFor();
  await assertAccessible(sandra, 'cases');
  await picture(sandra, 'cases');
  await sandra.getByRole('searchbox').fill('Laxån');
  await sandra.getByRole('link', { name: 'Drift dagvatten' }).waitFor({ state: 'detached' });
  await sandra.keyboard.press('Enter');
  await title().waitFor();
  await sandra.goBack();
  await sandra.getByRole('searchbox').fill(`KS ${year}/00001-9`);
  await sandra.keyboard.press('Enter');
  await sandra.getByRole('alert').getByText('Det finns ingen handling med numret').waitFor();
  await sandra.getByRole('searchbox').fill(`KS ${year}/00001-2`);
  await sandra.keyboard.press('Enter');
  await sandra.getByRole('dialog').getByText(`KS ${year}/00001-2`).first().waitFor();
  await sandra.keyboard.press('Escape');
  await title().waitFor();
});

test('and from a line of the desk by Shift O', async () => {
  await sandra.goto(`${stage.url}/app/diarium`);
  await sandra.getByRole('option', { selected: true }).filter({ hasText: laxan }).waitFor();
  await sandra.keyboard.press('Shift+O');
  await title().waitFor();
});

test('the records stand in order, newest first, each with its way and its party', async () => {
  const shown = await columns();
  assert.deepEqual(shown.map((row) => row[0]), ['3', '2', '1']);
  assert.deepEqual(shown.map((row) => row[2]), ['Upprättad', 'Inkom', 'Skickad']);
  assert.match(shown[1][3], /Fråga om egna brunnar vid vallen, Hamngatan\nKarin Holmgren, enskild/);
  await sandra.getByRole('region', { name: 'Klockor' }).getByText('inte bedömd').first().waitFor();
  await sandra.locator('.time-line').getByText('Ärendet öppnades av Sandra Wiik').waitFor();
  await assertAccessible(sandra, 'case');
  await picture(sandra, 'case');
});

test('J, K and Enter go through the records and open one, Esc gives focus back', async () => {
  await sandra.locator('.case-grid').focus();
  await sandra.keyboard.press('j');
  assert.match(await focusText(), /Tjänsteanteckning/);
  await sandra.keyboard.press('j');
  assert.match(await focusText(), /Fråga om egna brunnar/);
  await sandra.keyboard.press('Enter');
  await sandra.getByRole('dialog').getByText('Fråga om egna brunnar').first().waitFor();
  await sandra.keyboard.press('Escape');
  await sandra.getByRole('dialog').waitFor({ state: 'detached' });
  assert.match(await focusText(), /Fråga om egna brunnar/);
});

test('P shows exactly what the public sees', async () => {
  await sandra.keyboard.press('p');
  await sandra.getByText('Det här är vad vem som helst ser').waitFor();
  const shown = await columns();
  assert.match(shown[1][3], /från en enskild/);
  assert.equal(await sandra.locator('.case-grid').getByText('Karin Holmgren').count(), 0);
  const stranger = await stage.open({ javaScript: false });
  await stranger.goto(stage.url + await sandra.getByRole('link', { name: 'Öppna det offentliga diariet' }).getAttribute('href'));
  const page = await stranger.locator('main').innerText();
  for (const row of shown) for (const words of row[3].split('\n')) assert.ok(page.includes(words), `the public page says “${words}”`);
  assert.doesNotMatch(page, /Holmgren/);
  await stranger.finish();
  await assertAccessible(sandra, 'case, as the public sees it');
  await picture(sandra, 'case-public');
});

test('U prints the sheet of what is shown: without names in the public view', async () => {
  const print = async (name) => {
    const [sheet] = await Promise.all([sandra.waitForEvent('popup'), sandra.keyboard.press('u')]);
    await sheet.getByRole('heading', { name: 'Dagboksblad' }).waitFor();
    const paper = await printed(sheet, name);
    await sheet.close();
    return paper.text;
  };
  await sandra.locator('.case-grid').focus();
  assert.doesNotMatch(await print('daybook-public'), /Holmgren/);
  await sandra.keyboard.press('p');
  assert.match(await print('daybook-names'), /Karin Holmgren/);
});

test('+ adds to the case: the case is chosen already, and the new record is there', async () => {
  await sandra.locator('.case-grid').focus();
  await sandra.keyboard.press('+');
  await sandra.getByRole('heading', { name: 'Registrera något annat' }).waitFor();
  await sandra.getByRole('button', { name: 'Papper' }).click();
  await sandra.locator('.desk-right').getByText(laxan).waitFor();
  await sandra.getByLabel('Kort anteckning').fill('Ritning över vallen, blad 3.');
  await sandra.keyboard.press('Control+Enter');
  const number = sandra.locator('.number .big');
  await number.waitFor();
  assert.equal(await number.innerText(), `KS ${year}/00001-4`);
  await sandra.locator('.desk-right').getByRole('link', { name: laxan }).focus();
  await sandra.keyboard.press('Enter');
  await title().waitFor();
  await rows().first().getByRole('cell', { name: '4', exact: true }).waitFor();
});

test('how the readable copy stands is seen, also when it could not be made', async () => {
  const waiting = rows().first().locator('.rendition[data-rendition=waiting]');
  await waiting.getByText('Läsbar kopia görs').waitFor();
  // What the server answers when it has tried and failed; the page must say so and offer the original.
  await sandra.route(/\/_torg\/v1\/(cases\/1|records\/\d+)$/, async (route) => {
    const answer = await route.fetch();
    const json = await answer.json();
    for (const one of json.entries ?? [json]) one.rendition = 'failed';
    await route.fulfill({ response: answer, json });
  });
  await sandra.reload();
  await rows().first().locator('.rendition[data-rendition=failed]').getByText('Läsbar kopia saknas').waitFor();
  await sandra.locator('.case-grid').focus();
  await sandra.keyboard.press('j');
  await sandra.keyboard.press('Enter');
  await sandra.getByRole('dialog').getByText('Originalet är sparat och går att lämna ut.').waitFor();
  await assertAccessible(sandra, 'record without a readable copy');
  await sandra.unrouteAll();
  await sandra.keyboard.press('Escape');
});

test('A closes the case after a review of what is still working in its rooms', async () => {
  const maja = await stage.colleague('maja.ekdahl');
  const room = await maja.room('Enhetsmöte tisdagar');
  const { plan } = await maja.call('GET', `/_torg/v1/rooms/${encodeURIComponent(room)}/plan`);
  const made = await maja.call('POST', '/_torg/v1/cases', { authority: 'KS', title: 'Ledningens utredning', classification: '1.1.2' });
  await maja.call('PUT', `/_torg/v1/rooms/${encodeURIComponent(room)}/plan`, { ...plan, accepted_by: undefined, case: { id: made.id, number: made.number, title: 'Ledningens utredning' } });
  await maja.say(room, 'Flödet är 3,2 m3/s vid bron.');
  await maja.say(room, 'Utkast, inte klart.');
  await sandra.goto(`${stage.url}/app/arenden/${made.id}`);
  await sandra.getByText('Ärendet har inga handlingar än.').waitFor();
  await sandra.locator('.case-grid').focus();
  await sandra.keyboard.press('a');
  const dialog = sandra.getByRole('dialog');
  await dialog.getByText('Flödet är 3,2 m3/s vid bron.').waitFor();
  await dialog.getByText('Utkast, inte klart.').waitFor();
  await assertAccessible(sandra, 'closing');
  await picture(sandra, 'case-close');
  await sandra.keyboard.press('Control+Enter');
  await dialog.waitFor({ state: 'detached' });
  await sandra.getByText(/avslutat/).first().waitFor();
  assert.equal(await sandra.getByRole('button', { name: 'Avsluta ärendet' }).count(), 0);
  const { state, items } = await maja.call('GET', `/_torg/v1/cases/${made.id}/review`);
  assert.equal(state, 'done');
  assert.deepEqual(items.filter((item) => item.text.startsWith('Flödet')).map((item) => item.verdict), ['record']);
});

test('a case of another board is refused in words', async () => {
  const erik = await stage.signedIn('erik.sandell', '/app/arenden/1');
  await erik.getByRole('heading', { name: 'Det här ärendet är inte ditt' }).waitFor();
  await assertAccessible(erik, 'case, not yours');
  await erik.finish();
});
