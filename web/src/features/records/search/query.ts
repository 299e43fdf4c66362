import type { Draft } from '../../../shared/api/types';

export const directions = ['in', 'out', 'internal'] as const satisfies readonly Draft['direction'][];

/** How a record stands, in the order and the groups they are shown in. */
export const statusGroups = {
  web: ['waiting', 'full', 'number_only', 'taken_down'],
  record: ['secrecy', 'corrected', 'not_a_record', 'disposed'],
  case: ['case_open', 'case_closed'],
} as const;
const statuses: readonly string[] = Object.values(statusGroups).flat();

/** A question to the register. It is the address too, so that it can be sent to a colleague; empty means all. */
export interface RegisterQuery {
  q: string;
  authority: string[];
  from: string;
  to: string;
  direction: string[];
  type: string[];
  /** The id of a case. */
  case: string;
  officer: string;
  status: string[];
}

export const everything: RegisterQuery = { q: '', authority: [], from: '', to: '', direction: [], type: [], case: '', officer: '', status: [] };
const names = Object.keys(everything) as (keyof RegisterQuery)[];

/** Reads an address; what the register doesn't know is left out rather than asked for. */
export function readQuery(text: string): RegisterQuery {
  const given = new URLSearchParams(text);
  const day = (name: string) => (/^\d{4}-\d{2}-\d{2}$/.test(given.get(name) ?? '') ? given.get(name) ?? '' : '');
  const list = (name: string, known?: readonly string[]) => [...new Set(given.getAll(name).filter((one) => one && (known?.includes(one) ?? true)))];
  return {
    q: given.get('q') ?? '', authority: list('authority'), from: day('from'), to: day('to'), direction: list('direction', directions),
    type: list('type'), case: /^\d+$/.test(given.get('case') ?? '') ? given.get('case') ?? '' : '', officer: given.get('officer') ?? '',
    status: list('status', statuses),
  };
}

/** What is asked for, without what is empty. */
export function parameters(query: RegisterQuery): Record<string, string | string[]> {
  const all = names.map((name) => [name, typeof query[name] === 'string' ? query[name].trim() : query[name]] as const);
  return Object.fromEntries(all.filter(([, value]) => value.length > 0));
}

export function writeQuery(query: RegisterQuery): string {
  const text = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters(query))) [value].flat().forEach((one) => text.append(name, one));
  return text.toString();
}

/** A saved search as the server gives it. */
export function fromSaved(saved: Record<string, string | string[]>): RegisterQuery {
  const text = new URLSearchParams();
  for (const [name, value] of Object.entries(saved)) [value].flat().forEach((one) => text.append(name, one));
  return readQuery(text.toString());
}

export interface Narrowing { name: Exclude<keyof RegisterQuery, 'q'>; value: string }

/** All that narrows the question beside its words, one by one. */
export function narrowings(query: RegisterQuery): Narrowing[] {
  return names.flatMap((name) => (name === 'q' ? [] : [query[name]].flat().filter(Boolean).map((value) => ({ name, value }))));
}

export function without(query: RegisterQuery, { name, value }: Narrowing): RegisterQuery {
  const before = query[name];
  return { ...query, [name]: typeof before === 'string' ? '' : before.filter((one) => one !== value) };
}

/** A choice in a list, on or off. */
export function toggled(list: string[], value: string): string[] {
  return list.includes(value) ? list.filter((one) => one !== value) : [...list, value];
}

/** What the server can ask only of one's own authorities: of the others the web shows none of it. */
export function leavesOthersOut(query: RegisterQuery): boolean {
  return query.type.length + query.status.length + query.case.length + query.officer.length > 0;
}
