// The register for its own people, by keys: search, saved searches and files; a case's fields and relations; an older
// system's list; the series of numbers.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { assertAccessible, picture, scene } from './browser.mjs';
import { printed } from './paper.mjs';

const year = new Date().getFullYear();
let sandra;

const stage = scene(async () => {
  sandra = await stage.signedIn('sandra.wiik', '/app/diarium');
});

const words = (page) => page.getByRole('searchbox');
const rows = (page) => page.locator('.found tbody tr');
const numbers = (page) => page.locator('.found tbody td:first-child').allInnerTexts();
/** The list is the answer to what the field says, not to what it said before. */
const answered = (page, count) => page.waitForFunction((wanted) => document.querySelectorAll('.found:not([aria-busy=true]) tbody tr').length === wanted
  && (new URL(location.href).searchParams.get('q') ?? '') === document.getElementById('register-words').value.trim(), count);
const hasFocus = (page, text) => page.waitForFunction((wanted) => document.activeElement?.textContent?.includes(wanted), text);
const address = (page) => new URL(page.url()).searchParams;
/** Presses Tab until what has focus is named so. */
async function tabTo(page, name, most = 40) {
  for (let n = 0; n < most; n += 1) {
    await page.keyboard.press('Tab');
    const found = await page.evaluate(() => {
      const element = document.activeElement;
      return element?.getAttribute('aria-label') || element?.labels?.[0]?.innerText || element?.innerText || '';
    });
    if (found.startsWith(name)) return;
  }
  throw new Error(`Tab never came to ${name}.`);
}

test('the search is a tab of the desk and shows the registers one may read, newest first', async () => {
  await sandra.getByRole('link', { name: 'Sök i diariet' }).focus();
  await sandra.keyboard.press('Enter');
  await rows(sandra).first().waitFor();
  assert.ok(await rows(sandra).count() >= 3);
  assert.equal(await sandra.evaluate(() => document.activeElement.id), 'register-words');
  await sandra.getByRole('status').filter({ hasText: `${await rows(sandra).count()} handlingar` }).waitFor();
  await assertAccessible(sandra, 'register');
  await picture(sandra, 'register');
});

test('words find in their other forms; Enter goes into the list, Enter opens, Esc comes back', async () => {
  await sandra.keyboard.type('brunn');
  await sandra.waitForFunction(() => new URL(location.href).searchParams.get('q') === 'brunn');
  await sandra.keyboard.press('Enter');
  await hasFocus(sandra, 'Fråga om egna brunnar');
  await sandra.keyboard.press('Enter');
  await sandra.getByRole('dialog').getByText(`KS ${year}/00001-2`).first().waitFor();
  await sandra.keyboard.press('Escape');
  await hasFocus(sandra, 'Fråga om egna brunnar');
});

test('a phrase is found as it stands, and / is the way back to the field', async () => {
  await sandra.keyboard.press('/');
  await sandra.keyboard.press('Control+a');
  await sandra.keyboard.type('"brunnar egna"');
  await sandra.getByText('Inget hittades i de diarier du får läsa.').waitFor();
  await assertAccessible(sandra, 'register, nothing found');
  await picture(sandra, 'register-nothing');
  await sandra.keyboard.press('Control+a');
  await sandra.keyboard.type('"egna brunnar"');
  await answered(sandra, 1);
  assert.deepEqual(await numbers(sandra), [`KS ${year}/00001-2`]);
});

test('a whole number opens its record at once', async () => {
  await sandra.keyboard.press('Control+a');
  await sandra.keyboard.type(`KS ${year}/00001-3`);
  await sandra.keyboard.press('Enter');
  await sandra.getByRole('dialog').getByText(`KS ${year}/00001-3`).first().waitFor();
  await sandra.keyboard.press('Escape');
  await sandra.keyboard.press('/');
  await sandra.keyboard.press('Control+a');
  await sandra.keyboard.press('Delete');
  await sandra.waitForFunction(() => location.search === '');
});

