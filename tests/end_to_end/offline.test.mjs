// A lift pressed while the network is away is kept, sent once when it is back, and survives a reload in between.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertAccessible, focusPost, openRoom, picture, post, scene } from './browser.mjs';

const laxan = 'Översvämningsskydd Laxån';
let maja;

const stage = scene(async () => {
  maja = await stage.signedIn('maja.ekdahl');
  await openRoom(maja, laxan);
  const asa = await stage.colleague('asa.lindqvist');
  const room = await asa.room(laxan);
  for (const text of ['Förslag ett: vallen byggs i december.', 'Förslag två: pumpen flyttas.', 'Förslag tre: luckan tätas.', 'Förslag fyra: bron stängs.']) await asa.say(room, text);
});

const chip = (text) => post(maja, text).locator('[data-level=registered]');
const waiting = (text) => post(maja, text).getByText('Väntar på nätet');
const dialog = () => maja.getByRole('dialog');

async function openLift(text) {
  await focusPost(maja, text);
  await maja.keyboard.press('l');
  await dialog().getByLabel('Offentlig rubrik').waitFor();
}

/** The records of that title in the case of the record that the post shows. */
async function records(text, title) {
  const registrar = await stage.colleague('sandra.wiik');
  const number = await chip(text).first().innerText();
  const record = await registrar.call('GET', `/_torg/v1/records?number=${encodeURIComponent(number)}`);
  const found = await registrar.call('GET', `/_torg/v1/cases/${record.case.id}`);
  return found.entries.filter((one) => one.title === title);
}

test('pressed when the server is away it is kept and shown as waiting, not as registered', async () => {
  await openLift('Förslag ett');
  await dialog().getByLabel('Offentlig rubrik').fill('Förslag om vallen');
  await stage.pause();
  await maja.keyboard.press('Control+Enter');
  await waiting('Förslag ett').waitFor();
  await maja.getByRole('status').filter({ hasText: 'Lyftet är sparat här' }).waitFor({ state: 'attached' });
  assert.equal(await chip('Förslag ett').count(), 0);
  await assertAccessible(maja, 'a waiting lift');
  await picture(maja, 'lift-waiting');
});

test('a lift can be begun without a server, with the title one writes', async () => {
  await openLift('Förslag två');
  await dialog().getByText('Torg fyller i ärende, nummer och resten när du är tillbaka').waitFor();
  await assertAccessible(maja, 'a lift without a server');
  await dialog().getByLabel('Offentlig rubrik').fill('Förslag om pumpen');
  await maja.keyboard.press('Control+Enter');
  await waiting('Förslag två').waitFor();
});

test('Z takes a waiting lift back', async () => {
  await openLift('Förslag tre');
  await maja.keyboard.press('Control+Enter');
  await waiting('Förslag tre').waitFor();
  await focusPost(maja, 'Förslag tre');
  await maja.keyboard.press('z');
  await waiting('Förslag tre').waitFor({ state: 'detached' });
});

test('a reload in between loses nothing', async () => {
  await stage.resume();
  // The pages come again before the register does.
  await maja.route('**/_torg/v1/lifts*', (route) => route.abort());
  await maja.route('**/_torg/v1/lifts/**', (route) => route.abort());
  await maja.reload();
  await openRoom(maja, laxan);
  await waiting('Förslag ett').waitFor();
  await waiting('Förslag två').waitFor();
  assert.equal(await waiting('Förslag tre').count(), 0);
});

test('back again it is sent, counts down and becomes one record', async () => {
  await maja.unrouteAll();
  await waiting('Förslag ett').waitFor({ state: 'detached' });
  await chip('Förslag ett').waitFor({ timeout: 40_000 });
  await chip('Förslag två').waitFor({ timeout: 40_000 });
  const [wall, ...twice] = await records('Förslag ett', 'Förslag om vallen');
  assert.deepEqual(twice, []);
  const [pump] = await records('Förslag två', 'Förslag om pumpen');
  assert.equal(pump.case.number, wall.case.number, 'filled in from the plan, as if it had been pressed with a server');
  assert.equal(await chip('Förslag tre').count(), 0);
});

test('an answer that is lost on its way makes no second record', async () => {
  await openLift('Förslag fyra');
  await dialog().getByLabel('Offentlig rubrik').fill('Förslag om bron');
  let lost = 0;
  const keys = [];
  await maja.route('**/_torg/v1/lifts', async (route) => {
    keys.push(route.request().postDataJSON().key);
    if (lost > 0) return route.continue();
    lost += 1;
    await route.fetch();
    return route.abort();
  });
  await maja.keyboard.press('Control+Enter');
  await chip('Förslag fyra').waitFor({ timeout: 40_000 });
  assert.equal((await records('Förslag fyra', 'Förslag om bron')).length, 1);
  assert.equal(new Set(keys).size, 1);
  assert.equal(keys.length, 2);
});
