import { expect, test } from 'vitest';
import type { PlanVersion } from './api';
import { tableText, withValidity } from './versions';

const version = (id: number, valid_from: string, state: PlanVersion['state']): PlanVersion => ({
  id, valid_from, state, classes: 0, rows: 0, imported_at: 0, imported_by: '', adopted_at: null, adopted_by: null, decision: '',
});

test('a version holds until the day before the next adopted one begins', () => {
  const shown = withValidity([version(1, '2026-01-01', 'adopted'), version(3, '2027-01-01', 'imported'), version(2, '2026-11-01', 'in_force')]);
  expect(shown.map((one) => [one.id, one.valid_to])).toEqual([[3, null], [2, null], [1, '2026-10-31']]);
});

test('of two versions from the same day the later one holds', () => {
  const shown = withValidity([version(1, '2026-01-01', 'adopted'), version(2, '2026-01-01', 'in_force')]);
  expect(shown.map((one) => one.id)).toEqual([2, 1]);
  expect(shown[0]?.valid_to).toBeNull();
});

test('a table is read as it was saved', () => {
  expect(tableText(new TextEncoder().encode('protokoll;Åsa').buffer)).toBe('protokoll;Åsa');
  expect(tableText(new Uint8Array([0xc5, 0x73, 0x61]).buffer)).toBe('Åsa');
});
