import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { useApi } from '../../../shared/api/client';
import type { Handover, ManualResult } from '../../../shared/api/types';
import { useLanguage } from '../../../shared/i18n/i18n';
import { useGlobalKeys } from '../../../shared/keys/useKeys';
import { Button } from '../../../shared/ui/Button';
import { Icon } from '../../../shared/ui/Icon';
import { navigate, paths } from '../../../shared/ui/router';

interface Props {
  result: ManualResult;
  onAnother: () => void;
}

const lookEvery = 2000;
const isOpen = (one: Handover | null | undefined) => !one || one.state === 'waiting' || one.state === 'retrying' || one.state === 'sent';

/** Something that a register outside Torg was given: its number as soon as it has one, or why it has none. */
export function ManualHandedOver({ result, onAnother }: Props) {
  const { t, words } = useLanguage();
  const api = useApi();
  const card = useRef<HTMLDivElement>(null);
  const key = result.external?.key ?? '';
  const { data } = useQuery({
    queryKey: ['handover', key],
    queryFn: () => api.get<Handover>(`handovers/${encodeURIComponent(key)}`),
    refetchInterval: (query) => (isOpen(query.state.data) ? lookEvery : false),
    retry: false,
  });
  const now = data ?? result.external;
  useEffect(() => card.current?.focus(), []);
  useGlobalKeys(t('manual.card'), [
    { keys: ['+'], label: t('keys.another'), run: onAnother },
    { keys: ['Escape'], label: t('keys.back'), run: () => navigate(paths.desk) },
  ], '.main');
  return (
    <>
      <div className="desk-scroll" ref={card} tabIndex={-1} role="group" aria-label={t('manual.card')} data-region-focus="">
        <div className="number" aria-live="polite">
          <p className="row"><Icon name="SealCheckmark" /><span>{t(`external.${now?.state ?? 'waiting'}`)}</span></p>
          {now?.number ? <p className="big num">{now.number}</p> : <p className="small-text">{words(result.say)}</p>}
        </div>
        {now?.problem && <p className="problem small-text" role="alert">{now.problem}</p>}
      </div>
      <div className="verdicts" role="group" aria-label={t('done.another')}>
        <Button icon="Plus" keys={['+']} onClick={onAnother}>{t('done.another')}</Button>
        <Button icon="ArrowLeft" variant="secondary" color="neutral" keys={['Esc']} onClick={() => navigate(paths.desk)}>{t('done.back')}</Button>
      </div>
    </>
  );
}
