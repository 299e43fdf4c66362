/** The parts of the Matrix client-server API (v1.16) that this client reads and writes. */

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type Content = Record<string, unknown>;

export interface MatrixEvent {
  event_id: string;
  type: string;
  sender: string;
  origin_server_ts: number;
  content: Content;
  state_key?: string;
  redacts?: string;
  unsigned?: {
    transaction_id?: string;
    redacted_because?: MatrixEvent;
    prev_content?: Content;
    'm.relations'?: Record<string, unknown>;
  };
}

export interface SyncTimeline {
  events: MatrixEvent[];
  limited?: boolean;
  prev_batch?: string;
}

export interface JoinedRoom {
  timeline?: SyncTimeline;
  state?: { events: MatrixEvent[] };
  ephemeral?: { events: Omit<MatrixEvent, 'event_id' | 'sender' | 'origin_server_ts'>[] };
  account_data?: { events: { type: string; content: Content }[] };
  unread_notifications?: { notification_count?: number; highlight_count?: number };
  summary?: { 'm.heroes'?: string[]; 'm.joined_member_count'?: number };
}

export interface SyncResponse {
  next_batch: string;
  account_data?: { events: { type: string; content: Content }[] };
  rooms?: {
    join?: Record<string, JoinedRoom>;
    invite?: Record<string, { invite_state?: { events: MatrixEvent[] } }>;
    leave?: Record<string, JoinedRoom>;
  };
}

export interface MessagesResponse {
  start: string;
  end?: string;
  chunk: MatrixEvent[];
  state?: MatrixEvent[];
}

export interface Session {
  userId: string;
  deviceId: string;
  accessToken: string;
  refreshToken?: string;
}

/** What a server answers when it refuses: a Matrix error, with the fields our own API adds. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly body: Record<string, unknown>;

  constructor(status: number, body: Record<string, unknown>) {
    super(typeof body.error === 'string' ? body.error : `HTTP ${status}`);
    this.status = status;
    this.code = typeof body.errcode === 'string' ? body.errcode : 'M_UNKNOWN';
    this.body = body;
  }
}

/** The request never reached a server: no network, or the server is down. */
export class OfflineError extends Error {}
