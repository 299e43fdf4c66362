import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useApi } from '../../shared/api/client';
import type { Words } from '../../shared/api/types';

export interface WeedingRule {
  room_id: string;
  room_name: string;
  authority: string;
  after_days: number;
}

export interface Weeding {
  paused: boolean;
  next_run: number | null;
  rules: WeedingRule[];
  /** Past runs, a line per room, newest first. */
  runs: { room_id: string; room_name: string; at: number; count: number }[];
}

export interface SampleLine {
  event_id: string;
  room_name: string;
  sender: string;
  at: number;
  text: string;
  attachments: number;
}

export interface DisposalRequest {
  authority: string;
  decision: string;
  before_day: string;
  handling: 'kept_ordered' | 'trivial';
}

export interface DisposalPreview {
  count: number;
  rooms: { room: string; count: number }[];
  stopped: { why: string | Words; count: number }[];
  sample: SampleLine[];
}

export interface Certificate {
  number: string;
  count: number;
  removed: number;
  skeletons: number;
  log_index: number;
}

export interface Disposal extends DisposalRequest, Partial<Omit<DisposalPreview, 'count'>> {
  id: string | number;
  state: 'waiting_for_approval' | 'done' | 'withdrawn';
  count: number;
  proposed_by: string | null;
  approved_by?: string | null;
  certificate?: Certificate | null;
}

export interface Hold {
  id: string | number;
  authority: string;
  reason: string;
  placed_at: number;
  released_at?: number | null;
}

export function useWeeding() {
  const api = useApi();
  return useQuery({ queryKey: ['weeding'], queryFn: () => api.get<Weeding>('weeding') });
}

export function useDisposals() {
  const api = useApi();
  return useQuery({
    queryKey: ['disposals'],
    queryFn: async () => (await api.get<{ disposals: Disposal[] }>('disposals')).disposals,
  });
}

export function useDisposal(id: string) {
  const api = useApi();
  return useQuery({ queryKey: ['disposals', id], queryFn: () => api.get<Disposal>(`disposals/${encodeURIComponent(id)}`) });
}

export function useHolds() {
  const api = useApi();
  return useQuery({ queryKey: ['holds'], queryFn: async () => (await api.get<{ holds: Hold[] }>('holds')).holds });
}

export function useArchiveOperations() {
  const api = useApi();
  const queries = useQueryClient();
  const fresh = (...keys: string[]) => keys.forEach((key) => void queries.invalidateQueries({ queryKey: [key] }));
  const of = (id: string | number) => `disposals/${encodeURIComponent(String(id))}`;
  return {
    pause: async (paused: boolean) => {
      await api.post('weeding', { paused });
      fresh('weeding');
    },
    weedNow: async () => {
      const answer = await api.post<{ count?: number }>('weeding/run');
      fresh('weeding');
      return answer.count ?? 0;
    },
    preview: (request: DisposalRequest) => api.post<DisposalPreview>('disposals/preview', request),
    order: async (request: DisposalRequest) => {
      const ordered = await api.post<Disposal>('disposals', request);
      fresh('disposals');
      return ordered;
    },
    sample: (id: string | number) => api.post<{ sample: SampleLine[] }>(`${of(id)}/sample`),
    approve: async (id: string | number) => {
      const done = await api.post<Disposal>(`${of(id)}/approve`);
      fresh('disposals');
      return done;
    },
    releaseHold: async (id: string | number, reason: string) => {
      await api.post(`holds/${encodeURIComponent(String(id))}/release`, { reason });
      fresh('holds');
    },
  };
}
