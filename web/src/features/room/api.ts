import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useApi } from '../../shared/api/client';
import type { Plan, Words } from '../../shared/api/types';
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

/** What letting an authority in would make of what has been said (R9); `items` are the latest of them, newest last. */
export interface Opening {
  takes_part: boolean;
  sent: number;
  received: number;
  items: { event_id: string; sender_authority: string | null; at: number; becomes: { authority: string | null; basis: string; rule: string; handling: string }[] }[];
  from_now_on: { possible: boolean; changes_visibility: boolean; why: Words | null };
}

const opening = (roomId: string) => `rooms/${encodeURIComponent(roomId)}/opening`;

/** Asked for when somebody is chosen; `authority` is empty for an outsider. */
export function useOpening(roomId: string, authority: string, enabled: boolean) {
  const api = useApi();
  return useQuery({
    queryKey: ['opening', roomId, authority],
    queryFn: () => api.get<Opening>(opening(roomId), { authority: authority || undefined }),
    enabled,
    gcTime: 0, // what is said meanwhile counts
  });
}

/** Invites somebody after that choice. */
export function useOpenRoom(roomId: string) {
  const api = useApi();
  return (user_id: string, history: 'from_now_on' | 'with_history') => api.post(opening(roomId), { user_id, history });
}

export interface ItemSteps {
  authority: string;
  drawn_up: { at: number; rule: string } | null;
  sent: { at: number; rule: string } | null;
  received: { at: number; rule: string } | null;
  working: boolean;
  basis: string;
  registered: { at: number; number: string } | null;
}

export interface ItemTimeline { event_id: string; written_at: number; written_by: string | null; registers: string | null; authorities: ItemSteps[] }

/** What a post has been for each authority that takes part. */
export function useItemTimeline(roomId: string, eventId: string) {
  const api = useApi();
  return useQuery({
    queryKey: ['item', roomId, eventId, 'timeline'], // asked again with the item's own standing
    queryFn: () => api.get<ItemTimeline>(`rooms/${encodeURIComponent(roomId)}/items/${encodeURIComponent(eventId)}/timeline`),
  });
}

const pageSize = 200;
const mostPages = 5;

/** The words of the room's latest posts by their ids, as many as are asked for; newest first. */
export function useVisible(roomId: string, wanted: number, enabled: boolean) {
  const { http } = useMatrix();
  return useQuery({
    queryKey: ['visible', roomId, wanted],
    enabled,
    queryFn: async () => {
      const posts = new Map<string, { sender: string; text: string }>();
      let from: string | undefined;
      for (let page = 0; page < mostPages && posts.size < wanted; page += 1) {
        const answer: { chunk: MatrixEvent[]; end?: string } = await http.json(`/_matrix/client/v3/rooms/${encodeURIComponent(roomId)}/messages`, {
          query: { dir: 'b', limit: pageSize, from, filter: JSON.stringify({ types: ['m.room.message'] }) },
        });
        for (const event of answer.chunk) posts.set(event.event_id, { sender: event.sender, text: String((event.content as { body?: unknown }).body ?? '') });
        from = answer.end;
        if (!from) break;
      }
      return posts;
    },
  });
}
