import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useApi } from './client';
import type { Words } from './types';

/** One thing an authority sets for itself; with two readings where the law is unsettled. */
export interface Setting {
  key: string;
  rule: string;
  what: Words;
  value: string;
  default: string;
  readings: { value: string; words: Words }[];
  range: { least: number; most: number } | null;
  changed: { at: number; by: string; decision: string } | null;
}

export interface SettingsAnswer { authority: string; settings: Setting[]; may_change: boolean }

export function useSettings(authority: string | null | undefined) {
  const api = useApi();
  return useQuery({
    queryKey: ['settings', authority],
    queryFn: () => api.get<SettingsAnswer>('settings', { authority: authority ?? undefined }),
    enabled: Boolean(authority),
    staleTime: 60_000,
  });
}

export function useChangeSetting(authority: string) {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ key, value, decision }: { key: string; value: string; decision: string }) =>
      api.put<SettingsAnswer>(`settings/${encodeURIComponent(key)}`, { authority, value, decision }),
    onSuccess: (answer) => queries.setQueryData(['settings', authority], answer),
  });
}
