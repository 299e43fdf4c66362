import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useApi } from '../../shared/api/client';
import type { Plan } from '../../shared/api/types';
import { useMatrix } from '../../shared/matrix/react';
import type { MatrixEvent } from '../../shared/matrix/types';

export interface PlanAnswer { plan: Plan | null; proposed: Plan | null; waiting_for: string[] }

/** The plan in force, the proposed one and whom it waits for; asked again when the room's plan events change. */
export function usePlan(roomId: string, version: string) {
  const api = useApi();
  return useQuery({
    queryKey: ['plan', roomId, version],
    queryFn: () => api.get<PlanAnswer>(`rooms/${encodeURIComponent(roomId)}/plan`),
    staleTime: 300_000,
  });
}

export function useMarkSent() {
  const api = useApi();
  return (roomId: string, eventId: string, body: { authority: string; to: string; day: string }) =>
    api.post(`rooms/${encodeURIComponent(roomId)}/items/${encodeURIComponent(eventId)}/mark-sent`, body);
}

/** Proposes a plan, or accepts the proposed one for an authority; the room's plan events tell the rest. */
export function usePlanOperations(roomId: string) {
  const api = useApi();
  const queries = useQueryClient();
  const path = `rooms/${encodeURIComponent(roomId)}/plan`;
  const refresh = () => queries.invalidateQueries({ queryKey: ['plan', roomId] });
  return {
    propose: async (plan: Partial<Plan>) => {
      const body: Partial<Plan> = { ...plan };
      delete body.accepted_by; // who has accepted is the server's to say
      await api.put(path, body);
      await refresh();
    },
    accept: async (authority: string) => {
      await api.post(`${path}/accept`, { authority });
      await refresh();
    },
  };
}

export interface Visible { id: string; at: number; sender: string; text: string; file: boolean }

const pageSize = 200;
const mostPages = 50;

/** What a newcomer would see of a room whose history is open to those who come later: its posts, newest first. */
export function useVisible(roomId: string, enabled: boolean) {
  const { http } = useMatrix();
  return useQuery({
    queryKey: ['visible', roomId],
    enabled,
    queryFn: async () => {
      const posts: Visible[] = [];
      let from: string | undefined;
      for (let page = 0; page < mostPages; page += 1) {
        const answer: { chunk: MatrixEvent[]; end?: string } = await http.json(`/_matrix/client/v3/rooms/${encodeURIComponent(roomId)}/messages`, {
          query: { dir: 'b', limit: pageSize, from, filter: JSON.stringify({ types: ['m.room.message'] }) },
        });
        for (const event of answer.chunk) {
          const content = event.content as { body?: string; url?: string; 'm.relates_to'?: { rel_type?: string } };
          if (content.body === undefined || content['m.relates_to']?.rel_type === 'm.replace') continue;
          posts.push({ id: event.event_id, at: event.origin_server_ts, sender: event.sender, text: content.body, file: content.url !== undefined });
        }
        from = answer.end;
        if (!from) break;
      }
      return posts;
    },
  });
}
