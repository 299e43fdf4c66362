import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useApi } from '../../shared/api/client';
import { inLanguage } from '../../shared/api/bothLanguages';
import { useItemsChanged } from '../../shared/api/items';
import type { Intent } from '../../shared/api/types';
import { useLanguage } from '../../shared/i18n/i18n';
import { Button } from '../../shared/ui/Button';
import { ClockPie } from '../../shared/ui/chips';
import { useSecondsLeft } from '../../shared/ui/useSecondsLeft';

interface Props {
  roomId: string;
  intent: { key: string; due_at: number };
  active: boolean;
  onCommit: () => void;
  onUndo: () => void;
  /** It could not be lifted when its time had come: somebody was faster, or there is nothing left. */
  onProblem: (why: string) => void;
}

/** A lift that can still be undone: an outlined chip that counts down. It becomes filled only when the server says so. */
export function PendingLift({ roomId, intent, active, onCommit, onUndo, onProblem }: Props) {
  const { t, language } = useLanguage();
  const api = useApi();
  const changed = useItemsChanged();
  const seconds = useSecondsLeft(intent.due_at);
  const { data, isError } = useQuery({
    queryKey: ['lift', intent.key],
    queryFn: () => api.get<Intent>(`lifts/${encodeURIComponent(intent.key)}`),
    refetchInterval: seconds === 0 ? 500 : false,
    enabled: seconds === 0,
    retry: false,
  });
  // A colleague's lift can't be asked about; then the room's items are asked for instead.
  const settled = isError || (data && data.state !== 'pending');
  const problem = data?.state === 'cancelled' && data.problem ? inLanguage(data.problem, language) : '';
  useEffect(() => {
    if (problem) onProblem(problem);
    if (settled) changed(roomId);
  }, [settled, problem, onProblem, changed, roomId]);
  return (
    <>
      <span className="undo">
        <button type="button" className="chip pending" onClick={onCommit} tabIndex={active ? 0 : -1}>
          <ClockPie share={Math.max(0, 100 - seconds * 10)} />
          <span aria-live="off">{seconds > 0 ? t('lift.pending', { seconds }) : t('lift.committing')}</span>
          <kbd aria-hidden="true">↵</kbd><span>{t('lift.now')}</span>
        </button>
        <Button variant="tertiary" color="neutral" small keys={['Z']} onClick={onUndo} tabIndex={active ? 0 : -1}>{t('undo')}</Button>
      </span>
      {active && <span className="quiet small-text">{t('lift.phone')}</span>}
    </>
  );
}
