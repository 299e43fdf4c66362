import type { MatrixEvent } from './types';

/** What one has written but the server has not yet confirmed. */
export interface Echo {
  transactionId: string;
  event: MatrixEvent;
  state: 'sending' | 'failed';
}

/**
 * A room's loaded stretch of events, oldest first, and the token for what comes before it. A value: every change gives
 * a new one, so that the view can compare by identity.
 */
export interface Timeline {
  readonly events: readonly MatrixEvent[];
  readonly echoes: readonly Echo[];
  /** Where to page back from; null at the room's beginning. */
  readonly prevBatch: string | null;
}

export const emptyTimeline: Timeline = { events: [], echoes: [], prevBatch: null };

/**
 * Adds what a sync brought. A limited sync has a gap before it: the earlier stretch is let go, and paging back from the
 * new `prev_batch` closes the gap, so that the stream never shows a hole as if it were whole.
 */
export function append(timeline: Timeline, events: MatrixEvent[], limited: boolean, prevBatch?: string): Timeline {
  const whole = limited || timeline.events.length === 0;
  const known = new Set(whole ? [] : timeline.events.map((event) => event.event_id));
  const fresh = events.filter((event) => !known.has(event.event_id));
  const confirmed = new Set(events.flatMap((event) => event.unsigned?.transaction_id ?? []));
  const ids = new Set(events.map((event) => event.event_id));
  return redactAll({
    events: whole ? fresh : [...timeline.events, ...fresh],
    echoes: timeline.echoes.filter((echo) => !confirmed.has(echo.transactionId) && !ids.has(echo.event.event_id)),
    prevBatch: whole ? (prevBatch ?? null) : timeline.prevBatch,
  }, fresh);
}

/** Adds a page of older events, given newest first as `/messages` gives them. */
export function prepend(timeline: Timeline, chunk: MatrixEvent[], end: string | undefined): Timeline {
  const known = new Set(timeline.events.map((event) => event.event_id));
  const older = chunk.filter((event) => !known.has(event.event_id)).reverse();
  return { ...timeline, events: [...older, ...timeline.events], prevBatch: end ?? null };
}

export function addEcho(timeline: Timeline, event: MatrixEvent, transactionId: string): Timeline {
  return { ...timeline, echoes: [...timeline.echoes, { transactionId, event, state: 'sending' }] };
}

/** The server has given the event its id; the echo stays until the sync brings the event itself. */
export function confirmEcho(timeline: Timeline, transactionId: string, eventId: string): Timeline {
  if (timeline.events.some((event) => event.event_id === eventId)) return dropEcho(timeline, transactionId);
  return {
    ...timeline,
    echoes: timeline.echoes.map((echo) =>
      echo.transactionId === transactionId ? { ...echo, event: { ...echo.event, event_id: eventId } } : echo),
  };
}

export function setEchoState(timeline: Timeline, transactionId: string, state: Echo['state']): Timeline {
  const echoes = timeline.echoes.map((echo) => (echo.transactionId === transactionId ? { ...echo, state } : echo));
  return { ...timeline, echoes };
}

export function dropEcho(timeline: Timeline, transactionId: string): Timeline {
  return { ...timeline, echoes: timeline.echoes.filter((echo) => echo.transactionId !== transactionId) };
}

function redactAll(timeline: Timeline, fresh: MatrixEvent[]): Timeline {
  const gone = new Map<string, MatrixEvent>();
  for (const event of fresh) {
    if (event.type !== 'm.room.redaction') continue;
    const target = event.redacts ?? (event.content.redacts as string | undefined);
    if (target) gone.set(target, event);
  }
  if (gone.size === 0) return timeline;
  const events = timeline.events.map((event) => {
    const because = gone.get(event.event_id);
    return because ? { ...event, content: {}, unsigned: { ...event.unsigned, redacted_because: because } } : event;
  });
  return { ...timeline, events };
}
