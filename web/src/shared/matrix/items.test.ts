import { expect, test } from 'vitest';
import { type MessageItem, streamItems, threadItems } from './items';
import { addEcho, append, emptyTimeline } from './timeline';
import type { Content, MatrixEvent } from './types';

let serial = 0;
const event = (content: Content, more: Partial<MatrixEvent> = {}): MatrixEvent => ({
  event_id: `$${(serial += 1)}`, type: 'm.room.message', sender: '@a:x', origin_server_ts: serial, content, ...more,
});
const text = (body: string, more: Partial<MatrixEvent> = {}) => event({ msgtype: 'm.text', body }, more);
const shown = (events: MatrixEvent[]) => streamItems(append(emptyTimeline, events, false), '@me:x');
const messages = (events: MatrixEvent[]) => shown(events).filter((item): item is MessageItem => item.kind === 'message');

const edit = (of: MatrixEvent, body: string, sender = of.sender) =>
  event({ body: `* ${body}`, 'm.new_content': { msgtype: 'm.text', body }, 'm.relates_to': { rel_type: 'm.replace', event_id: of.event_id } }, { sender });

test('an edit changes its post and is no post of its own', () => {
  const post = text('one');
  const [only, ...rest] = messages([post, edit(post, 'two')]);
  expect(only?.text).toBe('two');
  expect(only?.edited).toBe(true);
  expect(rest).toEqual([]);
});

test("someone else's edit changes nothing", () => {
  const post = text('one');
  expect(messages([post, edit(post, 'two', '@b:x')])[0]?.text).toBe('one');
});

test('reactions are counted by key, and one knows which is mine', () => {
  const post = text('one');
  const react = (sender: string, key: string) =>
    event({ 'm.relates_to': { rel_type: 'm.annotation', event_id: post.event_id, key } }, { type: 'm.reaction', sender });
  const mine = react('@me:x', '👍');
  const [item] = messages([post, react('@a:x', '👍'), mine, react('@b:x', '🙏')]);
  expect(item?.reactions).toEqual([{ key: '👍', count: 2, mine: mine.event_id }, { key: '🙏', count: 1, mine: null }]);
});

test('an official note names its sources, and nothing but texts is taken for one', () => {
  const note = event({ msgtype: 'm.text', body: 'x', 'org.torg.note': { title: 'Bron', sources: ['$1', 7] } });
  expect(messages([note])[0]?.note).toEqual({ title: 'Bron', sources: ['$1'] });
  expect(messages([text('one')])[0]?.note).toBeNull();
});

test('posts of a thread fold into their root', () => {
  const root = text('root');
  const reply = event({ body: 'reply', 'm.relates_to': { rel_type: 'm.thread', event_id: root.event_id } });
  const all = [root, reply];
  expect(messages(all)).toHaveLength(1);
  expect(messages(all)[0]?.replies).toEqual({ count: 1, last: reply.origin_server_ts });
  expect(threadItems(append(emptyTimeline, all, false), root.event_id).map((item) => item.text)).toEqual(['root', 'reply']);
});

test('a record shows on the posts it was made of', () => {
  const post = text('one');
  const record = event({ record: { number: 'KS 2026/00001-1', authority: 'KS' }, items: [post.event_id] }, { type: 'org.torg.record' });
  const items = shown([post, record]);
  expect((items[0] as MessageItem).records).toEqual([{ number: 'KS 2026/00001-1', authority: 'KS' }]);
  expect(items[1]?.kind).toBe('happening');
});

test('a file without words has no text, a file with words has both', () => {
  const file = { msgtype: 'm.file', url: 'mxc://x/1', info: { size: 5, mimetype: 'application/pdf' } };
  expect(messages([event({ ...file, body: 'a.pdf' })])[0]).toMatchObject({ text: '', attachment: { name: 'a.pdf', size: 5 } });
  expect(messages([event({ ...file, body: 'Here it is', filename: 'a.pdf' })])[0]).toMatchObject({ text: 'Here it is', attachment: { name: 'a.pdf' } });
});

test('a redacted post is shown as removed', () => {
  const post = text('one');
  expect(messages([post, event({ redacts: post.event_id }, { type: 'm.room.redaction' })])[0]).toMatchObject({ redacted: true, text: '' });
});

test('a new display name is not worth a line, joining is', () => {
  const member = (before: string | undefined) => event({ membership: 'join', displayname: 'A' }, {
    type: 'm.room.member', state_key: '@a:x', unsigned: { prev_content: before ? { membership: before } : undefined },
  });
  expect(shown([member('join')])).toEqual([]);
  expect(shown([member('invite')])).toHaveLength(1);
});

test('those who join one after another stand on one line, being asked has none', () => {
  const member = (user: string, membership: string) => event({ membership }, { type: 'm.room.member', state_key: user });
  const [line, ...rest] = shown([member('@a:x', 'invite'), member('@a:x', 'join'), member('@b:x', 'invite'), member('@b:x', 'join')]);
  expect(line).toMatchObject({ kind: 'happening', also: ['@b:x'] });
  expect(rest).toEqual([]);
});

test('what one has just written is shown as being sent', () => {
  const timeline = addEcho(emptyTimeline, text('hello', { event_id: '~t1' }), 't1');
  expect(streamItems(timeline, '@me:x')[0]).toMatchObject({ text: 'hello', sending: 'sending', transactionId: 't1' });
});