test('what narrows the list is in the address, and a colleague who gets it sees the same', async () => {
  await words(sandra).press('ArrowDown');
  await sandra.keyboard.press('f');
  await tabTo(sandra, 'Inkom');
  await sandra.keyboard.press('Space');
  await sandra.waitForFunction(() => location.search === '?direction=in');
  await tabTo(sandra, 'Ärende, med nummer');
  await sandra.keyboard.type('KS 1999/1');
  await sandra.keyboard.press('Enter');
  await sandra.getByText('Inget ärende har det numret.').waitFor();
  await sandra.keyboard.press('Control+a');
  await sandra.keyboard.type(`ks ${year}/00001`);
  await sandra.keyboard.press('Enter');
  await sandra.getByRole('group', { name: 'Begränsat till' }).getByRole('button', { name: `KS ${year}/00001` }).waitFor();
  await sandra.waitForFunction(() => document.querySelectorAll('.found:not([aria-busy=true]) tbody tr').length === 1);
  assert.deepEqual(await numbers(sandra), [`KS ${year}/00001-2`]);
  assert.deepEqual([...address(sandra).keys()], ['direction', 'case']);
  await picture(sandra, 'register-narrowed');
  const arne = await stage.signedIn('arne.palm', new URL(sandra.url()).pathname + new URL(sandra.url()).search);
  await rows(arne).first().waitFor();
  assert.deepEqual(await numbers(arne), [`KS ${year}/00001-2`]);
  await arne.finish();
});

test('a search is saved by a name, run again, thrown away and had back', async () => {
  await words(sandra).press('ArrowDown');
  await hasFocus(sandra, 'Fråga om egna brunnar');
  await sandra.keyboard.press('s');
  await sandra.getByLabel('Vad ska den heta?').waitFor();
  await sandra.keyboard.type('Inkommet i Laxån');
  await sandra.keyboard.press('Enter');
  const saved = sandra.getByRole('region', { name: 'Sparade sökningar' }).getByRole('link', { name: 'Inkommet i Laxån' });
  await saved.waitFor();
  await sandra.goto(`${stage.url}/app/diarium/sok`);
  await rows(sandra).nth(2).waitFor();
  await sandra.keyboard.press('Shift+Tab');
  await saved.focus();
  await sandra.keyboard.press('Enter');
  await sandra.waitForFunction(() => new URL(location.href).searchParams.get('direction') === 'in');
  await saved.press('Tab');
  await sandra.keyboard.press('Enter');
  await saved.waitFor({ state: 'detached' });
  await hasFocus(sandra, 'Ångra');
  await sandra.keyboard.press('Enter');
  await saved.waitFor();
});

test('the list is had as a file, whole', async () => {
  await sandra.goto(`${stage.url}/app/diarium/sok?q=vall`);
  await rows(sandra).first().waitFor();
  await words(sandra).press('ArrowDown');
  await sandra.keyboard.press('e');
  const had = {};
  for (const format of ['xlsx', 'csv', 'json']) {
    const [file] = await Promise.all([sandra.waitForEvent('download'), sandra.keyboard.press('Enter')]);
    assert.match(file.suggestedFilename(), new RegExp(`^diariet \\d{4}-\\d\\d-\\d\\d\\.${format}$`));
    had[format] = await readFile(await file.path());
    await sandra.keyboard.press('Tab');
  }
  assert.equal(had.xlsx.subarray(0, 2).toString(), 'PK');
  assert.match(had.csv.toString(), /^\ufeffDiarienummer,/);
  assert.equal(JSON.parse(had.json).length, await rows(sandra).count());
});

test('on paper the list stands alone, and says what it is of', async () => {
  await sandra.goto(`${stage.url}/app/diarium/sok?direction=in&case=1`);
  await rows(sandra).first().waitFor();
  const { text } = await printed(sandra, 'register');
  assert.match(text, /Fråga om egna brunnar/);
  assert.match(text, /Inkom/);
  assert.match(text, /Utskriften visar en handling/);
  assert.doesNotMatch(text, /Sparade sökningar|Registrera något annat|Rum/);
});

test('of another board one sees what the web shows, and that is said', async () => {
  const erik = await stage.signedIn('erik.sandell', '/app/diarium/sok?authority=KS');
  await rows(erik).first().waitFor();
  await erik.getByText('Hos Kommunstyrelsen söker du i det webben visar').waitFor();
  await erik.getByRole('status').getByText('så som webben visar').waitFor();
  assert.equal(await erik.getByText('Holmgren').count(), 0);
  await assertAccessible(erik, 'register of another board');
  await picture(erik, 'register-masked');
  await erik.goto(`${stage.url}/app/diarium/sok?authority=KS&status=waiting`);
  await erik.getByText('Därför visas inget från Kommunstyrelsen.').waitFor();
  await erik.finish();
});

