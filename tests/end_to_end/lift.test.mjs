import assert from 'node:assert/strict';
import { test } from 'node:test';
import { focused, focusPost, openRoom, picture, post, scene } from './browser.mjs';

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

const chip = (text) => post(maja, text).locator('[data-level=registered]');
const pending = (text) => post(maja, text).locator('.chip.pending');

async function lift(text) {
  await focusPost(maja, text);
  await maja.keyboard.press('l');
  await maja.getByRole('dialog').getByLabel('Offentlig rubrik').waitFor();
}

test('the dialog starts in the title, with everything else filled in', async () => {
  await asa.say(room, 'Byggnadsnämnden tillstyrker vallen, med två villkor om grundvattnet.');
  await lift('Byggnadsnämnden tillstyrker vallen');
  const dialog = maja.getByRole('dialog');
  const title = dialog.getByLabel('Offentlig rubrik');
  assert.notEqual(await title.inputValue(), '');
  assert.ok(await title.evaluate((element) => element === document.activeElement));
  await dialog.getByText(/nästa lediga, troligen KS 2026\/\d{5}-\d+/).waitFor();
  await dialog.getByText('Byggnadsnämnden').first().waitFor();
  await picture(maja, 'lift');
});

test('Esc closes without lifting and gives focus back to the post', async () => {
  const item = await post(maja, 'Byggnadsnämnden tillstyrker vallen').getAttribute('data-item');
  await maja.keyboard.press('Escape');
  await maja.getByRole('dialog').waitFor({ state: 'detached' });
  assert.equal((await focused(maja)).item, item);
  assert.equal(await pending('Byggnadsnämnden tillstyrker vallen').count(), 0);
});

test('an empty title is said at the field, and nothing is sent', async () => {
  await lift('Byggnadsnämnden tillstyrker vallen');
  await maja.getByLabel('Offentlig rubrik').fill('');
  await maja.keyboard.press('Control+Enter');
  await maja.getByRole('dialog').getByText('Skriv en offentlig rubrik.').waitFor();
  assert.equal(await maja.getByRole('dialog').count(), 1);
  await maja.keyboard.press('Escape');
});

test('Ctrl Enter starts ten seconds that look like nothing registered, and Z takes it back', async () => {
  await lift('Byggnadsnämnden tillstyrker vallen');
  await maja.keyboard.press('Control+Enter');
  await pending('Byggnadsnämnden tillstyrker vallen').waitFor();
  assert.equal(await chip('Byggnadsnämnden tillstyrker vallen').count(), 0);
  await maja.getByRole('status').filter({ hasText: 'Diarieförs om tio sekunder.' }).waitFor({ state: 'attached' });
  await picture(maja, 'lifted');
  await maja.keyboard.press('z');
  await pending('Byggnadsnämnden tillstyrker vallen').waitFor({ state: 'detached' });
  assert.equal(await chip('Byggnadsnämnden tillstyrker vallen').count(), 0);
});

test('Enter gives the number now, and everyone in the room sees it', async () => {
  await lift('Byggnadsnämnden tillstyrker vallen');
  await maja.getByLabel('Offentlig rubrik').fill('Yttrande över provisorisk vall vid Strandängen');
  await maja.keyboard.press('Control+Enter');
  await pending('Byggnadsnämnden tillstyrker vallen').waitFor();
  await maja.keyboard.press('Enter');
  await chip('Byggnadsnämnden tillstyrker vallen').waitFor();
  const number = await chip('Byggnadsnämnden tillstyrker vallen').first().innerText();
  assert.match(number, /^KS 2026\/\d{5}-\d+$/);
  const erik = await stage.signedIn('erik.sandell');
  await openRoom(erik, laxan);
  await post(erik, 'Byggnadsnämnden tillstyrker vallen').getByText(number).waitFor();
  await erik.finish();
});

test('the number comes by itself after ten seconds', async () => {
  await asa.say(room, 'Svar: vi mäter grundvattnet varje vecka från den 1 december.');
  await lift('Svar: vi mäter grundvattnet');
  await maja.keyboard.press('Control+Enter');
  await pending('Svar: vi mäter grundvattnet').waitFor();
  await chip('Svar: vi mäter grundvattnet').waitFor({ timeout: 20_000 });
});

test('an edit and a removal afterwards change nothing in the record', async () => {
  const said = await asa.say(room, 'Vi godkänner förslaget om pumpen vid Kvarnbron.');
  await lift('Vi godkänner förslaget om pumpen');
  await maja.keyboard.press('Control+Enter');
  await pending('Vi godkänner förslaget om pumpen').waitFor();
  await maja.keyboard.press('Enter');
  await chip('Vi godkänner förslaget om pumpen').waitFor();
  const number = await chip('Vi godkänner förslaget om pumpen').first().innerText();
  const before = await record(number);
  const path = `/_matrix/client/v3/rooms/${encodeURIComponent(room)}`;
  await asa.call('PUT', `${path}/send/m.room.message/late1`, {
    msgtype: 'm.text', body: '* Vi avslår', 'm.new_content': { msgtype: 'm.text', body: 'Vi avslår förslaget' },
    'm.relates_to': { rel_type: 'm.replace', event_id: said },
  });
  await asa.call('PUT', `${path}/redact/${encodeURIComponent(said)}/late2`, {});
  await maja.getByText('Borttaget av den som skrev det.').first().waitFor();
  assert.deepEqual(await record(number), before);
});

