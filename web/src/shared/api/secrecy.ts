import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useApi } from './client';
import type { CaseWithRecords, HoldingSecrecy, Provision, ShownSecrecy } from './types';

const most = 12;

/** Provisions to mark by, searched in citation, subject and description. */
export function useProvisions(query: string, enabled: boolean) {
  const api = useApi();
  return useQuery({
    queryKey: ['provisions', query],
    queryFn: async () => (await api.get<{ provisions: Provision[] }>('secrecy/provisions', { query: query || undefined, limit: most })).provisions,
    enabled,
    staleTime: Infinity,
    placeholderData: keepPreviousData,
  });
}

export interface CaseMarks { ofCase: ShownSecrecy | null; ofRecord: ReadonlyMap<string, HoldingSecrecy[]> }

const marksOf = (found: CaseWithRecords): CaseMarks => ({
  ofCase: found.secrecy ?? null,
  ofRecord: new Map(found.entries.map((record) => [record.number, record.secrecy_shown ?? []])),
});

/** The markings of a case and of its records by number; nothing for somebody who may not see the case. */
export function useCaseMarks(caseId: string | number | null | undefined): CaseMarks | undefined {
  const api = useApi();
  return useQuery({
    queryKey: ['case', String(caseId)],
    queryFn: () => api.get<CaseWithRecords>(`cases/${encodeURIComponent(String(caseId))}`),
    select: marksOf,
    enabled: caseId !== null && caseId !== undefined,
    staleTime: 60_000,
    retry: false,
  }).data;
}