test('without network it says so, keeps what it has, and goes on afterwards', async () => {
  await sandra.goto(`${stage.url}/app/diarium/sok`);
  await rows(sandra).nth(2).waitFor();
  await sandra.context().setOffline(true);
  await words(sandra).fill('dagvatten');
  await sandra.getByText('Det du ser hämtades tidigare').waitFor();
  assert.ok(await rows(sandra).count() > 0);
  await picture(sandra, 'register-offline');
  await sandra.context().setOffline(false);
  await words(sandra).fill('brunnar');
  await sandra.waitForFunction(() => document.querySelectorAll('.found:not([aria-busy=true]) tbody tr').length === 1);
  await sandra.getByText('Det du ser hämtades tidigare').waitFor({ state: 'detached' });
});

test('a server that fails says so, and can be asked again', async () => {
  await sandra.route(/records\/search/, (route) => route.fulfill({ status: 500, json: { errcode: 'M_UNKNOWN', error: 'no' } }));
  await sandra.goto(`${stage.url}/app/diarium/sok?q=brunnar`);
  await sandra.getByRole('alert').getByText('Något gick fel hos oss').waitFor();
  await assertAccessible(sandra, 'register, failed');
  await sandra.unrouteAll();
  await sandra.getByRole('button', { name: 'Försök igen' }).press('Enter');
  await rows(sandra).first().waitFor();
});

test('it is the same in English', async () => {
  const page = await stage.signedIn('sandra.wiik', '/app/diarium/sok?q=brunnar', { language: 'en', dark: true });
  await rows(page).first().waitFor();
  await page.getByRole('status').getByText('One record').waitFor();
  await assertAccessible(page, 'register in English');
  await picture(page, 'register-english');
  await page.finish();
});

const facts = (page) => page.getByRole('region', { name: 'Om ärendet' });
const fact = (page, name) => facts(page).locator('.editline').filter({ has: page.locator('dt', { hasText: name }) }).locator('dd').first();
const timeline = (page) => page.locator('.time-line');

test('who has a case, where it stands and when it shall be done is changed by its letter, Enter keeps it', async () => {
  await sandra.goto(`${stage.url}/app/arenden/1`);
  await facts(sandra).waitFor();
  await sandra.waitForFunction(() => document.activeElement?.classList.contains('case-grid'));
  await sandra.keyboard.press('h');
  await sandra.keyboard.type('Maja');
  await sandra.keyboard.press('Enter');
  await fact(sandra, 'Handläggare').getByText('Maja Ekdahl').waitFor();
  await sandra.waitForFunction(() => document.activeElement?.getAttribute('aria-label') === 'Ändra Handläggare');
  await sandra.keyboard.press('l');
  await sandra.keyboard.press('ArrowDown');
  await sandra.keyboard.press('Tab');
  await sandra.keyboard.type('Länsstyrelsen ska svara');
  await sandra.keyboard.press('Enter');
  await fact(sandra, 'Läge').getByText('Väntar på någon').waitFor();
  await sandra.keyboard.press('d');
  await facts(sandra).locator('input[type=date]').fill(`${year + 1}-03-01`);
  await sandra.keyboard.press('Enter');
  await fact(sandra, 'Klart senast').getByText(`1 mars ${year + 1}`).waitFor();
  await sandra.keyboard.press('e');
  await sandra.keyboard.type('Samhällsbyggnad');
  await sandra.keyboard.press('Enter');
  await fact(sandra, 'Enhet').getByText('Samhällsbyggnad').waitFor();
  await timeline(sandra).getByText('Läge ändrades från Pågår till Väntar på någon av Sandra Wiik').waitFor();
  await timeline(sandra).getByText('Skäl: Länsstyrelsen ska svara').waitFor();
  await timeline(sandra).getByText('Handläggare ändrades från inget till Maja Ekdahl').waitFor();
  await assertAccessible(sandra, 'case with its fields');
  await picture(sandra, 'case-facts');
});

test('a new title needs its reason, and the old one stays in the timeline', async () => {
  await sandra.keyboard.press('t');
  await sandra.keyboard.type('Översvämningsskydd Laxån och Norrsjön');
  await sandra.keyboard.press('Enter');
  await sandra.getByRole('alert').getByText('Skriv varför du ändrar.').waitFor();
  await assertAccessible(sandra, 'case, changing the title');
  await picture(sandra, 'case-title');
  await sandra.keyboard.type('Uppdraget är utökat');
  await sandra.keyboard.press('Enter');
  await sandra.getByRole('heading', { level: 1, name: 'Översvämningsskydd Laxån och Norrsjön' }).waitFor();
  await timeline(sandra).getByText('Ärendemening ändrades från Översvämningsskydd Laxån till Översvämningsskydd Laxån och Norrsjön').waitFor();
  await sandra.keyboard.press('t');
  await sandra.keyboard.press('Escape');
  await facts(sandra).getByRole('form').waitFor({ state: 'detached' });
});

