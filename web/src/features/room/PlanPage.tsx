import { useEffect, useState } from 'react';
import { useAuthorities, useMe } from '../../shared/api/me';
import type { Authority, InformationClass, Plan } from '../../shared/api/types';
import { formatDay } from '../../shared/format/dates';
import { useLanguage } from '../../shared/i18n/i18n';
import { giveFocus } from '../../shared/keys/focus';
import { useKeys } from '../../shared/keys/useKeys';
import { useRoom } from '../../shared/matrix/react';
import { roomName } from '../../shared/matrix/rooms';
import { Button } from '../../shared/ui/Button';
import { Fault, useFaultText } from '../../shared/ui/Fault';
import { Icon } from '../../shared/ui/Icon';
import { Link, navigate, paths } from '../../shared/ui/router';
import { useSay } from '../../shared/ui/Status';
import { Waiting } from '../../shared/ui/Waiting';
import { usePlan, usePlanOperations } from './api';
import { PlanForm } from './PlanForm';
import { type PlanChange, planChanges } from './plan';
import { Readings } from './Readings';

/** A room's plan: what it decides, what a change would change, and the readings that its authority has chosen. */
export default function PlanPage({ roomId }: { roomId: string }) {
  const { t, words } = useLanguage();
  const room = useRoom(roomId);
  const me = useMe();
  const authorities = useAuthorities();
  const version = room ? [...room.state.values()].filter((event) => event.type.startsWith('org.torg.plan')).map((event) => event.event_id).join() : '';
  const answer = usePlan(roomId, version);
  const operations = usePlanOperations(roomId);
  const say = useSay();
  const faultText = useFaultText();
  const [draft, setDraft] = useState<Partial<Plan> | null>(null);
  const [fault, setFault] = useState('');
  const shown = answer.data?.proposed ?? answer.data?.plan ?? null;
  const inForce = answer.data?.plan ?? null;
  const waiting = answer.data?.waiting_for ?? [];
  const nameOf = (code: string | undefined) => words(authorities.find((one) => one.code === code)?.name) || code || '';
  const mine = me?.authority ?? '';
  const changes: PlanChange[] = draft && shown ? planChanges(shown, draft, t) : [];
  const ready = answer.data !== undefined;
  useEffect(() => { if (ready) giveFocus('.work'); }, [ready]);

  const attempt = (act: () => Promise<void>, said: string) => {
    setFault('');
    act().then(() => { say(said); setDraft(null); giveFocus('.work'); }, (error: unknown) => setFault(faultText(error)));
  };
  const propose = () => { if (draft && shown && changes.length > 0) attempt(() => operations.propose({ ...shown, ...draft }), t('planPage.sent')); };
  const accept = () => attempt(() => operations.accept(mine), t('planPage.accepted'));
  const choose = (informationClass: InformationClass) => { if (shown) setDraft({ ...draft, class: informationClass }); };
  const onKeyDown = useKeys(t('planPage.decides'), [
    { keys: ['1'], label: t('planPage.open'), run: () => choose('open') },
    { keys: ['2'], label: t('planPage.internal'), run: () => choose('internal') },
    { keys: ['Ctrl+Enter'], label: t('keys.propose'), run: propose, inText: true },
    { keys: ['Escape'], label: t('planPage.back'), run: () => (draft ? setDraft(null) : navigate(paths.room(roomId))) },
  ]);
  const mayAccept = mine !== '' && waiting.includes(mine);
  return (
    <main className="main" id="main" onKeyDown={onKeyDown}>
      <header className="topbar">
        <div>
          <p className="quiet small-text"><Link href={paths.room(roomId)}>{t('planPage.back')}</Link></p>
          <h1 className="page-title">{t('planPage.title', { name: room ? roomName(room) : '' })}</h1>
        </div>
        <span className="grow" />
        {shown && <span className="quiet" role="status">{waiting.length > 0 ? t('planPage.proposed', { names: waiting.map(nameOf).join(', ') }) : t('planPage.inForce')}</span>}
        {mayAccept && <Button small icon="Handshake" onClick={accept}>{t('planPage.accept', { name: nameOf(mine) })}</Button>}
      </header>
      <div className="work plan-work" tabIndex={0} role="group" aria-label={t('planPage.decides')} data-region="stream">
        <Waiting on={answer.isPending} />
        {answer.isError && <Fault error={answer.error} onRetry={() => void answer.refetch()} />}
        {fault && <p className="problem" role="alert">{fault}</p>}
        {ready && !shown && <p className="empty">{t('planPage.none')}</p>}
        {shown && (
          <div className="cols">
            <div className="stack">
              <PlanForm plan={{ ...shown, ...draft }} onChange={(change) => setDraft({ ...draft, ...change })} />
              <section className="panel" aria-label={t('planPage.changes')}>
                <header><h2>{t('planPage.changes')}</h2></header>
                <div className="panel-body stack">
                  {changes.length === 0 && <p className="quiet">{t('planPage.noChanges')}</p>}
                  {changes.length > 0 && <ul>{changes.map((one) => <li key={one.what}>{t('planPage.change', { ...one })}</li>)}</ul>}
                  {changes.length > 0 && <p className="hint"><Icon name="InformationSquare" /><span>{t('planPage.old')}</span></p>}
                  <p className="row">
                    <Button keys={['Ctrl', '↵']} disabled={changes.length === 0} onClick={propose}>{t('planPage.propose')}</Button>
                    {draft && <Button variant="tertiary" color="neutral" keys={['Esc']} onClick={() => setDraft(null)}>{t('cancel')}</Button>}
                  </p>
                </div>
              </section>
            </div>
            <div className="stack">
              <Decides plan={inForce ?? shown} authorities={authorities} />
              <Readings authority={mine} name={nameOf(mine)} />
            </div>
          </div>
        )}
      </div>
    </main>
  );
}

