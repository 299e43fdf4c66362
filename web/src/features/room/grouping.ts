import type { Clock, Level } from '../../shared/api/types';
import { type Room, roomName } from '../../shared/matrix/rooms';
import { planInState } from './plan';

export const groupOrder = ['waiting', 'shared', 'within', 'open', 'direct'] as const;
export type Group = (typeof groupOrder)[number];

export interface ListedRoom {
  id: string;
  name: string;
  group: Group;
  level: Level | null;
  host: string | null;
  unread: boolean;
  invite: boolean;
  clock: Clock;
}

const urgent: Clock[] = ['today', 'late'];

/** Which heading a room stands under. What waits for the person comes first, whatever kind of room it is. */
export function groupOf(room: Room, direct: boolean, clock: Clock): Group {
  if (room.membership === 'invite' || room.highlights > 0 || urgent.includes(clock)) return 'waiting';
  if (direct) return 'direct';
  const level = planInState(room)?.level;
  return level === 'shared' || level === 'open' ? level : 'within';
}

/** The room list, grouped; within a group by name, so that a room keeps its place. */
export function groupRooms(
  rooms: Iterable<Room>, direct: ReadonlySet<string>, clocks: ReadonlyMap<string, Clock>, language: string,
): { group: Group; rooms: ListedRoom[] }[] {
  const groups = new Map<Group, ListedRoom[]>();
  for (const room of rooms) {
    const clock = clocks.get(room.id) ?? 'none';
    const plan = planInState(room);
    const listed: ListedRoom = {
      id: room.id, name: roomName(room), group: groupOf(room, direct.has(room.id), clock),
      level: plan?.level ?? null, host: plan?.host ?? null, unread: room.unread > 0,
      invite: room.membership === 'invite', clock,
    };
    groups.set(listed.group, [...(groups.get(listed.group) ?? []), listed]);
  }
  const byName = new Intl.Collator(language).compare;
  return groupOrder.flatMap((group) => {
    const listed = groups.get(group);
    return listed ? [{ group, rooms: listed.sort((a, b) => byName(a.name, b.name)) }] : [];
  });
}
