import { expect, test } from 'vitest';
import { applySync, memberOf, membersOf, roomName } from './rooms';
import type { MatrixEvent } from './types';

const state = (type: string, content: Record<string, unknown>, stateKey = ''): MatrixEvent => ({
  event_id: `$${type}${stateKey}`, type, sender: '@a:x', origin_server_ts: 1, content, state_key: stateKey,
});
const sync = (join: object) => applySync(new Map(), { next_batch: 's', rooms: { join: { '!r:x': join } } });

test('state comes from the state part and from the timeline', () => {
  const room = sync({ state: { events: [state('m.room.name', { name: 'Old' })] }, timeline: { events: [state('m.room.name', { name: 'New' })] } }).get('!r:x');
  expect(room && roomName(room)).toBe('New');
});

test('a room that a sync does not mention keeps its identity', () => {
  const rooms = sync({ timeline: { events: [] } });
  const after = applySync(rooms, { next_batch: 't', rooms: { join: { '!other:x': {} } } });
  expect(after.get('!r:x')).toBe(rooms.get('!r:x'));
});

test('a room without a name is called after who is in it', () => {
  const room = sync({
    summary: { 'm.heroes': ['@b:x'] }, state: { events: [state('m.room.member', { membership: 'join', displayname: 'Berta' }, '@b:x')] },
  }).get('!r:x');
  expect(room && roomName(room)).toBe('Berta');
});

test('those who have left are no members', () => {
  const room = sync({ state: { events: [
    state('m.room.member', { membership: 'join', displayname: 'A' }, '@a:x'), state('m.room.member', { membership: 'leave' }, '@b:x'),
  ] } }).get('!r:x');
  expect(room && membersOf(room).map((member) => member.name)).toEqual(['A']);
  expect(room && memberOf(room, '@unknown:x').name).toBe('unknown');
});

test('leaving takes the room away and an invitation brings it as one', () => {
  const left = applySync(sync({}), { next_batch: 't', rooms: { leave: { '!r:x': {} } } });
  expect(left.has('!r:x')).toBe(false);
  const invited = applySync(left, { next_batch: 'u', rooms: { invite: { '!r:x': { invite_state: { events: [] } } } } });
  expect(invited.get('!r:x')?.membership).toBe('invite');
});

test('typing and counts stay when a sync says nothing of them', () => {
  const rooms = sync({ unread_notifications: { notification_count: 2 }, ephemeral: { events: [{ type: 'm.typing', content: { user_ids: ['@a:x'] } }] } });
  const after = applySync(rooms, { next_batch: 't', rooms: { join: { '!r:x': { timeline: { events: [state('m.room.name', { name: 'N' })] } } } } });
  expect(after.get('!r:x')).toMatchObject({ unread: 2, typing: ['@a:x'] });
});
