import assert from 'node:assert/strict';
import { test } from 'node:test';
import { picture, scene } from './browser.mjs';

const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);

let arne;
let birgitta;
let run = '';

/** A plan in force that lets what is kept in order be disposed of at once: the demo's own posts are too young. */
async function planWithoutDelay() {
  const maja = await stage.colleague('maja.ekdahl');
  const path = `/_torg/v1/rooms/${encodeURIComponent(await maja.room('Översvämningsskydd Laxån'))}/plan`;
  const { plan } = await maja.call('GET', path);
  await maja.call('PUT', path, { ...plan, accepted_by: undefined, dispose_after_days: 0 });
  for (const [user, authority] of [['erik.sandell', 'TN'], ['asa.lindqvist', 'BN']]) {
    const other = await stage.colleague(user);
    await other.call('POST', `${path}/accept`, { authority });
  }
}

const stage = scene(async () => {
  await planWithoutDelay();
  arne = await stage.signedIn('arne.palm', '/app/arkiv');
  birgitta = await stage.signedIn('birgitta.ros', '/app/arkiv');
});

test('weeding shows each room’s rule, and can be paused and resumed', async () => {
  await arne.getByRole('cell', { name: /Fikarummet/ }).waitFor();
  await picture(arne, 'weed');
  await arne.getByRole('button', { name: 'Pausa all rensning' }).click();
  await arne.getByRole('heading', { name: 'All rensning är pausad' }).waitFor();
  await arne.getByRole('button', { name: 'Fortsätt rensa' }).click();
  await arne.getByRole('heading', { name: 'Rensning går av sig själv' }).waitFor();
});

test('a disposal is previewed under its decision and sent to another person', async () => {
  await arne.getByRole('link', { name: 'Gallring' }).click();
  await arne.getByLabel('Gallringsbeslut').fill('GB 2026-07');
  await arne.getByLabel('Rum stängda eller inlägg före').fill(tomorrow);
  await arne.getByRole('button', { name: 'Visa urvalet' }).click();
  await arne.getByRole('heading', { name: 'Stickprov' }).waitFor();
  await picture(arne, 'disposal');
  await arne.getByRole('button', { name: 'Skicka för godkännande' }).click();
  await arne.getByText('Kryssa för att du har sett urvalet.').waitFor();
  await arne.getByLabel('Jag har sett urvalet, stoppen och stickprovet.').check();
  await arne.getByRole('button', { name: 'Skicka för godkännande' }).click();
  await arne.getByText('Någon annan måste godkänna.').waitFor();
  run = new URL(arne.url()).pathname;
  assert.match(run, /^\/app\/arkiv\/gallring\/.+/);
  assert.equal(await arne.getByRole('button', { name: 'Godkänn' }).count(), 0);
});

test('a day too far ahead is refused in words', async () => {
  await birgitta.goto(`${stage.url}/app/arkiv/gallring`);
  await birgitta.getByLabel('Gallringsbeslut').fill('GB 2026-07');
  await birgitta.getByLabel('Rum stängda eller inlägg före').fill('2099-12-31');
  await birgitta.getByRole('button', { name: 'Visa urvalet' }).click();
  await birgitta.getByRole('alert').filter({ hasText: /./ }).waitFor();
});

test('the second person draws a sample of her own before she can approve', async () => {
  await birgitta.goto(stage.url + run);
  await birgitta.getByText('Dra ett eget stickprov först.').waitFor();
  assert.equal(await birgitta.getByRole('button', { name: 'Godkänn', exact: true }).count(), 0);
  await birgitta.getByRole('button', { name: 'Dra eget stickprov' }).click();
  await birgitta.getByRole('button', { name: 'Godkänn', exact: true }).click();
  await birgitta.getByRole('heading', { name: 'Bevis' }).waitFor();
  await birgitta.getByText(/Beviset ligger i loggen på plats/).first().waitFor();
});
