import { useState } from 'react';
import type { QueueLine, ReviewVerdict } from '../../../shared/api/types';
import { useLanguage } from '../../../shared/i18n/i18n';
import { Button } from '../../../shared/ui/Button';
import { ClockChip } from '../../../shared/ui/chips';
import { Fault, useFaultText } from '../../../shared/ui/Fault';
import { Icon } from '../../../shared/ui/Icon';
import { useSay } from '../../../shared/ui/Status';
import { useGlobalKeys } from '../../../shared/keys/useKeys';
import { useReview, useReviewVerdicts } from '../api/review';
import { ReviewItems, reviewOf } from './ReviewItems';

/** What a closed case left in its rooms, prefilled; one look, and each item is a record or is weeded (R13). */
export function ReviewCard({ line, onDone }: { line: QueueLine; onDone: () => void }) {
  const { t, words } = useLanguage();
  const caseId = line.case?.id ?? '';
  const review = useReview(caseId);
  const settle = useReviewVerdicts(caseId);
  const say = useSay();
  const faultText = useFaultText();
  const [changed, setChanged] = useState<Record<string, ReviewVerdict>>({});
  const waiting = review.data?.items.filter((item) => item.verdict === null) ?? [];
  const save = async () => {
    await settle.mutateAsync(reviewOf(waiting, changed));
    say(t('review.done'));
    onDone();
  };
  useGlobalKeys(t('desk.chosen'), [{ keys: ['Ctrl+Enter'], label: t('review.save'), run: () => { if (waiting.length > 0) void save().catch(() => undefined); }, inText: true }], '.desk');
  return (
    <section className="desk-right" aria-label={t('desk.chosen')} data-region="card">
      <div className="desk-scroll" tabIndex={0} role="group" aria-label={t('desk.chosen')}>
        <ClockChip clock={line.assessment.clock}>{words(line.assessment.clock_text)}</ClockChip>
        <h2>{t('review.title', { number: line.case?.number ?? '' })}</h2>
        <p className="hint"><Icon name="InformationSquare" /><span>{t('review.what')}</span></p>
        {review.isError && <Fault error={review.error} onRetry={() => void review.refetch()} />}
        <ReviewItems items={waiting} changed={changed} onChange={setChanged} />
      </div>
      <div className="verdicts" role="group" aria-label={t('desk.assess')}>
        {settle.isError && <p className="problem small-text wide" role="alert">{faultText(settle.error)}</p>}
        {waiting.length > 0 && <Button keys={['Ctrl', '↵']} disabled={settle.isPending} onClick={() => void save().catch(() => undefined)}>{t('review.save')}</Button>}
      </div>
    </section>
  );
}
