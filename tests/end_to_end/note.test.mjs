// The official note: select what was said, write what it comes to, keep it or lift it – alone or with its sources.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
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

const sheet = () => maja.getByRole('dialog');
const chip = (text) => post(maja, text).locator('[data-level=registered]');

async function select(first, count) {
  await focusPost(maja, first);
  await maja.keyboard.press('x');
  for (let n = 1; n < count; n += 1) {
    await maja.keyboard.press('j');
    await maja.keyboard.press('x');
  }
}

async function manifest(number) {
  const registrar = await stage.colleague('sandra.wiik');
  const { files } = await registrar.call('GET', `/_torg/v1/records?number=${encodeURIComponent(number)}`);
  return registrar.call('GET', files.find((file) => file.name === 'manifest.json').url);
}

test('A opens the note with heading, time, people and words in it, and focus where one writes', async () => {
  await asa.say(room, 'Räddningstjänsten meddelar att brandposten vid hamnplan är avstängd.');
  await asa.say(room, 'De vill att vallen inte täcker luckan intill.');
  await select('Räddningstjänsten meddelar', 2);
  await maja.getByText('2 inlägg är markerade. L lyfter dem tillsammans, A skriver en tjänsteanteckning.').waitFor();
  await maja.keyboard.press('a');
  await sheet().getByRole('heading', { name: 'Tjänsteanteckning', level: 2 }).waitFor();
  assert.equal(await sheet().getByLabel('Rubrik').inputValue(), 'Tjänsteanteckning: Räddningstjänsten meddelar att brandposten vid hamnplan är avstängd');
  assert.match(await sheet().getByLabel('När, och vilka').inputValue(), /\d{4}, \d\d\.\d\d.*Åsa Lindqvist \(/);
  assert.match(await sheet().getByLabel('Vad sades?').inputValue(), /Åsa Lindqvist \d\d\.\d\d: Räddningstjänsten .*\n.*luckan intill/);
  assert.ok(await sheet().getByLabel('Slutsats').evaluate((element) => element === document.activeElement));
  await assertAccessible(maja, 'note');
  await picture(maja, 'note');
});

test('Esc closes it, sends nothing, keeps what was written and gives focus back', async () => {
  await sheet().getByLabel('Slutsats').fill('Vallen flyttas en meter.');
  await maja.keyboard.press('Escape');
  await sheet().waitFor({ state: 'detached' });
  assert.equal((await focused(maja)).item, await post(maja, 'De vill att vallen inte täcker').getAttribute('data-item'));
  assert.equal(await maja.locator('.note-head').count(), 0);
  await maja.keyboard.press('a');
  assert.equal(await sheet().getByLabel('Slutsats').inputValue(), 'Vallen flyttas en meter.');
});

test('what is empty is said, and nothing is sent', async () => {
  const heading = await sheet().getByLabel('Rubrik').inputValue();
  await sheet().getByLabel('Rubrik').fill('');
  await maja.keyboard.press('Control+Enter');
  await sheet().getByText('Skriv en rubrik och vad som sades.').waitFor();
  assert.equal(await maja.locator('.note-head').count(), 0);
  await sheet().getByLabel('Rubrik').fill(heading);
});

test('the note and its sources become one record, with the note\'s heading and type', async () => {
  await maja.keyboard.press('Control+Enter');
  const title = sheet().getByLabel('Offentlig rubrik');
  await title.waitFor();
  assert.match(await title.inputValue(), /^Tjänsteanteckning: Räddningstjänsten/);
  await sheet().getByText('Tjänsteanteckning, upprättad').waitFor();
  assert.equal(await sheet().locator('.lift-left input[type=checkbox]:checked').count(), 3);
  await picture(maja, 'note-lift');
  await title.fill('Tjänsteanteckning: avstängd brandpost vid hamnplan');
  await maja.keyboard.press('Control+Enter');
  await maja.locator('.chip.pending').first().waitFor();
  await focusPost(maja, 'Vallen flyttas en meter.');
  await maja.keyboard.press('Enter');
  await chip('Vallen flyttas en meter.').first().waitFor();
  const number = await chip('Vallen flyttas en meter.').first().innerText();
  assert.equal(await chip('De vill att vallen inte täcker').first().innerText(), number);
  const { items } = await manifest(number);
  const note = items.find((item) => item.note);
  assert.equal(note.note.sources.length, 2);
  for (const source of note.note.sources) {
    const lifted = items.find((item) => item.event_id === source.event_id);
    assert.ok(source.available);
    // The manifest keeps the content as sent, in canonical form: its hash can be made again from what lies beside it.
    assert.equal(source.content_sha256, createHash('sha256').update(canonical(lifted.content)).digest('hex'));
  }
});

/** Canonical JSON of what the demonstration says: keys in order, no spaces. */
function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  return `{${Object.keys(value).sort().map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join()}}`;
}

