import type { Relation } from './caseTypes';

/** The records API as `docs/api-records.md` says it. Times are UTC milliseconds, a `Day` is `2026-11-24`. */

export type * from './caseTypes';

export type Day = string;
export interface Words { sv: string; en: string }
export type Role = 'member' | 'officer' | 'registrar' | 'archivist' | 'administrator' | 'disclosing_officer' | 'lawyer' | 'communicator' | 'auditor' | 'data_protection_officer';
export type Level = 'within' | 'shared' | 'open';
export type InformationClass = 'open' | 'internal' | 'sensitive';
export type Handling = 'unassessed' | 'kept_ordered' | 'trivial' | 'registered' | 'working';
export type Clock = 'none' | 'calm' | 'today' | 'late';
export type Verdict = 'kept_ordered' | 'trivial' | 'working' | 'already_registered';

export interface Authority {
  code: string;
  name: Words;
  organisation: string;
  organisation_number: string;
  mark: string;
}

export interface Me {
  user_id: string;
  name: string;
  authority: string | null;
  unit: string;
  roles: { authority: string; role: Role }[];
  /** What she may do today, by roles and by delegations (docs/roles.md). */
  may: { authority: string; acts: string[] }[];
  authorities: Authority[];
}

export interface DirectoryPerson { user_id: string; name: string; authority: string; unit: string }

export interface CaseRef { id: string | number; number: string; title: string }

export interface Plan {
  purpose: string;
  level: Level;
  class: InformationClass;
  host: string;
  registers: string;
  archives: string;
  discloses: string;
  parties: string[];
  case: CaseRef | null;
  classification: string;
  retention_decision: string;
  weed_after_days: number;
  dispose_after_days: number;
  standing_decision: { number: string; day: Day } | null;
  /** The room may be encrypted end to end. */
  end_to_end?: boolean;
  accepted_by: string[];
}

export interface Assessment {
  authority: string;
  status: 'record' | 'not_record';
  basis: string;
  handling: Handling;
  rule: string;
  since: number;
  due_day: Day | null;
  clock: Clock;
  clock_text: Words;
  allowed: (Handling | 'already_registered')[];
  refused: { handling: Handling | 'already_registered'; why: Words }[];
  suggested: Handling | 'already_registered' | null;
  reason: string | null;
  record: CaseRef | null;
  intent: { key: string; state: IntentState; due_at: number } | null;
  /** Registered in the authority's own system outside Torg, or on the way there. */
  external?: Handover | null;
  by: string | null;
  /** Why an official note should keep what was told in the post (R16). */
  note_prompt?: Words | null;
}

/** What a register outside Torg was given: its number, once it has one. */
export interface Handover {
  key: string;
  state: 'waiting' | 'retrying' | 'sent' | 'registered' | 'refused';
  number: string | null;
  url: string | null;
  title: string;
  problem: string | null;
  next_try_at: number | null;
}

export type IntentState = 'pending' | 'committed' | 'cancelled';

/** A marking: a warning with its provision, never a decision. `provision_id` names one of the list. */
export interface Secrecy { provision: string; provision_id?: string; day: Day; authority?: string; note: string }

/** As the server shows it; `listed` is false for a provision that the list doesn't have. */
export interface ShownSecrecy extends Secrecy { listed: boolean }

/** A marking that holds for something, its own or inherited: case, record, file. */
export interface HoldingSecrecy extends ShownSecrecy { from: 'file' | 'record' | 'case' }

/** A marking with its history. */
export interface Mark extends ShownSecrecy {
  at: number;
  by: string;
  ended_at: number | null;
  ended_by: string | null;
  reason: string;
}

export interface Provision {
  id: string;
  cite: string;
  subject: Words;
  description: Words;
  protects: 'public' | 'individual' | 'both';
  presumption: 'straight' | 'reversed' | 'absolute' | 'mixed';
  strength: string;
  max_years: number | null;
}

export interface Draft {
  title: string;
  internal_title: string;
  direction: 'in' | 'out' | 'internal';
  sender: string;
  recipient: string;
  private_person: boolean;
  came_or_made_day: Day;
  classification: string;
  record_type: string;
  case: { id: string | number } | { new: { title: string } } | null;
  secrecy: Secrecy | null;
}

export interface FileInfo { name: string; size: number; type: string }

export interface Suggestions {
  draft: Draft;
  case: CaseRef | null;
  cases: (CaseRef & { why: string | Words })[];
  next_number: string;
  status_text: Words;
  personal_numbers: number;
  secrecy_hints: { provision: string; why: string | Words }[];
  duplicates: { number: string; title: string }[];
  checks: { id: string; ok: boolean; text: Words }[];
  sources: Record<string, Words>;
}

/** What is lifted: the posts that are named, a whole thread, or what was said in a span of time. */
export type LiftWhat = { event_ids: string[] } | { thread: string } | { span: Span };

/** Both ends are moments. */
export interface Span { from: number; to: number }

