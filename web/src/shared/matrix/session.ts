import type { Session } from './types';

const key = 'torg.session';

/**
 * Where the access token lives: for this tab only, unless the person asked to stay signed in. An unknown device thus
 * keeps nothing once the tab is closed.
 */
export const sessionStore = {
  load(): Session | null {
    const text = sessionStorage.getItem(key) ?? localStorage.getItem(key);
    try {
      return text ? (JSON.parse(text) as Session) : null;
    } catch {
      return null;
    }
  },
  save(session: Session, keep: boolean): void {
    this.clear();
    (keep ? localStorage : sessionStorage).setItem(key, JSON.stringify(session));
  },
  replace(session: Session): void {
    this.save(session, localStorage.getItem(key) !== null);
  },
  clear(): void {
    sessionStorage.removeItem(key);
    localStorage.removeItem(key);
  },
  /** Keeps something of the person's own beside the token, as long as the token would be kept; null takes it away. */
  keep(name: string, value: unknown): void {
    const user = this.load()?.userId;
    if (!user) return;
    const place = `torg.${name}.${user}`;
    const storage = localStorage.getItem(key) !== null ? localStorage : sessionStorage;
    if (value === null) storage.removeItem(place);
    else storage.setItem(place, JSON.stringify(value));
  },
  kept(name: string): unknown {
    const user = this.load()?.userId;
    const place = `torg.${name}.${user ?? ''}`;
    try {
      return JSON.parse(sessionStorage.getItem(place) ?? localStorage.getItem(place) ?? 'null') as unknown;
    } catch {
      return null;
    }
  },
};
