import type { Assessment, Confirmation, Draft, LiftPreview, Suggestions } from '../../shared/api/types';
import { ApiError } from '../../shared/matrix/types';

export type DraftProblem = 'title' | 'case' | 'day' | 'secrecyProvision' | 'nothingIncluded' | 'tooMany';

/** Of one lift, as the server has it. */
export const mostLifted = 200;

/** What must be there before the server is asked. The server's rules are stricter; these only spare a round trip. */
export function problemsIn(draft: Draft, included: number): DraftProblem[] {
  const problems: DraftProblem[] = [];
  if (included === 0) problems.push('nothingIncluded');
  if (included > mostLifted) problems.push('tooMany');
  if (!draft.title.trim()) problems.push('title');
  if (draft.case && 'new' in draft.case && !draft.case.new.title.trim()) problems.push('case');
  if (!/^\d{4}-\d{2}-\d{2}$/.test(draft.came_or_made_day)) problems.push('day');
  if (draft.secrecy && !draft.secrecy.provision.trim()) problems.push('secrecyProvision');
  return problems;
}

/** `Shift L`: a lift without a look is possible only when the plan fixes the case and nothing warns. */
export function canLiftAtOnce(preview: LiftPreview): boolean {
  return preview.case !== null && preview.draft.title.trim() !== '' && warnings(preview) === 0
    && preview.checks.every((check) => check.ok);
}

export function warnings(suggestions: Suggestions): number {
  return suggestions.personal_numbers + suggestions.secrecy_hints.length + suggestions.duplicates.length;
}

const personalNumber = /(?<!\d)(?:\d{6}|\d{8})[-+]?\d{4}(?!\d)/;

/** What the server will want confirmed, as far as the client can tell; the server's own answer decides. */
export function confirmationsNeeded(draft: Draft, items = 1): Confirmation[] {
  const needed: Confirmation[] = [];
  if (draft.secrecy) needed.push('secrecy');
  if (personalNumber.test(draft.title)) needed.push('personal_number');
  if (draft.case && 'new' in draft.case) needed.push('new_case');
  if (items > 50) needed.push('many');
  return needed;
}

/**
 * What may be secret is of little importance only together with a colleague (R22). The rules then refuse to keep it in
 * order and still allow the other; a server that sees it otherwise says so.
 */
export function needsSecond(rules: Pick<Assessment, 'allowed' | 'refused'>): boolean {
  return rules.allowed.includes('trivial') && rules.refused.some((one) => one.handling === 'kept_ordered');
}

/** Which second confirmations the server asks for; null when it answered something else. */
export function confirmationsAsked(error: unknown): Confirmation[] | null {
  if (!(error instanceof ApiError) || error.code !== 'ORG.TORG.CONFIRM') return null;
  return Array.isArray(error.body.confirm) ? (error.body.confirm as Confirmation[]) : null;
}

/** A key that makes a lift happen once however often it is sent. */
export function intentKey(): string {
  return crypto.randomUUID();
}

/** The letter for the case field follows the interface language: Ärende, Case. */
export function caseKey(language: string): string {
  return language === 'sv' ? 'Ä' : 'C';
}

/** Cuts a text at marked names: `[{from, to}]` are UTF-16 offsets, as the server gives them. */
export function markNames(text: string, names: { from: number; to: number }[]): { text: string; name: boolean }[] {
  const parts: { text: string; name: boolean }[] = [];
  let at = 0;
  for (const { from, to } of [...names].sort((a, b) => a.from - b.from)) {
    if (from < at || to > text.length) continue;
    if (from > at) parts.push({ text: text.slice(at, from), name: false });
    parts.push({ text: text.slice(from, to), name: true });
    at = to;
  }
  if (at < text.length) parts.push({ text: text.slice(at), name: false });
  return parts;
}
