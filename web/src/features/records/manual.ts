import type { Authority, Draft, ManualKind } from '../../shared/api/types';

/** The card before anything is known: today, this board, the usual direction for how it came. */
export function emptyDraft(kind: ManualKind, today: string, authority: Authority | undefined, language: 'sv' | 'en', noteType: string): Draft {
  const board = authority?.name[language] ?? '';
  const phone = kind === 'phone';
  return {
    title: '', internal_title: '', direction: phone ? 'internal' : 'in', sender: '', recipient: phone ? '' : board,
    private_person: false, came_or_made_day: today, classification: '', record_type: noteType, case: null, secrecy: null,
  };
}

/** The title of a note from what was said, until someone writes a better one: its first sentence, at most 80 characters. */
export function noteTitle(prefix: string, said: string): string {
  const sentence = said.trim().split(/(?<=[.!?])\s|\n/)[0]?.replace(/[.!?]$/, '') ?? '';
  if (!sentence) return '';
  if (sentence.length <= 80) return `${prefix} ${sentence}`;
  return `${prefix} ${sentence.slice(0, 80).replace(/\s+\S*$/, '')} …`;
}

/** A letter as a file: what mail programs save, and what Outlook does. */
export function isMail(file: { name: string; type: string }): boolean {
  return mailType(file) !== null;
}

/** The type under which the server reads it; none when it is another file. */
export function mailType(file: { name: string; type: string }): string | null {
  const name = file.name.toLowerCase();
  if (file.type === 'message/rfc822' || name.endsWith('.eml')) return 'message/rfc822';
  if (file.type === 'application/vnd.ms-outlook' || name.endsWith('.msg')) return 'application/vnd.ms-outlook';
  return null;
}
