import { expect, test } from 'vitest';
import { dayDistance, dayOf, formatDate, formatDay, formatSize, formatTime, formatWeekday, localMoment, momentOf } from './dates';

const at = Date.UTC(2026, 10, 24, 8, 14);

test('time has a point in Swedish and a colon in English', () => {
  expect(formatTime(at, 'sv')).toBe('09.14');
  expect(formatTime(at, 'en')).toBe('09:14');
});

test('days are those of the authority’s zone', () => {
  expect(dayOf(Date.UTC(2026, 10, 24, 23, 30))).toBe('2026-11-25');
  expect(dayDistance(Date.UTC(2026, 10, 23, 22, 0), at)).toBe('yesterday');
  expect(dayDistance(Date.UTC(2026, 10, 23, 23, 30), at)).toBe('today');
});

test('the year is said only when it is another', () => {
  expect(formatDate(at, 'sv', at)).toBe('24 november');
  expect(formatDate(Date.UTC(2025, 0, 2), 'sv', at)).toBe('2 januari 2025');
});

test('weekdays are written without a comma', () => {
  expect(formatWeekday(at, 'sv')).toBe('tisdag 24 november');
  expect(formatWeekday(at, 'en')).toBe('Tuesday 24 November');
});

test('what is no day is left as it is', () => {
  expect(formatDay('2026-11-24', 'en')).toBe('24 November 2026');
  expect(formatDay('soon', 'en')).toBe('soon');
});

test('sizes follow the language', () => {
  expect(formatSize(240_000, 'sv')).toBe('240 kB');
  expect(formatSize(3_100_000, 'sv')).toBe('3,1 MB');
  expect(formatSize(12, 'en')).toBe('12 byte');
});

test('a field for day and time speaks the authority’s zone, in winter, in summer and around the change', () => {
  expect(localMoment(at)).toBe('2026-11-24T09:14');
  expect(momentOf('2026-11-24T09:14')).toBe(at);
  expect(momentOf('2026-07-01T00:30')).toBe(Date.UTC(2026, 5, 30, 22, 30));
  expect(momentOf('2026-03-29T03:30')).toBe(Date.UTC(2026, 2, 29, 1, 30));
  expect(momentOf('2026-10-25T04:00')).toBe(Date.UTC(2026, 9, 25, 3, 0));
  expect(momentOf('')).toBeNull();
});
