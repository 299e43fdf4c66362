import { type MessageItem, type SharedFor, sharedForField } from '../../shared/matrix/items';
import type { Content } from '../../shared/matrix/types';

/** What the composer is for just now. */
export type Mode =
  | { kind: 'write' }
  | { kind: 'reply'; to: MessageItem }
  | { kind: 'edit'; of: MessageItem };

const shared = (sharedFor: SharedFor | null | undefined): Content => (sharedFor ? { [sharedForField]: sharedFor } : {});

/** The content of a post; an edit stays shared for what it was. A thread's posts also answer its latest one, for clients that don't show threads. */
export function messageContent(text: string, mode: Mode, thread?: { root: string; latest: string }, sharedFor?: SharedFor | null): Content {
  const body = { msgtype: 'm.text', body: text, ...shared(mode.kind === 'edit' ? mode.of.sharedFor : sharedFor) };
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

export function fileContent(file: { name: string; type: string; size: number }, url: string, sharedFor?: SharedFor | null): Content {
  const msgtype = file.type.startsWith('image/') ? 'm.image' : 'm.file';
  const mimetype = file.type || 'application/octet-stream';
  return { msgtype, body: file.name, filename: file.name, url, info: { mimetype, size: file.size }, ...shared(sharedFor) };
}

export interface NoteDraft { title: string; when: string; said: string; conclusion: string; sources: string[] }

/** An official note: a message that anyone's client shows, and beside it what it was written from. */
export function noteContent(note: NoteDraft): Content {
  const title = note.title.trim();
  const body = [title, note.when, note.said, note.conclusion].map((part) => part.trim()).filter(Boolean).join('\n\n');
  return { msgtype: 'm.text', body, 'org.torg.note': { title, sources: note.sources } };
}

export function reactionContent(eventId: string, key: string): Content {
  return { 'm.relates_to': { rel_type: 'm.annotation', event_id: eventId, key } };
}

// Twelve digits, or ten with a sign between; ten bare digits when they don't begin as a telephone number; SE…01 is the
// VAT number of a sole trader.
const shapes = [
  /(?<![\d-])(?:18|19|20)?(\d{6})\s?[-+\u2010-\u2015\u2212]\s?(\d{4})(?!\d)/g,
  /(?<![\d+])(?:18|19|20)(\d{6})(\d{4})(?!\d)/g,
  /(?<![\d+])([1-9]\d{5})(\d{4})(?!\d)/g,
  /\bSE(\d{6})(\d{4})01(?!\d)/g,
];

/**
 * Finds a Swedish personal identity or coordination number (Skatteverket, SKV 704): a date and a right check digit. Only
 * a warning while one writes; the server checks again, with the year's rules.
 *
 * @return the number as it is written, or null.
 */
export function personalNumber(text: string): string | null {
  const plain = [...text].map((sign) => (sign.normalize('NFKC').length === sign.length ? sign.normalize('NFKC') : sign)).join('');
  for (const shape of shapes) {
    for (const found of plain.matchAll(shape)) {
      const digits = `${found[1]}${found[2]}`;
      if (isDate(found[0], digits) && luhn(digits)) return text.slice(found.index, found.index + found[0].length);
    }
  }
  return null;
}

function isDate(written: string, digits: string): boolean {
  const century = /^(18|19|20)\d{10}$/.exec(written.replace(/\D/g, ''))?.[1];
  const day = Number(digits.slice(4, 6));
  const [year, month, dayOfMonth] = [Number(digits.slice(0, 2)), Number(digits.slice(2, 4)), day > 60 ? day - 60 : day];
  // Without a century the day must exist in one of them: 29 February 2000 does, 1900 does not.
  return (century ? [Number(century)] : [19, 20]).some((one) => {
    const date = new Date(Date.UTC(one * 100 + year, month - 1, dayOfMonth));
    return date.getUTCMonth() === month - 1 && date.getUTCDate() === dayOfMonth;
  });
}

function luhn(digits: string): boolean {
  let sum = 0;
  for (const [index, digit] of [...digits].entries()) {
    const value = Number(digit) * (index % 2 === 0 ? 2 : 1);
    sum += value > 9 ? value - 9 : value;
  }
  return sum % 10 === 0;
}
