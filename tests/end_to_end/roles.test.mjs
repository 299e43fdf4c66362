import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertAccessible, picture, scene } from './browser.mjs';

const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
const requests = '/_torg/v1/requests?authority=KS';

const stage = scene();
const row = (page, section, name) => page.getByRole('region', { name: section, exact: true }).getByRole('row').filter({ hasText: name });

test('an administrator gives and ends a role', async () => {
  const henning = await stage.signedIn('henning.palm', '/app/roller');
  const form = henning.getByRole('form', { name: 'Ge en roll' });
  await form.getByLabel('Person').selectOption({ label: 'Amira Nordin, KS' });
  await form.getByLabel('Roll').selectOption('jurist');
  await form.getByRole('button', { name: 'Ge en roll' }).click();
  const given = row(henning, 'Roller', 'Amira Nordin').filter({ hasText: 'jurist' });
  await given.waitFor();
  await picture(henning, 'roles');
  await given.getByRole('button', { name: 'Avsluta' }).click();
  await given.getByRole('button', { name: 'Avsluta för Amira Nordin' }).click();
  await given.waitFor({ state: 'detached' });
});

test('nobody who works with records is made an administrator', async () => {
  const henning = await stage.signedIn('henning.palm', '/app/roller');
  const form = henning.getByRole('form', { name: 'Ge en roll' });
  await form.getByLabel('Person').selectOption({ label: 'Maja Ekdahl, KS' });
  await form.getByLabel('Roll').selectOption('administratör');
  await form.getByRole('button', { name: 'Ge en roll' }).click();
  await henning.getByRole('alert').filter({ hasText: 'den som administrerar får inte läsa' }).waitFor();
});

test('an archivist enters a decision of the board, and what it gives works until it ends', async () => {
  const tove = await stage.colleague('tove.lindgren');
  await assert.rejects(tove.call('GET', requests));
  const arne = await stage.signedIn('arne.palm', '/app/roller');
  const form = arne.getByRole('form', { name: 'För in en delegation' });
  await form.getByLabel('Person').selectOption({ label: 'Tove Lindgren, KS' });
  await form.getByLabel('Får göra').selectOption('Besvara begäran om utlämnande');
  await form.getByLabel('Sista dag').fill(tomorrow);
  await form.getByLabel('Beslut').fill('KS 2026-11-03 § 14');
  await form.getByRole('button', { name: 'För in en delegation' }).click();
  const entered = row(arne, 'Delegationer', 'Tove Lindgren');
  await entered.filter({ hasText: '§ 14' }).waitFor();
  assert.ok((await tove.call('GET', requests)).requests);
  await entered.getByRole('button', { name: 'Avsluta' }).click();
  await entered.getByRole('button', { name: 'Avsluta för Tove Lindgren' }).click();
  await entered.filter({ hasText: 'avslutad i förtid' }).waitFor();
  await assert.rejects(tove.call('GET', requests));
});

for (const dark of [false, true]) {
  test(`the page can be used by everybody, ${dark ? 'dark' : 'light'}`, async () => {
    const page = await stage.signedIn('arne.palm', '/app/roller', { dark });
    await page.getByText('Vad varje roll får göra').first().click();
    await page.getByRole('rowheader', { name: 'Läsa diariet' }).waitFor();
    await assertAccessible(page, 'roles');
    await page.finish();
  });
}
