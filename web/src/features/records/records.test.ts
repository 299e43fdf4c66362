import { expect, test } from 'vitest';
import type { Assessment, Draft, LiftPreview, QueueLine } from '../../shared/api/types';
import { ApiError } from '../../shared/matrix/types';
import { choicesForAll } from './choices';
import { canLiftAtOnce, confirmationsAsked, confirmationsNeeded, markNames, needsSecond, problemsIn } from './draft';
import { emptyDraft, isMail } from './manual';
import { noteTitle } from '../../shared/format/noteTitle';
import type { MessageItem } from '../../shared/matrix/items';
import { localPreview } from './localPreview';
import { dueOf, groupQueue, nextAfter, wholeLine } from './queue';

const draft: Draft = {
  title: 'Yttrande', internal_title: '', direction: 'in', sender: '', recipient: '', private_person: false,
  came_or_made_day: '2026-11-24', classification: '1.3.2', record_type: 'Yttrande', case: { id: 1 }, secrecy: null,
};
const preview: LiftPreview = {
  draft, case: { id: 1, number: 'KS 2026/00123', title: 'X' }, cases: [], next_number: '', status_text: { sv: '', en: '' },
  personal_numbers: 0, secrecy_hints: [], duplicates: [], checks: [{ id: 'a', ok: true, text: { sv: '', en: '' } }], sources: {}, items: [],
};
const line = (id: number, assessment: Partial<Assessment>, more: Partial<QueueLine> = {}) =>
  ({ id, authority: 'KS', needs_you: null, assessment: { clock: 'calm', due_day: null, ...assessment }, ...more }) as QueueLine;

test('a complete draft has no problems', () => {
  expect(problemsIn(draft, 1)).toEqual([]);
});

test('what is missing is named, all at once', () => {
  const empty: Draft = { ...draft, title: ' ', case: { new: { title: '' } }, came_or_made_day: '24/11', secrecy: { provision: '', day: '', note: '' } };
  expect(problemsIn(empty, 0)).toEqual(['nothingIncluded', 'title', 'case', 'day', 'secrecyProvision']);
});

test('a lift without a look needs a case and no warning', () => {
  expect(canLiftAtOnce(preview)).toBe(true);
  expect(canLiftAtOnce({ ...preview, case: null })).toBe(false);
  expect(canLiftAtOnce({ ...preview, personal_numbers: 1 })).toBe(false);
  expect(canLiftAtOnce({ ...preview, duplicates: [{ number: 'KS 1', title: '' }] })).toBe(false);
  expect(canLiftAtOnce({ ...preview, checks: [{ id: 'a', ok: false, text: { sv: '', en: '' } }] })).toBe(false);
});

test('a request for confirmation is told from other refusals', () => {
  expect(confirmationsAsked(new ApiError(409, { errcode: 'ORG.TORG.CONFIRM', confirm: ['secrecy'] }))).toEqual(['secrecy']);
  expect(confirmationsAsked(new ApiError(409, { errcode: 'ORG.TORG.RULE_REFUSES' }))).toBeNull();
  expect(confirmationsAsked(new Error('x'))).toBeNull();
});

test('names in a title are marked where they stand', () => {
  expect(markNames('från Gun Ahlbäck om', [{ from: 5, to: 16 }])).toEqual([
    { text: 'från ', name: false }, { text: 'Gun Ahlbäck', name: true }, { text: ' om', name: false },
  ]);
  expect(markNames('kort', [{ from: 2, to: 99 }])).toEqual([{ text: 'kort', name: false }]);
});

test('lines stand under late, today, tomorrow and later', () => {
  expect(dueOf(line(1, { clock: 'late' }), '2026-11-24')).toBe('late');
  expect(dueOf(line(1, { due_day: '2026-11-24' }), '2026-11-24')).toBe('today');
  expect(dueOf(line(1, { due_day: '2026-11-25' }), '2026-11-24')).toBe('tomorrow');
  expect(dueOf(line(1, { due_day: '2026-11-27' }), '2026-11-24')).toBe('later');
});

test('filters take away, putting off only moves to the end of the group', () => {
  const lines = [line(1, {}), line(2, {}, { needs_you: { sv: 'x', en: 'x' } }), line(3, {}, { authority: 'BN' })];
  const ids = (filter: { authority: string | null; needsYou: boolean }, off: string[] = []) =>
    groupQueue(lines, filter, '2026-11-24', new Set(off)).flatMap((group) => group.lines.map((one) => one.id));
  expect(ids({ authority: 'BN', needsYou: false })).toEqual([3]);
  expect(ids({ authority: null, needsYou: true })).toEqual([2]);
  expect(ids({ authority: null, needsYou: false }, ['1'])).toEqual([2, 3, 1]);
});