async function record(number) {
  const registrar = await stage.colleague('sandra.wiik');
  const { title, files, came_or_made_day: day, sender } = await registrar.call('GET', `/_torg/v1/records?number=${encodeURIComponent(number)}`);
  return { title, day, sender, originals: files.filter((file) => file.role !== 'rendition').map(({ name, size }) => ({ name, size })) };
}

test('after the number Z opens Rätta, and a correction needs its reason', async () => {
  await focusPost(maja, 'Byggnadsnämnden tillstyrker vallen');
  await maja.keyboard.press('z');
  const dialog = maja.getByRole('dialog');
  await dialog.getByRole('heading', { name: 'Rätta' }).waitFor();
  await dialog.getByRole('button', { name: 'Rätta' }).click();
  await dialog.getByText('Skriv varför du rättar.').waitFor();
  await maja.keyboard.press('Escape');
});

test('several posts become one record', async () => {
  await asa.say(room, 'Beslut 1: vallen byggs i december.');
  await asa.say(room, 'Beslut 2: pumpen flyttas till hamnplan.');
  await focusPost(maja, 'Beslut 1: vallen byggs');
  await maja.keyboard.press('x');
  await maja.keyboard.press('j');
  await maja.keyboard.press('x');
  await maja.getByText('2 inlägg är markerade.').waitFor();
  await maja.keyboard.press('l');
  await maja.getByRole('dialog').getByLabel('Offentlig rubrik').fill('Två beslut om vallen');
  assert.equal(await maja.getByRole('dialog').locator('.lift-left input[type=checkbox]').count(), 2);
  await maja.keyboard.press('Control+Enter');
  await pending('Beslut 1: vallen byggs').waitFor();
  await pending('Beslut 1: vallen byggs').click();
  await chip('Beslut 1: vallen byggs').waitFor();
  assert.equal(await chip('Beslut 1: vallen byggs').first().innerText(), await chip('Beslut 2: pumpen flyttas').first().innerText());
});

test('N offers only what the rules allow, and says why the rest is refused', async () => {
  await asa.say(room, 'Vi motsätter oss att vallen läggs så nära brunnarna.');
  await focusPost(maja, 'Vi motsätter oss att vallen');
  await maja.keyboard.press('n');
  const panel = maja.getByRole('complementary', { name: 'Bedöm' });
  await panel.getByText('Inte till diariet, därför att …').waitFor();
  await picture(maja, 'assess');
  await panel.locator('.absent').getByText(/därför allmän handling/).waitFor();
  await maja.keyboard.press('4');
  await panel.getByRole('alert').waitFor();
  await maja.keyboard.press('2');
  await panel.waitFor({ state: 'detached' });
  await post(maja, 'Vi motsätter oss att vallen').getByText('Hålls ordnad').waitFor();
});

test('a routine post of the shared room has no clock and asks nothing', async () => {
  await asa.say(room, 'Jag är fem minuter sen.');
  await focusPost(maja, 'Jag är fem minuter sen.');
  assert.equal(await post(maja, 'Jag är fem minuter sen.').locator('.clock').count(), 0);
});

test('a personal number in what one writes is marked before it is sent', async () => {
  await maja.locator('.main .composer textarea').fill('Ring 19900101-2385 i dag');
  await maja.getByRole('alert').filter({ hasText: 'Det här ser ut som ett personnummer: 19900101-2385.' }).waitFor();
  await maja.getByRole('button', { name: 'Ta bort', exact: true }).click();
  assert.equal(await maja.locator('.main .composer textarea').inputValue(), 'Ring  i dag');
  await maja.locator('.main .composer textarea').fill('');
});

test('what can not be lifted is said in the dialog, in words', async () => {
  await asa.say(room, 'Vi tillstyrker förslaget om stenkistan.');
  await lift('Vi tillstyrker förslaget om stenkistan.');
  const title = maja.getByRole('dialog').getByLabel('Offentlig rubrik');
  await title.fill('Yttrande\u202eom stenkistan');
  await maja.keyboard.press('Control+Enter');
  await maja.getByRole('dialog').getByText(/U\+202E, som styr skärmen eller vänder textens riktning/).waitFor();
  // A colleague is faster, while the dialog is open.
  const sandra = await stage.colleague('sandra.wiik');
  const id = await post(maja, 'Vi tillstyrker förslaget om stenkistan.').getAttribute('data-item');
  const what = { room_id: room, event_ids: [id], authority: 'KS' };
  const { draft } = await sandra.call('POST', '/_torg/v1/lifts/preview', what);
  const { number } = await sandra.call('POST', '/_torg/v1/lifts', { ...what, draft, key: 'faster', commit: 'now' });
  await title.fill('Yttrande om stenkistan');
  await maja.keyboard.press('Control+Enter');
  await maja.getByRole('dialog').getByText(`Det är redan diariefört, som ${number}.`).waitFor();
  await maja.keyboard.press('Escape');
});
