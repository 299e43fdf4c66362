import { useQuery } from '@tanstack/react-query';
import { useApi } from './client';
import type { Authority, DirectoryPerson, Me, Role } from './types';

const hour = 3_600_000;

export function useMe(): Me | undefined {
  const api = useApi();
  return useQuery({ queryKey: ['me'], queryFn: () => api.get<Me>('me'), staleTime: hour }).data;
}

export function useDirectory(): ReadonlyMap<string, DirectoryPerson> {
  const api = useApi();
  const { data } = useQuery({
    queryKey: ['directory'],
    queryFn: async () => {
      const { people } = await api.get<{ people: DirectoryPerson[] }>('directory');
      return new Map(people.map((person) => [person.user_id, person]));
    },
    staleTime: hour,
  });
  return data ?? nobody;
}

/** Every authority of the organisation: the ones that share a room need not be one's own. */
export function useAuthorities(): Authority[] {
  const api = useApi();
  const { data } = useQuery({
    queryKey: ['authorities'],
    queryFn: async () => (await api.get<{ authorities: Authority[] }>('authorities')).authorities,
    staleTime: hour,
  });
  return data ?? none;
}

export function useAuthority(code: string | null | undefined): Authority | undefined {
  return useAuthorities().find((authority) => authority.code === code);
}

export function authoritiesWithRole(me: Me | undefined, role: Role): string[] {
  return (me?.roles ?? []).filter((one) => one.role === role).map((one) => one.authority);
}

const none: Authority[] = [];
const nobody: ReadonlyMap<string, DirectoryPerson> = new Map();
