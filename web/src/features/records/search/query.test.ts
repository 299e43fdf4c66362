import { expect, test } from 'vitest';
import { everything, fromSaved, leavesOthersOut, narrowings, parameters, readQuery, toggled, without, writeQuery } from './query';

test('an address and its question are the same thing', () => {
  const text = 'q=%22r%C3%A5d+om+vallen%22&authority=KS&authority=TN&from=2026-01-01&direction=in&status=secrecy';
  const query = readQuery(text);
  expect(query.q).toBe('"råd om vallen"');
  expect(query.authority).toEqual(['KS', 'TN']);
  expect(writeQuery(query)).toBe(text);
});

test('what the register doesn’t know isn’t asked for', () => {
  expect(readQuery('?direction=up&status=lost&from=imorgon&case=KS&sql=1&authority=')).toEqual(everything);
});

test('a question without anything is an empty address', () => {
  expect(writeQuery({ ...everything, q: '  ' })).toBe('');
});

test('a saved search is read as it was kept', () => {
  const query = { ...everything, q: 'bron', type: ['Yttrande', 'Synpunkt'], to: '2026-11-24' };
  expect(fromSaved(parameters(query))).toEqual(query);
});

test('each narrowing can be taken away by itself', () => {
  const query = readQuery('q=bron&status=secrecy&status=waiting&officer=@maja:a.example');
  expect(narrowings(query)).toHaveLength(3);
  const less = without(query, { name: 'status', value: 'secrecy' });
  expect(less.status).toEqual(['waiting']);
  expect(without(less, { name: 'officer', value: '@maja:a.example' }).officer).toBe('');
});

test('a choice is put on and taken off', () => {
  expect(toggled(['in'], 'out')).toEqual(['in', 'out']);
  expect(toggled(['in', 'out'], 'in')).toEqual(['out']);
});

test('of other authorities only words, days and directions can be asked', () => {
  expect(leavesOthersOut(readQuery('q=bron&from=2026-01-01&direction=in'))).toBe(false);
  expect(leavesOthersOut(readQuery('status=waiting'))).toBe(true);
});
