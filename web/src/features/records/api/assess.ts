import { useApi } from '../../../shared/api/client';
import { useItemsChanged } from '../../../shared/api/items';
import type { Assessment, Verdict } from '../../../shared/api/types';

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
