import type { TFunction } from 'i18next';
import type { RegisteredRecord } from '../../shared/api/types';

/** The party of a record that isn't the authority itself. */
export function otherParty(record: RegisteredRecord): string {
  return record.direction === 'out' ? record.recipient : record.direction === 'in' ? record.sender : '';
}

/**
 * What anyone sees of a record on the web, by the same rules as the server's own pages: number, date and direction
 * always; title and party only when they are shown and nothing has been disposed of; a private person never.
 */
export function publicView(record: RegisteredRecord, t: TFunction): { title: string | null; party: string } {
  if (record.disposed || record.publication !== 'full') return { title: null, party: '' };
  if (record.private_person) return { title: record.public_title, party: t(record.direction === 'out' ? 'casePage.toPrivate' : 'done.privateParty') };
  return { title: record.public_title, party: otherParty(record) };
}

/** Marked itself or by its case: the public sees that, never by what and why. */
export function isMarked(record: RegisteredRecord): boolean {
  return record.secrecy !== null || (record.secrecy_shown?.length ?? 0) > 0;
}

/** One side of a correction in words: a marking is stored whole and shown by its provision. */
export function correctedText(field: string, value: string): string {
  if (field !== 'secrecy' || !value.startsWith('{')) return value || '–';
  return (JSON.parse(value) as { provision?: string }).provision ?? '–';
}

/** `8` of `KS 2026/00123-8`. */
export function documentNumber(number: string): string {
  return number.slice(number.lastIndexOf('-') + 1);
}

/** The public page of a case: `KS 2026/00123` lies at `/diarium/KS/2026/00123`. */
export function publicPath(number: string, language: string): string {
  const base = language === 'en' ? '/en/register' : '/diarium';
  return `${base}/${number.split(/[ /-]/).map(encodeURIComponent).join('/')}`;
}
