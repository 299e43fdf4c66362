import { expect, test } from 'vitest';
import type { Me } from '../../shared/api/types';
import { caseFieldLetters, changeable, mayChangeCase, parallelText, statesFrom } from './caseFields';

const person = (role: Me['roles'][number]['role']): Me => ({ user_id: '@a:b', name: 'A', authority: 'KS', unit: '', roles: [{ authority: 'KS', role }], authorities: [], may: [] });

test('a case is closed by its review and never opened again', () => {
  expect(statesFrom('waiting')).not.toContain('closed');
  expect(statesFrom('closed')).toEqual(['closed', 'archived']);
  expect(changeable({ state: 'archived' })).not.toContain('state');
});

test('an officer changes a case until it is closed, a registrar and an archivist afterwards too', () => {
  const open = { authority: 'KS', closed_day: null };
  const closed = { authority: 'KS', closed_day: '2026-11-24' };
  expect(mayChangeCase(person('officer'), open)).toBe(true);
  expect(mayChangeCase(person('officer'), closed)).toBe(false);
  expect(mayChangeCase(person('archivist'), closed)).toBe(true);
  expect(mayChangeCase(person('registrar'), { ...open, authority: 'BN' })).toBe(false);
  expect(mayChangeCase(person('administrator'), open)).toBe(false);
});

test('no two fields share a letter', () => {
  expect(new Set(Object.values(caseFieldLetters)).size).toBe(Object.keys(caseFieldLetters).length);
});

test('parallel cases are read from the history, and what isn’t a list is left as it is', () => {
  expect(parallelText('[{"authority":"Länsstyrelsen","number":"551-1"}]')).toBe('Länsstyrelsen 551-1');
  expect(parallelText('')).toBe('');
});
