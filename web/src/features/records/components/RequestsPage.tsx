import { useQueryClient } from '@tanstack/react-query';
import { useId, useMemo, useState } from 'react';
import { authoritiesWithRole, useMe } from '../../../shared/api/me';
import { formatDate, formatTime } from '../../../shared/format/dates';
import { useLanguage } from '../../../shared/i18n/i18n';
import { useMatrix } from '../../../shared/matrix/react';
import { Button } from '../../../shared/ui/Button';
import { ClockChip } from '../../../shared/ui/chips';
import { Fault, useFaultText } from '../../../shared/ui/Fault';
import { Icon } from '../../../shared/ui/Icon';
import { useSay } from '../../../shared/ui/Status';
import { type DisclosureRequest, type Outcome, useDeskOperations, useRequests } from '../api/desk';
import { DeskTop } from './DeskTop';

const outcomes: Outcome[] = ['released', 'partly', 'refused', 'withdrawn'];

/** Requests for records, plain: the request in its own words, its clock, and the answer. */
export function RequestsPage() {
  const { t } = useLanguage();
  const me = useMe();
  const codes = useMemo(() => authoritiesWithRole(me, 'registrar'), [me]);
  const requests = useRequests(codes);
  return (
    <main className="main" id="main">
      <DeskTop active="requests" authorities={codes} progress="" />
      <div className="work" tabIndex={0} role="region" aria-label={t('desk.requests')} data-region="list" data-region-focus="">
        <p className="hint"><Icon name="InformationSquare" /><span>{t('request.askNot')} {t('request.frozen')}</span></p>
        {requests.isError && <Fault error={requests.error} onRetry={() => void requests.refetch()} />}
        {requests.data?.length === 0 && <p>{t('request.empty')}</p>}
        {requests.data?.map((request) => <RequestPanel key={request.id} request={request} />)}
      </div>
    </main>
  );
}

function RequestPanel({ request }: { request: DisclosureRequest }) {
  const { t, language, words } = useLanguage();
  const { http } = useMatrix();
  const queries = useQueryClient();
  const operations = useDeskOperations();
  const say = useSay();
  const faultText = useFaultText();
  const id = useId();
  const [note, setNote] = useState('');
  const [fault, setFault] = useState('');
  const [tell, setTell] = useState('');
  const answer = async (outcome: Outcome) => {
    try {
      const { tell } = await operations.answer(request.id, { outcome, note });
      say(t('request.answered'));
      // A refusal has words that must be said before it is done: the list is asked again when they have been read.
      if (tell) return setTell(words(tell));
      void queries.invalidateQueries({ queryKey: ['requests'] });
      void queries.invalidateQueries({ queryKey: ['queue'] });
    } catch (error) {
      setFault(faultText(error));
    }
  };
  return (
    <section className="panel" aria-labelledby={`${id}h`}>
      <header><h2 id={`${id}h`}>{request.number ?? request.text.slice(0, 60)}</h2>{request.clock && <ClockChip clock={request.clock}>{words(request.clock_text)}</ClockChip>}</header>
      <div className="panel-body stack">
        <p className="quiet small-text">{t('request.from', { date: formatDate(request.at, language, http.now()), time: formatTime(request.at, language) })} · {request.authority}</p>
        <div className="quote"><p>{request.text}</p><footer>{[request.record?.number, request.contact].filter(Boolean).join(' · ')}</footer></div>
        <div className="ds-field">
          <label htmlFor={`${id}n`}>{t('request.note')}</label>
          <input className="ds-input" id={`${id}n`} value={note} onChange={(event) => setNote(event.target.value)} />
        </div>
        {fault && <p className="problem small-text" role="alert">{fault}</p>}
        {tell && <div className="ds-alert" data-color="info" role="status"><p>{tell}</p></div>}
        <p className="row wrap">
          {tell === '' && outcomes.map((outcome, index) => (
            <Button key={outcome} small variant={index === 0 ? 'primary' : 'secondary'} color={index === 0 ? undefined : 'neutral'} onClick={() => void answer(outcome)}>{t(`request.${outcome}`)}</Button>
          ))}
        </p>
      </div>
    </section>
  );
}
