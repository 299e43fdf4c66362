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

export function useAuthority(code: string | null | undefined): Authority | undefined {
  return useMe()?.authorities.find((authority) => authority.code === code);
}

export function authoritiesWithRole(me: Me | undefined, role: Role): string[] {
  return (me?.roles ?? []).filter((one) => one.role === role).map((one) => one.authority);
}

const nobody: ReadonlyMap<string, DirectoryPerson> = new Map();
