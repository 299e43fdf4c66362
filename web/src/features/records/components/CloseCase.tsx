import { useId, useState } from 'react';
import type { CaseWithRecords, ReviewVerdict } from '../../../shared/api/types';
import { useLanguage } from '../../../shared/i18n/i18n';
import { useKeys } from '../../../shared/keys/useKeys';
import { Button, IconButton } from '../../../shared/ui/Button';
import { Fault, useFaultText } from '../../../shared/ui/Fault';
import { Icon } from '../../../shared/ui/Icon';
import { Sheet } from '../../../shared/ui/Sheet';
import { useSay } from '../../../shared/ui/Status';
import { useCloseCase } from '../api/cases';
import { useReview } from '../api/review';
import { ReviewItems, reviewOf } from './ReviewItems';

/** Closing a case is a review of everything still working in its rooms (R13); what is left waits for the grace time. */
export function CloseCase({ found, onClose }: { found: CaseWithRecords; onClose: () => void }) {
  const { t } = useLanguage();
  const id = useId();
  const review = useReview(found.id);
  const close = useCloseCase(found.id);
  const say = useSay();
  const faultText = useFaultText();
  const [changed, setChanged] = useState<Record<string, ReviewVerdict>>({});
  const waiting = review.data?.items.filter((item) => item.verdict === null) ?? [];
  const send = async (verdicts: Record<string, ReviewVerdict>) => {
    if (!review.data || close.isPending) return;
    await close.mutateAsync(verdicts);
    say(t('closing.done'));
    onClose();
  };
  const now = () => void send(reviewOf(waiting, changed)).catch(() => undefined);
  const onKeyDown = useKeys(t('casePage.close'), [{ keys: ['Ctrl+Enter'], label: t('closing.close'), run: now, inText: true }]);
  return (
    <Sheet className="correct" labelledBy={id} onClose={onClose} onKeyDown={onKeyDown}>
      <div className="lift-head">
        <h2 id={id} className="grow" tabIndex={-1} data-first="">{t('closing.title', { number: found.number })}</h2>
        <IconButton label={t('close')} icon="XMark" onClick={onClose} />
      </div>
      <div className="lift-right">
        {review.isPending && <p className="quiet" role="status">{t('closing.fetching')}</p>}
        {review.isError && <Fault error={review.error} onRetry={() => void review.refetch()} />}
        {review.data && waiting.length === 0 && <p>{t('closing.nothing')}</p>}
        {waiting.length > 0 && <p className="hint"><Icon name="InformationSquare" /><span>{t('review.what')}</span></p>}
        <ReviewItems items={waiting} changed={changed} onChange={setChanged} />
        {close.isError && <p className="problem small-text" role="alert">{faultText(close.error)}</p>}
      </div>
      <div className="lift-foot">
        {waiting.length > 0 && <Button variant="secondary" color="neutral" onClick={() => void send({}).catch(() => undefined)}>{t('closing.later')}</Button>}
        <span className="grow" />
        <Button variant="tertiary" color="neutral" keys={['Esc']} onClick={onClose}>{t('cancel')}</Button>
        <Button keys={['Ctrl', '↵']} disabled={!review.data || close.isPending} onClick={now}>{t('closing.close')}</Button>
      </div>
    </Sheet>
  );
}
