import type { MessageItem } from '../../shared/matrix/items';
import type { Content } from '../../shared/matrix/types';

/** What the composer is for just now. */
export type Mode =
  | { kind: 'write' }
  | { kind: 'reply'; to: MessageItem }
  | { kind: 'edit'; of: MessageItem };

/** The content of a post. A thread's posts also answer its latest one, for clients that don't show threads. */
export function messageContent(text: string, mode: Mode, thread?: { root: string; latest: string }): Content {
  const body = { msgtype: 'm.text', body: text };
  if (mode.kind === 'edit') {
    return {
      ...body, body: `* ${text}`, 'm.new_content': body,
      'm.relates_to': { rel_type: 'm.replace', event_id: mode.of.id },
    };
  }
  if (thread) {
    return {
      ...body,
      'm.relates_to': {
        rel_type: 'm.thread', event_id: thread.root, is_falling_back: true,
        'm.in_reply_to': { event_id: thread.latest },
      },
    };
  }
  if (mode.kind === 'reply') return { ...body, 'm.relates_to': { 'm.in_reply_to': { event_id: mode.to.id } } };
  return body;
}

export function fileContent(file: { name: string; type: string; size: number }, url: string): Content {
  const msgtype = file.type.startsWith('image/') ? 'm.image' : 'm.file';
  const mimetype = file.type || 'application/octet-stream';
  return { msgtype, body: file.name, filename: file.name, url, info: { mimetype, size: file.size } };
}

export function reactionContent(eventId: string, key: string): Content {
  return { 'm.relates_to': { rel_type: 'm.annotation', event_id: eventId, key } };
}

/**
 * Finds a Swedish personal identity number (Skatteverket, SKV 704): twelve or ten digits with a right check digit. Only
 * a warning while one writes; the server checks again.
 */
export function personalNumber(text: string): string | null {
  for (const found of text.matchAll(/(?<!\d)(?:19|20)?(\d{6})[-+]?(\d{4})(?!\d)/g)) {
    const digits = `${found[1]}${found[2]}`;
    const month = Number(digits.slice(2, 4));
    const day = Number(digits.slice(4, 6)) % 60; // coordination numbers add sixty
    if (month >= 1 && month <= 12 && day >= 1 && day <= 31 && luhn(digits)) return found[0];
  }
  return null;
}

function luhn(digits: string): boolean {
  let sum = 0;
  for (const [index, digit] of [...digits].entries()) {
    const value = Number(digit) * (index % 2 === 0 ? 2 : 1);
    sum += value > 9 ? value - 9 : value;
  }
  return sum % 10 === 0;
}