test('the same matter at another authority is noted with its number there', async () => {
  await sandra.keyboard.press('n');
  await facts(sandra).getByRole('form').waitFor();
  await sandra.keyboard.type('Länsstyrelsen');
  await sandra.keyboard.press('Enter');
  await sandra.getByRole('alert').getByText('Skriv både myndighet och nummer.').waitFor();
  await sandra.keyboard.press('Tab');
  await sandra.keyboard.type('551-1204-2026');
  await sandra.keyboard.press('Enter');
  await fact(sandra, 'Hos andra').getByText('551-1204-2026').waitFor();
  await timeline(sandra).getByText('till Länsstyrelsen 551-1204-2026').waitFor();
});

test('cases are related and the relation ended, seen from both ends', async () => {
  await sandra.keyboard.press('r');
  await sandra.keyboard.type('KS 1999/1');
  await sandra.keyboard.press('Enter');
  await sandra.getByRole('form', { name: 'Koppla ihop' }).getByRole('alert').filter({ hasText: /\w/ }).waitFor();
  await sandra.keyboard.press('Control+a');
  await sandra.keyboard.type(`TN ${year}/00001`);
  await sandra.keyboard.press('Enter');
  const related = sandra.getByRole('region', { name: 'Hör ihop med' });
  await related.getByText('Drift dagvatten').waitFor();
  await picture(sandra, 'case-related');
  await related.getByRole('link', { name: `TN ${year}/00001` }).press('Enter');
  await sandra.getByRole('heading', { level: 1, name: 'Drift dagvatten' }).waitFor();
  await sandra.getByRole('region', { name: 'Hör ihop med' }).getByText('Norrsjön').waitFor();
  await related.getByRole('button', { name: `Ta bort kopplingen till KS ${year}/00001` }).press('Enter');
  await related.getByText('är avslutad').waitFor();
  await hasFocus(sandra, 'Ångra');
  await sandra.keyboard.press('Enter');
  await related.getByText('Norrsjön').waitFor();
});

test('a record answers another, from its own sheet', async () => {
  await sandra.goto(`${stage.url}/app/arenden/1#2`);
  const sheet = sandra.getByRole('dialog');
  await sheet.getByRole('heading', { name: 'Hör ihop med' }).waitFor();
  await sheet.getByRole('button', { name: 'Koppla ihop' }).press('Enter');
  await sandra.keyboard.type(`KS ${year}/00001-1`);
  await sandra.keyboard.press('Enter');
  await sheet.getByText('Besvarar', { exact: true }).waitFor();
  await assertAccessible(sandra, 'record with a relation');
  await sandra.keyboard.press('Escape');
});

test('an officer changes an open case; another board’s officer may not read it', async () => {
  const maja = await stage.signedIn('maja.ekdahl', '/app/arenden/1');
  await facts(maja).getByText('Maja Ekdahl').waitFor();
  await facts(maja).getByRole('button', { name: 'Ändra Läge' }).waitFor();
  await maja.finish();
});

const older = (lines) => Buffer.from(['Ärende,Ärendemening,Öppnat,Diarienummer,Rubrik,Riktning,Avsändare,Datum,Gammalt fält', ...lines].join('\n'));
const bad = older(['KS 2019/00007,Bron över Laxån,2019-02-01,KS 2019/00007-1,,in,Vägverket,2019-02-01,x', 'KS 2019/00007,Bron över Laxån,,KS 2019/00007-2,Svar om bron,ut,,igår,x']);
const good = older(['KS 2019/00007,Bron över Laxån,2019-02-01,KS 2019/00007-1,Begäran om yttrande om bron,in,Vägverket,2019-02-01,x', 'KS 2019/00008,Gångväg i Strandängen,2019-03-01,,,,,,x']);
let arne;

/** Chooses a file from the keyboard: Enter on the field opens the window of the system. */
async function chooseList(page, buffer) {
  const field = page.getByLabel('Lista i CSV');
  await field.focus();
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.keyboard.press('Enter')]);
  await chooser.setFiles({ name: 'gamla-diariet.csv', mimeType: 'text/csv', buffer });
}

/** The same again, put right, without the window of the system. */
const rightedList = (page) => page.getByLabel('Lista i CSV').setInputFiles({ name: 'gamla-diariet.csv', mimeType: 'text/csv', buffer: good });

