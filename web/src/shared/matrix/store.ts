import { Http } from './http';
import { applySync, type Room, type Rooms, stateOf, withState } from './rooms';
import { sessionStore } from './session';
import { addEcho, confirmEcho, dropEcho, prepend, setEchoState } from './timeline';
import {
  ApiError, type Content, type MatrixEvent, type MessagesResponse, type Session, type SyncResponse,
} from './types';

export interface Snapshot {
  session: Session | null;
  /** `starting` until the first sync has come, `offline` while the server can't be reached. */
  connection: 'signed_out' | 'starting' | 'live' | 'offline';
  rooms: Rooms;
  direct: ReadonlySet<string>;
}

const filter = JSON.stringify({
  room: { timeline: { limit: 40 }, state: { lazy_load_members: true } },
  presence: { not_types: ['*'] },
});
const client = '/_matrix/client/v3';
const encode = encodeURIComponent;

/** The signed-in person's view of the server, kept fresh by one sync loop. React reads it through `subscribe`. */
export class MatrixStore {
  readonly http: Http;
  private snapshot: Snapshot;
  private readonly listeners = new Set<() => void>();
  private loop: AbortController | null = null;
  private transaction = 0;
  private readonly fullMembers = new Set<string>();

  constructor(base = '') {
    const session = sessionStore.load();
    this.snapshot = { session, connection: session ? 'starting' : 'signed_out', rooms: new Map(), direct: new Set() };
    this.http = new Http(base, {
      get: () => this.snapshot.session,
      refreshed: (next) => {
        sessionStore.replace(next);
        this.set({ session: next });
      },
      lost: () => this.forget(),
    });
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  get = (): Snapshot => this.snapshot;

  room(id: string): Room | undefined {
    return this.snapshot.rooms.get(id);
  }

  // Signing in and out

  async login(user: string, password: string, keep: boolean): Promise<void> {
    const answer = await this.http.json<{
      user_id: string; device_id: string; access_token: string; refresh_token?: string;
    }>(`${client}/login`, {
      body: {
        type: 'm.login.password',
        identifier: { type: 'm.id.user', user },
        password,
        initial_device_display_name: 'Torg',
        refresh_token: true,
      },
    });
    const session: Session = {
      userId: answer.user_id, deviceId: answer.device_id, accessToken: answer.access_token,
      refreshToken: answer.refresh_token,
    };
    sessionStore.save(session, keep);
    this.set({ session, connection: 'starting' });
    this.start();
  }

  async logout(): Promise<void> {
    // The device forgets even when the server can't be told.
    await this.http.json(`${client}/logout`, { method: 'POST', body: {} }).catch(() => undefined);
    this.forget();
  }

  private forget(): void {
    this.loop?.abort();
    this.loop = null;
    sessionStore.clear();
    this.fullMembers.clear();
    this.set({ session: null, connection: 'signed_out', rooms: new Map(), direct: new Set() });
  }

  // Sync

  start(): void {
    if (this.loop || !this.snapshot.session) return;
    this.loop = new AbortController();
    void this.run(this.loop);
  }

  private async run(loop: AbortController): Promise<void> {
    let since: string | undefined;
    let failures = 0;
    while (!loop.signal.aborted) {
      try {
        const timeout = since && failures === 0 ? 30_000 : 0;
        const sync = await untilOffline(loop.signal, (signal) => this.http.json<SyncResponse>(`${client}/sync`, { query: { filter, since, timeout }, signal }));
        since = sync.next_batch;
        failures = 0;
        this.applySync(sync);
      } catch (error) {
        if (loop.signal.aborted) return;
        if (error instanceof ApiError && error.status === 401) return;
        failures += 1;
        this.set({ connection: 'offline' });
        await pause(Math.min(30_000, 500 * 2 ** failures), loop.signal);
      }
    }
  }

  private applySync(sync: SyncResponse): void {
    const direct = sync.account_data?.events.find((event) => event.type === 'm.direct')?.content;
    const rooms = sync.rooms ? applySync(this.snapshot.rooms, sync) : this.snapshot.rooms;
    this.set({
      connection: 'live',
      rooms,
      direct: direct ? new Set(Object.values(direct).flat() as string[]) : this.snapshot.direct,
    });
  }

  // Reading

  /** Fetches the page before what is loaded. Nothing happens at the room's beginning. */
  async pageBack(roomId: string): Promise<void> {
    const from = this.room(roomId)?.timeline.prevBatch;
    if (!from) return;
    const page = await this.http.json<MessagesResponse>(`${client}/rooms/${encode(roomId)}/messages`, {
      query: { dir: 'b', from, limit: 50, filter: JSON.stringify({ lazy_load_members: true }) },
    });
    this.edit(roomId, (room) => ({
      ...withState(room, (page.state ?? []).filter((event) => !stateOf(room, event.type, event.state_key))),
      timeline: prepend(room.timeline, page.chunk, page.end === page.start ? undefined : page.end),
    }));
  }

  /** The whole member list, once: sync brings only those who have spoken. */
  async loadMembers(roomId: string): Promise<void> {
    if (this.fullMembers.has(roomId)) return;
    this.fullMembers.add(roomId);
    try {
      const answer = await this.http.json<{ chunk: MatrixEvent[] }>(`${client}/rooms/${encode(roomId)}/members`);
      this.edit(roomId, (room) => withState(room, answer.chunk));
    } catch (error) {
      this.fullMembers.delete(roomId);
      throw error;
    }
  }

  async markRead(roomId: string, eventId: string): Promise<void> {
    await this.http.json(`${client}/rooms/${encode(roomId)}/read_markers`, {
      body: { 'm.fully_read': eventId, 'm.read.private': eventId },
    });
  }

  // Writing

  /** Sends one event; it is in the timeline as `sending` at once, and stays there as `failed` if it could not go. */
  async send(roomId: string, type: string, content: Content): Promise<string> {
    const transactionId = this.nextTransaction();
    const event: MatrixEvent = {
      event_id: `~${transactionId}`, type, content, sender: this.snapshot.session?.userId ?? '',
      origin_server_ts: this.http.now(),
    };
    this.edit(roomId, (room) => ({ ...room, timeline: addEcho(room.timeline, event, transactionId) }));
    return this.deliver(roomId, type, content, transactionId);
  }

  async retry(roomId: string, transactionId: string): Promise<void> {
    const echo = this.room(roomId)?.timeline.echoes.find((one) => one.transactionId === transactionId);
    if (!echo) return;
    this.edit(roomId, (room) => ({ ...room, timeline: setEchoState(room.timeline, transactionId, 'sending') }));
    await this.deliver(roomId, echo.event.type, echo.event.content, transactionId);
  }

  discard(roomId: string, transactionId: string): void {
    this.edit(roomId, (room) => ({ ...room, timeline: dropEcho(room.timeline, transactionId) }));
  }

  private async deliver(roomId: string, type: string, content: Content, transactionId: string): Promise<string> {
    const path = `${client}/rooms/${encode(roomId)}/send/${encode(type)}/${encode(transactionId)}`;
    try {
      const answer = await this.http.json<{ event_id: string }>(path, { method: 'PUT', body: content });
      this.edit(roomId, (room) => ({
        ...room, timeline: confirmEcho(room.timeline, transactionId, answer.event_id),
      }));
      return answer.event_id;
    } catch (error) {
      this.edit(roomId, (room) => ({ ...room, timeline: setEchoState(room.timeline, transactionId, 'failed') }));
      throw error;
    }
  }

  async redact(roomId: string, eventId: string, reason?: string): Promise<void> {
    const path = `${client}/rooms/${encode(roomId)}/redact/${encode(eventId)}/${encode(this.nextTransaction())}`;
    await this.http.json(path, { method: 'PUT', body: reason ? { reason } : {} });
  }

  async typing(roomId: string, typing: boolean): Promise<void> {
    const user = encode(this.snapshot.session?.userId ?? '');
    const body = typing ? { typing, timeout: 20_000 } : { typing };
    await this.http.json(`${client}/rooms/${encode(roomId)}/typing/${user}`, { method: 'PUT', body });
  }

  async join(roomId: string): Promise<void> {
    await this.http.json(`${client}/rooms/${encode(roomId)}/join`, { method: 'POST', body: {} });
  }

  async invite(roomId: string, userId: string): Promise<void> {
    await this.http.json(`${client}/rooms/${encode(roomId)}/invite`, { method: 'POST', body: { user_id: userId } });
  }

  async leave(roomId: string): Promise<void> {
    await this.http.json(`${client}/rooms/${encode(roomId)}/leave`, { method: 'POST', body: {} });
  }

  // Media

  /** @return the `mxc://` address of what was stored. */
  async upload(file: File): Promise<string> {
    const answer = await this.http.json<{ content_uri: string }>('/_matrix/media/v3/upload', {
      query: { filename: file.name },
      raw: { data: file, type: file.type || 'application/octet-stream' },
    });
    return answer.content_uri;
  }

  /** Media needs the token, so an address can't be linked to: the bytes are fetched and given as a blob. */
  async download(mxc: string): Promise<Blob> {
    const path = mxc.replace(/^mxc:\/\//, '').split('/').map(encode).join('/');
    const response = await this.http.fetch(`/_matrix/client/v1/media/download/${path}`);
    return response.blob();
  }

  private nextTransaction(): string {
    this.transaction += 1;
    return `t${Date.now().toString(36)}.${this.transaction}`;
  }

  private edit(roomId: string, change: (room: Room) => Room): void {
    const room = this.room(roomId);
    if (!room) return;
    const rooms = new Map(this.snapshot.rooms);
    rooms.set(roomId, change(room));
    this.set({ rooms });
  }

  private set(change: Partial<Snapshot>): void {
    this.snapshot = { ...this.snapshot, ...change };
    for (const listener of this.listeners) listener();
  }
}

/** Ends a long poll when the browser loses the network: its answer can't come. */
async function untilOffline<T>(signal: AbortSignal, ask: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const gone = new AbortController();
  const lose = () => gone.abort();
  addEventListener('offline', lose);
  try {
    return await ask(AbortSignal.any([signal, gone.signal]));
  } finally {
    removeEventListener('offline', lose);
  }
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    }, { once: true });
    addEventListener('online', () => resolve(), { once: true });
  });
}
