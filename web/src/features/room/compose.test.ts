import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { MessageItem } from '../../shared/matrix/items';
import { fileContent, messageContent, noteContent, personalNumber } from './compose';

const post = { id: '$1', text: 'one' } as MessageItem;

test('an edit carries the new words and those for clients that do not know edits', () => {
  expect(messageContent('two', { kind: 'edit', of: post })).toEqual({
    msgtype: 'm.text', body: '* two', 'm.new_content': { msgtype: 'm.text', body: 'two' },
    'm.relates_to': { rel_type: 'm.replace', event_id: '$1' },
  });
});

test('a note is a message that any client shows, with its sources beside it', () => {
  const note = noteContent({ title: ' Tjänsteanteckning: bron ', when: 'I dag', said: 'Torrt.', conclusion: ' ', sources: ['$1', '$2'] });
  expect(note).toEqual({
    msgtype: 'm.text', body: 'Tjänsteanteckning: bron\n\nI dag\n\nTorrt.',
    'org.torg.note': { title: 'Tjänsteanteckning: bron', sources: ['$1', '$2'] },
  });
});

test('a post in a thread also answers the latest one', () => {
  expect(messageContent('x', { kind: 'write' }, { root: '$r', latest: '$l' })['m.relates_to']).toEqual({
    rel_type: 'm.thread', event_id: '$r', is_falling_back: true, 'm.in_reply_to': { event_id: '$l' },
  });
});

test('a picture is sent as a picture, anything else as a file', () => {
  expect(fileContent({ name: 'a.png', type: 'image/png', size: 1 }, 'mxc://x/1').msgtype).toBe('m.image');
  expect(fileContent({ name: 'a', type: '', size: 1 }, 'mxc://x/1')).toMatchObject({ msgtype: 'm.file', info: { mimetype: 'application/octet-stream' } });
});

test('a draft says what it is shared for, and an edit of it too', () => {
  const draft = { ...post, sharedFor: 'comments' } as MessageItem;
  expect(messageContent('x', { kind: 'write' }, undefined, 'comments')['org.torg.shared_for']).toBe('comments');
  expect(messageContent('x', { kind: 'edit', of: draft })['m.new_content']).toMatchObject({ body: 'x', 'org.torg.shared_for': 'comments' });
  expect(fileContent({ name: 'a.odt', type: '', size: 1 }, 'mxc://x/1', 'information')['org.torg.shared_for']).toBe('information');
  expect(Object.keys(messageContent('x', { kind: 'write' }))).not.toContain('org.torg.shared_for');
});

interface Vector { input: string; expect: { kind: string; confidence?: string } }

const path = new URL('../../../../tests/data/personnummer-test-vectors.json', import.meta.url);
const { vectors } = JSON.parse(readFileSync(path, 'utf8')) as { vectors: Vector[] };
const personal = (vector: Vector) => ['personnummer', 'samordningsnummer'].includes(vector.expect.kind);

test('every number that is surely personal is found, however it is written', () => {
  const sure = vectors.filter((vector) => personal(vector) && vector.expect.confidence === 'high');
  expect(sure.length).toBeGreaterThan(10);
  for (const { input } of sure) expect(personalNumber(`ring ${input} nu`), input).toBe(input);
});

test('what is no personal number gives no warning', () => {
  const others = vectors.filter((vector) => ['none', 'phone', 'organisationsnummer'].includes(vector.expect.kind));
  expect(others.length).toBeGreaterThan(10);
  for (const { input } of others) expect(personalNumber(`ring ${input} nu`), input).toBeNull();
});

test('telephone numbers and register numbers are no personal numbers', () => {
  for (const text of ['070-174 06 15', 'KS 2026/00123-8', '0155-24 80 00', 'ärende 20261124']) expect(personalNumber(text), text).toBeNull();
});
