import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useApi } from './client';
import type { Words } from './types';

/** A clock that runs out, as a count for one authority; never a list of who was late. */
export interface Notice {
  id: number;
  authority: string;
  day: string;
  kind: 'items' | 'requests' | 'reviews';
  step: 'due' | 'late' | 'very_late';
  count: number;
  text: Words;
}

export function useNotices() {
  const api = useApi();
  return useQuery({
    queryKey: ['notices'],
    queryFn: async () => (await api.get<{ notices: Notice[] }>('notices')).notices,
    refetchInterval: 5 * 60_000,
  });
}

export function useNoticeSeen() {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (ids: number[]) => Promise.all(ids.map((id) => api.post(`notices/${id}/seen`, {}))),
    onSettled: () => queries.invalidateQueries({ queryKey: ['notices'] }),
  });
}
