import type { Assessment, Draft, QueueLine } from '../../shared/api/types';

export const dueOrder = ['late', 'today', 'tomorrow', 'later'] as const;
export type Due = (typeof dueOrder)[number];

/** Which heading a line stands under, by its clock and its day. `today` is a day in the authority's zone. */
export function dueOf(line: QueueLine, today: string): Due {
  const { clock, due_day: day } = line.assessment;
  if (clock === 'late') return 'late';
  if (clock === 'today' || day === today) return 'today';
  if (!day) return 'later';
  return Date.parse(day) - Date.parse(today) <= 86_400_000 ? 'tomorrow' : 'later';
}

export interface QueueFilter {
  authority: string | null;
  needsYou: boolean;
}

const nothing: Assessment = {
  authority: '', status: 'record', basis: '', handling: 'unassessed', rule: '', since: 0, due_day: null, clock: 'none',
  clock_text: { sv: '', en: '' }, allowed: [], refused: [], suggested: null, reason: null, record: null, intent: null, by: null,
};

/** A line as the server sends it. */
type SentLine = Omit<QueueLine, 'draft' | 'assessment' | 'source'> & Partial<Pick<Assessment, 'clock' | 'clock_text' | 'due_day'>> & {
  draft?: Draft; assessment?: Assessment; source?: Partial<QueueLine['source']>;
};

/** A line as the desk shows it: a request or a review has neither assessment nor draft, and gets empty ones with its clock. */
export function wholeLine(line: SentLine): QueueLine {
  const draft: Draft = {
    title: line.title, internal_title: '', direction: 'in', sender: line.party ?? '', recipient: '', private_person: false,
    came_or_made_day: '', classification: '', record_type: '', case: line.case ? { id: line.case.id } : null, secrecy: null,
    ...line.draft,
  };
  const source = { text: '', attachments: [], sender: '', where: '', ...line.source };
  const { clock = 'none', clock_text = nothing.clock_text, due_day = null } = line;
  return { ...line, draft, source, assessment: line.assessment ?? { ...nothing, clock, clock_text, due_day }, case: line.case ?? null, needs_you: line.needs_you ?? null };
}

/** The lines that are shown, grouped; lines put off stay in their group but last. */
export function groupQueue(
  lines: QueueLine[], filter: QueueFilter, today: string, putOff: ReadonlySet<string>,
): { due: Due; lines: QueueLine[] }[] {
  const shown = lines.filter((line) =>
    (!filter.authority || line.authority === filter.authority) && (!filter.needsYou || line.needs_you !== null));
  return dueOrder.flatMap((due) => {
    const group = shown.filter((line) => dueOf(line, today) === due);
    const ordered = [...group.filter((line) => !putOff.has(String(line.id))), ...group.filter((line) => putOff.has(String(line.id)))];
    return ordered.length > 0 ? [{ due, lines: ordered }] : [];
  });
}

/** Where focus goes when `gone` leave the list: the line after the last of them, else the one before. */
export function nextAfter(order: string[], gone: ReadonlySet<string>): string | null {
  const lastAt = order.findLastIndex((id) => gone.has(id));
  const after = order.slice(lastAt + 1).find((id) => !gone.has(id));
  return after ?? order.slice(0, Math.max(0, lastAt)).findLast((id) => !gone.has(id)) ?? null;
}

/** A draft with what the registrar has changed on it. */
export function withChanges(draft: Draft, changes: Partial<Draft> | undefined): Draft {
  return changes ? { ...draft, ...changes } : draft;
}
