// Whether a page speaks one language: none of the client's texts in the other, and no key instead of a text.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';

const catalogue = async (language) => JSON.parse(await readFile(new URL(`../../web/src/messages/${language}.json`, import.meta.url), 'utf8'));
const swedish = await catalogue('sv');
const english = await catalogue('en');
const isKey = (text) => /^[a-z]\w*(\.\w+)+$/i.test(text) && text.split('.')[0] in english;
const flat = (tree) => Object.values(tree).flatMap((one) => (typeof one === 'string' ? [one] : flat(one)));
const texts = { sv: flat(swedish), en: flat(english) };

const marks = /<\/?\w+>/g;
const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** What a text of the catalogue looks like on a page, with anything in its blanks. */
function shape(text) {
  const parts = text.replace(marks, '').split(/\{\{\w+\}\}/);
  // Too little is left of *{{name}}, {{place}}* to tell a language by.
  if (parts.join('').replace(/[^\p{L}]/gu, '').length < 5) return null;
  return new RegExp(`^${parts.map(escaped).join('.+')}$`, 'u');
}

const shapes = Object.fromEntries(Object.entries({ sv: 'en', en: 'sv' }).map(([language, other]) => {
  const own = new Set(texts[language]);
  const mine = texts[language].map(shape).filter(Boolean);
  const alien = texts[other].filter((text) => !own.has(text)).map((text) => [text, shape(text)]).filter(([, one]) => one);
  return [language, { mine, alien }];
}));

/** Every text of the page that a person reads or hears, outside what people have written themselves. */
function shown() {
  const found = new Set();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (node.nodeType === Node.TEXT_NODE) found.add(node.textContent.trim());
    else for (const name of ['aria-label', 'title', 'placeholder']) if (node.hasAttribute(name)) found.add(node.getAttribute(name).trim());
  }
  return [...found].filter(Boolean);
}

export async function assertLanguage(page, language, name) {
  const { mine, alien } = shapes[language];
  const all = await page.evaluate(shown);
  const wrong = all.filter((text) => alien.some(([, one]) => one.test(text)) && !mine.some((one) => one.test(text)));
  assert.deepEqual(wrong, [], `${name}: not ${language}`);
  assert.deepEqual(all.filter(isKey), [], `${name}: keys without a text`);
  assert.equal(await page.evaluate(() => document.documentElement.lang), language);
}
