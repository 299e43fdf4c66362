import { type InfiniteData, useInfiniteQuery, useQueries, useQuery } from '@tanstack/react-query';
import { useApi } from '../../../shared/api/client';
import type { CheckLine, DisclosureRequest, Draft, ManualKind, ManualPreview, ManualResult, Queue, Verdict } from '../../../shared/api/types';
import { wholeLine } from '../queue';

const pageSize = 100;
const everyQuarterMinute = 15_000;

/** The pages fetched so far as one queue. A line that moved between two fetches is there once. */
function joined({ pages }: InfiniteData<Queue>) {
  const lines = new Map(pages.flatMap((page) => page.lines).map((line) => [line.id, wholeLine(line)]));
  const { left = 0, late = 0, done_today = 0 } = pages[0] ?? {};
  return { lines: [...lines.values()], left, late, done_today };
}

/** The queue of some authorities, a page at a time. */
export function useQueue(authorities: string[]) {
  const api = useApi();
  return useInfiniteQuery({
    queryKey: ['queue', ...authorities],
    queryFn: ({ pageParam }) => api.get<Queue>('queue', { authority: authorities, limit: pageSize, from: pageParam ?? undefined }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next ?? null,
    select: joined,
    enabled: authorities.length > 0,
    refetchInterval: everyQuarterMinute,
  });
}

/** How much is left for each authority; for a queue of which only some pages are here. */
export function useQueueCounts(authorities: string[], enabled: boolean): Record<string, number> | undefined {
  const api = useApi();
  return useQueries({
    queries: authorities.map((authority) => ({
      queryKey: ['queue', 'count', authority],
      queryFn: () => api.get<Queue>('queue', { authority: [authority], limit: 1 }),
      enabled,
      refetchInterval: everyQuarterMinute,
    })),
    combine: (answers) => (enabled ? Object.fromEntries(answers.map((one, at) => [authorities[at] ?? '', one.data?.left ?? 0])) : undefined),
  });
}

export function useChecks(authorities: string[]) {
  const api = useApi();
  return useQuery({
    queryKey: ['checks', ...authorities],
    queryFn: () => api.get<{ lines: CheckLine[]; done_today?: number }>('checks', { authority: authorities }),
    enabled: authorities.length > 0,
    refetchInterval: 30_000,
  });
}

export type Outcome = 'released' | 'partly' | 'refused' | 'withdrawn';

export function useRequests(authorities: string[]) {
  const api = useApi();
  return useQuery({
    queryKey: ['requests', ...authorities],
    queryFn: async () => {
      const { requests } = await api.get<{ requests: DisclosureRequest[] }>('requests', { authority: authorities });
      return requests.filter((request) => !request.outcome);
    },
    enabled: authorities.length > 0,
    refetchInterval: 60_000,
  });
}

export interface ManualRequest {
  key: string;
  kind: ManualKind;
  authority: string;
  draft: Draft;
  upload?: string;
  parts?: number[];
  note?: string;
  original_place?: string;
  caller_known?: boolean;
}

/** What the desk sends; each call is a sentence of the API. */
export function useDeskOperations() {
  const api = useApi();
  const id = (value: string | number) => encodeURIComponent(String(value));
  return {
    ask: (line: string | number, body: { event_id: string; to: string; question: string }) => api.post(`records/${id(line)}/ask`, body),
    answer: (request: string | number, body: { outcome: Outcome; note: string }) =>
      api.post<{ tell?: { sv: string; en: string } }>(`requests/${id(request)}/answer`, body),
    previewFile: (file: File, authority: string) => {
      const mail = file.type === 'message/rfc822' || file.name.toLowerCase().endsWith('.eml');
      return api.upload<ManualPreview>(
        'manual/preview', file, mail ? 'message/rfc822' : file.type || 'application/octet-stream', { name: file.name, authority });
    },
    register: (body: ManualRequest) => api.post<ManualResult>('manual', body),
    assessUpload: (body: { key: string; authority: string; upload: string; handling: Exclude<Verdict, 'working'>; reason?: string; record?: string }) =>
      api.post('manual/assess', body),
  };
}
