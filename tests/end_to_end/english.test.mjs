// Every page in both languages and all its states: full, empty, while it is fetched, failed, and without a network.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { assertAccessible, dropFile, focusPost, openRoom, scene } from './browser.mjs';
import { assertLanguage } from './languages.mjs';

const laxan = 'Översvämningsskydd Laxån';
const mail = await readFile(new URL('SV vallen.eml', import.meta.url), 'utf8');
const words = {
  sv: { fault: 'Något gick fel hos oss.', offline: 'Du är utan nät.', title: 'Offentlig rubrik', fetching: /^Hämtar/ },
  en: { fault: 'Something went wrong at our end.', offline: 'You are offline.', title: 'Public title', fetching: /^Fetching/ },
};
const rooms = {};

const stage = scene(async () => {
  const erik = await stage.colleague('erik.sandell');
  rooms.laxan = await erik.room(laxan);
  await erik.say(rooms.laxan, 'Vi tillstyrker pumpen.');
});

/** A page: who opens it, where, what it asks the server for, how it looks when it is full, and an answer with nothing in it. */
const pages = [
  { name: 'queue', user: 'sandra.wiik', path: '/app/diarium', asks: '**/_torg/v1/queue?*', full: '[role=option]', empty: { lines: [], left: 0, late: 0, done_today: 3, next: null } },
  { name: 'check', user: 'sandra.wiik', path: '/app/diarium/kontroll', asks: '**/_torg/v1/checks?*', full: '.desk', empty: { lines: [] } },
  { name: 'requests', user: 'sandra.wiik', path: '/app/diarium/begaran', asks: '**/_torg/v1/requests?*', full: '.work', empty: { requests: [] } },
  { name: 'cases', user: 'sandra.wiik', path: '/app/arenden', asks: '**/_torg/v1/cases?*', full: 'tbody tr', empty: { cases: [], next: null } },
  { name: 'case', user: 'sandra.wiik', path: '/app/arenden/1', asks: '**/_torg/v1/cases/1', full: '.case-grid tbody tr' },
  { name: 'weeding', user: 'arne.palm', path: '/app/arkiv', asks: '**/_torg/v1/weeding', full: '.panel tbody tr', empty: { paused: false, next_run: null, rules: [], runs: [] } },
  { name: 'disposal', user: 'arne.palm', path: '/app/arkiv/gallring', asks: '**/_torg/v1/disposals', full: '.work', empty: { disposals: [] } },
  { name: 'information plan', user: 'arne.palm', path: '/app/arkiv/plan', asks: '**/information-plan', full: '.work', empty: { version: null, versions: [], may_import: true, may_adopt: true } },
  { name: 'room plan', user: 'maja.ekdahl', path: () => `/app/rum/${encodeURIComponent(rooms.laxan)}/plan`, asks: '**/rooms/*/plan', full: '.reading', empty: { plan: null, proposed: null, waiting_for: [] } },
];
const addressOf = ({ path }) => stage.url + (typeof path === 'function' ? path() : path);

async function look(page, language, name, axe = true) {
  await assertLanguage(page, language, name);
  if (axe) await assertAccessible(page, name);
}

