import { useQueryClient } from '@tanstack/react-query';
import { useApi } from '../../../shared/api/client';
import type { CaseWithRecords, ParallelCase, Relation } from '../../../shared/api/types';
import type { CaseField } from '../caseFields';

type Id = string | number;

/** Changes one field of a case; the old value stays in its history. */
export function useChangeCase(id: Id) {
  const api = useApi();
  const queries = useQueryClient();
  return async (field: CaseField, value: string | ParallelCase[] | null, reason: string) => {
    const changed = await api.post<CaseWithRecords>(`cases/${encodeURIComponent(String(id))}/changes`, reason ? { field, value, reason } : { field, value });
    queries.setQueryData(['case', String(id)], changed);
    for (const key of ['cases', 'register', 'caseName']) void queries.invalidateQueries({ queryKey: [key] });
  };
}

export type Related = 'cases' | 'records';

/** Relations of a case or a record, made and ended from either end. */
export function useRelationOperations(of: Related, id: Id) {
  const api = useApi();
  const queries = useQueryClient();
  const fresh = () => Promise.all((of === 'cases' ? ['case'] : ['record', 'case']).map((key) => queries.invalidateQueries({ queryKey: [key] })));
  return {
    relate: async (kind: Relation['kind'], number: string, reason = '') => {
      await api.post('relations', { of, kind, from: Number(id), to: number, reason });
      await fresh();
    },
    end: async (relation: Relation) => {
      await api.post(`relations/${relation.id}/end`);
      await fresh();
    },
    /** A relation that was ended, made again the way it stood. */
    again: async ({ kind, reverse, other }: Relation) => {
      await api.post('relations', reverse ? { of, kind, from: other.id, to: Number(id) } : { of, kind, from: Number(id), to: other.id });
      await fresh();
    },
  };
}
