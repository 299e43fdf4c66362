import { useQuery } from '@tanstack/react-query';
import { inLanguage } from '../../../shared/api/bothLanguages';
import { useApi } from '../../../shared/api/client';
import type { Intent } from '../../../shared/api/types';
import { useLanguage } from '../../../shared/i18n/i18n';
import { Button } from '../../../shared/ui/Button';
import { ClockPie, StateChip } from '../../../shared/ui/chips';
import { useSecondsLeft } from '../../../shared/ui/useSecondsLeft';
import type { Last } from '../useVerdicts';

interface Props {
  last: Last;
  onUndo: () => void;
  onCommit: () => void;
}

/** What one did last, and the way back. A number is shown when the server has given it, never before. */
export function UndoBar({ last, onUndo, onCommit }: Props) {
  const { t, language } = useLanguage();
  const api = useApi();
  const seconds = useSecondsLeft(last.intent?.due_at ?? 0);
  const { data } = useQuery({
    queryKey: ['lift', last.intent?.key, seconds === 0],
    queryFn: () => api.get<Intent>(`lifts/${encodeURIComponent(last.intent?.key ?? '')}`),
    enabled: last.intent !== null,
    refetchInterval: (query) => (query.state.data?.state === 'pending' || seconds > 0 ? 1000 : false),
  });
  const committed = data?.state === 'committed';
  return (
    <div className="undo-bar row">
      <span className="grow">{last.lines.length > 1 ? t('bulk.lines', { count: last.lines.length }) : last.lines[0]?.title}</span>
      {last.intent === null && <span className="chip">{t(`verdict.${last.choice}`)}</span>}
      {last.intent && committed && <StateChip state="registered"><span className="num">{data.number ?? t(`external.${data.external?.state ?? 'waiting'}`)}</span></StateChip>}
      {last.intent && !committed && (
        <button type="button" className="chip pending" onClick={onCommit}>
          <ClockPie share={Math.max(0, 100 - seconds * 10)} />
          <span>{seconds > 0 ? t('lift.pending', { seconds }) : t('lift.committing')}</span><kbd aria-hidden="true">↵</kbd><span>{t('lift.now')}</span>
        </button>
      )}
      {data?.problem && <span className="problem small-text">{inLanguage(data.problem, language)}</span>}
      <Button variant="tertiary" color="neutral" small keys={['Z']} onClick={onUndo}>{committed ? t('correct.title') : t('undo')}</Button>
    </div>
  );
}
