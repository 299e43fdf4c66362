// The information plan: imported as tables, looked through as a whole, adopted by an archivist, and held in versions.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { assertAccessible, picture, scene } from './browser.mjs';

const sample = (name) => readFile(new URL(`../data/${name}-sample.csv`, import.meta.url), 'utf8');
const classification = await sample('classification');
const plan = await sample('information-plan');
let sandra;
let arne;

const stage = scene(async () => {
  sandra = await stage.signedIn('sandra.wiik', '/app/arkiv/plan');
  arne = await stage.signedIn('arne.palm', '/app/arkiv/plan');
});

const dialog = (page) => page.getByRole('dialog');
const csv = (name, text) => ({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });
const versions = (page) => page.getByRole('region', { name: 'Versioner' }).locator('tbody tr');

async function choose(page, tables) {
  await page.locator('.work').focus();
  await page.keyboard.press('+');
  await dialog(page).getByRole('heading', { name: 'Läs in en ny version' }).waitFor();
  for (const [label, file] of Object.entries(tables)) await dialog(page).getByLabel(label).setInputFiles(file);
}

test('a registrar comes to the plan by the archive’s door, and weeding is not hers', async () => {
  await sandra.getByRole('heading', { level: 1, name: 'Informationsplan' }).waitFor();
  assert.equal(await sandra.getByRole('link', { name: 'Rensning' }).count(), 0);
  await arne.getByRole('link', { name: 'Rensning' }).waitFor();
  await assertAccessible(sandra, 'no plan');
});

test('everything that contradicts itself is shown at once, row by row, and nothing is kept', async () => {
  const broken = plan.replace(/^1\.1\.1,Justerat/m, '9.9.9,Justerat').replace(/^(1\.1\.2,Synpunkt som.*),GB 2026-07,/m, '$1,,');
  assert.notEqual(broken, plan);
  await choose(sandra, { Klassificering: csv('klasser.csv', classification), 'Plan (CSV eller Excel)': csv('plan.csv', broken) });
  await sandra.keyboard.press('Control+Enter');
  const problems = dialog(sandra).locator('.tbl tbody tr');
  await problems.first().waitFor();
  assert.ok(await problems.count() >= 2, `${await problems.count()} problems`);
  await dialog(sandra).getByRole('alert').getByText('Inget är inläst.').waitFor();
  assert.ok(await sandra.evaluate(() => document.activeElement?.matches('[data-report]')), 'focus is at what was found');
  await assertAccessible(sandra, 'problems');
  await picture(sandra, 'information-plan-problems');
});

test('a whole table is shown with what it changes, and kept as a version that waits', async () => {
  await dialog(sandra).getByLabel('Plan (CSV eller Excel)').setInputFiles(csv('plan.csv', plan));
  await dialog(sandra).getByRole('button', { name: 'Kontrollera' }).press('Enter');
  await dialog(sandra).getByRole('heading', { name: 'Det här ändras' }).waitFor();
  await dialog(sandra).getByText(/nya handlingstyper/).waitFor();
  await assertAccessible(sandra, 'what a version changes');
  await sandra.keyboard.press('Control+Enter');
  await dialog(sandra).getByRole('heading', { name: 'Versionen och vad den ändrar' }).waitFor();
  await dialog(sandra).getByText('En arkivarie antar versionen.').waitFor();
  await sandra.keyboard.press('Escape');
  await versions(sandra).first().getByText('Väntar på beslut').waitFor();
  assert.ok(await sandra.evaluate(() => document.activeElement?.matches('.work')));
});

test('the archivist adopts it by a decision, and it is in force', async () => {
  await arne.reload();
  await versions(arne).first().waitFor();
  await arne.locator('.work').focus();
  await arne.keyboard.press('j');
  await arne.keyboard.press('Enter');
  await dialog(arne).getByLabel('Beslut').waitFor();
  await dialog(arne).getByLabel('Beslut').press('Control+Enter');
  await dialog(arne).getByRole('alert').getByText('Skriv beslutet som versionen antas med.').waitFor();
  await dialog(arne).getByLabel('Beslut').fill('KS 2026-11 § 4');
  await arne.keyboard.press('Control+Enter');
  await dialog(arne).waitFor({ state: 'detached' });
  await versions(arne).first().getByText('Gäller nu').waitFor();
  await versions(arne).first().getByText('KS 2026-11 § 4').waitFor();
  await arne.getByRole('region', { name: 'Handlingstyper' }).getByText('Justerat protokoll').waitFor();
  await assertAccessible(arne, 'a plan in force');
  await picture(arne, 'information-plan');
});

test('a row is found by a word', async () => {
  await arne.getByLabel('Sök').fill('protokoll');
  await arne.getByText(/^\d+ av \d+ rader$/).waitFor();
  await arne.getByText('Medborgarförslag').waitFor({ state: 'detached' });
});

test('the next version shows what it changes in words, and the one before ends the day before', async () => {
  const later = new Date(Date.now() + 40 * 86_400_000).toISOString().slice(0, 10);
  await choose(arne, { 'Plan (CSV eller Excel)': csv('plan.csv', plan.replace('1.1.2,Synpunkt som kräver åtgärd,Comment that calls for action,registered,series of the board,original + PDF/A-2,dispose,2 years', '1.1.2,Synpunkt som kräver åtgärd,Comment that calls for action,registered,series of the board,original + PDF/A-2,dispose,5 years')) });
  await dialog(arne).getByLabel('Gäller från').fill(later);
  await dialog(arne).getByRole('button', { name: 'Kontrollera' }).press('Enter');
  await dialog(arne).getByText('En handlingstyp ändras').waitFor();
  await dialog(arne).getByText(/^Frist: från .* till /).waitFor();
  await picture(arne, 'information-plan-changes');
  await arne.keyboard.press('Control+Enter');
  await dialog(arne).getByLabel('Beslut').fill('KS 2026-12 § 9');
  await arne.keyboard.press('Control+Enter');
  await dialog(arne).waitFor({ state: 'detached' });
  await versions(arne).first().getByText('Antagen', { exact: true }).waitFor();
  await versions(arne).nth(1).getByText(/ till /).waitFor();
});
