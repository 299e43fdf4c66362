import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useApi } from '../../../shared/api/client';
import type { Mark, Secrecy } from '../../../shared/api/types';

type Id = string | number;

/** What is marked by itself: a case, or one file of a record. A record's own marking is a correction of it. */
export type Marked = { kind: 'case'; id: Id; name: string } | { kind: 'file'; record: Id; n: number; name: string };

const pathOf = (thing: Marked) => (thing.kind === 'case'
  ? `cases/${encodeURIComponent(String(thing.id))}/secrecy`
  : `records/${encodeURIComponent(String(thing.record))}/files/${thing.n}/secrecy`);

/** The marking of a case and those there were, the newest first. */
export function useCaseSecrecy(thing: Marked) {
  const api = useApi();
  return useQuery({
    queryKey: ['secrecy', pathOf(thing)],
    queryFn: () => api.get<{ secrecy: Mark | null; history: Mark[] }>(pathOf(thing)),
    enabled: thing.kind === 'case',
  });
}

export type Titles = 'check' | 'keep';

export function useMarkOperations(thing: Marked) {
  const api = useApi();
  const queries = useQueryClient();
  const changed = () => {
    for (const key of ['secrecy', 'case', 'record', 'checks']) void queries.invalidateQueries({ queryKey: [key] });
  };
  return {
    mark: async (secrecy: Secrecy, titles: Titles | undefined) => {
      await api.put(pathOf(thing), { ...secrecy, titles });
      changed();
    },
    end: async (reason: string) => {
      await api.post(`${pathOf(thing)}/end`, { reason });
      changed();
    },
  };
}
