// The plan of a room, the readings that an authority chooses, and inviting another authority to it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertAccessible, focusPost, openRoom, picture, scene } from './browser.mjs';

const skyfall = 'Skyfallsplan 2027';
let maja;

const stage = scene(async () => {
  maja = await stage.signedIn('maja.ekdahl');
  await openRoom(maja, skyfall);
});

test('P opens the plan, which says what it decides', async () => {
  await focusPost(maja, 'Vi börjar med lågpunkterna');
  await maja.keyboard.press('p');
  await maja.getByRole('heading', { level: 1, name: `Samarbetsplan: ${skyfall}` }).waitFor();
  const decides = maja.getByRole('region', { name: 'Det här bestämmer planen' });
  await decides.getByText('Tekniska nämnden, gemensamt').waitFor();
  await decides.getByText('Var och en det som finns hos den').waitFor();
  await maja.locator('.reading').first().waitFor();
  await assertAccessible(maja, 'plan');
  await picture(maja, 'plan');
});

test('what is contested shows both readings; who may not change it sees that', async () => {
  const talk = maja.locator('[data-setting=internal_talk]');
  assert.ok(await talk.locator('input[type=radio]').count() >= 2);
  await maja.getByText('Arkivarien eller administratören ändrar.').waitFor();
  assert.equal(await talk.locator('input[type=radio]:not([disabled])').count(), 1);
});

test('a change is shown before it is proposed, and holds when all have accepted it', async () => {
  await maja.locator('.plan-work').focus();
  await maja.keyboard.press('1');
  await maja.getByText('Informationsklass: från ”Intern” till ”Öppen”').waitFor();
  await maja.keyboard.press('Control+Enter');
  await maja.getByText(/^Föreslagen, väntar på/).waitFor();
  await assertAccessible(maja, 'plan, proposed');
  const erik = await stage.signedIn('erik.sandell', `/app/rum/${encodeURIComponent(await (await stage.colleague('erik.sandell')).room(skyfall))}/plan`);
  await erik.getByRole('button', { name: 'Godkänn för Tekniska nämnden' }).focus();
  await erik.keyboard.press('Enter');
  await erik.getByRole('button', { name: 'Godkänn för Tekniska nämnden' }).waitFor({ state: 'detached' });
  await erik.finish();
  const own = maja.getByRole('button', { name: 'Godkänn för Kommunstyrelsen' });
  if (await own.count()) await own.press('Enter');
  await maja.getByRole('status').getByText('Gäller').waitFor();
});

test('the other reading holds from when the archivist has chosen it, and says by which decision', async () => {
  const archivist = await stage.colleague('arne.palm');
  const { settings } = await archivist.call('GET', '/_torg/v1/settings?authority=KS');
  const talk = settings.find((one) => one.key === 'internal_talk');
  const { value } = talk.readings.find((one) => one.value !== talk.value);
  await assert.rejects(archivist.call('PUT', '/_torg/v1/settings/internal_talk', { authority: 'KS', value }));
  await archivist.call('PUT', '/_torg/v1/settings/internal_talk', { authority: 'KS', value, decision: 'KS 2026-11 § 4' });
  await maja.reload();
  const shown = maja.locator('[data-setting=internal_talk]');
  await shown.getByText(/KS 2026-11 § 4/).waitFor();
  assert.equal(await shown.locator('input[type=radio]:checked').count(), 1);
});

test('I invites; another board is shown what becomes disclosed, and nothing is done before it is seen (R9)', async () => {
  await maja.getByRole('link', { name: 'Till rummet' }).focus();
  await maja.keyboard.press('Enter');
  await focusPost(maja, 'Vi börjar med lågpunkterna');
  await maja.keyboard.press('i');
  const dialog = maja.getByRole('dialog');
  await dialog.getByRole('combobox').waitFor();
  await maja.keyboard.type('Åsa');
  await dialog.getByText('Byggnadsnämnden är ny i rummet. Vad ska de se?').waitFor();
  await dialog.getByText(/^2 inlägg blir inkomna hos Byggnadsnämnden \(R9\)\./).waitFor();
  await dialog.getByText('Så här ser det ut för Åsa Lindqvist').waitFor();
  await assertAccessible(maja, 'invite');
  await picture(maja, 'invite');
  await maja.keyboard.press('Control+Enter');
  await dialog.getByRole('alert').getByText('Kryssa för att du har sett vad som blir utlämnat.').waitFor();
  await dialog.getByText('Visa vad som blir synligt').focus();
  await maja.keyboard.press('Enter');
  await dialog.locator('.visible-posts').getByText('Vi börjar med lågpunkterna').waitFor();
  await dialog.getByRole('checkbox').focus();
  await maja.keyboard.press('Space');
  await maja.keyboard.press('Control+Enter');
  await dialog.waitFor({ state: 'detached' });
  const { proposed } = await (await stage.colleague('maja.ekdahl')).call('GET', `/_torg/v1/rooms/${encodeURIComponent(await (await stage.colleague('maja.ekdahl')).room(skyfall))}/plan`);
  assert.deepEqual([...proposed.parties].sort(), ['BN', 'KS', 'TN']);
});

test('a colleague of a board that takes part is invited at once', async () => {
  await focusPost(maja, 'Vi börjar med lågpunkterna');
  await maja.keyboard.press('i');
  const dialog = maja.getByRole('dialog');
  await dialog.getByRole('combobox').waitFor();
  await maja.keyboard.type('Tove');
  await dialog.getByText('Så här ser det ut för Tove Lindgren').waitFor();
  await maja.keyboard.press('Control+Enter');
  await dialog.waitFor({ state: 'detached' });
  const tove = await stage.signedIn('tove.lindgren');
  await tove.getByText(skyfall).first().waitFor();
  await tove.finish();
});
