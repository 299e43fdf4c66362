import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useApi } from '../../../shared/api/client';
import { useItemsChanged } from '../../../shared/api/items';
import type { CaseSummary, CaseWithRecords, ReviewVerdict } from '../../../shared/api/types';

type Id = string | number;
const path = (id: Id) => `cases/${encodeURIComponent(String(id))}`;

export function useCases(authority: string | undefined, query: string) {
  const api = useApi();
  return useQuery({
    queryKey: ['cases', authority, query],
    queryFn: () => api.get<{ cases: CaseSummary[] }>('cases', { authority, query, open: true }),
    staleTime: 30_000,
  });
}

/** Every case one may see, a page at a time. */
export function useAllCases(query: string, open: boolean) {
  const api = useApi();
  return useInfiniteQuery({
    queryKey: ['cases', 'all', query, open],
    queryFn: ({ pageParam }) => api.get<{ cases: CaseSummary[]; next: number | null }>(
      'cases', { query: query || undefined, open: open || undefined, from: pageParam ?? undefined }),
    initialPageParam: null as number | null,
    getNextPageParam: (page) => page.next,
    staleTime: 30_000,
  });
}

export function useCase(id: Id) {
  const api = useApi();
  return useQuery({
    queryKey: ['case', String(id)],
    queryFn: () => api.get<CaseWithRecords>(path(id)),
    // What is being made comes by itself.
    refetchInterval: (query) => (query.state.data?.entries.some((one) => one.rendition === 'waiting') ? 15_000 : 60_000),
  });
}

export function useCloseCase(id: Id) {
  const api = useApi();
  const queries = useQueryClient();
  const changed = useItemsChanged();
  return useMutation({
    mutationFn: (review: Record<string, ReviewVerdict>) => api.post<CaseWithRecords>(`${path(id)}/close`, { review }),
    onSuccess: () => {
      for (const key of [['case', String(id)], ['cases'], ['review']]) void queries.invalidateQueries({ queryKey: key });
      changed(null);
    },
  });
}
