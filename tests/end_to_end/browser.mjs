import assert from 'node:assert/strict';
import { mkdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { chromium } from 'playwright-core';
import { colleague, password, startServer } from './server.mjs';

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/**
 * What a file of journeys plays in: a server of its own with the demo organisation, a browser, and the pages that were
 * opened. `prepare` runs before the first test. What is still open when the last test is done is closed, and a page
 * that has complained fails the file.
 */
export function scene(prepare = async () => undefined) {
  let server;
  let browser;
  const pages = [];
  const stage = {
    get url() { return server.url; },
    colleague: (user) => colleague(server, user),
    pause: () => server.pause(),
    resume: () => server.resume(),
    open: async (options) => {
      const page = await openPage(browser, options);
      pages.push(page);
      return page;
    },
    enter: (page, user, path) => signIn(page, stage, user, path),
    signedIn: async (user, path, options) => {
      const page = await stage.open(options);
      await signIn(page, stage, user, path);
      return page;
    },
  };
  before(async () => {
    server = await startServer();
    browser = await chromium.launch({ executablePath: process.env.TORG_CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] });
    await prepare();
  });
  after(async () => {
    try {
      for (const page of pages) await page.finish();
    } finally {
      await browser?.close();
      await server?.stop();
    }
  });
  return stage;
}

/** A page in a window of its own. What the page complains of fails whoever finishes it first. */
async function openPage(browser, { dark = false, language = 'sv', javaScript = true, width = 1440, height = 900 } = {}) {
  const context = await browser.newContext({
    viewport: { width, height }, colorScheme: dark ? 'dark' : 'light', locale: language === 'sv' ? 'sv-SE' : 'en-GB',
    timezoneId: 'Europe/Stockholm', javaScriptEnabled: javaScript, reducedMotion: 'reduce',
  });
  context.setDefaultTimeout(Number(process.env.TORG_PATIENCE ?? 60_000));
  const page = await context.newPage();
  const complaints = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (/Content Security Policy/.test(message.text())) complaints.push(message.text());
  });
  const outside = [];
  page.on('request', (request) => {
    const { protocol, hostname } = new URL(request.url());
    if (protocol.startsWith('http') && hostname !== '127.0.0.1') outside.push(request.url());
  });
  let finished = false;
  page.finish = async () => {
    if (finished) return;
    finished = true;
    await context.close();
    assert.deepEqual(complaints, [], 'the page complained');
    assert.deepEqual(outside, [], 'the page called somebody else');
  };
  return page;
}

/** Signs a person in and waits for what is to be there. */
async function signIn(page, stage, user, path = '/app/rum') {
  await page.goto(stage.url + path);
  await page.locator('input[name=user]').fill(user);
  await page.locator('input[name=password]').fill(password);
  await page.keyboard.press('Enter');
  await page.locator('.rail').waitFor();
}

export async function openRoom(page, name) {
  await page.locator('.list').getByRole('link', { name }).click();
  await page.getByRole('heading', { level: 1, name }).waitFor();
  await page.locator('[data-item]').first().waitFor();
}

export const post = (page, text) => page.locator('[data-item]').filter({ hasText: text }).last();

/** Moves focus to a post as the arrow keys do. */
export async function focusPost(page, text) {
  await post(page, text).waitFor();
  await post(page, text).focus();
  await page.locator('[data-item][data-focus]').filter({ hasText: text }).waitFor();
}

/** Writes in the composer and sends. */
export async function write(page, text) {
  await page.locator('.main .composer textarea').fill(text);
  await page.keyboard.press('Enter');
  await post(page, text).waitFor();
}

/** The chosen line on the registrar's desk, and what one of its fields says. */
export const card = (page) => page.locator('.desk-right');
export const field = (page, name) => card(page).locator('.editline').filter({ has: page.locator('dt', { hasText: name }) }).locator('dd').first();

/** Drops a file on the page as a person does from a folder. */
export async function dropFile(page, selector, name, type, text) {
  const files = await page.evaluateHandle(([fileName, fileType, content]) => {
    const data = new DataTransfer();
    data.items.add(new File([content], fileName, { type: fileType }));
    return data;
  }, [name, type, text]);
  for (const event of ['dragenter', 'dragover', 'drop']) await page.dispatchEvent(selector, event, { dataTransfer: files });
}

/** axe-core finds nothing wrong with the page as it is now. */
export async function assertAccessible(page, name) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
  const found = violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`);
  assert.deepEqual(found, [], `${name}: axe found something`);
}

/** Keeps a picture when $TORG_PICTURES names a folder. */
export async function picture(page, name) {
  const folder = process.env.TORG_PICTURES;
  if (!folder) return;
  await mkdir(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`) });
}

/** What has focus, as a screen reader would name its kind. */
export function focused(page) {
  return page.evaluate(() => ({ id: document.activeElement?.id ?? '', item: document.activeElement?.getAttribute('data-item') ?? null, tag: document.activeElement?.tagName ?? '' }));
}
