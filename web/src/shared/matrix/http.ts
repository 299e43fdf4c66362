import { ApiError, OfflineError, type Session } from './types';

export interface RequestOptions {
  method?: string;
  query?: Record<string, string | number | boolean | string[] | undefined>;
  body?: unknown;
  raw?: { data: BodyInit; type: string };
  signal?: AbortSignal;
}

type TokenSource = {
  get(): Session | null;
  refreshed(session: Session): void;
  lost(): void;
};

/**
 * One door to the server, for Matrix and for our own API. Adds the token, turns answers into values or errors,
 * refreshes an expired token once and reports a token that is gone.
 */
export class Http {
  /** Server clock minus this computer's, in milliseconds; from the Date header, so good to a second. */
  skew = 0;
  private readonly base: string;
  private readonly tokens: TokenSource;
  private refreshing: Promise<boolean> | null = null;

  constructor(base: string, tokens: TokenSource) {
    this.base = base;
    this.tokens = tokens;
  }

  now(): number {
    return Date.now() + this.skew;
  }

  url(path: string, query?: RequestOptions['query']): string {
    const search = new URLSearchParams();
    for (const [key, value] of Object.entries(query ?? {})) {
      if (Array.isArray(value)) value.forEach((one) => search.append(key, one));
      else if (value !== undefined) search.set(key, String(value));
    }
    const text = search.toString();
    return `${this.base}${path}${text ? `?${text}` : ''}`;
  }

  async json<T>(path: string, options: RequestOptions = {}): Promise<T> {
    const response = await this.fetch(path, options);
    return (await response.json()) as T;
  }

  /** @throws ApiError when the server refuses, OfflineError when it can't be reached. */
  async fetch(path: string, options: RequestOptions = {}): Promise<Response> {
    let response = await this.once(path, options);
    if (response.status === 401 && (await this.refresh(response.clone()))) response = await this.once(path, options);
    if (response.ok) return response;
    const body = (await response.json().catch(() => ({}))) as Record<string, unknown>;
    const error = new ApiError(response.status, body);
    if (error.code === 'M_UNKNOWN_TOKEN' || error.code === 'M_MISSING_TOKEN') this.tokens.lost();
    throw error;
  }

  private async once(path: string, options: RequestOptions): Promise<Response> {
    const headers: Record<string, string> = {};
    const session = this.tokens.get();
    if (session) headers.Authorization = `Bearer ${session.accessToken}`;
    let body: BodyInit | undefined;
    if (options.raw) {
      headers['Content-Type'] = options.raw.type;
      body = options.raw.data;
    } else if (options.body !== undefined) {
      headers['Content-Type'] = 'application/json';
      body = JSON.stringify(options.body);
    }
    const method = options.method ?? (body === undefined ? 'GET' : 'POST');
    try {
      const response = await fetch(this.url(path, options.query), { method, headers, body, signal: options.signal });
      const date = Date.parse(response.headers.get('Date') ?? '');
      if (!Number.isNaN(date) && Math.abs(date - Date.now()) > 2000) this.skew = date - Date.now();
      return response;
    } catch (error) {
      if (error instanceof DOMException && error.name === 'AbortError') throw error;
      throw new OfflineError(String(error));
    }
  }

  private async refresh(response: Response): Promise<boolean> {
    const session = this.tokens.get();
    if (!session?.refreshToken) return false;
    const body = (await response.json().catch(() => ({}))) as { soft_logout?: boolean; errcode?: string };
    if (body.errcode !== 'M_UNKNOWN_TOKEN' || body.soft_logout === false) return false;
    this.refreshing ??= this.renew(session).finally(() => (this.refreshing = null));
    return this.refreshing;
  }

  private async renew(session: Session): Promise<boolean> {
    const response = await this.once('/_matrix/client/v3/refresh', { body: { refresh_token: session.refreshToken } });
    if (!response.ok) return false;
    const next = (await response.json()) as { access_token: string; refresh_token?: string };
    const refreshToken = next.refresh_token ?? session.refreshToken;
    this.tokens.refreshed({ ...session, accessToken: next.access_token, refreshToken });
    return true;
  }
}
