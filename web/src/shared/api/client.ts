import { useMatrix } from '../matrix/react';
import type { Http, RequestOptions } from '../matrix/http';

/** Our own API: everything under `/_torg/v1`. */
export class RecordsApi {
  readonly http: Http;

  constructor(http: Http) {
    this.http = http;
  }

  get<T>(path: string, query?: RequestOptions['query']): Promise<T> {
    return this.http.json<T>(`/_torg/v1/${path}`, { query });
  }

  post<T>(path: string, body: unknown = {}): Promise<T> {
    return this.http.json<T>(`/_torg/v1/${path}`, { method: 'POST', body });
  }

  put<T>(path: string, body: unknown): Promise<T> {
    return this.http.json<T>(`/_torg/v1/${path}`, { method: 'PUT', body });
  }

  delete<T>(path: string): Promise<T> {
    return this.http.json<T>(`/_torg/v1/${path}`, { method: 'DELETE' });
  }

  upload<T>(path: string, data: BodyInit, type: string, query?: RequestOptions['query']): Promise<T> {
    return this.http.json<T>(`/_torg/v1/${path}`, { method: 'POST', raw: { data, type }, query });
  }

  async blob(path: string): Promise<Blob> {
    const response = await this.http.fetch(path.startsWith('/') ? path : `/_torg/v1/${path}`);
    return response.blob();
  }
}

const known = new WeakMap<Http, RecordsApi>();

export function useApi(): RecordsApi {
  const { http } = useMatrix();
  let api = known.get(http);
  if (!api) known.set(http, (api = new RecordsApi(http)));
  return api;
}
