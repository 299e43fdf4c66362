import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useApi } from '../../../shared/api/client';
import type { Day, Words } from '../../../shared/api/types';
import { ApiError } from '../../../shared/matrix/types';

export interface PlanProblem { table: 'classification' | 'plan'; row: number; other_row: number | null; code: string; text: Words }

export interface ClassRow { row: number; code: string; parent: string; level: number; title: Words }

export interface PlanRow {
  row: number;
  process: string;
  record_type: Words;
  where: 'registered' | 'kept_ordered' | 'trivial' | 'working' | 'not_public';
  disposition: 'preserve' | 'dispose' | 'weed' | 'expire';
  period: string;
  trigger: string;
  decision: string;
  secrecy: string;
  remark: string;
  list: string;
  mandatory_fields: string[];
}

export interface PlanVersion {
  id: number;
  valid_from: Day;
  state: 'imported' | 'adopted' | 'in_force';
  classes: number;
  rows: number;
  imported_at: number;
  imported_by: string;
  adopted_at: number | null;
  adopted_by: string | null;
  decision: string;
}

export interface PlanVersionWithRows extends PlanVersion { classification: ClassRow[]; plan: PlanRow[] }

export interface PlanChanges {
  added: PlanRow[];
  removed: PlanRow[];
  changed: { row: PlanRow; fields: { name: string; from: unknown; to: unknown }[] }[];
  classes_added: ClassRow[];
  classes_removed: ClassRow[];
  classes_changed: ClassRow[];
}

/** What a version would change and whom it concerns, or everything in it that contradicts itself. */
export interface PlanReport {
  problems: PlanProblem[];
  classes: number;
  rows: number;
  changes: PlanChanges;
  rooms: { room_id: string; classification: string; open_items: number }[];
  open_items: number;
}

export interface PlanAnswer { version: PlanVersionWithRows | null; versions: PlanVersion[]; may_import: boolean; may_adopt: boolean }

/** Tables as CSV; what isn't given stays as in force. */
export interface Tables { classification?: string; plan?: string; valid_from: Day }

const base = (authority: string) => `authorities/${encodeURIComponent(authority)}/information-plan`;

/** The plan in force, and all versions there are. */
export function useInformationPlan(authority: string) {
  const api = useApi();
  return useQuery({ queryKey: ['information-plan', authority], queryFn: () => api.get<PlanAnswer>(base(authority)), enabled: authority !== '' });
}

/** One version with its rows, and what adopting it changes. */
export function usePlanVersion(authority: string, id: number) {
  const api = useApi();
  return useQuery({
    queryKey: ['information-plan', authority, id],
    queryFn: () => api.get<PlanReport & { version: PlanVersionWithRows }>(`${base(authority)}/versions/${id}`),
  });
}

export interface KeptList { name: string; what: Words; since: Day; plan: PlanRow | null }

/** The lists that are records from their first row, with the plan's row of each. */
export function useKeptLists(authority: string) {
  const api = useApi();
  return useQuery({
    queryKey: ['information-plan', authority, 'lists'],
    queryFn: async () => (await api.get<{ lists: KeptList[] }>(`authorities/${encodeURIComponent(authority)}/lists`)).lists,
    enabled: authority !== '',
  });
}

export function usePlanOperations(authority: string) {
  const api = useApi();
  const queries = useQueryClient();
  const changed = () => queries.invalidateQueries({ queryKey: ['information-plan', authority] });
  return {
    check: (tables: Tables) => api.post<PlanReport>(`${base(authority)}/check`, tables),
    /** Kept as a version that waits; a plan that contradicts itself comes back with all its problems instead. */
    bringIn: async (tables: Tables): Promise<PlanReport & { version?: PlanVersion }> => {
      try {
        const answer = await api.post<PlanReport & { version: PlanVersion }>(base(authority), tables);
        await changed();
        return answer;
      } catch (error) {
        if (error instanceof ApiError && Array.isArray(error.body.problems)) return error.body as unknown as PlanReport;
        throw error;
      }
    },
    adopt: async (id: number, decision: string, valid_from: Day) => {
      await api.post(`${base(authority)}/versions/${id}/adopt`, { decision, valid_from });
      await changed();
    },
  };
}
