import { type ReactNode, Suspense, useEffect, useMemo, useState } from 'react';
import { useItemsChanged } from '../../shared/api/items';
import { useAuthorities, useDirectory } from '../../shared/api/me';
import type { LiftWhat } from '../../shared/api/types';
import { useLanguage } from '../../shared/i18n/i18n';
import { giveFocus } from '../../shared/keys/focus';
import { streamItems } from '../../shared/matrix/items';
import { useMatrix, useMatrixValue, useRoom } from '../../shared/matrix/react';
import { memberOf, type Room, roomName, stateOf } from '../../shared/matrix/rooms';
import { Button } from '../../shared/ui/Button';
import { later } from '../../shared/ui/later';
import { usePlan } from './api';
import type { Mode } from './compose';
import { Composer } from './Composer';
import { planInState } from './plan';
import { RoomHead } from './RoomHead';
import { SidePanel } from './SidePanel';
import { Stream } from './Stream';
import { ThreadPanel } from './ThreadPanel';
import { useRoomActions } from './useRoomActions';
import { focusItem, itemSelector, useSelection } from './useSelection';

const InviteSheet = later(async () => ({ default: (await import('./InviteSheet')).InviteSheet }));
const NoteSheet = later(async () => ({ default: (await import('./NoteSheet')).NoteSheet }));
const TimelinePanel = later(async () => ({ default: (await import('./TimelinePanel')).TimelinePanel }));

/** What another slice puts into the room: the app joins them. */
export interface RoomTools {
  /** The lift dialog for some posts, a thread or a span of time. */
  lift: (target: { roomId: string; what: LiftWhat; authority: string | undefined; leaveOut?: string[]; onClose: () => void }) => ReactNode;
  /** Lifts without a dialog when nothing needs a decision; false when the dialog must be shown. */
  liftAtOnce: (roomId: string, eventIds: string[], authority: string | undefined) => Promise<boolean>;
  assess: (target: { roomId: string; eventId: string; authority: string | undefined; title: string; onLift: () => void; onClose: () => void }) => ReactNode;
  correct: (target: { recordId: string | number; onClose: () => void }) => ReactNode;
  commit: (key: string, roomId: string) => Promise<void>;
  undo: (key: string, roomId: string) => Promise<void>;
}

export type Open =
  | { kind: 'lift'; what: LiftWhat; authority: string | undefined; leaveOut?: string[] }
  | { kind: 'note'; sources: string[]; authority: string | undefined }
  | { kind: 'assess'; eventId: string; authority: string | undefined; title: string }
  | { kind: 'thread'; root: string }
  | { kind: 'history'; eventId: string; title: string }
  | { kind: 'correct'; recordId: string | number }
  | { kind: 'invite' };

export function RoomPage({ roomId, tools }: { roomId: string; tools: RoomTools }) {
  const { t } = useLanguage();
  const room = useRoom(roomId);
  const connection = useMatrixValue((snapshot) => snapshot.connection);
  if (room?.membership === 'invite') return <Invitation room={room} />;
  if (!room) {
    return (
      <main className="main" id="main">
        {connection !== 'starting' && <div className="empty" data-region="stream"><h1 className="page-title">{t('room.notYours')}</h1><p>{t('room.notYoursText')}</p></div>}
      </main>
    );
  }
  return <JoinedRoom room={room} tools={tools} />;
}

