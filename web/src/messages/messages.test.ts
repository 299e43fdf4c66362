import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import en from './en.json';
import sv from './sv.json';

type Tree = { [key: string]: string | Tree };

function flat(tree: Tree, prefix = ''): Map<string, string> {
  const all = new Map<string, string>();
  for (const [key, value] of Object.entries(tree)) {
    if (typeof value === 'string') all.set(prefix + key, value);
    else for (const [inner, text] of flat(value, `${prefix}${key}.`)) all.set(inner, text);
  }
  return all;
}

const swedish = flat(sv);
const english = flat(en);
const source = join(import.meta.dirname, '..');
const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((file) => /\.tsx?$/.test(file) && !file.includes('.test.'));
const code = files.map((file) => readFileSync(join(source, file), 'utf8')).join('\n');
const blanks = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}|<(\w+)>/g)].map((found) => found[0]).sort();

test('both languages have the same keys', () => {
  expect([...swedish.keys()].sort()).toEqual([...english.keys()].sort());
});

test('no text is empty', () => {
  for (const [key, text] of [...swedish, ...english]) expect(text.trim(), key).not.toBe('');
});

test('a text and its translation have the same blanks', () => {
  for (const [key, text] of swedish) expect(blanks(english.get(key) ?? ''), key).toEqual(blanks(text));
});

test('plural texts come in pairs', () => {
  for (const key of swedish.keys()) {
    if (key.endsWith('_one')) expect(swedish.has(key.replace(/_one$/, '_other')), key).toBe(true);
  }
});

test('every key that the code names is in the catalogue', () => {
  const named = [...code.matchAll(/\bt\(\s*['"]([\w.]+)['"]|i18nKey="([\w.]+)"/g)].map((found) => found[1] ?? found[2] ?? '');
  expect(named.length).toBeGreaterThan(100);
  for (const key of named) expect(swedish.has(key) || swedish.has(`${key}_one`), key).toBe(true);
});

test('no one shouts', () => {
  for (const [key, text] of [...swedish, ...english]) expect(text, key).not.toContain('!');
});