export interface LiftItem {
  event_id: string;
  text: string;
  sender: string;
  at: number;
  attachments: FileInfo[];
  included: boolean;
  /** An official note. */
  note?: boolean;
}

export interface LiftPreview extends Suggestions {
  items: LiftItem[];
  /** Something of it is no public record until it is registered. */
  becomes_public?: boolean;
}

export type Confirmation = 'secrecy' | 'personal_number' | 'new_case' | 'many';

export interface RecordFile { n: number; name: string; type: string; size: number; role: string; url: string; secrecy_shown?: HoldingSecrecy[] }

export interface Correction { at: number; by: string; field: string; from: string; to: string; reason: string }

export interface RegisteredRecord {
  id: string | number;
  number: string;
  authority: string;
  title: string;
  internal_title: string;
  public_title: string | null;
  direction: Draft['direction'];
  sender: string;
  recipient: string;
  private_person?: boolean;
  came_or_made_day: Day;
  registered_at: number;
  registered_by: string;
  case: CaseRef | null;
  classification: string;
  record_type: string;
  secrecy: Secrecy | null;
  secrecy_shown?: HoldingSecrecy[];
  files: RecordFile[];
  publication: 'waiting' | 'full' | 'number_only' | 'taken_down';
  corrections: Correction[];
  log: { index: number; size: number } | null;
  rendition: 'waiting' | 'done' | 'failed' | 'none' | 'incomplete';
  not_a_record?: boolean;
  disposed?: boolean;
  /** It was end-to-end encrypted: who decrypted it, and what that proves. */
  handed_over?: { by: string; device: string; at: number; statement: Words } | null;
  relations?: Relation[];
}

export interface Intent {
  key: string;
  state: IntentState;
  due_at: number;
  number: string | null;
  record_id: string | number | null;
  /** Why a lift that was waiting could not be committed. */
  problem?: string | null;
  record: RegisteredRecord | null;
  external?: Handover | null;
}

export interface Overview {
  to_assess: { event_id: string; title: string; assessment: Assessment }[];
  registered: { number: string | null; title: string; at: number; record_id: string | number | null; external?: Handover | null }[];
}

export interface QueueLine {
  id: string | number;
  room_id: string | null;
  room_name: string;
  event_id: string;
  authority: string;
  kind: 'chat' | 'mail' | 'file' | 'question' | 'request' | 'review';
  title: string;
  party: string;
  case: CaseRef | null;
  assessment: Assessment;
  source: { text: string; attachments: FileInfo[]; sender: string; where: string | Words; removed_by_author?: boolean };
  draft: Draft;
  next_number: string;
  needs_you: Words | null;
  crossing: Words | null;
  /** Of a request for records. */
  request?: DisclosureRequest;
  /** Of a closing review: items without a verdict. */
  left?: number;
}

/** Somebody wants to see a record. Two clocks: the first day, and the last one. */
export interface DisclosureRequest {
  id: string | number;
  authority: string;
  text: string;
  at: number;
  number?: string | null;
  record?: { id: string | number; number: string } | null;
  contact?: string | null;
  due_day?: Day;
  latest_day?: Day;
  clock?: 'none' | 'calm' | 'today' | 'late';
  clock_text?: Words;
  state?: string;
  outcome?: string | null;
}

export interface ClosingReview {
  case: CaseRef;
  state: 'not_closed' | 'open' | 'done';
  items: {
    event_id: string;
    room_id: string;
    text: string;
    attachments: string[];
    sender: string;
    at: number;
    suggested: ReviewVerdict;
    verdict: ReviewVerdict | null;
    by: string | null;
  }[];
  left: number;
  clock?: Clock;
  clock_text?: Words;
}

export type ReviewVerdict = 'record' | 'working';

/** A page of the queue; `left` and `late` count all there are, `next` is where the page after begins. */
export interface Queue { lines: QueueLine[]; left: number; late?: number; done_today: number; next?: string | null }

export interface CheckLine {
  record_id: string | number;
  number: string;
  on_web_now: { title: string | null; party: string | null };
  when_shown: { title: string; party: string; private_person?: boolean };
  direction?: Draft['direction'];
  came_or_made_day?: Day;
  internal_title: string;
  names: { from: number; to: number }[];
  suggested_title: string | null;
  at: number;
  secrecy_shown?: HoldingSecrecy[];
}

export type ManualKind = 'paper' | 'counter' | 'phone' | 'mail' | 'file';

export interface ManualPreview extends Suggestions {
  upload: string;
  mail: { from: string; to: string; subject: string; date: number | string | null; text: string } | null;
  attachments: (FileInfo & { part: number })[];
  /** Why nothing could be read out of the file; it can be registered all the same. */
  unread?: Words | null;
}

/** Without a record where a register outside Torg gives the number. */
export interface ManualResult { number: string | null; say: Words; record: RegisteredRecord | null; external?: Handover | null }

/** Numbers kept for days on which Torg is down. */
export interface Reservation {
  id: number;
  authority: string;
  at: number;
  reason: string;
  numbers: { number: string; state: 'open' | 'used' | 'void' }[];
}