test('the note says what it was written from, and leads there', async () => {
  await focusPost(maja, 'Vallen flyttas en meter.');
  await post(maja, 'Vallen flyttas en meter.').getByText('Tjänsteanteckning av två inlägg').waitFor();
  await post(maja, 'Vallen flyttas en meter.').locator('.note-head').getByRole('button', { name: /^Åsa Lindqvist/ }).first().click();
  await maja.locator('[data-item][data-focus]').filter({ hasText: 'Räddningstjänsten meddelar' }).waitFor();
  await assertAccessible(maja, 'note in the room');
});

test('the note alone leaves its source unregistered, and names it', async () => {
  const said = await asa.say(room, 'Ägaren till fastigheten vid bron ringde: källaren är torr.');
  await focusPost(maja, 'Ägaren till fastigheten vid bron');
  await maja.keyboard.press('a');
  await sheet().getByLabel('Bara anteckningen').check();
  await sheet().getByLabel('Slutsats').fill('Ingen pump behövs.');
  await maja.keyboard.press('Control+Enter');
  await sheet().getByLabel('Offentlig rubrik').fill('Tjänsteanteckning: källare vid bron');
  assert.equal(await sheet().locator('.lift-left input[type=checkbox]:checked').count(), 1);
  await maja.keyboard.press('Control+Enter');
  await maja.locator('.chip.pending').first().waitFor();
  await focusPost(maja, 'Ingen pump behövs.');
  await maja.keyboard.press('Enter');
  await chip('Ingen pump behövs.').first().waitFor();
  const { items } = await manifest(await chip('Ingen pump behövs.').first().innerText());
  assert.equal(items.length, 1);
  assert.equal(items[0].note.sources[0].event_id, said);
  assert.equal(await chip('källaren är torr.').count(), 1, 'only the note, which quotes it');
});

test('what was told prompts a note, until there is one', async () => {
  await asa.say(room, 'Karin Sjöholm ringde i morse: luckan vid kajen är öppen.');
  await focusPost(maja, 'luckan vid kajen är öppen');
  const prompt = post(maja, 'luckan vid kajen är öppen').getByText('En muntlig uppgift?');
  await prompt.waitFor();
  await post(maja, 'luckan vid kajen är öppen').getByRole('button', { name: 'Skriv tjänsteanteckning' }).click();
  await sheet().getByLabel('Slutsats').fill('Driftledaren är underrättad.');
  await sheet().getByRole('button', { name: 'Spara i rummet' }).click();
  await sheet().waitFor({ state: 'detached' });
  await post(maja, 'Driftledaren är underrättad.').getByText('Tjänsteanteckning av ett inlägg').waitFor();
  assert.equal(await chip('Driftledaren är underrättad.').count(), 0);
  const first = maja.locator('[data-item]').filter({ hasText: 'luckan vid kajen är öppen' }).first();
  await first.focus();
  await first.getByRole('toolbar').waitFor();
  assert.equal(await first.getByText('En muntlig uppgift?').count(), 0);
});

test('in English, with the same keys', async () => {
  const erik = await stage.signedIn('erik.sandell', undefined, { language: 'en' });
  await openRoom(erik, laxan);
  await focusPost(erik, 'Räddningstjänsten meddelar');
  await erik.keyboard.press('a');
  const dialog = erik.getByRole('dialog');
  await dialog.getByRole('heading', { name: 'Official note', level: 2 }).waitFor();
  assert.match(await dialog.getByLabel('Heading').inputValue(), /^Official note: /);
  await dialog.getByLabel('The note alone').waitFor();
  await assertAccessible(erik, 'note in English');
});