test('after a verdict focus is on the next line, after the last on the one before', () => {
  const order = ['1', '2', '3'];
  expect(nextAfter(order, new Set(['1']))).toBe('2');
  expect(nextAfter(order, new Set(['3']))).toBe('2');
  expect(nextAfter(order, new Set(['1', '2']))).toBe('3');
  expect(nextAfter(order, new Set(order))).toBeNull();
});

test('a call becomes a note drawn up here, a letter comes in', () => {
  expect(emptyDraft('phone', '2026-11-24', undefined, 'sv', 'Tjänsteanteckning').direction).toBe('internal');
  expect(emptyDraft('paper', '2026-11-24', undefined, 'sv', 'Skrivelse').direction).toBe('in');
});

test('a note is called by the first sentence of what was said', () => {
  expect(noteTitle('Anteckning:', 'Brandposten är avstängd. De vill mer.')).toBe('Anteckning: Brandposten är avstängd');
  expect(noteTitle('Anteckning:', '')).toBe('');
  expect(noteTitle('', 'ord '.repeat(40)).length).toBeLessThan(90);
});

test('a mail is known by its type or by its name', () => {
  expect(isMail({ name: 'a.EML', type: '' })).toBe(true);
  expect(isMail({ name: 'a', type: 'message/rfc822' })).toBe(true);
  expect(isMail({ name: 'a.pdf', type: 'application/pdf' })).toBe(false);
});

test('a request stands under its own clock, though it has no assessment', () => {
  const request = wholeLine({
    id: 'request:1', room_id: null, room_name: '', event_id: '', authority: 'KS', kind: 'request', title: 'Alla mejl om vallen', party: '', case: null,
    next_number: '', needs_you: null, crossing: null, clock: 'late', clock_text: { sv: 'Skulle varit klar i går', en: '' }, due_day: '2026-11-20',
  });
  expect(dueOf(request, '2026-11-23')).toBe('late');
  expect(request.assessment.clock_text.sv).toBe('Skulle varit klar i går');
  expect(request.assessment.allowed).toEqual([]);
});

test('what is confirmed twice is known before the server is asked', () => {
  expect(confirmationsNeeded({ ...draft, title: 'Gäller 19900101-2385' })).toEqual(['personal_number']);
  expect(confirmationsNeeded({ ...draft, title: 'Uppmätt 2,41 den 20261124' })).toEqual([]);
  expect(confirmationsNeeded({ ...draft, case: { new: { title: 'Nytt' } } })).toEqual(['new_case']);
  expect(confirmationsNeeded({ ...draft, secrecy: { provision: 'OSL 21:1', day: '2026-11-24', note: '' } })).toEqual(['secrecy']);
});

test('what may be secret needs a colleague to be of little importance', () => {
  const why = { sv: 'x', en: 'x' };
  expect(needsSecond({ allowed: ['trivial', 'registered'], refused: [{ handling: 'kept_ordered', why }] })).toBe(true);
  expect(needsSecond({ allowed: ['kept_ordered', 'trivial', 'registered'], refused: [] })).toBe(false);
  expect(needsSecond({ allowed: ['registered'], refused: [{ handling: 'kept_ordered', why }] })).toBe(false);
});

test('without a server the client suggests a title, and leaves the rest to be filled in', () => {
  const item = { id: '$1', sender: '@asa:x', at: Date.parse('2026-11-24T08:00:00Z'), text: 'Vi tillstyrker. Två villkor.', note: null, attachment: null } as MessageItem;
  const boards = ['KS', 'BN'].map((code) => ({ code, name: { sv: code, en: code }, organisation: '', organisation_number: '', mark: code }));
  const directory = new Map([['@asa:x', { user_id: '@asa:x', name: 'Åsa', authority: 'BN', unit: '' }]]);
  const preview = localPreview({ items: [item], authority: boards[0], directory, authorities: boards });
  expect(preview.draft).toMatchObject({ title: 'Vi tillstyrker', direction: 'in', sender: 'BN', recipient: 'KS', came_or_made_day: '2026-11-24', case: null });
  expect(preview.items.map((one) => one.event_id)).toEqual(['$1']);
  expect(localPreview({ items: [item], authority: boards[1], directory, authorities: boards }).draft.direction).toBe('internal');
});

test('for many at once only what the rules allow for every one is offered, with the first reason why not', () => {
  const why = { sv: 'inkommen', en: 'received' };
  const open = { allowed: ['registered', 'kept_ordered', 'working'] as const, refused: [] };
  const received = { allowed: ['registered', 'kept_ordered'] as const, refused: [{ handling: 'working' as const, why }] };
  const all = choicesForAll([open, received, received].map((one) => ({ allowed: [...one.allowed], refused: one.refused })));
  expect(all.filter((one) => one.stopped === 0).map((one) => one.choice)).toEqual(['register', 'kept_ordered', 'already_registered']);
  expect(all.find((one) => one.choice === 'working')).toEqual({ choice: 'working', stopped: 2, why });
  expect(all.find((one) => one.choice === 'trivial')).toEqual({ choice: 'trivial', stopped: 3, why: null });
});