for (const language of ['en', 'sv']) {
  // axe looks at every state once; the words are looked at in both languages.
  const once = language === 'en';
  for (const one of pages) {
    test(`${one.name} in ${language}: full, empty, fetched, failed`, async () => {
      const page = await stage.open({ language });
      await stage.enter(page, one.user);
      await page.goto(addressOf(one));
      await page.locator(one.full).first().waitFor();
      await page.locator('h1').first().waitFor({ state: 'attached' });
      assert.equal(await page.locator('h1').count(), 1, 'one heading of the first level');
      await look(page, language, one.name);
      if (one.empty) {
        await page.route(one.asks, (route) => route.fulfill({ json: one.empty }));
        await page.reload();
        await page.locator('.empty, .work, .desk').first().waitFor();
        await page.locator('[role=option], .reading').first().waitFor({ state: 'detached' });
        await look(page, language, `${one.name}, empty`, once);
        await page.unroute(one.asks);
      }
      let release;
      const held = new Promise((resolve) => { release = resolve; });
      await page.route(one.asks, async (route) => {
        await held;
        await route.fulfill({ status: 500, json: { errcode: 'M_UNKNOWN', error: 'no' } });
      });
      await page.reload();
      await page.getByRole('status').filter({ hasText: words[language].fetching }).first().waitFor();
      await look(page, language, `${one.name}, fetching`, once);
      release();
      await page.getByRole('alert').getByText(words[language].fault).first().waitFor();
      await look(page, language, `${one.name}, failed`, once);
      await page.unroute(one.asks);
      await page.locator('.ds-alert button').first().press('Enter');
      await page.locator(one.full).first().waitFor();
      await page.getByRole('alert').getByText(words[language].fault).waitFor({ state: 'detached' });
      if (once) {
        // 400 % zoom: one column, nothing to the side.
        await page.setViewportSize({ width: 320, height: 640 });
        await page.locator(one.full).first().waitFor({ state: 'attached' });
        assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 320, 'no scrolling to the side');
        await assertAccessible(page, `${one.name}, narrow`);
      }
      await page.finish();
    });
  }

  test(`without a network in ${language}: what was shown stays, a new page says why it is empty, and both come back`, async () => {
    const page = await stage.open({ language });
    await stage.enter(page, 'sandra.wiik', '/app/arenden/1');
    await page.locator('.case-grid tbody tr').first().waitFor();
    await page.context().setOffline(true);
    await page.locator('.offline').getByText(words[language].offline).waitFor();
    assert.ok(await page.locator('.case-grid tbody tr').count() >= 3);
    await look(page, language, 'offline', once);
    await page.locator('.case-grid').focus();
    await page.keyboard.press('g');
    await page.keyboard.press('c');
    await page.getByRole('alert').getByText(words[language].offline).first().waitFor();
    await look(page, language, 'a page never seen, offline', once);
    await page.context().setOffline(false);
    await page.locator('.offline').waitFor({ state: 'detached' });
    await page.locator('tbody tr').first().waitFor();
    await page.finish();
  });

  test(`a room and what opens in it in ${language}`, async () => {
    const page = await stage.open({ language });
    await stage.enter(page, 'maja.ekdahl');
    await openRoom(page, laxan);
    await look(page, language, 'room');
    const open = async (key, ready, name) => {
      await focusPost(page, 'Vi tillstyrker pumpen.');
      await page.keyboard.press(key);
      await ready().first().waitFor();
      await look(page, language, name, once);
      await page.keyboard.press('Escape');
      await ready().first().waitFor({ state: 'detached' });
    };
    await open('l', () => page.getByLabel(words[language].title), 'lift');
    await open('n', () => page.locator('.because button'), 'assess');
    await open('h', () => page.locator('.side .time-line'), 'what it has been');
    await open('t', () => page.locator('.side .composer'), 'thread');
    await open('?', () => page.locator('.key-list'), 'keys');
    await focusPost(page, 'Vi tillstyrker pumpen.');
    await page.keyboard.press('i');
    await page.getByRole('dialog').getByRole('combobox').waitFor();
    await page.keyboard.type('Amira');
    await page.getByRole('dialog').locator('fieldset, .checks').first().waitFor();
    await look(page, language, 'invite', once);
    await page.keyboard.press('Escape');
    await page.finish();
  });

  test(`the number, the record, marking and closing in ${language}`, async () => {
    const page = await stage.open({ language });
    await stage.enter(page, 'sandra.wiik', '/app/diarium/nytt');
    await page.locator('.desk').waitFor();
    await look(page, language, 'manual, empty', once);
    await dropFile(page, '.desk', 'SV vallen.eml', 'message/rfc822', mail);
    await page.getByText('Jag är orolig för brunnen').first().waitFor();
    await page.locator('.desk-right .editline').first().waitFor();
    await look(page, language, 'manual', once);
    await page.keyboard.press('1');
    await page.locator('.number .big').waitFor();
    await look(page, language, 'the number', once);
    await page.goto(`${stage.url}/app/arenden/1`);
    await page.locator('.case-grid tbody tr').first().waitFor();
    const open = async (key, ready, name) => {
      await page.locator('.case-grid').focus();
      await page.keyboard.press(key);
      await page.getByRole('dialog').locator(ready).first().waitFor();
      await look(page, language, name, once);
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
    };
    await open('s', '.provision', 'marking');
    await open('a', '.lift-foot', 'closing');
    await page.locator('.case-grid').focus();
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').locator('.webnow').waitFor();
    await look(page, language, 'record', once);
    await page.keyboard.press('Escape');
    await page.goto(`${stage.url}/app/arenden/999`);
    await page.locator('h1').waitFor();
    await look(page, language, 'no such case', once);
    await page.finish();
  });
}
