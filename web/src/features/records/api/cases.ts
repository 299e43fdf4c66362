import { useQuery } from '@tanstack/react-query';
import { useApi } from '../../../shared/api/client';
import type { CaseSummary } from '../../../shared/api/types';

export function useCases(authority: string | undefined, query: string) {
  const api = useApi();
  return useQuery({
    queryKey: ['cases', authority, query],
    queryFn: () => api.get<{ cases: CaseSummary[] }>('cases', { authority, query, open: true }),
    staleTime: 30_000,
  });
}
