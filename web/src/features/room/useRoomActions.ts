import { useQueryClient } from '@tanstack/react-query';
import { useMemo, useRef } from 'react';
import { useItemsChanged } from '../../shared/api/items';
import { useMe } from '../../shared/api/me';
import type { Assessment, LiftWhat } from '../../shared/api/types';
import { waitingLifts } from '../../shared/api/waitingLifts';
import { dayOf } from '../../shared/format/dates';
import { useLanguage } from '../../shared/i18n/i18n';
import type { Binding } from '../../shared/keys/keymap';
import type { MessageItem, StreamItem } from '../../shared/matrix/items';
import { useMatrix } from '../../shared/matrix/react';
import type { Room } from '../../shared/matrix/rooms';
import { useFaultText } from '../../shared/ui/Fault';
import { navigate, paths } from '../../shared/ui/router';
import { useSay } from '../../shared/ui/Status';
import { useMarkSent } from './api';
import { type Mode, reactionContent } from './compose';
import type { Actions } from './Message';
import type { Open, RoomTools } from './RoomPage';
import { focusItem, type useSelection } from './useSelection';

interface Wiring {
  room: Room;
  items: StreamItem[];
  selection: ReturnType<typeof useSelection>;
  tools: RoomTools;
  setMode: (mode: Mode) => void;
  setOpen: (open: Open | null) => void;
}