test('an older register’s list is looked through line by line, and nothing is written while one is wrong', async () => {
  arne = await stage.signedIn('arne.palm', '/app/arkiv/import');
  await arne.getByLabel('Lista i CSV').waitFor();
  await assertAccessible(arne, 'import');
  await arne.getByRole('combobox', { name: 'Myndighet' }).selectOption('KS');
  await chooseList(arne, bad);
  await arne.getByRole('heading', { name: '2 rader går inte att ta in.' }).waitFor();
  await arne.getByText('En handling har en rubrik.').waitFor();
  await arne.getByText('”igår” är ingen dag').waitFor();
  await arne.getByText('De här kolumnerna betyder inget här och läses inte: Gammalt fält.').waitFor();
  assert.deepEqual(await arne.locator('.import-lines tbody td:first-child').allInnerTexts(), ['2', '3']);
  assert.equal(await arne.getByRole('button', { name: /i diariet/ }).count(), 0);
  await assertAccessible(arne, 'import, refused');
  await picture(arne, 'import-refused');
});

test('a list that is whole is written by Ctrl Enter, and found afterwards', async () => {
  await rightedList(arne);
  await arne.getByRole('heading', { name: 'Listan är hel. Inget är skrivet än.' }).waitFor();
  await arne.getByRole('button', { name: 'Skriv 2 nya rader i diariet' }).waitFor();
  await assertAccessible(arne, 'import, whole');
  await picture(arne, 'import-whole');
  await arne.keyboard.press('Control+Enter');
  await arne.getByRole('heading', { name: '2 rader är skrivna i diariet.' }).waitFor();
  await rightedList(arne);
  await arne.getByRole('heading', { name: 'Allt i listan finns redan i diariet.' }).waitFor();
  await arne.goto(`${stage.url}/app/diarium/sok?q=Vägverket`);
  await rows(arne).first().waitFor();
  assert.deepEqual(await numbers(arne), ['KS 2019/00007-1']);
});

test('the series are changed by a decision; one that could give a number twice is refused where it stands', async () => {
  await arne.goto(`${stage.url}/app/arkiv/installningar`);
  await arne.getByRole('button', { name: 'Ändra serierna' }).waitFor();
  await arne.waitForFunction(() => document.activeElement?.classList.contains('work'));
  await assertAccessible(arne, 'settings');
  await picture(arne, 'settings');
  await arne.keyboard.press('e');
  const sheet = arne.getByRole('dialog');
  await sheet.getByRole('button', { name: 'Lägg till en serie' }).press('Enter');
  await arne.waitForFunction(() => document.activeElement?.closest('[data-series]')?.getAttribute('data-series') === '-2');
  await arne.keyboard.type('Personalärenden');
  await sheet.getByLabel('Mönster').last().fill('{code} {year}/{case}-{doc}');
  await sheet.getByLabel('Handlingstyper').last().fill('Ansökan om tjänst');
  await sheet.getByLabel('Vilket beslut').fill('KS 2026 § 8');
  await arne.keyboard.press('Control+Enter');
  await sheet.getByText('Serierna är inte ändrade.').waitFor();
  await sheet.locator('.series-row .problem').first().waitFor();
  await assertAccessible(arne, 'series, refused');
  await picture(arne, 'series-refused');
  await sheet.getByLabel('Mönster').last().fill('{code}-P {year}/{case}-{doc}');
  await arne.keyboard.press('Control+Enter');
  await sheet.waitFor({ state: 'detached' });
  await arne.locator('.series').getByText(`KS-P ${year}/`).first().waitFor();
});

test('what the authority decides itself is changed in its place: what the web shows, after a delay', async () => {
  const line = arne.locator('[data-setting=before_the_web]');
  await line.getByRole('button').press('Enter');
  await arne.keyboard.press('ArrowDown');
  await arne.keyboard.press('Enter');
  await line.getByRole('alert').getByText('Skriv beslutet').waitFor();
  await line.getByLabel('Vilket beslut').fill('KS 2026 § 9');
  await arne.keyboard.press('Enter');
  await line.getByText('KS 2026 § 9').waitFor();
  await line.getByText('Visas av sig själva efter en tid').waitFor();
});

test('all of it is the same in English', async () => {
  const page = await stage.signedIn('arne.palm', '/app/arkiv/installningar', { language: 'en', dark: true });
  await page.getByRole('heading', { name: 'Series of numbers' }).waitFor();
  await assertAccessible(page, 'settings in English');
  await page.goto(`${stage.url}/app/arkiv/import`);
  await page.getByLabel('List as CSV').waitFor();
  await assertAccessible(page, 'import in English');
  await page.goto(`${stage.url}/app/arenden/1`);
  await page.getByRole('region', { name: 'About the case' }).waitFor();
  await assertAccessible(page, 'case in English');
  await page.finish();
  await arne.finish();
});
