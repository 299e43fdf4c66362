import { lazy, Suspense, useEffect, useMemo } from 'react';
import { RoomList } from '../features/room/RoomList';
import { RoomPage, type RoomTools } from '../features/room/RoomPage';
import { previewLift, useLiftOperations } from '../features/records/api/lift';
import { AssessPanel } from '../features/records/components/AssessPanel';
import { canLiftAtOnce, intentKey } from '../features/records/draft';
import { useApi } from '../shared/api/client';
import { useLanguage } from '../shared/i18n/i18n';
import { useMatrixValue } from '../shared/matrix/react';
import { navigate, paths } from '../shared/ui/router';
import { later } from '../shared/ui/later';
import { useSay } from '../shared/ui/Status';

const CorrectSheet = later(async () => ({ default: (await import('../features/records/components/CorrectSheet')).CorrectSheet }));
const LiftDialog = later(async () => ({ default: (await import('../features/records/components/LiftDialog')).LiftDialog }));
const PlanPage = lazy(() => import('../features/room/PlanPage'));

/** Joins the room with the records slice: the room knows nothing of how a lift is made. */
function useRoomTools(): RoomTools {
  const { t } = useLanguage();
  const api = useApi();
  const operations = useLiftOperations();
  const say = useSay();
  return useMemo(() => ({
    lift: (target) => <Suspense><LiftDialog {...target} /></Suspense>,
    assess: (target) => <AssessPanel {...target} />,
    correct: (target) => <Suspense><CorrectSheet {...target} /></Suspense>,
    liftAtOnce: async (roomId, eventIds, authority) => {
      const preview = await previewLift(api, roomId, { event_ids: eventIds }, authority).catch(() => null);
      if (!preview || !canLiftAtOnce(preview)) return false;
      await operations.lift({ key: intentKey(), commit: 'after', room_id: roomId, event_ids: eventIds, authority, draft: preview.draft });
      say(t('lift.said'));
      return true;
    },
    commit: async (key, roomId) => {
      const intent = await operations.commit(key, roomId);
      if (intent.state === 'committed') say(t('lift.done', { number: intent.number ?? '' }));
    },
    undo: async (key, roomId) => {
      await operations.cancel(key, roomId);
      say(t('lift.undone'));
    },
  }), [api, operations, say, t]);
}

export function RoomRoute({ path }: { path: string }) {
  const { t } = useLanguage();
  const tools = useRoomTools();
  const [named = '', part] = path.slice(paths.rooms.length + 1).split('/');
  const id = path.startsWith(`${paths.rooms}/`) && named ? decodeURIComponent(named) : null;
  const first = useMatrixValue((snapshot) => [...snapshot.rooms.values()].find((room) => room.membership === 'join')?.id ?? null);
  const connection = useMatrixValue((snapshot) => snapshot.connection);
  useEffect(() => {
    if (!id && first && matchMedia('(min-width: 56rem)').matches) navigate(paths.room(first), true);
  }, [id, first]);
  return (
    <>
      <RoomList current={id} />
      {id && part === 'plan' ? <Suspense fallback={<main className="main" id="main" />}><PlanPage key={id} roomId={id} /></Suspense> : id ? <RoomPage key={id} roomId={id} tools={tools} /> : (
        <main className="main choosing" id="main">
          {connection === 'live' && <div className="empty" data-region="stream"><h1 className="page-title">{t('room.choose')}</h1></div>}
        </main>
      )}
    </>
  );
}