/** Everything one can do in the stream, once as actions for the buttons and once as keys. */
export function useRoomActions(wiring: Wiring): { actions: Actions; bindings: Binding[]; canAssess: boolean } {
  const { t } = useLanguage();
  const matrix = useMatrix();
  const queries = useQueryClient();
  const changed = useItemsChanged();
  const markSent = useMarkSent();
  const say = useSay();
  const faultText = useFaultText();
  const me = useMe();
  const canAssess = (me?.roles ?? []).some(({ role }) => role === 'officer' || role === 'registrar');
  const latest = useRef(wiring);
  latest.current = wiring;

  const helpers = useMemo(() => {
    const roomId = () => latest.current.room.id;
    const assessments = (id: string) => queries.getQueryData<Assessment[]>(['item', roomId(), id]) ?? [];
    /** The authority a post should be settled for: one's own when it is open there, else the first that is. */
    const authorityFor = (id: string) => {
      const open = assessments(id).filter((one) => one.handling !== 'registered');
      return (open.find((one) => one.authority === me?.authority) ?? open.find((one) => one.handling === 'unassessed') ?? open[0])?.authority ?? me?.authority ?? undefined;
    };
    const pendingOf = (id: string) => assessments(id).flatMap((one) => (one.intent?.state === 'pending' ? [one.intent.key] : []))[0];
    const messages = () => latest.current.items.filter((item): item is MessageItem => item.kind === 'message');
    const trouble = (error: unknown) => say(faultText(error), true);
    // The room has said the number before the item was asked about again: no key is lost between.
    const openByNumber = (number: string) => matrix.http.json<{ id: number }>('/_torg/v1/records', { query: { number } })
      .then(({ id }) => latest.current.setOpen({ kind: 'correct', recordId: id }), trouble);
    // Too late to undo: what the room shows as registered is opened instead.
    const undoOrOpen = (key: string, item: MessageItem) => {
      const code = assessments(item.id).find((one) => one.intent?.key === key)?.authority ?? '';
      const number = item.records.find((one) => one.number.startsWith(`${code} `))?.number;
      if (number) return void openByNumber(number);
      latest.current.tools.undo(key, roomId()).catch(trouble);
    };
    return { roomId, assessments, authorityFor, pendingOf, messages, trouble, openByNumber, undoOrOpen };
  }, [matrix, queries, me, say, faultText]);

  const actions = useMemo<Actions>(() => {
    const { roomId, authorityFor, messages, trouble } = helpers;
    const chosen = (item: MessageItem) => {
      const { selected } = latest.current.selection;
      return selected.size > 0 ? [...new Set([...selected, item.id])] : [item.id];
    };
    const open = (what: Open) => latest.current.setOpen(what);
    return {
      lift: (item) => open({ kind: 'lift', ...withSources(helpers, chosen(item)), authority: authorityFor(item.id) }),
      note: (item) => open({ kind: 'note', sources: chosen(item).filter((id) => id.startsWith('$')), authority: authorityFor(item.id) }),
      goTo: focusItem,
      liftThread: (root) => open({ kind: 'lift', what: { thread: root }, authority: authorityFor(root) }),
      liftSpan: (item) => {
        // From the first marked to the last; from the focused post to now when none is.
        const { selected } = latest.current.selection;
        const marked = messages().filter((one) => selected.has(one.id));
        const from = marked[0] ?? item;
        if (!from) return;
        const to = marked.length > 1 ? marked.at(-1)?.at ?? from.at : matrix.http.now();
        open({ kind: 'lift', what: { span: { from: from.at, to } }, authority: authorityFor(from.id) });
      },
      assess: (item) => open({ kind: 'assess', eventId: item.id, authority: authorityFor(item.id), title: item.attachment?.name ?? item.text }),
      reply: (item) => latest.current.setMode({ kind: 'reply', to: item }),
      edit: (item) => latest.current.setMode({ kind: 'edit', of: item }),
      thread: (item) => open({ kind: 'thread', root: item.id }),
      history: (item) => open({ kind: 'history', eventId: item.id, title: item.attachment?.name ?? item.text }),
      react: (item, key) => {
        const mine = item.reactions.find((reaction) => reaction.key === key)?.mine;
        const done = mine && !mine.startsWith('~') ? matrix.redact(roomId(), mine) : matrix.send(roomId(), 'm.reaction', reactionContent(item.id, key));
        done.catch(trouble);
      },
      remove: (item) => void matrix.redact(roomId(), item.id).catch(trouble),
      markSent: (item) => {
        const authority = authorityFor(item.id);
        if (!authority) return;
        markSent(roomId(), item.id, { authority, to: '', day: dayOf(matrix.http.now()) })
          .then(() => { changed(roomId()); say(t('stream.markedSent')); }, trouble);
      },
      commit: (key) => void latest.current.tools.commit(key, roomId()).catch(trouble),
      undo: (key) => void latest.current.tools.undo(key, roomId()).catch(trouble),
      retry: (item) => { if (item.transactionId) matrix.retry(roomId(), item.transactionId).catch(() => undefined); },
      discard: (item) => { if (item.transactionId) matrix.discard(roomId(), item.transactionId); },
      focus: (item) => { if (latest.current.selection.focused !== item.id) latest.current.selection.focus(item.id); },
    };
  }, [helpers, matrix, changed, markSent, say, t]);

  const bindings = useBindings(latest, helpers, actions, canAssess, matrix.get().session?.userId ?? '');
  return { actions, bindings, canAssess };
}

/** A note is lifted with what it was written from; what is registered already is left out, and may be ticked. */
function withSources(helpers: Helpers, ids: string[]): { what: LiftWhat; leaveOut: string[] } {
  const messages = helpers.messages();
  const sources = messages.filter((item) => ids.includes(item.id)).flatMap((item) => item.note?.sources ?? [])
    .filter((id) => !ids.includes(id) && messages.some((item) => item.id === id));
  const registered = (id: string) => messages.some((item) => item.id === id && item.records.length > 0)
    || helpers.assessments(id).some((one) => one.handling === 'registered');
  return { what: { event_ids: [...ids, ...new Set(sources)] }, leaveOut: sources.filter(registered) };
}

interface Helpers {
  roomId: () => string;
  assessments: (id: string) => Assessment[];
  authorityFor: (id: string) => string | undefined;
  pendingOf: (id: string) => string | undefined;
  messages: () => MessageItem[];
  openByNumber: (number: string) => Promise<void>;
  undoOrOpen: (key: string, item: MessageItem) => void;
}

