import { useId, useMemo, useState } from 'react';
import { authoritiesWithRole, useMe } from '../../../shared/api/me';
import type { DisclosureRequest } from '../../../shared/api/types';
import { useLanguage } from '../../../shared/i18n/i18n';
import { Fault } from '../../../shared/ui/Fault';
import { Icon } from '../../../shared/ui/Icon';
import { Waiting } from '../../../shared/ui/Waiting';
import { type Outcome, useRequests } from '../api/desk';
import { DeskTop } from './DeskTop';
import { RequestAnswer } from './RequestAnswer';
import { RequestBody, RequestClocks } from './RequestCard';

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
        <Waiting on={requests.isPending} />
        {requests.isError && <Fault error={requests.error} onRetry={() => void requests.refetch()} />}
        {requests.data?.length === 0 && <p>{t('request.empty')}</p>}
        {requests.data?.map((request) => <RequestPanel key={request.id} request={request} />)}
      </div>
    </main>
  );
}

function RequestPanel({ request }: { request: DisclosureRequest }) {
  const id = useId();
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  return (
    <section className="panel" aria-labelledby={`${id}h`}>
      <header><h2 id={`${id}h`}>{request.number ?? request.text.slice(0, 60)}</h2><RequestClocks request={request} /></header>
      <div className="panel-body stack">
        <RequestBody request={request} />
        <div className="row wrap"><RequestAnswer request={request} outcome={outcome} onOutcome={setOutcome} onDone={() => setOutcome(null)} /></div>
      </div>
    </section>
  );
}
