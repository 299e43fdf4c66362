import { append, emptyTimeline, type Timeline } from './timeline';
import type { Content, JoinedRoom, MatrixEvent, SyncResponse } from './types';

export interface Member {
  userId: string;
  name: string;
  membership: string;
}

/** Everything known about one room. A value: a change gives a new room, the others keep their identity. */
export interface Room {
  readonly id: string;
  readonly membership: 'join' | 'invite';
  readonly state: ReadonlyMap<string, MatrixEvent>;
  readonly timeline: Timeline;
  readonly typing: readonly string[];
  readonly unread: number;
  readonly highlights: number;
  readonly memberCount: number;
  readonly heroes: readonly string[];
  readonly accountData: ReadonlyMap<string, Content>;
}

export type Rooms = ReadonlyMap<string, Room>;

const key = (type: string, stateKey = '') => `${type}\u0000${stateKey}`;

export function emptyRoom(id: string, membership: Room['membership'] = 'join'): Room {
  return {
    id, membership, state: new Map(), timeline: emptyTimeline, typing: [], unread: 0, highlights: 0,
    memberCount: 0, heroes: [], accountData: new Map(),
  };
}

export function stateOf(room: Room, type: string, stateKey = ''): MatrixEvent | undefined {
  return room.state.get(key(type, stateKey));
}

export function roomName(room: Room): string {
  const name = stateOf(room, 'm.room.name')?.content.name;
  if (typeof name === 'string' && name) return name;
  const names = room.heroes.map((hero) => memberOf(room, hero).name);
  return names.join(', ') || room.id;
}

export function memberOf(room: Room, userId: string): Member {
  const content = stateOf(room, 'm.room.member', userId)?.content;
  const name = typeof content?.displayname === 'string' ? content.displayname : userId.replace(/^@|:.*$/g, '');
  return { userId, name, membership: typeof content?.membership === 'string' ? content.membership : 'leave' };
}

export function membersOf(room: Room): Member[] {
  const events = [...room.state.values()].filter((event) => event.type === 'm.room.member');
  return events.map((event) => memberOf(room, event.state_key ?? '')).filter((one) => one.membership === 'join');
}

/** Applies one sync answer; rooms that it doesn't mention keep their identity. */
export function applySync(rooms: Rooms, sync: SyncResponse): Rooms {
  const next = new Map(rooms);
  for (const [id, joined] of Object.entries(sync.rooms?.join ?? {})) {
    const known = next.get(id);
    next.set(id, applyJoined(known?.membership === 'join' ? known : emptyRoom(id), joined));
  }
  for (const [id, invited] of Object.entries(sync.rooms?.invite ?? {})) {
    next.set(id, { ...emptyRoom(id, 'invite'), state: addState(new Map(), invited.invite_state?.events ?? []) });
  }
  for (const id of Object.keys(sync.rooms?.leave ?? {})) next.delete(id);
  return next;
}

export function withState(room: Room, events: MatrixEvent[]): Room {
  return { ...room, state: addState(room.state, events) };
}

function applyJoined(room: Room, joined: JoinedRoom): Room {
  const events = joined.timeline?.events ?? [];
  const state = [...(joined.state?.events ?? []), ...events.filter((event) => event.state_key !== undefined)];
  const typing = joined.ephemeral?.events.find((event) => event.type === 'm.typing')?.content.user_ids;
  const counts = joined.unread_notifications;
  const limited = joined.timeline?.limited ?? false;
  return {
    ...room,
    membership: 'join',
    state: state.length > 0 ? addState(room.state, state) : room.state,
    timeline: events.length > 0 || limited
      ? append(room.timeline, events, limited, joined.timeline?.prev_batch) : room.timeline,
    typing: Array.isArray(typing) ? (typing as string[]) : room.typing,
    unread: counts?.notification_count ?? room.unread,
    highlights: counts?.highlight_count ?? room.highlights,
    memberCount: joined.summary?.['m.joined_member_count'] ?? room.memberCount,
    heroes: joined.summary?.['m.heroes'] ?? room.heroes,
    accountData: addAccountData(room.accountData, joined.account_data?.events ?? []),
  };
}

function addState(state: ReadonlyMap<string, MatrixEvent>, events: MatrixEvent[]): ReadonlyMap<string, MatrixEvent> {
  const next = new Map(state);
  for (const event of events) next.set(key(event.type, event.state_key ?? ''), event);
  return next;
}

function addAccountData(data: ReadonlyMap<string, Content>, events: { type: string; content: Content }[]) {
  if (events.length === 0) return data;
  const next = new Map(data);
  for (const event of events) next.set(event.type, event.content);
  return next;
}
