import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import { type RecordsApi, useApi } from './client';
import type { Assessment, Overview } from './types';

const most = 200;

/** Gathers the items that are asked for in one turn into as few calls as the API allows. */
class Batch {
  private readonly waiting = new Map<string, ((value: Assessment[]) => void)[]>();
  private readonly failing: ((error: unknown) => void)[] = [];
  private readonly api: RecordsApi;
  private readonly roomId: string;

  constructor(api: RecordsApi, roomId: string) {
    this.api = api;
    this.roomId = roomId;
  }

  ask(eventId: string): Promise<Assessment[]> {
    return new Promise((resolve, reject) => {
      this.waiting.set(eventId, [...(this.waiting.get(eventId) ?? []), resolve]);
      this.failing.push(reject);
      if (this.failing.length === 1) setTimeout(() => void this.flush(), 10);
    });
  }

  private async flush(): Promise<void> {
    const asked = new Map(this.waiting);
    const failing = this.failing.splice(0);
    this.waiting.clear();
    const ids = [...asked.keys()];
    try {
      for (let start = 0; start < ids.length; start += most) {
        const event_ids = ids.slice(start, start + most);
        const path = `rooms/${encodeURIComponent(this.roomId)}/items`;
        const { items } = await this.api.post<{ items: Record<string, Assessment[]> }>(path, { event_ids });
        for (const id of event_ids) asked.get(id)?.forEach((resolve) => resolve(items[id] ?? []));
      }
    } catch (error) {
      failing.forEach((reject) => reject(error));
    }
  }
}

const batches = new WeakMap<RecordsApi, Map<string, Batch>>();

function batch(api: RecordsApi, roomId: string): Batch {
  const rooms = batches.get(api) ?? new Map<string, Batch>();
  batches.set(api, rooms);
  const found = rooms.get(roomId) ?? new Batch(api, roomId);
  rooms.set(roomId, found);
  return found;
}

/** How one post stands with the authorities that the person may see. */
export function useItem(roomId: string, eventId: string, enabled = true): Assessment[] {
  const api = useApi();
  const { data } = useQuery({
    queryKey: ['item', roomId, eventId],
    queryFn: () => batch(api, roomId).ask(eventId),
    enabled: enabled && eventId.startsWith('$'),
    staleTime: 120_000,
    refetchInterval: 300_000,
  });
  return data ?? none;
}

export function useOverview(roomId: string, enabled = true) {
  const api = useApi();
  return useQuery({
    queryKey: ['overview', roomId],
    queryFn: () => api.get<Overview>(`rooms/${encodeURIComponent(roomId)}/overview`),
    enabled,
    staleTime: 30_000,
  });
}

/** Asks again for everything that an assessment or a lift may have changed. */
export function useItemsChanged(): (roomId?: string | null) => void {
  const queries = useQueryClient();
  return useCallback((roomId) => {
    void queries.invalidateQueries({ queryKey: roomId ? ['item', roomId] : ['item'] });
    void queries.invalidateQueries({ queryKey: roomId ? ['overview', roomId] : ['overview'] });
    void queries.invalidateQueries({ queryKey: ['queue'] });
    void queries.invalidateQueries({ queryKey: ['checks'] });
  }, [queries]);
}

const none: Assessment[] = [];
