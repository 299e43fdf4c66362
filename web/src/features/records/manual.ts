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

export function isMail(file: { name: string; type: string }): boolean {
  return file.type === 'message/rfc822' || file.name.toLowerCase().endsWith('.eml');
}
