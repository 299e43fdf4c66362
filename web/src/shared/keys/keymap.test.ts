import { expect, test } from 'vitest';
import { type Binding, drawn, match, pressed } from './keymap';

const key = (name: string, held: Partial<Record<'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey', boolean>> = {}) =>
  ({ key: name, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...held });
const binding = (keys: string[], inText?: boolean): Binding => ({ keys, label: keys.join(), run: () => undefined, inText });
const list = { inText: false, letters: true };

test('letters are named without case', () => {
  expect(pressed(key('l'))).toBe('L');
  expect(pressed(key('ä'))).toBe('Ä');
});

test('shift is named for letters and named keys, not for signs that need it', () => {
  expect(pressed(key('L', { shiftKey: true }))).toBe('Shift+L');
  expect(pressed(key('F6', { shiftKey: true }))).toBe('Shift+F6');
  expect(pressed(key('+', { shiftKey: true }))).toBe('+');
  expect(pressed(key('?', { shiftKey: true }))).toBe('?');
});

test('Alt and AltGr belong to the browser and to letters', () => {
  expect(pressed(key('l', { altKey: true }))).toBeNull();
});

test('Ctrl and Command mean the same', () => {
  expect(pressed(key('Enter', { ctrlKey: true }))).toBe('Ctrl+Enter');
  expect(pressed(key('Enter', { metaKey: true }))).toBe('Ctrl+Enter');
});

test('a letter does nothing in a text field', () => {
  expect(match([binding(['L'], true)], key('l'), { inText: true, letters: true })).toBeNull();
});

test('a combination works in a text field only when it says so', () => {
  expect(match([binding(['Ctrl+Enter'])], key('Enter', { ctrlKey: true }), { inText: true, letters: true })).toBeNull();
  expect(match([binding(['Ctrl+Enter'], true)], key('Enter', { ctrlKey: true }), { inText: true, letters: true })).not.toBeNull();
});

test('with letters switched off digits and arrows still work', () => {
  const off = { inText: false, letters: false };
  expect(match([binding(['L'])], key('l'), off)).toBeNull();
  expect(match([binding(['Shift+L'])], key('L', { shiftKey: true }), off)).toBeNull();
  expect(match([binding(['1'])], key('1'), off)).not.toBeNull();
  expect(match([binding(['ArrowDown'])], key('ArrowDown'), off)).not.toBeNull();
});

test('an unbound key matches nothing', () => {
  expect(match([binding(['L'])], key('q'), list)).toBeNull();
});

test('keys are drawn with their signs', () => {
  expect(drawn('Ctrl+Enter')).toEqual(['Ctrl', '↵']);
  expect(drawn('+')).toEqual(['+']);
});
