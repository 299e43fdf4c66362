import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useApi } from '../../shared/api/client';
import type { Day, Role, Words } from '../../shared/api/types';

export interface ActRow { act: string; words: Words; shows_content: boolean; may_be_delegated: boolean }
export interface RoleRow { role: Role; words: Words; acts: string[]; may_be_delegated: boolean }
/** Roles × acts, the one table of who may do what. */
export interface RoleTable { acts: ActRow[]; roles: RoleRow[] }

export interface Assignment { user_id: string; name: string; role: Role; unit: string; from: Day; to: Day | null }

export interface Delegation {
  id: number;
  user_id: string;
  name: string;
  act: string | null;
  role: Role | null;
  from: Day;
  to: Day;
  decision: string;
  in_force: boolean;
  ended_at: number | null;
}

export interface People {
  authority: string;
  assignments: Assignment[];
  delegations: Delegation[];
  may_assign: boolean;
  may_delegate: boolean;
}

export interface NewAssignment { user_id: string; role: string; unit: string; to?: Day }
export interface NewDelegation { user_id: string; act?: string; role?: string; from: Day; to: Day; decision: string }

export function useRoleTable() {
  const api = useApi();
  return useQuery({ queryKey: ['roles'], queryFn: () => api.get<RoleTable>('roles'), staleTime: Infinity });
}

const place = (code: string) => `authorities/${encodeURIComponent(code)}`;

export function usePeople(code: string) {
  const api = useApi();
  return useQuery({ queryKey: ['people', code], queryFn: () => api.get<People>(`${place(code)}/people`), enabled: code !== '' });
}

export function useRoleActs(code: string) {
  const api = useApi();
  const queries = useQueryClient();
  const post = async (path: string, body: unknown) => {
    await api.post(path, body);
    await Promise.all(['people', 'me', 'directory'].map((key) => queries.invalidateQueries({ queryKey: [key] })));
  };
  return {
    assign: (wanted: NewAssignment) => post(`${place(code)}/assignments`, wanted),
    endAssignment: ({ user_id, role }: Assignment) => post(`${place(code)}/assignments/end`, { user_id, role }),
    delegate: (wanted: NewDelegation) => post(`${place(code)}/delegations`, wanted),
    endDelegation: ({ id }: Delegation) => post(`delegations/${id}/end`, {}),
  };
}
