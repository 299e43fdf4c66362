import type { Timeline } from './timeline';
import type { Content, MatrixEvent } from './types';

export interface Attachment {
  name: string;
  url: string;
  type: string;
  size: number;
}

export type SharedFor = 'comments' | 'information';

/** Where a post says what a draft is shared for. */
export const sharedForField = 'org.torg.shared_for';

export interface Reaction {
  key: string;
  count: number;
  /** One's own reaction event, so that it can be taken back. */
  mine: string | null;
}

export interface NoteLink { title: string; sources: string[] }

/** One post as the stream shows it: edits applied, reactions counted, thread summed up. */
export interface MessageItem {
  kind: 'message';
  id: string;
  sender: string;
  at: number;
  text: string;
  notice: boolean;
  attachment: Attachment | null;
  edited: boolean;
  redacted: boolean;
  reactions: Reaction[];
  replyTo: string | null;
  threadRoot: string | null;
  /** A draft that other authorities see: for comments, or for information (R11). */
  sharedFor: SharedFor | null;
  replies: { count: number; last: number } | null;
  records: { number: string; authority: string }[];
  /** It is an official note: its heading and the posts it was written from. */
  note: NoteLink | null;
  sending: 'no' | 'sending' | 'failed';
  transactionId: string | null;
}

/** Something that happened: someone joined, the plan changed, a record was made. */
export interface HappeningItem {
  kind: 'happening';
  id: string;
  sender: string;
  at: number;
  event: MatrixEvent;
  /** Those who joined right after one another stand on one line. */
  also: string[];
}

export type StreamItem = MessageItem | HappeningItem;

interface Relation {
  rel_type?: string;
  event_id?: string;
  key?: string;
  'm.in_reply_to'?: { event_id?: string };
  is_falling_back?: boolean;
}

const relation = (event: MatrixEvent): Relation => (event.content['m.relates_to'] as Relation | undefined) ?? {};
const text = (value: unknown): string => (typeof value === 'string' ? value : '');

const shownState = new Set(['m.room.member', 'org.torg.plan', 'org.torg.plan.accept', 'm.room.name']);

/** Turns events into what is shown, oldest first. Posts of a thread fold into their root. */
export function streamItems(timeline: Timeline, me: string): StreamItem[] {
  const edits = collectEdits(timeline);
  const reactions = collectReactions(timeline, me);
  const threads = collectThreads(timeline);
  const records = collectRecords(timeline);
  const items: StreamItem[] = [];
  for (const event of timeline.events) {
    if (event.type === 'm.room.message' && !isEdit(event)) {
      if (relation(event).rel_type === 'm.thread') continue;
      const item = message(event, edits.get(event.event_id));
      item.reactions = reactions.get(item.id) ?? [];
      item.replies = threads.get(item.id) ?? null;
      item.records = records.get(item.id) ?? [];
      items.push(item);
    } else if (isHappening(event)) {
      const before = items.at(-1);
      if (isJoin(event) && before?.kind === 'happening' && isJoin(before.event)) {
        before.also.push(event.state_key ?? event.sender);
        continue;
      }
      items.push({ kind: 'happening', id: event.event_id, sender: event.sender, at: event.origin_server_ts, event, also: [] });
    }
  }
  for (const echo of timeline.echoes) {
    if (echo.event.type !== 'm.room.message' || isEdit(echo.event)) continue;
    if (relation(echo.event).rel_type === 'm.thread') continue;
    const item = message(echo.event, undefined);
    items.push({ ...item, sending: echo.state, transactionId: echo.transactionId });
  }
  return items;
}

/** The posts of one thread, root first. */
export function threadItems(timeline: Timeline, root: string): MessageItem[] {
  const edits = collectEdits(timeline);
  const inThread = (event: MatrixEvent) =>
    event.event_id === root || (relation(event).rel_type === 'm.thread' && relation(event).event_id === root);
  const settled = timeline.events
    .filter((event) => event.type === 'm.room.message' && !isEdit(event) && inThread(event))
    .map((event) => message(event, edits.get(event.event_id)));
  const pending = timeline.echoes
    .filter((echo) => echo.event.type === 'm.room.message' && inThread(echo.event))
    .map((echo) => ({ ...message(echo.event, undefined), sending: echo.state, transactionId: echo.transactionId }));
  return [...settled, ...pending];
}

