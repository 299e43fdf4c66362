// What may be secret is of little importance only together with a colleague (R22); and the day's list on paper.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertAccessible, focusPost, openRoom, picture, scene } from './browser.mjs';
import { printed } from './paper.mjs';


const stage = scene();

test('in the room: 3 asks which colleague agrees, and both stand in the history', async () => {
  const erik = await stage.colleague('erik.sandell');
  const room = await erik.room('Dricksvatten');
  const said = await erik.say(room, 'Tack, vi har fått läkarintyget.');
  const registrar = await stage.colleague('maja.ekdahl');
  const { items } = await registrar.call('POST', `/_torg/v1/rooms/${encodeURIComponent(room)}/items`, { event_ids: [said] });
  const mine = items[said].find((one) => one.authority === 'KS');
  const page = await stage.signedIn('maja.ekdahl');
  await openRoom(page, 'Dricksvatten');
  await focusPost(page, 'läkarintyget');
  await page.keyboard.press('n');
  const panel = page.getByRole('complementary', { name: 'Bedöm' });
  await panel.getByText('Inte till diariet, därför att …').waitFor();
  await page.keyboard.press('3');
  await panel.getByLabel('Vilken kollega håller med?').waitFor();
  await assertAccessible(page, 'a colleague must agree');
  await picture(page, 'assess-second');
  assert.ok(mine.allowed.includes('trivial'));
  await page.keyboard.press('Enter');
  await panel.waitFor({ state: 'detached' });
  const after = await registrar.call('POST', `/_torg/v1/rooms/${encodeURIComponent(room)}/items`, { event_ids: [said] });
  assert.equal(after.items[said].find((one) => one.authority === 'KS').handling, 'trivial');
  await page.finish();
});

test('without a colleague the server refuses it', async () => {
  const erik = await stage.colleague('erik.sandell');
  const room = await erik.room('Dricksvatten');
  const said = await erik.say(room, 'Tack för läkarintyget i går.');
  const maja = await stage.colleague('maja.ekdahl');
  const path = `/_torg/v1/rooms/${encodeURIComponent(room)}/items/${encodeURIComponent(said)}/assess`;
  const refused = await maja.call('POST', path, { authority: 'KS', handling: 'trivial' }).catch((error) => error);
  assert.equal(refused.json?.errcode, 'ORG.TORG.NEEDS_SECOND_PERSON');
  await assert.rejects(maja.call('POST', path, { authority: 'KS', handling: 'trivial', second_person: '@maja.ekdahl:alvhamn.example' }));
});

test('P on the desk prints the day’s list, with names or for the public', async () => {
  const page = await stage.signedIn('sandra.wiik', '/app/diarium');
  await page.locator('#queue').waitFor();
  const print = async (keys, name) => {
    await page.locator('#queue').focus();
    await page.keyboard.press('p');
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Kommunstyrelsen').waitFor();
    await assertAccessible(page, 'day’s list');
    await picture(page, 'daylist-choose');
    await keys(dialog);
    const [sheet] = await Promise.all([page.waitForEvent('popup'), page.keyboard.press('Control+Enter')]);
    await sheet.getByText('Begäran om yttrande, provisorisk vall').waitFor();
    await assertAccessible(sheet, 'day’s list on paper');
    await picture(sheet, name);
    const paper = await printed(sheet, name);
    await sheet.close();
    return paper.text;
  };
  assert.match(await print(async () => undefined, 'daylist'), /Karin Holmgren/);
  assert.doesNotMatch(await print((dialog) => dialog.getByLabel('För allmänheten').press('Space'), 'daylist-public'), /Holmgren/);
  await page.finish();
});
