import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useApi } from '../../../shared/api/client';
import { useItemsChanged } from '../../../shared/api/items';
import type { RegisteredRecord } from '../../../shared/api/types';

type Id = string | number;

export function useRecord(id: Id) {
  const api = useApi();
  return useQuery({
    queryKey: ['record', String(id)],
    queryFn: () => api.get<RegisteredRecord>(`records/${encodeURIComponent(String(id))}`),
    refetchInterval: (query) => (query.state.data?.rendition === 'waiting' ? 10_000 : false),
  });
}

export type CorrectedField = 'title' | 'internal_title' | 'sender' | 'recipient' | 'case' | 'secrecy' | 'not_a_record';

/** A correction is a new event beside the old wording; it changes nothing that was. */
export function useCorrect() {
  const api = useApi();
  const queries = useQueryClient();
  const changed = useItemsChanged();
  return async (id: Id, correction: { field: CorrectedField; value: unknown; reason: string }) => {
    await api.post(`records/${encodeURIComponent(String(id))}/corrections`, correction);
    void queries.invalidateQueries({ queryKey: ['record', String(id)] });
    void queries.invalidateQueries({ queryKey: ['case'] });
    changed(null);
  };
}

export type Show = 'full' | 'number_only' | 'taken_down';

export function usePublish() {
  const api = useApi();
  const queries = useQueryClient();
  return async (id: Id, show: Show, title?: string) => {
    await api.post(`records/${encodeURIComponent(String(id))}/publication`, title === undefined ? { show } : { show, title });
    void queries.invalidateQueries({ queryKey: ['record', String(id)] });
    void queries.invalidateQueries({ queryKey: ['checks'] });
    void queries.invalidateQueries({ queryKey: ['case'] });
  };
}
