import { useSyncExternalStore } from 'react';
import { sessionStore } from '../matrix/session';
import { ApiError, OfflineError } from '../matrix/types';
import type { RecordsApi } from './client';
import type { Confirmation, Draft, Intent, LiftPreview } from './types';

export interface LiftRequest {
  key: string;
  commit: 'now' | 'after';
  room_id: string;
  event_ids: string[];
  authority: string | undefined;
  draft: Draft;
  confirmed?: Confirmation[];
}

/** A lift that someone has pressed and no server has answered. */
export interface WaitingLift {
  request: LiftRequest;
  /**
   * Pressed without the server's suggestions: what the person wrote herself. The rest of the draft is filled in when the
   * network is back.
   */
  own?: Partial<Draft>;
  /** Why it could not be lifted; a person has to look. */
  problem?: string;
}

/** What stops a lift that was filled in without a look: the texts, or null to go on. */
export type LookAgain = (preview: LiftPreview) => string | null;

const name = 'lifts';
const sentAtOnce = new Set([502, 503, 504]);

/** The request reached nobody who can lift: no network, or what stands in front of a server that is down. */
export function isAway(error: unknown): boolean {
  return error instanceof OfflineError || (error instanceof ApiError && sentAtOnce.has(error.status));
}

/**
 * Lifts pressed while the network was away. They lie where the session lies, so that a reload loses nothing and an unknown
 * device forgets them with the tab; each is sent under the key it was pressed with, so that it happens once.
 */
class WaitingLifts {
  private lifts: WaitingLift[];
  private readonly listeners = new Set<() => void>();
  private sending = false;

  constructor() {
    const kept: unknown = sessionStore.kept(name);
    this.lifts = Array.isArray(kept) ? (kept as WaitingLift[]) : [];
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  get = (): readonly WaitingLift[] => this.lifts;

  add(lift: WaitingLift): void {
    this.set([...this.lifts.filter((one) => one.request.key !== lift.request.key), lift]);
  }

  remove(key: string): void {
    this.set(this.lifts.filter((one) => one.request.key !== key));
  }

  forget(): void {
    this.set([]);
  }

  /** Sends what waits, in the order it was pressed, until something does not go. */
  async send(api: RecordsApi, lookAgain: LookAgain, problemText: (error: unknown) => string, done: (request: LiftRequest, intent: Intent) => void): Promise<void> {
    if (this.sending) return;
    this.sending = true;
    try {
      for (const lift of this.lifts.filter((one) => !one.problem)) {
        const problem = await this.sendOne(api, lift, lookAgain, done).catch((error: unknown) => {
          // Not our lift's fault: it goes on waiting.
          if (isAway(error) || (error instanceof ApiError && (error.status === 401 || error.status === 429 || error.status >= 500))) throw error;
          return problemText(error);
        });
        if (problem) this.set(this.lifts.map((one) => (one.request.key === lift.request.key ? { ...one, problem } : one)));
      }
    } catch {
      // Still away; the next turn tries again.
    } finally {
      this.sending = false;
    }
  }

  private async sendOne(api: RecordsApi, lift: WaitingLift, lookAgain: LookAgain, done: (request: LiftRequest, intent: Intent) => void): Promise<string | null> {
    let { request } = lift;
    if (lift.own) {
      const { room_id, event_ids, authority } = request;
      const preview = await api.post<LiftPreview>('lifts/preview', { room_id, event_ids, authority });
      const problem = lookAgain(preview);
      if (problem) return problem;
      request = { ...request, draft: { ...preview.draft, ...lift.own } };
    }
    // Somebody may have taken it back meanwhile.
    if (!this.lifts.some((one) => one.request.key === request.key)) return null;
    const intent = await api.post<Intent>('lifts', request);
    this.remove(request.key);
    done(request, intent);
    return null;
  }

  private set(lifts: WaitingLift[]): void {
    this.lifts = lifts;
    sessionStore.keep(name, lifts.length > 0 ? lifts : null);
    for (const listener of this.listeners) listener();
  }
}

export const waitingLifts = new WaitingLifts();

export function useWaitingLifts(): readonly WaitingLift[] {
  return useSyncExternalStore(waitingLifts.subscribe, waitingLifts.get);
}

/** The lift of a post that waits for the network. */
export function useWaitingLift(roomId: string, eventId: string): WaitingLift | undefined {
  return useWaitingLifts().findLast(({ request }) => request.room_id === roomId && request.event_ids.includes(eventId));
}
