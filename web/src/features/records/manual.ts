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
