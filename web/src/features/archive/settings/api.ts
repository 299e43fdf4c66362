import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useApi } from '../../../shared/api/client';
import type { Words } from '../../../shared/api/types';
import { ApiError } from '../../../shared/matrix/types';

/** A series of numbers; `n` stays for ever. */
export interface NumberSeries {
  n: number;
  name: Words;
  pattern: string;
  record_types: string[];
  retired: boolean;
  has_given_numbers: boolean;
  example: { case: string; record: string };
}

interface SeriesAnswer { authority: string; series: NumberSeries[]; may_change: boolean }

/** As it is wanted from now on; without `n` it is a new one. */
export interface WantedSeries { n?: number; name: Words; pattern: string; record_types: string[] }

const path = (authority: string) => `authorities/${encodeURIComponent(authority)}/series`;

export function useSeries(authority: string) {
  const api = useApi();
  return useQuery({ queryKey: ['series', authority], queryFn: () => api.get<SeriesAnswer>(path(authority)), enabled: authority !== '', staleTime: 60_000 });
}

export function useSetSeries(authority: string) {
  const api = useApi();
  const queries = useQueryClient();
  return async (decision: string, series: WantedSeries[]) => {
    const answer = await api.put<SeriesAnswer>(path(authority), { decision, series });
    queries.setQueryData(['series', authority], answer);
  };
}

/** What is wrong with which series of a list that was refused, by its place. */
export function seriesProblems(error: unknown): Map<number, Words[]> {
  const list = error instanceof ApiError && Array.isArray(error.body.problems) ? (error.body.problems as { series: number; why: Words }[]) : [];
  const found = new Map<number, Words[]>();
  for (const one of list) found.set(one.series, [...(found.get(one.series) ?? []), one.why]);
  return found;
}