function useBindings(latest: { current: Wiring }, helpers: Helpers, actions: Actions, canAssess: boolean, userId: string): Binding[] {
  const { t } = useLanguage();
  return useMemo(() => {
    const focused = () => helpers.messages().find((item) => item.id === latest.current.selection.focused);
    const withFocused = (act: (item: MessageItem) => void) => () => { const item = focused(); if (item) act(item); };
    const step = (by: number) => {
      const messages = helpers.messages();
      const at = messages.findIndex((item) => item.id === latest.current.selection.focused);
      const next = messages[Math.min(messages.length - 1, Math.max(0, (at < 0 ? messages.length : at) + by))];
      if (next) focusItem(next.id);
      return next;
    };
    const extend = (by: number) => () => {
      const item = focused();
      if (item) latest.current.selection.add(item.id);
      const next = step(by);
      if (next) latest.current.selection.add(next.id);
    };
    const settle: Binding[] = canAssess ? [
      { keys: ['L'], label: t('keys.lift'), run: withFocused(actions.lift) },
      { keys: ['Shift+L'], label: t('keys.liftAtOnce'), run: withFocused((item) => {
        const authority = helpers.authorityFor(item.id);
        void latest.current.tools.liftAtOnce(helpers.roomId(), [item.id], authority).then((done) => { if (!done) actions.lift(item); });
      }) },
      { keys: ['Shift+T'], label: t('keys.liftThread'), run: withFocused((item) => actions.liftThread(item.threadRoot ?? item.id)) },
      { keys: ['Shift+X'], label: t('keys.liftSpan'), run: () => actions.liftSpan(focused()) },
      { keys: ['N'], label: t('keys.assess'), run: withFocused(actions.assess) },
      { keys: ['A'], label: t('keys.note'), run: withFocused((item) => { if (!item.redacted) actions.note(item); }) },
      { keys: ['Enter'], label: t('keys.commitNow'), run: withFocused((item) => {
        const key = helpers.pendingOf(item.id);
        if (key) actions.commit(key);
      }) },
      { keys: ['Z'], label: t('keys.undo'), run: withFocused((item) => {
        const key = helpers.pendingOf(item.id);
        const record = helpers.assessments(item.id).find((one) => one.record)?.record;
        const waiting = waitingLifts.get().findLast(({ request }) => request.event_ids.includes(item.id));
        if (waiting) waitingLifts.remove(waiting.request.key);
        else if (key) helpers.undoOrOpen(key, item);
        else if (record) latest.current.setOpen({ kind: 'correct', recordId: record.id });
        else if (item.records[0]) void helpers.openByNumber(item.records[0].number);
      }) },
    ] : [];
    return [
      { keys: ['J', 'ArrowDown'], label: t('keys.next'), run: () => void step(1) },
      { keys: ['K', 'ArrowUp'], label: t('keys.previous'), run: () => void step(-1) },
      ...settle,
      { keys: ['R'], label: t('keys.reply'), run: withFocused(actions.reply) },
      { keys: ['E'], label: t('keys.edit'), run: withFocused((item) => { if (item.sender === userId && !item.attachment) actions.edit(item); }) },
      { keys: ['T'], label: t('keys.thread'), run: withFocused(actions.thread) },
      { keys: ['H'], label: t('history.title'), run: withFocused(actions.history) },
      { keys: ['X'], label: t('keys.select'), run: withFocused((item) => latest.current.selection.toggle(item.id)) },
      { keys: ['I'], label: t('keys.invite'), run: () => latest.current.setOpen({ kind: 'invite' }) },
      { keys: ['P'], label: t('keys.plan'), run: () => navigate(paths.plan(helpers.roomId())) },
      { keys: ['Shift+J', 'Shift+ArrowDown'], label: t('keys.selectMore'), run: extend(1) },
      { keys: ['Shift+K', 'Shift+ArrowUp'], label: t('keys.selectMore'), run: extend(-1) },
      { keys: ['Escape'], label: t('keys.clear'), run: () => latest.current.selection.clear() },
    ];
  }, [latest, helpers, actions, canAssess, userId, t]);
}
