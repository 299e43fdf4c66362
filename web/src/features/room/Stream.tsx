import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { Authority, DirectoryPerson } from '../../shared/api/types';
import { dayDistance, dayOf, formatTime, formatWeekday, type Language } from '../../shared/format/dates';
import { useLanguage } from '../../shared/i18n/i18n';
import { type Binding } from '../../shared/keys/keymap';
import { useKeys } from '../../shared/keys/useKeys';
import type { MessageItem, StreamItem } from '../../shared/matrix/items';
import { useMatrix } from '../../shared/matrix/react';
import { memberOf, type Room } from '../../shared/matrix/rooms';
import { Button } from '../../shared/ui/Button';
import { useSlow } from '../../shared/ui/useSlow';
import { Happening } from './Happening';
import { type Actions, Message } from './Message';
import type { NoteSource } from './NoteHead';

interface Props {
  room: Room;
  items: StreamItem[];
  me: string;
  directory: ReadonlyMap<string, DirectoryPerson>;
  authorities: Authority[];
  focused: string | null;
  selected: ReadonlySet<string>;
  canAssess: boolean;
  actions: Actions;
  bindings: Binding[];
  onPanelItem: boolean;
}

/** Loads older events when the top comes into view, one page at a time. */
function useOlder(room: Room) {
  const matrix = useMatrix();
  const [loading, setLoading] = useState(false);
  const [failed, setFailed] = useState(false);
  const top = useRef<HTMLDivElement>(null);
  const load = async () => {
    setLoading(true);
    setFailed(false);
    try {
      await matrix.pageBack(room.id);
    } catch {
      setFailed(true); // the button stays and says so
    }
    setLoading(false);
  };
  const latest = useRef(load);
  latest.current = load;
  const more = room.timeline.prevBatch !== null;
  useEffect(() => {
    if (!top.current || !more || loading || failed) return;
    const observer = new IntersectionObserver(([entry]) => {
      if (entry?.isIntersecting) void latest.current();
    });
    observer.observe(top.current);
    return () => observer.disconnect();
  }, [more, loading, failed, room.id]);
  return { top, more, loading, failed, load };
}

/** Reads new posts of others out, politely and at most every two seconds. */
function useLiveLog(room: Room, items: StreamItem[], me: string): string {
  const [text, setText] = useState('');
  const seen = useRef<{ room: string; at: number }>({ room: '', at: 0 });
  const queue = useRef<string[]>([]);
  useEffect(() => {
    const newest = items.at(-1)?.at ?? 0;
    if (seen.current.room !== room.id) {
      seen.current = { room: room.id, at: newest };
      return;
    }
    for (const item of items) {
      if (item.kind !== 'message' || item.at <= seen.current.at || item.sender === me) continue;
      queue.current.push(`${memberOf(room, item.sender).name}: ${item.text || item.attachment?.name || ''}`);
    }
    seen.current.at = Math.max(seen.current.at, newest);
  }, [items, room, me]);
  useEffect(() => {
    const timer = setInterval(() => {
      if (queue.current.length > 0) setText(queue.current.splice(0).join('. '));
    }, 2000);
    return () => clearInterval(timer);
  }, []);
  return text;
}

const noSources: NoteSource[] = [];

/** Who said what each note was written from, and when; of what isn't loaded nothing is said. */
function noteSources(
  messages: MessageItem[], byId: ReadonlyMap<string, MessageItem>, room: Room, directory: ReadonlyMap<string, DirectoryPerson>, language: Language,
): Map<string, NoteSource[]> {
  return new Map(messages.filter((item) => item.note).map((item) => [item.id, (item.note?.sources ?? []).flatMap((id) => {
    const source = byId.get(id);
    if (!source) return [];
    return [{ id, name: directory.get(source.sender)?.name ?? memberOf(room, source.sender).name, time: formatTime(source.at, language) }];
  })]));
}

export function Stream(props: Props) {
  const { room, items, me, directory, authorities, focused, selected, actions } = props;
  const { t, language } = useLanguage();
  const { http } = useMatrix();
  const older = useOlder(room);
  const slow = useSlow(older.loading);
  const log = useLiveLog(room, items, me);
  const list = useRef<HTMLOListElement>(null);
  const messages = useMemo(() => items.filter((item): item is MessageItem => item.kind === 'message'), [items]);
  const byId = useMemo(() => new Map(messages.map((item) => [item.id, item])), [messages]);
  const notes = useMemo(() => noteSources(messages, byId, room, directory, language), [messages, byId, room, directory, language]);
  const noted = useMemo(() => new Set(messages.flatMap((item) => item.note?.sources ?? [])), [messages]);
  const sourcesOf = (item: MessageItem) => notes.get(item.id) ?? noSources;
  const stop = focused && byId.has(focused) ? focused : (messages.at(-1)?.id ?? null);
  const onKeyDown = useKeys(t('stream.title'), props.bindings);

  useLayoutEffect(() => {
    const at = location.hash.slice(1);
    if (at.startsWith('$')) document.querySelector<HTMLElement>(`[data-item="${CSS.escape(decodeURIComponent(at))}"]`)?.focus();
  }, [room.id, messages.length > 0]); // eslint-disable-line react-hooks/exhaustive-deps

  const dayLine = (item: StreamItem, before: StreamItem | undefined) => {
    const day = dayOf(item.at);
    if (before && dayOf(before.at) === day) return null;
    const distance = dayDistance(item.at, http.now());
    const date = formatWeekday(item.at, language);
    const words = distance === 'other' ? date.charAt(0).toUpperCase() + date.slice(1) : t(`day.${distance}`, { date });
    return <li className="day" key={`day${day}`}><span>{words}</span></li>;
  };

  return (
    <div className="stream" id="stream" data-region="stream" onKeyDown={onKeyDown}>
      <p className="ds-sr-only" role="log" aria-label={t('stream.log')}>{log}</p>
      <ol ref={list} aria-label={t('stream.title')}>
        {items.map((item, index) => {
          const line = dayLine(item, items[index - 1]);
          if (item.kind === 'happening') {
            return [line, <Happening key={item.id} item={item} room={room} directory={directory} authorities={authorities} />];
          }
          const person = directory.get(item.sender);
          const replied = item.replyTo ? byId.get(item.replyTo) : undefined;
          return [line, (
            <Message
              key={item.transactionId ?? item.id} roomId={room.id} item={item}
              name={person?.name ?? memberOf(room, item.sender).name} person={person}
              authority={authorities.find((one) => one.code === person?.authority)} own={item.sender === me}
              active={focused === item.id} stop={stop === item.id} selected={selected.has(item.id)}
              noted={noted.has(item.id)} sources={sourcesOf(item)} canAssess={props.canAssess} actions={actions}
              repliedText={item.replyTo ? (replied ? `${memberOf(room, replied.sender).name}: ${replied.text}` : '…') : null}
            />
          )];
        })}
      </ol>
      {items.length === 0 && !older.more && (
        <div className="empty"><p>{t('stream.empty')}</p></div>
      )}
      <div ref={older.top} className="older">
        {older.more && (
          <Button variant="tertiary" small disabled={older.loading} onClick={() => void older.load()}>
            {older.failed ? t('stream.olderFailed') : slow ? t('stream.loading') : t('stream.older')}
          </Button>
        )}
      </div>
    </div>
  );
}
