import { useApi } from '../../../shared/api/client';
import { useItemsChanged } from '../../../shared/api/items';
import type { Assessment, QueueLine, Verdict, Words } from '../../../shared/api/types';

export interface AssessRequest {
  authority: string;
  handling: Verdict;
  reason?: string;
  record?: string;
  second_person?: string;
}

/** @throws ApiError 409 `ORG.TORG.RULE_REFUSES` with the rule in words. */
export function useAssess() {
  const api = useApi();
  const changed = useItemsChanged();
  return async (roomId: string, eventId: string, request: AssessRequest): Promise<Assessment> => {
    const path = `rooms/${encodeURIComponent(roomId)}/items/${encodeURIComponent(eventId)}/assess`;
    const answer = await api.post<Assessment>(path, request);
    changed(roomId);
    return answer;
  };
}

export interface BulkResult {
  event_id: string;
  authority: string;
  done: boolean;
  assessment?: Assessment;
  errcode?: string;
  error?: string;
  why?: Words;
}

/** One decision about many items, each answered for by itself; at most 500. */
export function useAssessMany() {
  const api = useApi();
  const changed = useItemsChanged();
  return async (lines: Pick<QueueLine, 'event_id' | 'authority'>[], request: Omit<AssessRequest, 'authority'>): Promise<{ results: BulkResult[] }> => {
    const items = lines.map(({ event_id, authority }) => ({ event_id, authority }));
    const answer = await api.post<{ results: BulkResult[] }>('queue/assess', { ...request, items, mode: 'each' });
    changed(null);
    return answer;
  };
}
