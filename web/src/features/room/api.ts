import { useQuery } from '@tanstack/react-query';
import { useApi } from '../../shared/api/client';
import type { Plan } from '../../shared/api/types';

export interface PlanAnswer { plan: Plan | null; proposed: Plan | null; waiting_for: string[] }

/** The plan in force, the proposed one and whom it waits for; asked again when the room's plan events change. */
export function usePlan(roomId: string, version: string) {
  const api = useApi();
  return useQuery({
    queryKey: ['plan', roomId, version],
    queryFn: () => api.get<PlanAnswer>(`rooms/${encodeURIComponent(roomId)}/plan`),
    staleTime: 300_000,
  });
}

export function useMarkSent() {
  const api = useApi();
  return (roomId: string, eventId: string, body: { authority: string; to: string; day: string }) =>
    api.post(`rooms/${encodeURIComponent(roomId)}/items/${encodeURIComponent(eventId)}/mark-sent`, body);
}
