import { useState } from 'react';
import type { DisclosureRequest } from '../../../shared/api/types';
import { formatDate, formatTime } from '../../../shared/format/dates';
import { useLanguage } from '../../../shared/i18n/i18n';
import { useGlobalKeys } from '../../../shared/keys/useKeys';
import { useMatrix } from '../../../shared/matrix/react';
import { Button } from '../../../shared/ui/Button';
import { ClockChip } from '../../../shared/ui/chips';
import { Icon } from '../../../shared/ui/Icon';
import { SecrecyChips } from '../../../shared/ui/SecrecyChip';
import type { Outcome } from '../api/desk';
import { useRecord } from '../api/record';
import { outcomeKeys, RequestAnswer } from './RequestAnswer';

/** Both clocks of a request: the day it should be answered, and the last one (R41). */
export function RequestClocks({ request }: { request: DisclosureRequest }) {
  const { t, language, words } = useLanguage();
  const { http } = useMatrix();
  if (!request.clock) return null;
  return (
    <span className="row wrap">
      <ClockChip clock={request.clock}>{words(request.clock_text)}</ClockChip>
      {request.latest_day && <small className="quiet">{t('request.latest', { date: formatDate(Date.parse(request.latest_day), language, http.now()) })}</small>}
    </span>
  );
}

/** A request in its own words, with no question who asks. */
export function RequestBody({ request }: { request: DisclosureRequest }) {
  const { t, language } = useLanguage();
  const { http } = useMatrix();
  return (
    <>
      <p className="quiet small-text">{[request.number, t('request.from', { date: formatDate(request.at, language, http.now()), time: formatTime(request.at, language) }), request.authority].filter(Boolean).join(' · ')}</p>
      <div className="quote"><p>{request.text}</p><footer>{[request.record?.number, request.contact].filter(Boolean).join(' · ')}</footer></div>
      {request.record && <WantedMarks recordId={request.record.id} />}
    </>
  );
}

/** What the wanted record is marked with. The marking is no answer: the request is tried afresh. */
function WantedMarks({ recordId }: { recordId: string | number }) {
  const { t } = useLanguage();
  const markings = useRecord(recordId).data?.secrecy_shown ?? [];
  if (markings.length === 0) return null;
  return (
    <div className="stack tight">
      <p className="row wrap"><SecrecyChips markings={markings} at="record" /></p>
      <p className="small-text quiet">{t('secrecy.notDecision')}</p>
    </div>
  );
}

interface CardProps { request: DisclosureRequest; onLater: () => void; onTelling: () => void; onDone: () => void }

/** The chosen line of the queue when it is a request: answered here, by keys. */
export function RequestCard({ request, onLater, onTelling, onDone }: CardProps) {
  const { t } = useLanguage();
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const close = (next: Outcome | null) => {
    setOutcome(next);
    if (next === null) onDone();
  };
  useGlobalKeys(t('desk.chosen'), outcomeKeys.map(([one, key]) => ({ keys: [key], label: t(`request.${one}`), run: () => setOutcome(one) })), '.desk');
  return (
    <section className="desk-right" aria-label={t('desk.chosen')} data-region="card">
      <div className="desk-scroll" tabIndex={0} role="group" aria-label={t('desk.chosen')}>
        <RequestClocks request={request} />
        <RequestBody request={request} />
        <p className="hint"><Icon name="InformationSquare" /><span>{t('request.askNot')} {t('request.frozen')}</span></p>
      </div>
      <div className="verdicts" role="group" aria-label={t('request.answer')}>
        <RequestAnswer request={request} outcome={outcome} onOutcome={close} keys onTelling={onTelling} onDone={onDone} />
        {outcome === null && <Button variant="tertiary" color="neutral" icon="ArrowDown" keys={['V']} onClick={onLater}>{t('desk.laterVerb')}</Button>}
      </div>
    </section>
  );
}
