import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import { type RecordsApi, useApi } from '../../../shared/api/client';
import { useItemsChanged } from '../../../shared/api/items';
import type { Assessment, Intent, LiftPreview, LiftWhat, QueueLine } from '../../../shared/api/types';
import type { LiftRequest } from '../../../shared/api/waitingLifts';

export function previewLift(api: RecordsApi, roomId: string, what: LiftWhat, authority: string | undefined) {
  return api.post<LiftPreview>('lifts/preview', { room_id: roomId, ...what, authority });
}

const glance = 400;

/**
 * What Torg sees in a line: duplicates, cases, hints. Asked for when somebody has looked at it for a moment, or at once
 * when `now` needs it; a line passed by in haste costs nothing.
 */
export function useLinePreview(line: QueueLine, now: boolean): LiftPreview | undefined {
  const api = useApi();
  const [looked, setLooked] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLooked(true), glance);
    return () => clearTimeout(timer);
  }, []);
  const { data } = useQuery({
    queryKey: ['line-preview', String(line.id)],
    queryFn: () => previewLift(api, line.room_id ?? '', { event_ids: [line.event_id] }, line.authority),
    enabled: (looked || now) && line.room_id !== null,
    staleTime: 60_000,
    retry: false,
  });
  return data;
}

/** Lifting, committing now and undoing; each leaves what is shown as the server has it. */
export function useLiftOperations() {
  const api = useApi();
  const queries = useQueryClient();
  const changed = useItemsChanged();
  return useMemo(() => {
    /** Shows the intent at once on its posts; the next answer from the server replaces it. */
    const show = (roomId: string, eventIds: string[], authority: string | undefined, intent: Intent) => {
      for (const id of eventIds) {
        queries.setQueryData<Assessment[]>(['item', roomId, id], (known) =>
          known?.map((one) => (!authority || one.authority === authority
            ? { ...one, intent: { key: intent.key, state: intent.state, due_at: intent.due_at } } : one)));
      }
    };
    return {
      lift: async (request: LiftRequest): Promise<Intent> => {
        const intent = await api.post<Intent>('lifts', request);
        show(request.room_id, request.event_ids, request.authority, intent);
        changed(request.room_id);
        return intent;
      },
      commit: async (key: string, roomId: string | null): Promise<Intent> => {
        const intent = await api.post<Intent>(`lifts/${encodeURIComponent(key)}/commit`);
        changed(roomId);
        return intent;
      },
      cancel: async (key: string, roomId: string | null): Promise<Intent> => {
        const intent = await api.post<Intent>(`lifts/${encodeURIComponent(key)}/cancel`);
        changed(roomId);
        return intent;
      },
    };
  }, [api, queries, changed]);
}
