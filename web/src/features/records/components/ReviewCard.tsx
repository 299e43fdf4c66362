import { useId, useState } from 'react';
import type { QueueLine, ReviewVerdict } from '../../../shared/api/types';
import { formatDate, formatTime } from '../../../shared/format/dates';
import { useLanguage } from '../../../shared/i18n/i18n';
import { useMatrix } from '../../../shared/matrix/react';
import { Button } from '../../../shared/ui/Button';
import { ClockChip } from '../../../shared/ui/chips';
import { Fault, useFaultText } from '../../../shared/ui/Fault';
import { Icon } from '../../../shared/ui/Icon';
import { useSay } from '../../../shared/ui/Status';
import { useGlobalKeys } from '../../../shared/keys/useKeys';
import { useReview, useReviewVerdicts } from '../api/review';

const verdicts: ReviewVerdict[] = ['working', 'record'];

/** What a closed case left in its rooms, prefilled; one look, and each item is a record or is weeded (R13). */
export function ReviewCard({ line, onDone }: { line: QueueLine; onDone: () => void }) {
  const { t, language, words } = useLanguage();
  const { http } = useMatrix();
  const caseId = line.case?.id ?? '';
  const review = useReview(caseId);
  const settle = useReviewVerdicts(caseId);
  const say = useSay();
  const faultText = useFaultText();
  const id = useId();
  const [changed, setChanged] = useState<Record<string, ReviewVerdict>>({});
  const waiting = review.data?.items.filter((item) => item.verdict === null) ?? [];
  const save = async () => {
    await settle.mutateAsync(Object.fromEntries(waiting.map((item) => [item.event_id, changed[item.event_id] ?? item.suggested])));
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
        <ul className="plain-list stack">
          {waiting.map((item, index) => (
            <li key={item.event_id}>
              <div className="quote"><p>{item.text || item.attachments.join(', ')}</p><footer>{item.sender}, {formatDate(item.at, language, http.now())} {formatTime(item.at, language)}</footer></div>
              <fieldset className="row wrap">
                <legend className="ds-sr-only">{t('review.item', { number: index + 1 })}</legend>
                {verdicts.map((verdict) => (
                  <label key={verdict} className="row">
                    <input
                      type="radio" className="ds-input" name={`${id}${item.event_id}`} checked={(changed[item.event_id] ?? item.suggested) === verdict}
                      onChange={() => setChanged({ ...changed, [item.event_id]: verdict })}
                    />
                    {t(`review.${verdict}`)}
                  </label>
                ))}
              </fieldset>
            </li>
          ))}
        </ul>
      </div>
      <div className="verdicts" role="group" aria-label={t('desk.assess')}>
        {settle.isError && <p className="problem small-text wide" role="alert">{faultText(settle.error)}</p>}
        {waiting.length > 0 && <Button keys={['Ctrl', '↵']} disabled={settle.isPending} onClick={() => void save().catch(() => undefined)}>{t('review.save')}</Button>}
      </div>
    </section>
  );
}
