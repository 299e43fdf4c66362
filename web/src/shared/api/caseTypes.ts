import type { CaseRef, Day, RegisteredRecord, ShownSecrecy } from './types';

export interface CaseSummary extends CaseRef {
  authority: string;
  opened_day: Day;
  closed_day: Day | null;
  classification: string;
  records: number;
  public_title?: string | null;
  opened_by?: string;
  secrecy?: ShownSecrecy | null;
  state: CaseState;
  /** User id of who deals with it. */
  officer: string | null;
  unit: string;
  deadline: Day | null;
  parallel: ParallelCase[];
}

export type CaseState = 'open' | 'waiting' | 'decided' | 'closed' | 'archived';

/** The same matter at another authority. */
export interface ParallelCase { authority: string; number: string }

/** `see` holds both ways; of the others `reverse` says that the other one answers, replaces or is a version of this. */
export interface Relation {
  id: number;
  kind: 'see' | 'answers' | 'replaces' | 'version_of';
  reverse: boolean;
  other: { id: number; number: string; title: string; authority: string };
  at: number;
  by: string;
}

/** A case with its records, oldest first. */
export interface CaseWithRecords extends CaseSummary {
  entries: RegisteredRecord[];
  /** What was changed, oldest first; `from` and `to` as they are stored. */
  changes: { at: number; by: string; field: string; from: string; to: string; reason: string }[];
  relations: Relation[];
}
