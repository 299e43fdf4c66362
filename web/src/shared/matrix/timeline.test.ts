import { expect, test } from 'vitest';
import { addEcho, append, confirmEcho, dropEcho, emptyTimeline, prepend, setEchoState } from './timeline';
import type { MatrixEvent } from './types';

const event = (id: string, more: Partial<MatrixEvent> = {}): MatrixEvent => ({
  event_id: id, type: 'm.room.message', sender: '@a:x', origin_server_ts: 1, content: { body: id }, ...more,
});
const ids = (timeline: { events: readonly MatrixEvent[] }) => timeline.events.map((one) => one.event_id);

test('events come once, however often they are sent', () => {
  const first = append(emptyTimeline, [event('$1'), event('$2')], false, 'p');
  expect(ids(append(first, [event('$2'), event('$3')], false))).toEqual(['$1', '$2', '$3']);
});

test('a limited sync lets the earlier stretch go, and paging back closes the gap', () => {
  const first = append(emptyTimeline, [event('$1')], false, 'p1');
  const after = append(first, [event('$9')], true, 'p9');
  expect(ids(after)).toEqual(['$9']);
  const whole = prepend(after, [event('$8'), event('$1')], undefined);
  expect(ids(whole)).toEqual(['$1', '$8', '$9']);
  expect(whole.prevBatch).toBeNull();
});

test('paging back keeps where to go on from', () => {
  const after = prepend(append(emptyTimeline, [event('$3')], false, 'p3'), [event('$2')], 'p2');
  expect(after.prevBatch).toBe('p2');
});

test('an echo goes when the sync brings its transaction', () => {
  const sent = addEcho(emptyTimeline, event('~t1'), 't1');
  const after = append(sent, [event('$1', { unsigned: { transaction_id: 't1' } })], false);
  expect(after.echoes).toEqual([]);
  expect(ids(after)).toEqual(['$1']);
});

test('an echo goes when the sync brings its event without the transaction', () => {
  const sent = confirmEcho(addEcho(emptyTimeline, event('~t1'), 't1'), 't1', '$1');
  expect(append(sent, [event('$1')], false).echoes).toEqual([]);
});

test('an answer that comes after the sync leaves no second copy', () => {
  const synced = append(addEcho(emptyTimeline, event('~t1'), 't1'), [event('$1')], false);
  const after = confirmEcho(synced, 't1', '$1');
  expect(after.echoes).toEqual([]);
});

test('a failed echo stays until it is thrown away', () => {
  const failed = setEchoState(addEcho(emptyTimeline, event('~t1'), 't1'), 't1', 'failed');
  expect(failed.echoes[0]?.state).toBe('failed');
  expect(dropEcho(failed, 't1').echoes).toEqual([]);
});

test('a redaction empties its event', () => {
  const first = append(emptyTimeline, [event('$1')], false);
  const after = append(first, [event('$r', { type: 'm.room.redaction', redacts: '$1', content: {} })], false);
  expect(after.events[0]?.content).toEqual({});
  expect(after.events[0]?.unsigned?.redacted_because?.event_id).toBe('$r');
});

test('a redaction names its event in the content since room version 11', () => {
  const first = append(emptyTimeline, [event('$1')], false);
  const after = append(first, [event('$r', { type: 'm.room.redaction', content: { redacts: '$1' } })], false);
  expect(after.events[0]?.content).toEqual({});
});
