import { expect, test } from 'vitest';
import type { Clock } from '../../shared/api/types';
import { emptyRoom, type Room, withState } from '../../shared/matrix/rooms';
import { groupRooms } from './grouping';

const room = (id: string, name: string, level?: string, more: Partial<Room> = {}): Room => {
  const event = (type: string, content: Record<string, unknown>) =>
    ({ event_id: `$${id}${type}`, type, sender: '@a:x', origin_server_ts: 1, content, state_key: '' });
  return { ...withState(emptyRoom(id), [event('m.room.name', { name }), ...(level ? [event('org.torg.plan', { level, host: 'KS' })] : [])]), ...more };
};
const grouped = (rooms: Room[], direct: string[] = [], clocks: [string, Clock][] = []) =>
  groupRooms(rooms, new Set(direct), new Map(clocks), 'sv').map(({ group, rooms: listed }) => [group, listed.map((one) => one.name)]);

test('rooms stand under their plan’s level, those without a plan under the department', () => {
  expect(grouped([room('!1', 'S', 'shared'), room('!2', 'W', 'within'), room('!3', 'O', 'open'), room('!4', 'N')])).toEqual([
    ['shared', ['S']], ['within', ['N', 'W']], ['open', ['O']],
  ]);
});

test('what waits for the person comes first', () => {
  const rooms = [room('!1', 'Mentioned', 'shared', { highlights: 1 }), room('!2', 'Due', 'shared'), room('!3', 'Calm', 'shared')];
  expect(grouped(rooms, [], [['!2', 'today'], ['!3', 'calm']])).toEqual([['waiting', ['Due', 'Mentioned']], ['shared', ['Calm']]]);
});

test('an invitation waits, a direct room stands by itself', () => {
  expect(grouped([room('!1', 'I', 'shared', { membership: 'invite' }), room('!2', 'D')], ['!2'])).toEqual([['waiting', ['I']], ['direct', ['D']]]);
});

test('names are sorted as the language sorts them', () => {
  expect(grouped([room('!1', 'Ärenden'), room('!2', 'Zon'), room('!3', 'Åtgärder')])).toEqual([['within', ['Zon', 'Åtgärder', 'Ärenden']]]);
});
