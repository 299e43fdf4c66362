import { useQuery } from '@tanstack/react-query';
import { useApi } from '../../../shared/api/client';
import type { CheckLine, DisclosureRequest, Draft, ManualKind, ManualPreview, ManualResult, Queue, Verdict } from '../../../shared/api/types';
import { mailType } from '../manual';
import { wholeLine } from '../queue';

export function useQueue(authorities: string[]) {
  const api = useApi();
  return useQuery({
    queryKey: ['queue', ...authorities],
    queryFn: async () => {
      const queue = await api.get<Queue>('queue', { authority: authorities });
      return { ...queue, lines: queue.lines.map(wholeLine) };
    },
    enabled: authorities.length > 0,
    refetchInterval: 15_000,
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
  reserved?: string;
}

/** What the desk sends; each call is a sentence of the API. */
export function useDeskOperations() {
  const api = useApi();
  const id = (value: string | number) => encodeURIComponent(String(value));
  return {
    ask: (line: string | number, body: { event_id: string; to: string; question: string }) => api.post(`records/${id(line)}/ask`, body),
    answer: (request: string | number, body: { outcome: Outcome; note: string }) =>
      api.post<{ tell?: { sv: string; en: string } }>(`requests/${id(request)}/answer`, body),
    previewFile: (file: File, authority: string) => api.upload<ManualPreview>(
      'manual/preview', file, mailType(file) ?? (file.type || 'application/octet-stream'), { name: file.name, authority }),
    register: (body: ManualRequest) => api.post<ManualResult>('manual', body),
    assessUpload: (body: { key: string; authority: string; upload: string; handling: Exclude<Verdict, 'working'>; reason?: string; record?: string }) =>
      api.post('manual/assess', body),
  };
}
