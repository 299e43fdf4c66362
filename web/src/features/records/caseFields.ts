import type { TFunction } from 'i18next';
import { authoritiesWithRole, useDirectory } from '../../shared/api/me';
import type { CaseState, CaseWithRecords, Me, ParallelCase } from '../../shared/api/types';
import { formatDay } from '../../shared/format/dates';
import { useLanguage } from '../../shared/i18n/i18n';
import type { Binding } from '../../shared/keys/keymap';

/** What a case says of itself and its people change, in the order it is shown, each with its letter. */
export const caseFields = ['title', 'state', 'officer', 'unit', 'deadline', 'classification', 'parallel'] as const;
export type CaseField = (typeof caseFields)[number];

export const caseFieldLetters: Record<CaseField, string> = {
  title: 'T', state: 'L', officer: 'H', unit: 'E', deadline: 'D', classification: 'C', parallel: 'N',
};

/** A change that the API takes only with a reason. */
export const needsReason: ReadonlySet<CaseField> = new Set<CaseField>(['title', 'classification']);

/** Officers change a case until it is closed; afterwards its registrars and archivists do. */
export function mayChangeCase(me: Me | undefined, found: { authority: string; closed_day: string | null }): boolean {
  const has = (role: 'officer' | 'registrar' | 'archivist') => authoritiesWithRole(me, role).includes(found.authority);
  return has('registrar') || has('archivist') || (has('officer') && !found.closed_day);
}

/** Where a case can go by a change: closing has its own review, and nothing is opened again. */
export function statesFrom(state: CaseState): CaseState[] {
  if (state === 'closed') return ['closed', 'archived'];
  return state === 'archived' ? [] : ['open', 'waiting', 'decided'];
}

export function changeable(found: Pick<CaseWithRecords, 'state'>): CaseField[] {
  return caseFields.filter((field) => field !== 'state' || statesFrom(found.state).length > 0);
}

export function caseFieldKeys(t: TFunction, found: CaseWithRecords, onEdit: (field: CaseField) => void): Binding[] {
  return changeable(found).map((field) => ({
    keys: [caseFieldLetters[field]], label: t('keys.change', { what: t(`caseField.${field}`) }), run: () => onEdit(field),
  }));
}

/** The list of parallel cases as it is stored in the history; what can't be read is shown as it is. */
export function parallelText(stored: string): string {
  try {
    const list = JSON.parse(stored) as ParallelCase[];
    return list.map((one) => `${one.authority} ${one.number}`).join(', ');
  } catch {
    return stored;
  }
}

/** A stored value in words. */
export function useCaseFieldText(): (field: string, value: string) => string {
  const { t, language } = useLanguage();
  const directory = useDirectory();
  return (field, value) => {
    const text = field === 'parallel' ? parallelText(value) : value;
    if (!text) return t('caseField.nothing');
    if (field === 'state') return t(`caseField.state_${text}`, { defaultValue: text });
    if (field === 'officer') return directory.get(text)?.name ?? text;
    if (field === 'deadline') return formatDay(text, language);
    return text;
  };
}