/** The plan in force as sentences: who hosts, registers, archives and discloses, and what is kept for how long. */
function Decides({ plan, authorities }: { plan: Plan; authorities: Authority[] }) {
  const { t, language, words } = useLanguage();
  const name = (code: string | undefined) => words(authorities.find((one) => one.code === code)?.name) || code || '–';
  return (
    <section className="panel" aria-label={t('planPage.decides')}>
      <header><h2>{t('planPage.decides')}</h2></header>
      <dl className="facts panel-body plan-facts">
        <dt>{t('plan.purpose')}</dt><dd>{plan.purpose}</dd>
        <dt>{t('plan.host')}</dt><dd>{name(plan.host)}</dd>
        <dt>{t('plan.registers')}</dt><dd>{plan.level === 'shared' ? t('plan.registersForAll', { name: name(plan.registers) }) : name(plan.registers)}</dd>
        <dt>{t('plan.archives')}</dt><dd>{name(plan.archives)}</dd>
        <dt>{t('plan.discloses')}</dt><dd>{t('plan.each')}</dd>
        <dt>{t('plan.parties')}</dt><dd>{plan.parties.map(name).join(', ')}</dd>
        {plan.case && <><dt>{t('room.case')}</dt><dd><Link href={paths.case(plan.case.id)}><span className="num">{plan.case.number}</span></Link> {plan.case.title}</dd></>}
        {plan.classification && <><dt>{t('plan.classification')}</dt><dd>{plan.classification}</dd></>}
        {plan.standing_decision && <><dt>{t('plan.kept')}</dt><dd>{t('plan.keptText')} ({plan.standing_decision.number}, {formatDay(plan.standing_decision.day, language)})</dd></>}
        {plan.level === 'within' ? <><dt>{t('plan.weeded')}</dt><dd>{t('plan.weededText', { count: plan.weed_after_days })}</dd></>
          : <><dt>{t('plan.disposed')}</dt><dd>{t('plan.disposedText', { count: plan.dispose_after_days })}</dd></>}
        <dt>{t('plan.accepted')}</dt><dd>{plan.accepted_by.map(name).join(', ') || '–'}</dd>
      </dl>
    </section>
  );
}
