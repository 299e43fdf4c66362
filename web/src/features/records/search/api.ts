import { keepPreviousData, useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { useApi } from '../../../shared/api/client';
import type { CaseRef, Day, Draft, RegisteredRecord } from '../../../shared/api/types';
import { saveBlob } from '../../../shared/ui/saveBlob';
import { parameters, type RegisterQuery, writeQuery } from './query';

/** What anyone may see of a record. */
interface Found {
  id: number;
  number: string;
  authority: string;
  title: string | null;
  party: string | null;
  direction: Draft['direction'];
  came_or_made_day: Day;
  registered_at: number;
}

/** A record of another authority: what the web shows, and nothing else. */
export interface MaskedRecord extends Found { masked: true }

export interface OwnRecord extends Found {
  masked: false;
  title: string;
  internal_title: string;
  sender: string;
  recipient: string;
  private_person: boolean;
  case: (CaseRef & { state: string }) | null;
  record_type: string;
  secrecy: string | null;
  publication: RegisteredRecord['publication'];
  not_a_record: boolean;
  disposed: boolean;
  registered_by: string;
  officer: string | null;
}

export type FoundRecord = OwnRecord | MaskedRecord;

/** A page; `count` is how many there are in the registers one may read, on the first page only, a thousand at most. */
interface FoundPage { records: FoundRecord[]; count: number; more_than_count: boolean; next: number | null }

export function useRegister(query: RegisterQuery) {
  const api = useApi();
  return useInfiniteQuery({
    queryKey: ['register', writeQuery(query)],
    queryFn: ({ pageParam }) => api.get<FoundPage>('records/search', { ...parameters(query), before: pageParam === null ? undefined : String(pageParam) }),
    initialPageParam: null as number | null,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });
}

export interface SavedSearch { id: number; name: string; query: Record<string, string | string[]>; at: number }

export function useSavedSearches() {
  const api = useApi();
  return useQuery({ queryKey: ['searches'], queryFn: async () => (await api.get<{ searches: SavedSearch[] }>('searches')).searches, staleTime: 60_000 });
}

export function useSearchOperations() {
  const api = useApi();
  const queries = useQueryClient();
  const fresh = () => queries.invalidateQueries({ queryKey: ['searches'] });
  return {
    save: async (name: string, query: Record<string, string | string[]>) => {
      await api.post<SavedSearch>('searches', { name, query });
      await fresh();
    },
    forget: async (id: number) => {
      await api.delete(`searches/${id}`);
      await fresh();
    },
    /** After something in the register was changed from here. */
    lookAgain: () => queries.invalidateQueries({ queryKey: ['register'] }),
  };
}

export const formats = ['xlsx', 'csv', 'json'] as const;
export type Format = (typeof formats)[number];

/** The whole list, not only the pages that are shown. Spreadsheets know UTF-8 in a CSV by its mark. */
export function useExport() {
  const api = useApi();
  return async (query: RegisterQuery, format: Format, language: string, name: string) => {
    const asked = new URLSearchParams(writeQuery(query));
    asked.set('format', format);
    asked.set('lang', language);
    if (format === 'csv') asked.set('bom', 'true');
    saveBlob(await api.blob(`records/search?${asked.toString()}`), `${name}.${format}`);
  };
}

/** A case by its id, for the name of a narrowing. */
export function useCaseName(id: string): CaseRef | undefined {
  const api = useApi();
  return useQuery({
    queryKey: ['caseName', id], queryFn: () => api.get<CaseRef>(`cases/${encodeURIComponent(id)}`), enabled: id !== '', staleTime: 600_000,
  }).data;
}