function JoinedRoom({ room, tools }: { room: Room; tools: RoomTools }) {
  const { t } = useLanguage();
  const matrix = useMatrix();
  const authorities = useAuthorities();
  const userId = useMatrixValue((snapshot) => snapshot.session?.userId ?? '');
  const directory = useDirectory();
  const [mode, setMode] = useState<Mode>({ kind: 'write' });
  const [open, setOpen] = useState<Open | null>(null);
  // Where the panel would lie over the talk it is opened by hand.
  const [side, setSide] = useState(() => matchMedia('(min-width: 78rem)').matches);
  const changed = useItemsChanged();
  const selection = useSelection(room.id);
  const items = useMemo(() => streamItems(room.timeline, userId), [room.timeline, userId]);
  const planVersion = [...room.state.values()].filter((event) => event.type.startsWith('org.torg.plan')).map((event) => event.event_id).join();
  const plan = usePlan(room.id, planVersion).data;
  const inForce = plan?.plan ?? planInState(room);
  const shares = inForce?.level !== undefined && inForce.level !== 'within' && (inForce.parties ?? []).length > 1;
  const { actions, bindings, canAssess } = useRoomActions({ room, items, selection, tools, setMode, setOpen });

  useEffect(() => { void matrix.loadMembers(room.id).catch(() => undefined); }, [matrix, room.id]);
  useEffect(() => { setOpen(null); setMode({ kind: 'write' }); }, [room.id]);
  const newest = room.timeline.events.at(-1)?.event_id;
  useEffect(() => {
    // Said privately: nobody reports who has read what.
    if (newest && document.visibilityState === 'visible') void matrix.markRead(room.id, newest).catch(() => undefined);
  }, [matrix, room.id, newest]);

  const records = room.timeline.events.findLast((event) => event.type === 'org.torg.record')?.event_id;
  useEffect(() => { if (records) changed(room.id); }, [changed, room.id, records]);

  const close = () => {
    const back = selection.focused;
    setOpen(null);
    if (back) giveFocus(itemSelector(back));
  };
  const typing = room.typing.filter((user) => user !== userId).map((user) => directory.get(user)?.name ?? memberOf(room, user).name);
  const panel = open?.kind === 'assess'
    ? tools.assess({ ...open, roomId: room.id, onClose: close, onLift: () => setOpen({ kind: 'lift', what: { event_ids: [open.eventId] }, authority: open.authority }) })
    : open?.kind === 'thread'
      ? <ThreadPanel room={room} root={open.root} informationClass={inForce?.class} directory={directory} authorities={authorities} shares={shares} onLift={canAssess ? () => actions.liftThread(open.root) : undefined} onClose={close} />
      : open?.kind === 'history'
        ? <Suspense><TimelinePanel key={open.eventId} roomId={room.id} eventId={open.eventId} title={open.title} authorities={authorities} onClose={close} /></Suspense>
        : side && (
        <SidePanel
          room={room} plan={inForce} authorities={authorities} directory={directory} onClose={() => setSide(false)}
          onItem={(id) => { selection.focus(id); focusItem(id); }}
          onRecord={(recordId) => setOpen({ kind: 'correct', recordId })} onInvite={() => setOpen({ kind: 'invite' })}
        />
      );

  return (
    <>
      <main className="main" id="main">
        <RoomHead
          name={roomName(room)} plan={inForce} waitingFor={plan?.waiting_for ?? []} authorities={authorities}
          sideOpen={side} onToggleSide={() => { setSide(!side); setOpen(null); }}
        />
        <Stream
          room={room} items={items} me={userId} directory={directory} authorities={authorities}
          focused={selection.focused} selected={selection.selected} canAssess={canAssess} actions={actions}
          bindings={bindings} onPanelItem={open !== null}
        />
        {selection.selected.size > 0 && (
          <p className="selection row" role="status">
            <span className="grow">{t('stream.selectedCount', { count: selection.selected.size })}</span>
            {canAssess && selection.selected.size > 1 && <Button variant="tertiary" small keys={['Shift', 'X']} onClick={() => actions.liftSpan()}>{t('stream.liftBetween')}</Button>}
            <Button variant="tertiary" color="neutral" small keys={['Esc']} onClick={selection.clear}>{t('stream.clear')}</Button>
          </p>
        )}
        <p className="typing" aria-live="off">{typing.length > 0 && t('stream.typing', { count: typing.length, names: typing.join(', ') })}</p>
        <Composer
          roomId={room.id} informationClass={inForce?.class} shares={shares} mode={mode} onMode={setMode}
          onLeave={() => { const last = items.findLast((item) => item.kind === 'message'); if (last) focusItem(last.id); }}
        />
      </main>
      {panel}
      {open?.kind === 'lift' && tools.lift({ ...open, roomId: room.id, onClose: () => { selection.clear(); close(); } })}
      {open?.kind === 'note' && (
        <Suspense>
          <NoteSheet
            room={room} items={items} sources={open.sources} directory={directory} authorities={authorities} onClose={close}
            onSaved={(id) => { selection.clear(); setOpen(null); giveFocus(itemSelector(id)); }}
            onLift={(target) => { selection.clear(); setOpen({ kind: 'lift', ...target, authority: open.authority }); }}
          />
        </Suspense>
      )}
      {open?.kind === 'invite' && <Suspense><InviteSheet room={room} plan={inForce} waitingFor={plan?.waiting_for ?? []} onClose={close} /></Suspense>}
      {open?.kind === 'correct' && tools.correct({ recordId: open.recordId, onClose: close })}
    </>
  );
}

function Invitation({ room }: { room: Room }) {
  const { t } = useLanguage();
  const matrix = useMatrix();
  const inviter = [...room.state.values()].find((event) => event.type === 'm.room.member' && event.content.membership === 'invite')?.sender;
  const purpose = stateOf(room, 'org.torg.plan')?.content.purpose;
  return (
    <main className="main" id="main">
      <div className="empty" data-region="stream">
        <h1 className="page-title">{roomName(room)}</h1>
        {inviter && <p>{t('invite.text', { name: memberOf(room, inviter).name })}</p>}
        {typeof purpose === 'string' && <p className="quiet">{purpose}</p>}
        <p className="row">
          <Button icon="Handshake" onClick={() => void matrix.join(room.id)}>{t('invite.join')}</Button>
          <Button variant="tertiary" onClick={() => void matrix.leave(room.id)}>{t('invite.decline')}</Button>
        </p>
      </div>
    </main>
  );
}