export function message(event: MatrixEvent, edit: Content | undefined): MessageItem {
  const content = edit ?? event.content;
  const info = (content.info as { size?: number; mimetype?: string } | undefined) ?? {};
  const file = ['m.file', 'm.image', 'm.video', 'm.audio'].includes(text(content.msgtype));
  const name = text(content.filename) || text(content.body);
  const related = relation(event);
  return {
    kind: 'message',
    id: event.event_id,
    sender: event.sender,
    at: event.origin_server_ts,
    text: file && (!content.filename || content.filename === content.body) ? '' : text(content.body),
    notice: content.msgtype === 'm.notice',
    attachment: file && content.url
      ? { name, url: text(content.url), type: text(info.mimetype) || 'application/octet-stream', size: info.size ?? 0 }
      : null,
    edited: edit !== undefined,
    redacted: event.unsigned?.redacted_because !== undefined || Object.keys(event.content).length === 0,
    reactions: [],
    replyTo: related.is_falling_back ? null : (related['m.in_reply_to']?.event_id ?? null),
    threadRoot: related.rel_type === 'm.thread' ? (related.event_id ?? null) : null,
    sharedFor: sharedFor(content[sharedForField]),
    replies: null,
    records: [],
    note: noteLink(content),
    sending: 'no',
    transactionId: null,
  };
}

function noteLink(content: Content): NoteLink | null {
  const note = content['org.torg.note'] as { title?: unknown; sources?: unknown } | undefined;
  if (!note || typeof note !== 'object') return null;
  const sources = Array.isArray(note.sources) ? note.sources.filter((id): id is string => typeof id === 'string') : [];
  return { title: text(note.title), sources };
}

function sharedFor(value: unknown): SharedFor | null {
  return value === 'comments' || value === 'information' ? value : null;
}

function isEdit(event: MatrixEvent): boolean {
  return relation(event).rel_type === 'm.replace';
}

function isHappening(event: MatrixEvent): boolean {
  if (event.type === 'org.torg.record') return true;
  if (event.state_key === undefined || !shownState.has(event.type)) return false;
  if (event.type !== 'm.room.member') return true;
  if (event.content.membership === 'invite') return false;
  // A member event that only changes a display name is not worth a line.
  return event.unsigned?.prev_content?.membership !== event.content.membership;
}

function isJoin(event: MatrixEvent): boolean {
  return event.type === 'm.room.member' && event.content.membership === 'join';
}

/** The latest edit of each post; only its own author's edits count. */
function collectEdits(timeline: Timeline): Map<string, Content> {
  const authors = new Map(timeline.events.map((event) => [event.event_id, event.sender]));
  const edits = new Map<string, Content>();
  for (const event of [...timeline.events, ...timeline.echoes.map((echo) => echo.event)]) {
    const target = relation(event).event_id;
    if (!isEdit(event) || !target || authors.get(target) !== event.sender) continue;
    const content = event.content['m.new_content'] as Content | undefined;
    if (content) edits.set(target, content);
  }
  return edits;
}

function collectReactions(timeline: Timeline, me: string): Map<string, Reaction[]> {
  const found = new Map<string, Reaction[]>();
  for (const event of [...timeline.events, ...timeline.echoes.map((echo) => echo.event)]) {
    const { rel_type, event_id, key } = relation(event);
    if (event.type !== 'm.reaction' || rel_type !== 'm.annotation' || !event_id || !key) continue;
    const list = found.get(event_id) ?? [];
    const existing = list.find((reaction) => reaction.key === key);
    const mine = event.sender === me ? event.event_id : null;
    if (!existing) list.push({ key, count: 1, mine });
    else {
      existing.count += 1;
      existing.mine ??= mine;
    }
    found.set(event_id, list);
  }
  return found;
}

function collectThreads(timeline: Timeline): Map<string, { count: number; last: number }> {
  const threads = new Map<string, { count: number; last: number }>();
  for (const event of timeline.events) {
    const { rel_type, event_id } = relation(event);
    if (rel_type !== 'm.thread' || !event_id || event.type !== 'm.room.message') continue;
    const count = (threads.get(event_id)?.count ?? 0) + 1;
    threads.set(event_id, { count, last: event.origin_server_ts });
  }
  return threads;
}

function collectRecords(timeline: Timeline): Map<string, { number: string; authority: string }[]> {
  const records = new Map<string, { number: string; authority: string }[]>();
  for (const event of timeline.events) {
    if (event.type !== 'org.torg.record') continue;
    const record = event.content.record as { number: string; authority: string } | undefined;
    if (!record) continue;
    for (const id of (event.content.items as string[] | undefined) ?? []) {
      records.set(id, [...(records.get(id) ?? []), record]);
    }
  }
  return records;
}
