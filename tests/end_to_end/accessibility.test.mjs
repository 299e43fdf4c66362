import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { assertAccessible, dropFile, openRoom, picture, scene } from './browser.mjs';

const mail = await readFile(new URL('SV vallen.eml', import.meta.url), 'utf8');

const stage = scene();

for (const dark of [false, true]) {
  const look = dark ? 'dark' : 'light';

  test(`the room and its dialogs, ${look}`, async () => {
    const page = await stage.open({ dark });
    await page.goto(`${stage.url}/app/`);
    await page.locator('input[name=user]').waitFor();
    await assertAccessible(page, 'sign-in');
    await stage.enter(page, 'maja.ekdahl');
    await openRoom(page, 'Översvämningsskydd Laxån');
    await assertAccessible(page, 'room');
    if (dark) await picture(page, 'room-dark');
    const post = page.locator('[data-item]').filter({ hasText: 'Här är vårt yttrande om vallen' }).first();
    await post.focus();
    await assertAccessible(page, 'a post in focus');
    await page.keyboard.press('l');
    await page.getByLabel('Offentlig rubrik').waitFor();
    await assertAccessible(page, 'lift');
    await page.keyboard.press('Escape');
    await post.focus();
    await page.keyboard.press('n');
    await page.getByText('Inte till diariet, därför att …').first().waitFor();
    await assertAccessible(page, 'assess');
    await page.keyboard.press('Escape');
    for (const part of ['Plan', 'Handlingar', 'Personer']) {
      await page.getByRole('group', { name: 'Panelens delar' }).getByRole('button', { name: new RegExp(`^${part}`) }).click();
      await assertAccessible(page, part);
    }
    await post.focus();
    await page.keyboard.press('?');
    await page.getByRole('dialog').waitFor();
    await assertAccessible(page, 'keys');
    await page.finish();
  });

  test(`the registrar’s desk, ${look}`, async () => {
    const page = await stage.signedIn('sandra.wiik', '/app/diarium', { dark });
    await page.locator('#queue').waitFor();
    await assertAccessible(page, 'queue');
    await page.locator('#queue').focus();
    await page.keyboard.press('Shift+J');
    await page.getByRole('region', { name: 'Markerade rader' }).waitFor();
    await assertAccessible(page, 'many lines');
    await page.keyboard.press('Escape');
    await page.keyboard.press('s');
    await page.getByRole('radio', { name: 'Sekretessmarkera …' }).press('Space');
    await page.getByRole('combobox', { name: 'Bestämmelse' }).press('ArrowDown');
    await page.getByRole('option', { name: /kap\./ }).first().waitFor();
    await assertAccessible(page, 'marking a line');
    await page.goto(`${stage.url}/app/diarium/kontroll`);
    await page.locator('#queue').waitFor();
    await assertAccessible(page, 'check');
    await page.goto(`${stage.url}/app/diarium/begaran`);
    await page.locator('.work').waitFor();
    await assertAccessible(page, 'requests');
    await page.goto(`${stage.url}/app/diarium/nytt`);
    await page.getByRole('heading', { name: 'Registrera något annat' }).waitFor();
    await assertAccessible(page, 'manual, empty');
    await dropFile(page, '.desk', 'SV vallen.eml', 'message/rfc822', mail);
    await page.getByRole('region', { name: 'Mejlet' }).waitFor();
    await assertAccessible(page, 'manual, a mail');
    for (const kind of ['Papper', 'Över disk', 'Telefon']) {
      await page.getByRole('button', { name: kind }).click();
      await page.locator('.note-page').waitFor();
      await assertAccessible(page, kind);
    }
    await page.finish();
  });

  test(`the archive, ${look}`, async () => {
    const page = await stage.signedIn('arne.palm', '/app/arkiv', { dark });
    await page.getByRole('heading', { name: /Rensning/ }).first().waitFor();
    await assertAccessible(page, 'weeding');
    await page.goto(`${stage.url}/app/arkiv/gallring`);
    await page.getByRole('button', { name: 'Visa urvalet' }).waitFor();
    await assertAccessible(page, 'disposal');
    await page.goto(`${stage.url}/app/arkiv/plan`);
    await page.getByRole('heading', { level: 1, name: 'Informationsplan' }).waitFor();
    await page.locator('.work').focus();
    await page.keyboard.press('+');
    await page.getByRole('dialog').getByLabel('Gäller från').waitFor();
    await assertAccessible(page, 'import of a plan');
    await page.finish();
  });

  test(`the public pages, ${look}`, async () => {
    const page = await stage.open({ dark });
    const entry = `/diarium/KS/${new Date().getFullYear()}/00001/1`;
    const paths = ['/diarium', '/diarium/sok?q=vall', '/diarium/sok?q=finnsinte', entry, entry.slice(0, -2), `${entry}/begar`,
      '/diarium/begar', '/diarium/om', '/diarium/KS/1/1', '/tillganglighet', '/en/register', '/en/accessibility'];
    for (const path of paths) {
      await page.goto(stage.url + path);
      await assertAccessible(page, path);
    }
    await page.finish();
  });
}
