import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useApi } from '../../../shared/api/client';
import type { ClosingReview, ReviewVerdict } from '../../../shared/api/types';

const path = (caseId: string | number) => `cases/${encodeURIComponent(String(caseId))}/review`;

export function useReview(caseId: string | number, enabled = true) {
  const api = useApi();
  return useQuery({ queryKey: ['review', String(caseId)], queryFn: () => api.get<ClosingReview>(path(caseId)), enabled });
}

export function useReviewVerdicts(caseId: string | number) {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (review: Record<string, ReviewVerdict>) => api.post<ClosingReview>(path(caseId), { review }),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ['review', String(caseId)] });
      void queries.invalidateQueries({ queryKey: ['queue'] });
    },
  });
}
